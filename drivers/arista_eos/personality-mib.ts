import type { Personality, SimDevice, SimPort } from '../../src/driver/personality.js';
import { modelOf } from './personality-models.js';
import { baseModel, chassis, uptimeMs } from './personality-state.js';

const SYSTEM = '1.3.6.1.2.1.1';
const ENTITY = '1.3.6.1.2.1.47.1.1.1.1';
const IF_TABLE = '1.3.6.1.2.1.2.2.1';

type Mib = ReturnType<Personality['mib']>;
type MibValue = Mib[string];

function text(value: string): MibValue {
  return { type: 'string', value };
}

function integer(value: number): MibValue {
  return { type: 'integer', value };
}

/** EOS numbers Ethernet5 as 5, Ethernet49/1 as 49001 and Management1 as 999001. */
function ifIndex(name: string): number {
  const [first = 0, second] = (name.match(/\d+/g) ?? []).map(Number);
  if (name.startsWith('Management')) return 999_000 + first;
  return second === undefined ? first : first * 1000 + second;
}

function portRows(port: SimPort): readonly (readonly [string, MibValue])[] {
  const index = ifIndex(port.name);
  const isUp = port.oper === 'up' && port.admin === 'up';
  return [
    [`${IF_TABLE}.2.${index}`, text(port.name)],
    [`${IF_TABLE}.7.${index}`, integer(port.admin === 'up' ? 1 : 2)],
    [`${IF_TABLE}.8.${index}`, integer(isUp ? 1 : 2)],
  ];
}

/** The system group, the chassis row of ENTITY-MIB (index 1 on EOS) and the state of the ports. */
export function eosMib(device: SimDevice, nowMs: number): Mib {
  const model = modelOf(device);
  const version = device.runningVersion;
  const rows: readonly (readonly [string, MibValue])[] = [
    [
      `${SYSTEM}.1.0`,
      text(
        `Arista Networks EOS version ${version} running on an Arista Networks ${baseModel(device)}`,
      ),
    ],
    [`${SYSTEM}.2.0`, { type: 'oid', value: model.sysObjectId }],
    [`${SYSTEM}.3.0`, { type: 'ticks', value: Math.floor(uptimeMs(device, nowMs) / 10) }],
    [`${SYSTEM}.4.0`, text('')],
    [`${SYSTEM}.5.0`, text(device.hostname)],
    [`${SYSTEM}.6.0`, text('')],
    [`${ENTITY}.2.1`, text(model.description)],
    [`${ENTITY}.5.1`, integer(3)],
    [`${ENTITY}.7.1`, text('')],
    [`${ENTITY}.8.1`, text(model.hardwareVersion)],
    [`${ENTITY}.10.1`, text(version)],
    [`${ENTITY}.11.1`, text(chassis(device).serial)],
    [`${ENTITY}.12.1`, text('Arista Networks')],
    [`${ENTITY}.13.1`, text(baseModel(device))],
    ...device.ports.flatMap(portRows),
  ];
  return Object.fromEntries(rows);
}
