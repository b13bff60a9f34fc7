import type { FaultSheet } from '../world/fault.js';

export const autoAbortDespiteCommit: FaultSheet = {
  id: 'auto-abort-despite-commit',
  number: 'F41',
  title: 'The commit does not stop the auto-abort timer',
  strikes: { on: 'start' },
  effect: { kind: 'personality' },
  lasts: 'until-cleared',
  absentOn: {
    arista_eos: 'EOS has no timer on an upgrade.',
    juniper_junos: 'Junos has a timer on a configuration, not on an upgrade.',
    fortinet_fortios: 'FortiOS has no timer on an upgrade.',
  },
  cli: 'Committed in the summary; two hours after the activation the stack reloads into the old version.',
  snmp: 'sysUpTime begins anew in the soak, and sysDescr is the old one.',
  verdict: {
    unit: 'held',
    because: 'The version is asked in the soak as well: a device that went back is not done.',
  },
};
