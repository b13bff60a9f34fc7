import type { FaultSheet } from '../world/fault.js';

export const transferStalls: FaultSheet = {
  id: 'transfer-stalls',
  number: 'F03',
  title: 'A transfer stops and the session stays',
  strikes: { on: 'upload' },
  effect: { kind: 'stall-copy', atShare: 0.4 },
  lasts: 'once',
  cli: 'Progress stops; the session is alive and its other shells answer.',
  snmp: 'Interface counters stand still.',
  verdict: {
    unit: 'done',
    because:
      'The stall limit ends the transfer; a resume or a clean retry on a new session completes it.',
  },
};
