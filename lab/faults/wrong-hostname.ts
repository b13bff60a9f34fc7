import type { FaultSheet } from '../world/fault.js';

export const wrongHostname: FaultSheet = {
  id: 'wrong-hostname',
  number: 'F31',
  title: 'The prompt shows another hostname after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'rename', hostname: 'Router' },
  lasts: 'until-cleared',
  cli: 'The prompt and the running hostname are not those of the inventory.',
  snmp: 'sysName differs.',
  verdict: { unit: 'held', because: 'The identity is not the expected one: a human decides.' },
};
