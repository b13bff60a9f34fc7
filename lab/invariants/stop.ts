import type { Invariant } from './invariant.js';

export const stop: Invariant = {
  number: 9,
  id: 'stop',
  title: 'After as many failures as the plan allows no further unit is begun',
  witness: ({ plan }, violated) => ({
    journaled({ event, before }) {
      if (event.kind !== 'unit-admitted') return;
      const most = plan.body.strategy.stopAfterFailures;
      if (before.failures >= most)
        violated(`${event.unit} is begun after ${before.failures} failures`);
      if (before.stopped) violated(`${event.unit} is begun after the run was stopped`);
      if (before.aborted) violated(`${event.unit} is begun after the run was aborted`);
    },
  }),
};
