import type { FaultSheet } from '../world/fault.js';

export const flashFull: FaultSheet = {
  id: 'flash-full',
  number: 'F04',
  title: 'The flash is full',
  strikes: { on: 'start' },
  effect: { kind: 'fill-flash', of: 'active', freeBytes: 1_000_000 },
  lasts: 'until-cleared',
  cli: 'The directory shows a large file and little free space; a copy ends with a no-space error.',
  snmp: 'Storage used is nearly its size.',
  verdict: {
    unit: 'failed-untouched',
    because:
      'Free space is computed before the copy; the unit stops before any change, and the message names the file system.',
  },
};
