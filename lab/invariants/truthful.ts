import type { Ending } from '../../src/run/event.js';
import type { Invariant } from './invariant.js';

/** An ending that the lab's own device must bear out. */
export function truthful(
  ending: Ending,
  about: Pick<Invariant, 'number' | 'id' | 'title'>,
): Invariant {
  return {
    ...about,
    witness: (_scene, violated) => ({
      ended({ outcomes }) {
        for (const { unit, ended, isTrue, runs, wanted } of outcomes) {
          if (ended === ending && !isTrue) {
            violated(`${unit} ended ${ended}, and runs ${runs}; ${wanted} was wanted`);
          }
        }
      },
    }),
  };
}
