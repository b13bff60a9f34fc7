import type { FaultSheet } from '../world/fault.js';

export const unsupportedJump: FaultSheet = {
  id: 'unsupported-jump',
  number: 'F08',
  title: 'The device refuses the jump: a release between is needed',
  strikes: { on: 'start' },
  effect: {
    kind: 'refuse-lines',
    refuses: {
      cisco_iosxe: {
        lines: '^install add ',
        says: 'install_add: Adding PACKAGE\r\ninstall_add: Checking whether new add is allowed ....\r\nFAILED: install_add : Upgrade from the running version is not supported, an intermediate version is required\r\nFAILED: install_add exit(1)',
      },
      juniper_junos: {
        lines: '^request system software (?:validate|add) ',
        says: 'WARNING: Upgrade from the running release is not supported.\r\nERROR: the package fails requirements check',
      },
    },
  },
  lasts: 'until-cleared',
  absentOn: {
    arista_eos:
      'EOS boots any release that its hardware can run; nothing is checked against the one before.',
    fortinet_fortios:
      'FortiOS takes any release of its model from its command line; what a jump costs are lost settings.',
  },
  cli: 'The check for compatibility fails and names the release that runs.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'failed-untouched',
    because: 'The check comes while staging: nothing was disrupted; the way needs one more hop.',
  },
};
