import type { Personality, SimDevice } from '../../src/driver/personality.js';
import { nameOf } from './personality-config.js';
import { imageCode, modelNamed } from './personality-models.js';
import { isAway, isCluster, isInSync, ownOf, primaryUnit, versionOf } from './personality-state.js';
import { releaseText } from './personality-text.js';

type Mib = ReturnType<Personality['mib']>;
type Value = Mib[string];

const ENTITY = '1.3.6.1.2.1.47.1.1.1.1';
/** FORTINET-CORE-MIB and FORTINET-FORTIGATE-MIB. */
const CORE = '1.3.6.1.4.1.12356.100.1.1.1';
const SYSTEM = '1.3.6.1.4.1.12356.101.4.1';
const HA = '1.3.6.1.4.1.12356.101.13';
const ACTIVE_PASSIVE = 3;
const STANDALONE = 1;

const text = (value: string): Value => ({ type: 'string', value });
const integer = (value: number): Value => ({ type: 'integer', value });

function haValues(device: SimDevice, nowMs: number): Mib {
  if (!isCluster(device)) return { [`${HA}.1.1.0`]: integer(STANDALONE) };
  const there = ownOf(device).units.filter((unit) => !isAway(unit, nowMs));
  const { id } = primaryUnit(device);
  const ordered = there.toSorted((a, b) => Number(b.id === id) - Number(a.id === id));
  const rows = ordered.flatMap((unit, at): readonly (readonly [string, Value])[] => [
    [`${HA}.2.1.1.1.${at + 1}`, integer(at + 1)],
    [`${HA}.2.1.1.2.${at + 1}`, text(unit.serial)],
    [`${HA}.2.1.1.11.${at + 1}`, text(nameOf(device, unit))],
    [`${HA}.2.1.1.12.${at + 1}`, integer(isInSync(unit, nowMs) ? 1 : 0)],
  ]);
  return { [`${HA}.1.1.0`]: integer(ACTIVE_PASSIVE), ...Object.fromEntries(rows) };
}

/** SNMP values of the unit that answers: system group, the vendor's scalars, its chassis, and the cluster's members. */
export function mib(device: SimDevice, nowMs: number): Mib {
  const unit = primaryUnit(device);
  const version = releaseText(versionOf(unit));
  const sinceMs = Math.max(0, nowMs - unit.bootedAtMs);
  return {
    '1.3.6.1.2.1.1.1.0': text(device.model),
    '1.3.6.1.2.1.1.2.0': { type: 'oid', value: modelNamed(device.model).sysObjectId },
    '1.3.6.1.2.1.1.3.0': { type: 'ticks', value: Math.floor(sinceMs / 10) % 2 ** 32 },
    '1.3.6.1.2.1.1.5.0': text(device.hostname),
    [`${CORE}.0`]: text(unit.serial),
    [`${SYSTEM}.1.0`]: text(version),
    [`${SYSTEM}.3.0`]: integer(device.cpuPercent),
    ...haValues(device, nowMs),
    [`${ENTITY}.2.1`]: text(`Fortinet ${imageCode(device.model)}, HW Serial#: ${unit.serial}`),
    [`${ENTITY}.10.1`]: text(`${device.model} ${version}`),
    [`${ENTITY}.11.1`]: text(unit.serial),
    [`${ENTITY}.13.1`]: text(imageCode(device.model)),
  };
}
