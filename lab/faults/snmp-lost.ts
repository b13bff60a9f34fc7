import type { FaultSheet } from '../world/fault.js';

export const snmpLost: FaultSheet = {
  id: 'snmp-lost',
  number: 'F38',
  title: 'SNMP is silent after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'mute-snmp' },
  lasts: 'until-cleared',
  cli: 'All is well; SSH works.',
  snmp: 'No answer to any request, as if user or access list were lost.',
  verdict: {
    unit: 'done',
    because: 'Nothing of the run rests on SNMP; the configuration is compared and whole.',
  },
};
