import type { FaultSheet } from '../world/fault.js';

export const rolesSwapped: FaultSheet = {
  id: 'roles-swapped',
  number: '-',
  title: 'The members of a pair have changed places since the approval',
  strikes: { on: 'start' },
  effect: { kind: 'swap-roles' },
  lasts: 'once',
  needs: 'a pair',
  absentOn: {
    cisco_iosxe: 'Its stack is one unit and has no partner; a split stack has lost members.',
    juniper_junos: 'Its two routing engines are one unit and have no partner.',
    fortinet_fortios: 'Its cluster is one unit; cluster-split-brain is the fault of that.',
  },
  cli: 'The member that was secondary when the plan was approved is primary now, and the other way round.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'failed-untouched',
    because:
      'The order of the plan rests on the roles: the standby goes first. A new plan is needed.',
  },
};
