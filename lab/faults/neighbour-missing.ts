import type { FaultSheet } from '../world/fault.js';

export const neighbourMissing: FaultSheet = {
  id: 'neighbour-missing',
  number: 'F21',
  title: 'A neighbour does not come back after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'lose-neighbour' },
  lasts: 'until-cleared',
  cli: 'One port stays down, or one routing peer away; all else is up.',
  snmp: 'ifOperStatus of one port is down, at both ends.',
  verdict: {
    unit: 'reverted',
    because: 'The post-check compares neighbours before and after and fails within its time.',
  },
};
