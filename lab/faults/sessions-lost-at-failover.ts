import type { FaultSheet } from '../world/fault.js';

export const sessionsLostAtFailover: FaultSheet = {
  id: 'sessions-lost-at-failover',
  number: 'F26',
  title: 'The failover takes no sessions along',
  strikes: { on: 'boot' },
  effect: { kind: 'drop-flows', share: 1 },
  lasts: 'until-cleared',
  passesAfterMs: 90_000,
  needs: 'members',
  absentOn: {
    arista_eos: 'A switch keeps no sessions.',
    cisco_iosxe: 'A switch stack keeps no sessions.',
    juniper_junos: 'The routers and switches of the lab keep no sessions.',
  },
  cli: 'The session table of the new primary is nearly empty; the cluster is healthy.',
  snmp: 'The session counter falls to nearly nothing and grows again.',
  verdict: {
    unit: 'done',
    because:
      'Users lose their sessions once, as the promised outage of the flows says; the post-checks are repeated until flows are back.',
  },
};
