import type { FaultSheet } from '../world/fault.js';

export const stagedImageDeleted: FaultSheet = {
  id: 'staged-image-deleted',
  number: 'F01',
  title: 'Somebody deletes the staged image before it is activated',
  strikes: { on: 'command', command: '^configure' },
  effect: { kind: 'delete-image' },
  lasts: 'once',
  absentOn: {
    fortinet_fortios: 'The image lies in a partition, where nobody deletes it.',
  },
  cli: 'The file that was verified is no longer in the directory.',
  snmp: 'Storage used falls.',
  verdict: {
    unit: 'reverted',
    because:
      'The image is verified again right before the boot is armed; what was drained is brought back, and nothing boots.',
  },
};
