import type { FaultSheet } from '../world/fault.js';

export const configLocked: FaultSheet = {
  id: 'config-locked',
  number: 'F35',
  title: 'Another administrator holds the lock of the configuration',
  strikes: { on: 'start' },
  effect: {
    kind: 'refuse-lines',
    refuses: {
      arista_eos: {
        lines: '^configure',
        says: '% Unable to enter configuration mode: the configuration is locked by user ops on vty2',
      },
      cisco_iosxe: {
        lines: '^configure',
        says: "Configuration mode locked exclusively by user 'ops' process '88' from terminal '2'. Please try later.",
      },
      juniper_junos: {
        lines: '^configure',
        says: 'error: configuration database locked by:\r\n  ops terminal p0 (pid 20471) on since 2027-01-09 21:58:12 UTC\r\n      exclusive [edit]',
      },
    },
  },
  lasts: 'until-cleared',
  absentOn: {
    fortinet_fortios: 'FortiOS locks single objects, not the configuration.',
  },
  cli: 'Configuration mode is refused, and the answer names who holds it.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'reverted',
    because:
      'Nobody is thrown out: nothing is disrupted, the run goes back before the boot, and the message names the holder.',
  },
};
