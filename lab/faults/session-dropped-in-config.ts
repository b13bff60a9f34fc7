import type { FaultSheet } from '../world/fault.js';

export const sessionDroppedInConfig: FaultSheet = {
  id: 'session-dropped-in-config',
  number: 'F33',
  title: 'The session breaks while the configuration is changed',
  strikes: { on: 'command', command: '^(configure|commit|config) ?' },
  effect: { kind: 'drop-session', when: 'after' },
  lasts: 'once',
  cli: 'The connection is reset as the line is sent; the device has taken it, and what follows never comes.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'done',
    because:
      'The configuration is read again: what is half there is taken back or made whole, under the same timer.',
  },
};
