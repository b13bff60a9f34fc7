import type { FaultSheet } from '../world/fault.js';

export const configChangedByAnother: FaultSheet = {
  id: 'config-changed-by-another',
  number: 'F35',
  title: 'Another administrator changes the configuration after the approval',
  strikes: { on: 'start' },
  effect: {
    kind: 'someone-types',
    lines: {
      arista_eos: ['enable', 'configure', 'ip name-server vrf default 10.9.9.9', 'end'],
      cisco_iosxe: ['configure terminal', 'ip name-server 10.9.9.9', 'end'],
      juniper_junos: ['configure', 'set system name-server 10.9.9.9', 'commit'],
      fortinet_fortios: ['config system dns', 'set secondary 10.9.9.9', 'end'],
    },
  },
  lasts: 'once',
  cli: 'The running configuration has a line more than when the plan was approved, and is not saved.',
  snmp: 'ccmHistoryRunningLastChanged moves.',
  verdict: {
    unit: 'failed-untouched',
    because: 'What was approved is no longer what is there: a new plan is needed.',
  },
};
