import { unitPlanOf } from '../../src/run/state.js';
import type { Invariant } from './invariant.js';

export const commitTimer: Invariant = {
  number: 22,
  id: 'commit-timer',
  title: 'A change is committed only after its checks passed',
  witness: ({ plan }, violated) => ({
    journaled({ event, before }) {
      if (event.kind !== 'step-intent' || event.list !== 'forward') return;
      const step = unitPlanOf(plan, event.unit)?.steps[event.step];
      if (step?.phase !== 'commit') return;
      if (before.units.get(event.unit)?.passedAfter !== true)
        violated(`${event.unit}: ${event.id} before the checks passed`);
    },
  }),
};
