import type { Invariant } from './invariant.js';

export const noFalseFailure: Invariant = {
  number: 20,
  id: 'no-false-failure',
  title: 'A night in which nothing goes wrong ends well for every unit',
  witness: (_scene, violated) => ({
    ended({ isQuiet, outcomes }) {
      if (!isQuiet) return;
      for (const { unit, ended, why } of outcomes)
        if (ended !== 'done') violated(`${unit} ended ${ended} with nothing wrong: ${why}`);
    },
  }),
};
