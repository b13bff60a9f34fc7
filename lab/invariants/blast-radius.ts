import { isActive } from '../../src/run/state.js';
import type { Invariant } from './invariant.js';

export const blastRadius: Invariant = {
  number: 8,
  id: 'blast-radius',
  title: 'No more units are being changed at once than the plan allows',
  witness: ({ plan }, violated) => ({
    journaled({ event, after }) {
      if (event.kind !== 'unit-admitted') return;
      const busy = [...after.units.values()].filter(isActive).length;
      const most = plan.body.strategy.parallel;
      if (busy > most) violated(`${busy} units at once, and the plan allows ${most}`);
    },
  }),
};
