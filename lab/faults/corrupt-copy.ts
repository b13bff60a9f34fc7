import type { FaultSheet } from '../world/fault.js';

export const corruptCopy: FaultSheet = {
  id: 'corrupt-copy',
  number: 'F01',
  title: 'A copied image is damaged',
  strikes: { on: 'upload' },
  effect: { kind: 'corrupt-copy' },
  lasts: 'once',
  cli: 'The copy claims success and the size is right; the hash on the device differs from the catalogue.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'done',
    because:
      'The hash tells; the copy is made again from the start and verified. Damaged every time, it is never booted.',
  },
};
