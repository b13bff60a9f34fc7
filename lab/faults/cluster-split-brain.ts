import type { FaultSheet } from '../world/fault.js';

export const clusterSplitBrain: FaultSheet = {
  id: 'cluster-split-brain',
  number: 'F25',
  title: 'The members of a cluster do not hear each other any more after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'personality' },
  lasts: 'until-cleared',
  needs: 'members',
  absentOn: {
    arista_eos: 'A switch has no members; split-brain is the fault of its pair.',
    cisco_iosxe: 'A stack that splits shows as lost members.',
    juniper_junos: 'Two routing engines share one chassis, and one is held in reset.',
  },
  cli: 'The cluster has one member and tells since when the other is lost; both are active.',
  snmp: 'fgHaStatsTable has one row.',
  verdict: {
    unit: 'quarantined',
    because:
      'The redundancy was healthy before and is not after, nor after the rollback: a human has to look at the members.',
  },
};
