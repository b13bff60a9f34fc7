import type { FaultSheet } from '../world/fault.js';

export const snmpEngineReset: FaultSheet = {
  id: 'snmp-engine-reset',
  number: 'F37',
  title: 'The SNMP engine begins anew at the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'reset-engine' },
  lasts: 'until-cleared',
  cli: 'All is well.',
  snmp: 'Another engine id, engineBoots is 1: managers that remember the old ones are refused until they discover it anew.',
  verdict: {
    unit: 'done',
    because: 'Every SNMP session of ours discovers the engine anew.',
  },
};
