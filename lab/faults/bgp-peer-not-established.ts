import type { FaultSheet } from '../world/fault.js';

export const bgpPeerNotEstablished: FaultSheet = {
  id: 'bgp-peer-not-established',
  number: 'F19',
  title: 'A BGP peer stays Active after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'hold-peer', protocol: 'bgp' },
  lasts: 'until-cleared',
  cli: 'The peer is configured and never established; ports, LLDP and OSPF are as before.',
  snmp: 'bgpPeerState is not 6.',
  verdict: {
    unit: 'reverted',
    because:
      'The post-check on peers fails within its time, and what the peer told is missing from the route table.',
  },
};
