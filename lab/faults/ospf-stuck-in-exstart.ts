import type { FaultSheet } from '../world/fault.js';

export const ospfStuckInExstart: FaultSheet = {
  id: 'ospf-stuck-in-exstart',
  number: 'F18',
  title: 'An OSPF neighbour is stuck in EXSTART after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'hold-peer', protocol: 'ospf', stuck: 'exstart' },
  lasts: 'until-cleared',
  cli: 'The neighbour is listed at both ends, in EXSTART for ever: the two MTUs differ. LLDP and the port are up.',
  snmp: 'ospfNbrState is 5 (exchangeStart); ifOperStatus is up.',
  verdict: {
    unit: 'reverted',
    because:
      'A peer that was full before and is not after fails the post-check on peers within its time; a check on LLDP alone would pass.',
  },
};
