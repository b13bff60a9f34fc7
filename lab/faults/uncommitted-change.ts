import type { FaultSheet } from '../world/fault.js';

export const uncommittedChange: FaultSheet = {
  id: 'uncommitted-change',
  number: 'F35',
  title: 'Another administrator has changes in the shared candidate, not committed',
  strikes: { on: 'start' },
  effect: {
    kind: 'someone-types',
    lines: { juniper_junos: ['configure', 'set system name-server 10.9.9.9'] },
  },
  lasts: 'once',
  absentOn: {
    arista_eos: 'Each configuration session has a candidate of its own.',
    cisco_iosxe: 'It has no candidate: what is typed is in force.',
    fortinet_fortios:
      'It has no shared candidate: what is typed is in force at the end of its block.',
  },
  cli: 'The running configuration is the approved one; exclusive configuration mode is refused.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'reverted',
    because:
      'What another has begun is neither committed nor thrown away: nothing is disrupted and the run goes back before the boot.',
  },
};
