import type { FaultSheet } from '../world/fault.js';

export const sessionDroppedBefore: FaultSheet = {
  id: 'session-dropped-before',
  number: 'F33',
  title: 'The session breaks before a command took effect',
  strikes: {
    on: 'command',
    command:
      '^(reload|install |request (system|vmhost) (reboot|software)|execute (restore|reboot))',
  },
  effect: { kind: 'drop-session', when: 'before' },
  lasts: 'once',
  cli: 'The connection is reset as the line is sent; the device did not take it.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'done',
    because: 'The outcome is unknown until the device is observed; then the step is sent again.',
  },
};
