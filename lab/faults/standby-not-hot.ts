import type { FaultSheet } from '../world/fault.js';

export const standbyNotHot: FaultSheet = {
  id: 'standby-not-hot',
  number: 'F24',
  title: 'The standby does not take over the state of the active member after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'personality' },
  lasts: 'until-cleared',
  needs: 'members',
  absentOn: { arista_eos: 'A fixed switch has no standby.' },
  cli: 'The standby is up on the right version, and cold, out of sync or merely present.',
  snmp: 'The entity rows are there; the redundancy state is not hot.',
  verdict: {
    unit: 'quarantined',
    because:
      'The redundancy was healthy before and is not after, nor after the rollback: a human has to look at the members.',
    but: {
      juniper_junos: {
        unit: 'held',
        because:
          'The engines are upgraded one after the other: with one of them merely present the upgrade is neither done nor to be taken back.',
      },
    },
  },
};
