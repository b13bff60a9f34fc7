import type { FaultSheet } from '../world/fault.js';

export const splitBrain: FaultSheet = {
  id: 'split-brain',
  number: 'F25',
  title: 'Both members of a pair are active and do not see each other',
  strikes: { on: 'boot' },
  effect: { kind: 'part-pair' },
  lasts: 'until-cleared',
  needs: 'a pair',
  absentOn: {
    cisco_iosxe: 'Its stack is one unit and has no partner; a split stack has lost members.',
    juniper_junos: 'Its two routing engines are one unit and have no partner.',
    fortinet_fortios: 'Its cluster is one unit; cluster-split-brain is the fault of that.',
  },
  cli: 'Both answer, both act as primary, each without its peer.',
  snmp: 'Two answers for one address; VRRP has two masters.',
  verdict: {
    unit: 'quarantined',
    because:
      'The redundancy was healthy before and is not after, nor after the rollback: a human has to part or join the two.',
  },
};
