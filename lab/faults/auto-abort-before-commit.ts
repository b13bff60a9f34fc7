import type { FaultSheet } from '../world/fault.js';

export const autoAbortBeforeCommit: FaultSheet = {
  id: 'auto-abort-before-commit',
  number: 'F41',
  title: 'The auto-abort timer runs out before the commit',
  strikes: { on: 'reload' },
  effect: { kind: 'personality' },
  lasts: 'one-boot',
  absentOn: {
    arista_eos: 'EOS has no timer on an upgrade.',
    juniper_junos: 'Junos has a timer on a configuration, not on an upgrade.',
    fortinet_fortios: 'FortiOS has no timer on an upgrade.',
  },
  cli: 'A log line about the timer; the stack reloads into the old version.',
  snmp: 'sysUpTime begins anew, and sysDescr is the old one.',
  verdict: {
    unit: 'reverted',
    because:
      'The device has gone back by itself; that is seen, nothing is sent, and its state is checked.',
  },
};
