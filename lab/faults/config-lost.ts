import type { FaultSheet } from '../world/fault.js';

export const configLost: FaultSheet = {
  id: 'config-lost',
  number: 'F15',
  title: 'The device comes back without its configuration',
  strikes: { on: 'reload' },
  effect: { kind: 'personality' },
  lasts: 'one-boot',
  cli: 'The default prompt and hostname; interfaces and routing have no configuration.',
  snmp: 'sysName is the default.',
  verdict: {
    unit: 'held',
    because: 'The identity or the configuration is not the expected one: a human decides.',
  },
};
