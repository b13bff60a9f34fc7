import type { FaultSheet } from '../world/fault.js';

export const authRefusedAfterReload: FaultSheet = {
  id: 'auth-refused-after-reload',
  number: 'F29',
  title: 'The login is refused after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'refuse-login' },
  lasts: 'until-cleared',
  cli: 'The key exchange works; every login is refused.',
  snmp: 'All is well; the new version can be seen.',
  verdict: {
    unit: 'held',
    because: 'No further tries, so that the account is not locked: a human decides.',
  },
};
