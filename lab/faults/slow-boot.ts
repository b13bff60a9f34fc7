import type { FaultSheet } from '../world/fault.js';

export const slowBoot: FaultSheet = {
  id: 'slow-boot',
  number: 'F13',
  title: 'The boot takes three times as long',
  strikes: { on: 'reload' },
  effect: { kind: 'personality' },
  lasts: 'one-boot',
  cli: 'Nothing until late; then all is well.',
  snmp: 'sysUpTime begins late.',
  verdict: {
    unit: 'done',
    because: 'A boot within the longest time that the plan allows is no failure.',
  },
};
