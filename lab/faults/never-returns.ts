import type { FaultSheet } from '../world/fault.js';

export const neverReturns: FaultSheet = {
  id: 'never-returns',
  number: 'F14',
  title: 'The device never comes back',
  strikes: { on: 'reload' },
  effect: { kind: 'personality' },
  lasts: 'one-boot',
  cli: 'No login ever again.',
  snmp: "No answer; the neighbours' LLDP entries age out.",
  verdict: {
    unit: 'lost',
    because:
      "After the step's longest time the unit is lost, a human is called, and nothing else starts in its redundancy group.",
  },
};
