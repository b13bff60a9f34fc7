import type { Invariant } from './invariant.js';
import { changing } from './changing.js';

export const rightImage: Invariant = {
  number: 10,
  id: 'right-image',
  title:
    'No device is rebooted for an upgrade with another file than the catalogued one in its place',
  witness: (scene, violated) => ({
    happened(truth, state) {
      const found = truth.kind === 'reload-requested' && changing(scene, truth.device, state);
      if (!found) return;
      for (const { id, flash } of scene.sim.deviceState(truth.device).members) {
        for (const { name, sha512 } of flash.files) {
          const image = found.unitPlan.images.find((each) => name.endsWith(each.fileName));
          if (image && image.sha512 !== sha512) {
            violated(`${truth.device} is rebooted with another ${name} on ${id} than the plan has`);
          }
        }
      }
    },
  }),
};
