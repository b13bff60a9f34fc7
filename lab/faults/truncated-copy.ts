import type { FaultSheet } from '../world/fault.js';

export const truncatedCopy: FaultSheet = {
  id: 'truncated-copy',
  number: 'F02',
  title: 'A copied image is cut short',
  strikes: { on: 'upload' },
  effect: { kind: 'truncate-copy', atShare: 0.62 },
  lasts: 'once',
  cli: 'The copy claims success; the file is shorter than the catalogue says.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'done',
    because:
      'The hash tells; the copy is made again from the start and verified. Damaged every time, it is never booted.',
  },
};
