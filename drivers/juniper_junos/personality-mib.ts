import type { Personality, SimDevice, SimPort } from '../../src/driver/personality.js';
import { modelOf } from './personality-models.js';
import { buildDay, chassisSerial, engineSerial } from './personality-show.js';
import { masterEngine, settle } from './personality-state.js';
import { dayStamp } from './personality-time.js';

const SYSTEM = '1.3.6.1.2.1.1';
const ENTITY = '1.3.6.1.2.1.47.1.1.1.1';
const IF_TABLE = '1.3.6.1.2.1.2.2.1';
/** jnxBoxAnatomy of JUNIPER-MIB. */
const BOX = '1.3.6.1.4.1.2636.3.1';
const FIRST_PORT = 501;

type Mib = ReturnType<Personality['mib']>;
type MibValue = Mib[string];

const text = (value: string): MibValue => ({ type: 'string', value });
const integer = (value: number): MibValue => ({ type: 'integer', value });

function portRows(port: SimPort, at: number): readonly (readonly [string, MibValue])[] {
  const index = FIRST_PORT + at;
  const isUp = port.oper === 'up' && port.admin === 'up';
  return [
    [`${IF_TABLE}.2.${index}`, text(port.name)],
    [`${IF_TABLE}.7.${index}`, integer(port.admin === 'up' ? 1 : 2)],
    [`${IF_TABLE}.8.${index}`, integer(isUp ? 1 : 2)],
  ];
}

function description(device: SimDevice, version: string): string {
  const model = modelOf(device);
  const day = dayStamp(buildDay(version));
  const built = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)} 16:42:12 UTC`;
  const kind = model.kind === 'switch' ? 'ethernet switch' : 'internet router';
  return `Juniper Networks, Inc. ${model.name} ${kind}, kernel JUNOS ${version}, Build date: ${built} Copyright (c) 1996-${day.slice(0, 4)} Juniper Networks, Inc.`;
}

/** The system group, chassis and routing engines in ENTITY-MIB, jnxBoxAnatomy, and the state of the ports. */
export function junosMib(before: SimDevice, nowMs: number): Mib {
  const device = settle(before, nowMs);
  const model = modelOf(device);
  const engine = masterEngine(device);
  const { version } = engine.running;
  const engines = device.members.flatMap(({ id }, at): readonly (readonly [string, MibValue])[] => {
    const index = 2 + at;
    return [
      [`${ENTITY}.2.${index}`, text(`Routing Engine ${at}`)],
      [`${ENTITY}.5.${index}`, integer(9)],
      [`${ENTITY}.7.${index}`, text(`Routing Engine ${at}`)],
      [`${ENTITY}.11.${index}`, text(engineSerial(device, id))],
      [`${ENTITY}.13.${index}`, text(model.engine)],
      [`${BOX}.8.1.7.9.${at + 1}.0.0`, text(engineSerial(device, id))],
    ];
  });
  const rows: readonly (readonly [string, MibValue])[] = [
    [`${SYSTEM}.1.0`, text(description(device, version))],
    [`${SYSTEM}.2.0`, { type: 'oid', value: model.sysObjectId }],
    [
      `${SYSTEM}.3.0`,
      { type: 'ticks', value: Math.floor(Math.max(0, nowMs - engine.bootedAtMs) / 10) },
    ],
    [`${SYSTEM}.4.0`, text('')],
    [`${SYSTEM}.5.0`, text(device.hostname)],
    [`${SYSTEM}.6.0`, text('')],
    [`${ENTITY}.2.1`, text(`Juniper ${model.chassis}`)],
    [`${ENTITY}.5.1`, integer(3)],
    [`${ENTITY}.7.1`, text('Chassis')],
    [`${ENTITY}.10.1`, text(version)],
    [`${ENTITY}.11.1`, text(chassisSerial(device))],
    [`${ENTITY}.12.1`, text('Juniper Networks')],
    [`${ENTITY}.13.1`, text(model.chassis)],
    ...engines,
    [
      `${BOX}.2.0`,
      text(`Juniper ${model.chassis} ${model.kind === 'switch' ? 'Switch' : 'Internet Router'}`),
    ],
    [`${BOX}.3.0`, text(chassisSerial(device))],
    ...device.ports.flatMap(portRows),
  ];
  return Object.fromEntries(rows);
}
