import type { Invariant } from './invariant.js';

export const singleDriver: Invariant = {
  number: 18,
  id: 'single-driver',
  title: 'One runner works at a time, whoever starts another',
  witness: (_scene, violated) => ({
    intruded() {
      violated('a second runner was let in beside the one at work');
    },
  }),
};
