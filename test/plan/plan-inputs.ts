import { deviceId, personId, unitId } from '../../src/kernel/id.js';
import type { Driver } from '../../src/driver/driver.js';
import type { Facts } from '../../src/driver/facts.js';
import type { Sighting } from '../../src/fingerprint/fleet.js';
import type { Inventory, Unit } from '../../src/inventory/inventory.js';
import type { PlanInputs } from '../../src/plan/make-plan.js';
import { labInventory, labPlaybook } from '../rehearse/network.js';
import { HOUR_MS, ROLLBACK, STEPS, T0, windowOf } from '../run/plan-of.js';

const VERSION = /^\d+(\.\d+)*$/;

/** A platform whose versions are dotted numbers and whose upgrades take an hour, half an hour back. */
export const driver = {
  platform: {},
  versions: {
    parse: (text: string) => (VERSION.test(text) ? { normal: text, train: '' } : undefined),
    compare: (a: { normal: string }, b: { normal: string }) => Number(a.normal) - Number(b.normal),
  },
  upgrade: () => ({ kind: 'steps', steps: STEPS, rollback: ROLLBACK }),
} as unknown as Driver;

export function unitOf(id: string, change: Partial<Unit> = {}): Unit {
  return {
    id: unitId(id),
    device: {
      id: deviceId(id),
      host: '127.0.0.1',
      site: 'ams',
      groups: [],
      criticality: 'normal',
      ssh: { username: 'n', port: 22, password: 'env:X', agent: false },
      vars: {},
      place: { file: 'devices.yaml', line: 1, column: 1 },
    },
    serials: [],
    windows: [],
    drain: true,
    ...change,
  };
}

export function seen(id: string, facts: Partial<Facts> = {}, atMs = T0): Sighting {
  return {
    kind: 'seen',
    unit: unitId(id),
    atMs,
    facts: {
      platform: 'test',
      hostname: id,
      model: 'T1',
      serials: [id],
      runningVersion: '1',
      members: [],
      details: {},
      ...facts,
    },
    hostKey: 'key',
    configDigest: 'config',
    evidence: [],
  };
}

const image = {
  name: 'two',
  platform: 'test',
  models: [],
  version: '2',
  path: '/images/two',
  fileName: 'two.bin',
  sizeBytes: 1,
  sha512: 'aa',
  md5: 'bb',
  from: [],
  golden: true,
};

export function inventoryOf(units: readonly Unit[], change: Partial<Inventory> = {}): Inventory {
  return { ...labInventory(), units, links: [], redundancyGroups: [], images: [image], ...change };
}

/** What a plan of these units is made from; every one was seen and has a night of ten hours. */
export function inputsOf(units: readonly Unit[], change: Partial<PlanInputs> = {}): PlanInputs {
  const inventory = change.inventory ?? inventoryOf(units);
  return {
    inventory,
    units,
    fleet: { sightings: units.map((each) => seen(each.id)) },
    playbook: labPlaybook(),
    drivers: new Map([['test', driver]]),
    configs: new Map(),
    author: personId('otto'),
    nowMs: T0,
    occurrences: () => [windowOf(T0, 10 * HOUR_MS)],
    ...change,
  };
}
