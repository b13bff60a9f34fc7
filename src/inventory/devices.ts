import { deviceId } from '../kernel/id.js';
import { hostError } from './address.js';
import type { Declarations, Declared, DeviceEntry, Settings } from './entries.js';
import type { Findings } from './findings.js';
import { inheritedGroups } from './groups.js';
import type { Groups } from './groups.js';
import type { Device } from './inventory.js';
import { jumpOf, type JumpHosts } from './jump-hosts.js';
import { missingAt, nearest, snmpOf, sshOf, varsOf } from './settings.js';
import type { Missing } from './settings.js';

/** A device with what only its unit needs. */
export interface ResolvedDevice {
  readonly device: Device;
  readonly declared: Declared<DeviceEntry>;
  readonly windows: readonly string[];
  readonly drain: boolean;
}

/** What devices are resolved against. */
export interface Surroundings {
  readonly declarations: Declarations;
  readonly groups: Groups;
  readonly jumpHosts: JumpHosts;
}

type Optional = Pick<Device, 'platform' | 'role' | 'snmp' | 'jump'>;

function optionalOf(layers: readonly Settings[], jumpHosts: JumpHosts, missing: Missing): Optional {
  const jump = jumpOf(layers, jumpHosts);
  const platform = nearest(layers, 'platform');
  const role = nearest(layers, 'role');
  const snmp = snmpOf(layers, missing);
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(role === undefined ? {} : { role }),
    ...(snmp === undefined ? {} : { snmp }),
    ...(jump === undefined ? {} : { jump }),
  };
}

function layersOf(
  declared: Declared<DeviceEntry>,
  groupNames: readonly string[],
  world: Surroundings,
): { readonly site: string | undefined; readonly layers: readonly Settings[] } {
  const { sites, defaults } = world.declarations;
  const groups = groupNames.flatMap((each) => world.groups.get(each)?.value ?? []);
  const near: readonly Settings[] = [declared.value, ...groups];
  const site = nearest([...near, defaults.value], 'site');
  const siteEntry = sites.find((each) => each.name === site);
  return { site, layers: [...near, ...(siteEntry ? [siteEntry.value] : []), defaults.value] };
}

function resolveDevice(
  declared: Declared<DeviceEntry>,
  world: Surroundings,
  findings: Findings,
): ResolvedDevice {
  const groups = inheritedGroups(declared.value.groups ?? [], world.groups);
  const { site, layers } = layersOf(declared, groups, world);
  const missing = missingAt(declared, findings);
  if (site === undefined) missing('has no `site`, neither its own nor inherited', 'add `site`');
  const device: Device = {
    id: deviceId(declared.name),
    host: declared.value.host,
    site: site ?? '',
    groups,
    criticality: nearest(layers, 'criticality') ?? 'normal',
    ssh: sshOf(layers, missing),
    ...optionalOf(layers, world.jumpHosts, missing),
    vars: varsOf(layers),
    place: declared.place,
  };
  const windows = nearest(layers, 'windows') ?? [];
  return { device, declared, windows, drain: nearest(layers, 'drain') ?? true };
}

function checkDevice(resolved: ResolvedDevice, known: ReadonlySet<string>, findings: Findings) {
  const { declared } = resolved;
  const wrong = hostError(declared.value.host);
  if (wrong !== undefined) {
    const mend = 'write one IPv4 or IPv6 address, or a host name';
    findings.report(declared.at('host'), `\`${declared.value.host}\` ${wrong}`, mend);
  }
  (declared.value.groups ?? []).forEach((group, index) => {
    findings.refer(declared.at('groups', index), 'group', group, known);
  });
}

/** Every device with its settings resolved, in the order of names. */
export function resolveDevices(world: Surroundings, findings: Findings): readonly ResolvedDevice[] {
  const { declarations, groups } = world;
  const known = new Set(groups.keys());
  const addresses = new Map<string, ResolvedDevice>();
  return declarations.devices.map((declared) => {
    const resolved = resolveDevice(declared, world, findings);
    checkDevice(resolved, known, findings);
    const { host, ssh, jump = [] } = resolved.device;
    // Behind another jump host the same private address is another machine.
    const via = jump.map((each) => ` through ${each.name}`).join('');
    const address = `${host.toLowerCase()} port ${ssh.port}${via}`;
    const first = addresses.get(address);
    if (first) {
      const message = `\`${declared.name}\` has the address of \`${first.device.id}\`: ${address}`;
      findings.report(declared.at('host'), message, 'one of the two is wrong, or is not needed');
    } else addresses.set(address, resolved);
    return resolved;
  });
}
