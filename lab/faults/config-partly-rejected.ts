import type { FaultSheet } from '../world/fault.js';

export const configPartlyRejected: FaultSheet = {
  id: 'config-partly-rejected',
  number: 'F16',
  title: 'The new release does not take a line of the configuration',
  strikes: { on: 'reload' },
  effect: {
    kind: 'reject-lines',
    lines: {
      arista_eos: '^ +idle-timeout ',
      cisco_iosxe: '^ip domain name ',
      juniper_junos: '^ +authorization info;',
      fortinet_fortios: '^ +set udp-portrange 514',
    },
  },
  lasts: 'one-boot',
  cli: 'Up and green; one line of the saved configuration is not in the running one.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'held',
    because:
      'Saving would lose the line for good: nothing is committed, the line is named, and a human decides.',
  },
};
