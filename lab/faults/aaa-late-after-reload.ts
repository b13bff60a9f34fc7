import type { FaultSheet } from '../world/fault.js';

export const aaaLateAfterReload: FaultSheet = {
  id: 'aaa-late-after-reload',
  number: 'F29',
  title: 'The AAA servers are out of reach for two minutes after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'refuse-login' },
  lasts: 'until-cleared',
  passesAfterMs: 120_000,
  cli: 'The login is refused while the device has no way to its servers; then it is taken.',
  snmp: 'All is well.',
  verdict: {
    unit: 'done',
    because:
      'A login that is refused right after a boot is tried again, spread out and three times at most.',
  },
};
