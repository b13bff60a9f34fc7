import type { FaultSheet } from '../world/fault.js';

export const fewerRoutes: FaultSheet = {
  id: 'fewer-routes',
  number: 'F20',
  title: 'Fewer routes than before, though every peer is up',
  strikes: { on: 'boot' },
  effect: { kind: 'lose-routes', share: 0.4 },
  lasts: 'until-cleared',
  cli: 'Every peer is up; the route summary counts far fewer routes.',
  snmp: 'ipCidrRouteNumber is lower; bgpPeerState is 6.',
  verdict: {
    unit: 'reverted',
    because: 'Only a post-check on the number of routes tells; states alone would pass.',
  },
};
