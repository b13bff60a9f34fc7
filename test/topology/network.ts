import type { Inventory, Link, Unit } from '../../src/inventory/inventory.js';
import { deviceId, unitId } from '../../src/kernel/id.js';
import type { Described } from '../../src/topology/topology.js';

/** A unit of no more than a name, a site and a role. */
export function unitAt(name: string, site = 'ams', role?: string): Unit {
  const place = { file: 'devices.yaml', line: 1, column: 1 };
  return {
    id: unitId(name),
    device: {
      id: deviceId(name),
      host: '192.0.2.1',
      site,
      groups: [],
      criticality: 'normal',
      ssh: { username: 'ns', port: 22, agent: true },
      vars: {},
      place,
      ...(role === undefined ? {} : { role }),
    },
    serials: [],
    windows: [],
    drain: true,
  };
}

/** `a-b` cables, each with ports of its own. */
export function cables(...pairs: readonly string[]): readonly Link[] {
  return pairs.map((pair, index) => {
    const [a = '', b = ''] = pair.split('-');
    return {
      a: { device: deviceId(a), port: `p${index}` },
      b: { device: deviceId(b), port: `p${index}` },
    };
  });
}

export function flow(
  name: string,
  ends: string,
  more: Partial<NonNullable<Inventory['flows']>[number]> = {},
): NonNullable<Inventory['flows']>[number] {
  const [from = '', to = ''] = ends.split('>');
  return { name, from, to, demandBps: 0, lossPercent: 0, outageMs: 0, ...more };
}

export function attached(
  name: string,
  units: readonly string[],
  services: NonNullable<Inventory['attachments']>[number]['services'] = [],
): NonNullable<Inventory['attachments']>[number] {
  return { name, units: units.map(unitId), services, sites: [] };
}

export function describedBy(parts: Partial<Described> & Pick<Described, 'units'>): Described {
  return { links: [], redundancyGroups: [], ...parts };
}
