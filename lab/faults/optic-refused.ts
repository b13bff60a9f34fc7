import type { FaultSheet } from '../world/fault.js';

export const opticRefused: FaultSheet = {
  id: 'optic-refused',
  number: 'F21',
  title: 'The new software takes a port with a foreign optic out of service',
  strikes: { on: 'boot' },
  effect: { kind: 'disable-port' },
  lasts: 'until-cleared',
  cli: 'The port is err-disabled, or plainly down where the platform has no word for it; its neighbour is gone.',
  snmp: 'ifAdminStatus is up, ifOperStatus down, at both ends.',
  verdict: {
    unit: 'reverted',
    because:
      'The neighbour behind it was there before and is not after: the post-check fails within its time.',
  },
};
