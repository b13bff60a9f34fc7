import type { Invariant } from './invariant.js';

export const crashResume: Invariant = {
  number: 17,
  id: 'crash-resume',
  title: 'Where nothing but the runner died, every unit ends as it would have without',
  witness: (_scene, violated) => ({
    ended({ outcomes, onlyDeaths }) {
      if (!onlyDeaths) return;
      for (const { unit, ended, why } of outcomes) {
        if (ended !== 'done') violated(`${unit} ended ${ended} after deaths of the runner: ${why}`);
      }
    },
  }),
};
