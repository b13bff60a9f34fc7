import { unitPlanOf } from '../../src/run/state.js';
import type { Invariant } from './invariant.js';

export const windowInvariant: Invariant = {
  number: 1,
  id: 'window',
  title: 'No disruptive step is begun outside a window of its unit, or too late for the rollback',
  witness: ({ plan }, violated) => ({
    journaled({ event, atMs }) {
      if (event.kind !== 'step-intent' || event.list !== 'forward') return;
      const unitPlan = unitPlanOf(plan, event.unit);
      const step = unitPlan?.steps[event.step];
      if (!unitPlan || !step || !['drain', 'arm', 'activate', 'configure'].includes(step.phase)) {
        return;
      }
      const open = unitPlan.windows.find((each) => each.startMs <= atMs && atMs < each.endMs);
      if (!open) violated(`${event.unit}: ${event.id} outside every window`);
      else if (atMs + unitPlan.rollbackWorstMs > open.endMs)
        violated(`${event.unit}: ${event.id} leaves no time for the rollback in its window`);
    },
  }),
};
