import type { FaultSheet } from '../world/fault.js';

export const privilegeLost: FaultSheet = {
  id: 'privilege-lost',
  number: 'F30',
  title: 'The account may change nothing any more after the boot',
  strikes: { on: 'boot' },
  effect: {
    kind: 'refuse-lines',
    refuses: {
      arista_eos: { also: '^show running-config', says: '% Authorization denied for command' },
      cisco_iosxe: { also: '^show running-config', says: 'Command authorization failed.' },
      juniper_junos: { also: '^show configuration', says: 'error: permission denied' },
      fortinet_fortios: {
        also: '^show( full-configuration)?( |$)',
        says: 'Permission denied, cannot execute the command.\r\nCommand fail. Return code -37',
      },
      other: { says: 'permission denied' },
    },
  },
  lasts: 'until-cleared',
  cli: 'The login works and state can be read; every command that changes something is refused.',
  snmp: 'All is well.',
  verdict: {
    unit: 'held',
    because:
      'The configuration cannot be read back and nothing can be undone: the run neither believes nor forces anything, and a human logs in by the console.',
  },
};
