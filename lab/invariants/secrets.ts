import { LAB_SECRET } from '../rehearse/rehearsal-world.js';
import type { Invariant } from './invariant.js';

export const secrets: Invariant = {
  number: 25,
  id: 'secrets',
  title: 'No credential stands in the journal',
  witness: (_scene, violated) => ({
    journaled({ event }) {
      if (JSON.stringify(event).includes(LAB_SECRET)) violated(`a secret is in ${event.kind}`);
    },
  }),
};
