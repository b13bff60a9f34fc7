import type { FaultSheet } from '../world/fault.js';

export const someFlowsDropped: FaultSheet = {
  id: 'some-flows-dropped',
  number: 'F43',
  title: 'Some flows are dropped though every state is green',
  strikes: { on: 'boot' },
  effect: { kind: 'drop-flows', share: 0.25 },
  lasts: 'until-cleared',
  cli: 'Ports, neighbours, peers and routes are as before.',
  snmp: 'Counters go on; only probes of the flows lose.',
  verdict: {
    unit: 'reverted',
    because:
      'Only a post-check on a declared flow sees it; green states alone would have let it through.',
  },
};
