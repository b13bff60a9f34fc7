import type { Invariant } from './invariant.js';

function lies(number: number, id: string, title: string, as: string): Invariant {
  return {
    number,
    id,
    title,
    witness: (_scene, violated) => ({
      ended({ outcomes }) {
        for (const { unit, ended, isTrue, runs, wanted } of outcomes) {
          if (ended === as && !isTrue)
            violated(`${unit} ended ${as}, and runs ${runs}; ${wanted} was wanted`);
        }
      },
    }),
  };
}

export const noFalseSuccess = lies(
  19,
  'no-false-success',
  'What is reported done runs the target version',
  'done',
);

export const rollbackTruth = lies(
  21,
  'rollback-truth',
  'What is reported rolled back runs the version from before',
  'reverted',
);
