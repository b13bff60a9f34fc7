import type { FaultSheet } from '../world/fault.js';

export const sessionDroppedAfter: FaultSheet = {
  id: 'session-dropped-after',
  number: 'F33',
  title: 'The session breaks after a command took effect',
  strikes: {
    on: 'command',
    command:
      '^(reload|install |request (system|vmhost) (reboot|software)|execute (restore|reboot))',
  },
  effect: { kind: 'drop-session', when: 'after' },
  lasts: 'once',
  cli: 'The connection is reset as the line is sent; the device has taken it.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'done',
    because:
      'The outcome is unknown until the device is observed; the step is found done or under way and is not sent again.',
  },
};
