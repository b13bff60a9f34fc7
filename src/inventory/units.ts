import { unitId } from '../kernel/id.js';
import type { Place } from '../kernel/diagnostic.js';
import { hostError } from './address.js';
import type { Declarations, Declared, OutOfBandEntry, UnitEntry } from './entries.js';
import type { ResolvedDevice } from './devices.js';
import type { Findings } from './findings.js';
import type { RedundancyGroup, Unit } from './inventory.js';

function outOfBandOf(entry: OutOfBandEntry | undefined): Pick<Unit, 'outOfBand'> {
  return entry ? { outOfBand: { ...entry, port: entry.port ?? 22 } } : {};
}

function unitOf(resolved: ResolvedDevice, declared: Declared<UnitEntry> | undefined): Unit {
  const entry = declared?.value ?? {};
  const serials = entry.serials ?? resolved.declared.value.serials ?? [];
  return {
    id: unitId(declared?.name ?? resolved.device.id),
    device: resolved.device,
    serials: [...serials].sort(),
    windows: entry.windows ?? resolved.windows,
    drain: entry.drain ?? resolved.drain,
    ...outOfBandOf(entry.outOfBand ?? resolved.declared.value.outOfBand),
  };
}

function checkUnit(
  declared: Declared<UnitEntry>,
  known: { readonly devices: ReadonlySet<string>; readonly windows: ReadonlySet<string> },
  findings: Findings,
): void {
  const { device, windows } = declared.value;
  const place = device === undefined ? declared.place : declared.at('device');
  findings.refer(place, 'device', device ?? declared.name, known.devices);
  if (device !== undefined && device !== declared.name && known.devices.has(declared.name)) {
    const message = `the unit \`${declared.name}\` has the name of another device`;
    findings.report(declared.place, message, 'give the unit a name of its own');
  }
  (windows ?? []).forEach((each, index) => {
    findings.refer(declared.at('windows', index), 'window', each, known.windows);
  });
}

/** Where the unit is reached out of band must be a place of its own. */
function checkOutOfBand(
  declared: Declared<{ readonly outOfBand?: OutOfBandEntry }>,
  unit: Unit,
  findings: Findings,
): void {
  const { outOfBand } = unit;
  if (!outOfBand) return;
  const place = declared.at('outOfBand', 'address');
  const wrong = hostError(outOfBand.address);
  if (wrong !== undefined) {
    const mend = 'write one IPv4 or IPv6 address, or a host name';
    findings.report(place, `\`${outOfBand.address}\` ${wrong}`, mend);
  } else if (outOfBand.address.toLowerCase() === unit.device.host.toLowerCase()) {
    const message = `the out-of-band address of \`${unit.id}\` is its own address`;
    findings.report(place, message, 'give the console server, or leave it out');
  }
}

/** One serial belongs to one unit. */
function checkSerials(
  placed: readonly { readonly unit: Unit; readonly at: (serial: string) => Place }[],
  findings: Findings,
): void {
  const owners = new Map<string, string>();
  for (const { unit, at } of placed) {
    for (const serial of unit.serials) {
      const owner = owners.get(serial);
      if (owner === undefined) owners.set(serial, unit.id);
      else {
        const message = `the serial \`${serial}\` is also that of \`${owner}\``;
        findings.report(at(serial), message, 'one of the two is wrong');
      }
    }
  }
}

function placeOfSerial(
  declared: Declared<{ readonly serials?: readonly string[] }>,
  serial: string,
): Place {
  const index = (declared.value.serials ?? []).indexOf(serial);
  return index < 0 ? declared.place : declared.at('serials', index);
}

/** The declared units, and a unit of its own for each device that none of them drives. */
export function resolveUnits(
  declarations: Declarations,
  devices: readonly ResolvedDevice[],
  findings: Findings,
): readonly Unit[] {
  const known = {
    devices: new Set<string>(devices.map((each) => each.device.id)),
    windows: new Set(declarations.windows.map((each) => each.name)),
  };
  const byDevice = new Map<string, Declared<UnitEntry>>();
  for (const declared of declarations.units) {
    checkUnit(declared, known, findings);
    const device = declared.value.device ?? declared.name;
    const first = byDevice.get(device);
    if (first) {
      const message = `the device \`${device}\` already drives the unit \`${first.name}\``;
      findings.report(declared.place, message, 'a device drives one unit');
    } else byDevice.set(device, declared);
  }
  const placed = devices.map((resolved) => {
    const declared = byDevice.get(resolved.device.id);
    const holder = declared?.value.serials ? declared : resolved.declared;
    const at = (serial: string) => placeOfSerial(holder, serial);
    const unit = unitOf(resolved, declared);
    checkOutOfBand(declared?.value.outOfBand ? declared : resolved.declared, unit, findings);
    return { unit, at };
  });
  checkSerials(placed, findings);
  return placed.map((each) => each.unit);
}

/** The redundancy groups. What is wrong with them is reported. */
export function resolveRedundancy(
  declarations: Declarations,
  units: readonly Unit[],
  findings: Findings,
): readonly RedundancyGroup[] {
  const known = new Set<string>(units.map((each) => each.id));
  const owners = new Map<string, string>();
  return declarations.redundancy.map((declared) => {
    const members = declared.value.units;
    const minHealthy = declared.value.minHealthy ?? members.length - 1;
    members.forEach((member, index) => {
      const place = declared.at('units', index);
      findings.refer(place, 'unit', member, known);
      const owner = owners.get(member);
      if (owner !== undefined) {
        const message = `the unit \`${member}\` is already in the redundancy group \`${owner}\``;
        findings.report(place, message, 'a unit is in one redundancy group');
      } else owners.set(member, declared.name);
    });
    if (minHealthy >= members.length) {
      const message = `minHealthy ${minHealthy} of ${members.length} units: none could ever be upgraded`;
      findings.report(declared.at('minHealthy'), message, `at most ${members.length - 1}`);
    }
    return { name: declared.name, units: members.map(unitId).sort(), minHealthy };
  });
}

/** Each unit with the redundancy group it is in. */
export function withRedundancy(
  units: readonly Unit[],
  groups: readonly RedundancyGroup[],
): readonly Unit[] {
  const owners = new Map<string, string>(
    groups.flatMap((group) => group.units.map((unit) => [unit, group.name] as const)),
  );
  return units.map((unit) => {
    const redundancyGroup = owners.get(unit.id);
    return redundancyGroup === undefined ? unit : { ...unit, redundancyGroup };
  });
}
