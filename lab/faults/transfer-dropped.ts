import type { FaultSheet } from '../world/fault.js';

export const transferDropped: FaultSheet = {
  id: 'transfer-dropped',
  number: 'F33',
  title: 'The connection breaks in the middle of a transfer',
  strikes: { on: 'upload' },
  effect: { kind: 'break-copy', atShare: 0.55 },
  lasts: 'once',
  cli: 'The connection is reset; a shorter file is left on the device.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'done',
    because:
      'A resume or a clean retry on a new session completes the copy; the hash is checked afterwards.',
  },
};
