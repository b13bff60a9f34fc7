import type { FaultSheet } from '../world/fault.js';

export const bootsOldImage: FaultSheet = {
  id: 'boots-old-image',
  number: 'F10',
  title: 'The device comes back with the old version',
  strikes: { on: 'reload' },
  effect: { kind: 'personality' },
  lasts: 'one-boot',
  cli: 'Reachable after the reload; the version command shows the old version.',
  snmp: 'sysDescr is the old one, sysUpTime began anew.',
  verdict: {
    unit: 'reverted',
    because:
      'A reboot into another version than the approved one fails the unit: it is rolled back and the wave stops.',
  },
};
