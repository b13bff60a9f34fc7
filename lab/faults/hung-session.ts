import type { FaultSheet } from '../world/fault.js';

export const hungSession: FaultSheet = {
  id: 'hung-session',
  number: 'F32',
  title: 'The session hangs while keepalives are answered',
  strikes: { on: 'command' },
  effect: { kind: 'hang-session' },
  lasts: 'once',
  cli: 'No byte comes after a line; a new session works.',
  snmp: 'All is well.',
  verdict: {
    unit: 'done',
    because: 'The idle limit ends the session; the device is observed on a new one.',
  },
};
