import { changing } from './changing.js';
import type { Invariant } from './invariant.js';
import { oldImages } from './old-image.js';

export const fallback: Invariant = {
  number: 12,
  id: 'fallback',
  title: 'Before a reboot the device still has its old image, and a saved configuration',
  witness(scene, violated) {
    const lacking = oldImages(scene);
    return {
      happened({ kind, device, version }, state) {
        if (kind !== 'reload-requested' || !changing(scene, device, state)) return;
        for (const member of lacking(device)) {
          violated(`${device} is rebooted, and ${member} has nothing left that boots ${version}`);
        }
        if (scene.sim.deviceState(device).startupConfig === '') {
          violated(`${device} is rebooted with no saved configuration`);
        }
      },
    };
  },
};
