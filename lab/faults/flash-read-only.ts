import type { FaultSheet } from '../world/fault.js';

export const flashReadOnly: FaultSheet = {
  id: 'flash-read-only',
  number: 'F05',
  title: 'The flash takes no more writes',
  strikes: { on: 'start' },
  effect: {
    kind: 'refuse-writes',
    says: {
      arista_eos: '% Error copying: Read-only file system',
      cisco_iosxe: '%Error opening flash: (I/O error)',
      juniper_junos: 'error: write failed: Input/output error',
      fortinet_fortios: 'Failed to save the image: write error.\r\nCommand fail. Return code -39',
    },
    lines: '^(?:write|copy |install add |request system software |execute restore )',
  },
  lasts: 'until-cleared',
  cli: 'Directory and free space look well; a copy ends with an error of the file system.',
  snmp: 'Nothing to see but the log.',
  verdict: {
    unit: 'failed-untouched',
    because:
      'The copy is refused, not slow: nothing was disrupted, and the message is the device\u2019s own.',
  },
};
