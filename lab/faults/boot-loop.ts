import type { FaultSheet } from '../world/fault.js';

export const bootLoop: FaultSheet = {
  id: 'boot-loop',
  number: 'F12',
  title: 'The new release comes up, and crashes again within three minutes',
  strikes: { on: 'boot' },
  effect: { kind: 'crash', afterMs: 150_000, again: true },
  lasts: 'until-cleared',
  cli: 'Logins work for two minutes, on the new version; the uptime is never longer.',
  snmp: 'snmpEngineBoots climbs with every boot.',
  verdict: {
    unit: 'reverted',
    because:
      'Nothing is committed before the device has stayed up; the way back is sent in one of the times that it answers, and the old release runs.',
  },
};
