import type { FaultSheet } from '../world/fault.js';

export const crashesAfter20Hours: FaultSheet = {
  id: 'crashes-after-20-hours',
  number: 'F40',
  title: 'Memory runs out 20 hours after the boot, and the system crashes',
  strikes: { on: 'boot' },
  effect: { kind: 'crash', afterMs: 20 * 3_600_000 },
  lasts: 'once',
  cli: 'All is well in the window; the next day the uptime began anew, on the same version.',
  snmp: 'sysUpTime began anew in the soak.',
  verdict: {
    unit: 'held',
    because:
      'A device that restarts by itself while it soaks is not done, however green it looks: a human decides about the way back.',
  },
};
