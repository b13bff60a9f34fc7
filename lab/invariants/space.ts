import { changing } from './changing.js';
import type { Invariant } from './invariant.js';
import { oldImages } from './old-image.js';

export const space: Invariant = {
  number: 11,
  id: 'space',
  title: 'No room is made by deleting the running image, and no copy is begun that does not fit',
  witness(scene, violated) {
    const lacking = oldImages(scene);
    return {
      happened({ kind, device, version, detail }, state) {
        if (!changing(scene, device, state)) return;
        if (kind === 'mutation') {
          for (const member of lacking(device)) {
            violated(`${device}: ${detail} leaves ${member} without ${version}`);
          }
        }
        if (kind === 'out-of-space') {
          violated(`${device}: a copy was begun that did not fit: ${detail}`);
        }
      },
    };
  },
};
