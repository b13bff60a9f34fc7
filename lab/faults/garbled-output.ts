import type { FaultSheet } from '../world/fault.js';

export const garbledOutput: FaultSheet = {
  id: 'garbled-output',
  number: 'F31',
  title: 'The output is unreadable',
  strikes: { on: 'start' },
  effect: { kind: 'garble-output' },
  lasts: 'until-cleared',
  cli: 'Line noise instead of text; no prompt is ever recognised.',
  snmp: 'All is well.',
  verdict: {
    unit: 'failed-untouched',
    because: 'A device whose answers cannot be read is not changed.',
  },
};
