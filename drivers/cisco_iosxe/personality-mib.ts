import type { Personality, SimDevice } from '../../src/driver/personality.js';
import { activeMember } from './personality-state.js';
import { buildOf, paddedVersion, softwareLine } from './personality-text.js';

type Mib = ReturnType<Personality['mib']>;
type Value = Mib[string];

/** sysObjectID of a C9300 stack: ciscoCat9300FixedSwitchStack (CISCO-PRODUCTS-MIB, products 2494). */
const stackOid = '1.3.6.1.4.1.9.1.2494';

const entity = '1.3.6.1.2.1.47.1.1.1.1';

const text = (value: string): Value => ({ type: 'string', value });

/** SNMP values: the system group, and the stack and each chassis of the entity table. */
export function mib(device: SimDevice, nowMs: number): Mib {
  const build = buildOf(device.runningVersion);
  const active = activeMember(device);
  const values: Record<string, Value> = {
    '1.3.6.1.2.1.1.1.0': text(
      [
        softwareLine(device.runningVersion),
        'Technical Support: http://www.cisco.com/techsupport',
        `Copyright (c) 1986-${String(build.year)} by Cisco Systems, Inc.`,
        `Compiled ${build.compiled} by mcpre`,
      ].join('\r\n'),
    ),
    '1.3.6.1.2.1.1.2.0': { type: 'oid', value: stackOid },
    '1.3.6.1.2.1.1.3.0': {
      type: 'ticks',
      value: Math.max(0, Math.floor((nowMs - device.powerSinceMs) / 10)) % 2 ** 32,
    },
    '1.3.6.1.2.1.1.5.0': text(device.hostname),
    [`${entity}.2.1`]: text('c93xx Stack'),
    [`${entity}.10.1`]: text(paddedVersion(device.runningVersion)),
    [`${entity}.11.1`]: text(active?.serial ?? ''),
    [`${entity}.13.1`]: text(device.model),
  };
  for (const member of device.members) {
    const index = String(Number(member.id) * 1000);
    values[`${entity}.2.${index}`] = text(member.model);
    values[`${entity}.10.${index}`] = text(paddedVersion(device.runningVersion));
    values[`${entity}.11.${index}`] = text(member.serial);
    values[`${entity}.13.${index}`] = text(member.model);
  }
  return values;
}
