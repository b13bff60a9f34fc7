import type { FaultSheet } from '../world/fault.js';

export const bootVariableNotKept: FaultSheet = {
  id: 'boot-variable-not-kept',
  number: 'F09',
  title: 'The choice of the next boot is taken and not kept',
  strikes: { on: 'start' },
  effect: { kind: 'personality' },
  lasts: 'until-cleared',
  absentOn: {
    cisco_iosxe:
      'In install mode the boot variable stays packages.conf, which the installer writes.',
    juniper_junos: 'Junos has no boot variable: the installer leaves a pending set.',
  },
  cli: 'The command reports no error; the old entry stands there as before, where it is shown at all.',
  snmp: 'Nothing to see.',
  verdict: {
    unit: 'reverted',
    because:
      'What boots next is read again before the boot; where the device does not show it, the version after the boot tells.',
  },
};
