import type { FaultSheet } from '../world/fault.js';

export const powerOffForHosts: FaultSheet = {
  id: 'power-off-for-hosts',
  number: 'F42',
  title: 'What the switch feeds stays without power after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'starve-hosts' },
  lasts: 'until-cleared',
  needs: 'hosts',
  cli: 'Every port that feeds an access point or a phone stays down; the uplinks are up.',
  snmp: 'ifOperStatus of these ports is down; the hosts are silent.',
  verdict: {
    unit: 'reverted',
    because:
      'The neighbours that were seen before are missed: the post-check fails within its time.',
  },
};
