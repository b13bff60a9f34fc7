import type { FaultSheet } from '../world/fault.js';

export const flashFullMember: FaultSheet = {
  id: 'flash-full-member',
  number: 'F04',
  title: 'The flash of one stack member is full',
  strikes: { on: 'start' },
  effect: { kind: 'fill-flash', of: 'other', freeBytes: 1_000_000 },
  lasts: 'until-cleared',
  cli: 'Only the directory of that member shows it; adding the image fails on that member alone.',
  snmp: 'Storage of one member is nearly its size.',
  verdict: {
    unit: 'failed-untouched',
    because:
      'Free space is computed for each member before the copy; the message names the member.',
  },
};
