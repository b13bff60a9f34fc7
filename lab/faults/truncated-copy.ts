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
    unit: 'failed-untouched',
    because:
      'A short image is never booted: after a clean retry the unit goes on, otherwise it stops with the old version running.',
  },
};
