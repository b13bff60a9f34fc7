import { isOver } from '../../src/run/state.js';
import type { Invariant } from './invariant.js';

export const audit: Invariant = {
  number: 26,
  id: 'audit',
  title: 'Nothing is journaled of a unit after its end, nor of a run after its own',
  witness: (_scene, violated) => ({
    journaled({ event, before }) {
      // Another runner may look at what is over.
      if (before.finished && event.kind !== 'runner-took-over')
        violated(`${event.kind} after the run was finished`);
      if (!('unit' in event)) return;
      const unit = before.units.get(event.unit);
      if (!unit) violated(`${event.kind} of ${event.unit}, which is not in the plan`);
      else if (isOver(unit)) violated(`${event.kind} of ${event.unit} after it ended ${unit.kind}`);
    },
  }),
};
