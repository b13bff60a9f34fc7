import { createHash } from 'node:crypto';
import { driverLoaders } from '../../src/driver-loaders.js';
import { digestOf } from '../../src/kernel/digest.js';
import { deviceId, personId, unitId } from '../../src/kernel/id.js';
import type { Driver } from '../../src/driver/driver.js';
import type { Device, ImageEntry, Inventory, Unit } from '../../src/inventory/inventory.js';
import type { Plan } from '../../src/plan/plan.js';
import type { Playbook } from '../../src/playbook/playbook.js';
import { planInLab } from '../../lab/rehearse/plan-in-lab.js';
import { loadPersonalities } from '../../lab/rehearse/record.js';
import type { RehearsalInputs } from '../../lab/rehearse/rehearse.js';
import type { TwinFacts } from '../../lab/rehearse/twin.js';

export const START_MS = Date.UTC(2027, 0, 9, 20);
const HOUR_MS = 3_600_000;

interface Spec {
  readonly id: string;
  readonly platform: string;
  readonly model: string;
  readonly version: string;
  readonly image: string;
  readonly serials: readonly string[];
  readonly group?: string;
  readonly config?: string;
  /** It speaks BGP with its neighbours of other numbers. */
  readonly as?: number;
}

const eos = { platform: 'arista_eos', version: '4.28.3M', image: 'EOS-4.28.3M.swi' } as const;
const iosxe = {
  platform: 'cisco_iosxe',
  version: '17.9.4a',
  image: 'cat9k_iosxe.17.09.04a.SPA.bin',
} as const;

export const specs: readonly Spec[] = [
  { id: 'dist1a', ...eos, model: 'DCS-7050SX3-48YC8', serials: ['JPE00000001'], group: 'dist' },
  { id: 'dist1b', ...eos, model: 'DCS-7050SX3-48YC8', serials: ['JPE00000002'], group: 'dist' },
  { id: 'acc1', ...eos, model: 'CCS-720XP-48ZC2', serials: ['JPE00000003'] },
  {
    id: 'stack1',
    ...iosxe,
    model: 'C9300-48P',
    serials: ['FOC00000001', 'FOC00000002', 'FOC00000003'],
    config: 'router ospf 1\n router-id 10.0.0.9\n',
  },
];

function deviceOf(spec: Spec, index: number): Device {
  return {
    id: deviceId(spec.id),
    host: `127.20.9.${index + 1}`,
    platform: spec.platform,
    site: 'ams',
    groups: [],
    criticality: 'normal',
    ssh: { username: 'nightshift', port: 2222, password: 'env:LAB', agent: false },
    snmp: { version: 'v2c', port: 1161, community: 'env:LAB' },
    vars: { routing: { ospf: true, ...(spec.as === undefined ? {} : { as: spec.as }) } },
    place: { file: 'devices.yaml', line: 1, column: 1 },
  };
}

function unitOf(spec: Spec, index: number): Unit {
  return {
    id: unitId(spec.id),
    device: deviceOf(spec, index),
    serials: [...spec.serials].sort(),
    windows: [],
    drain: true,
    ...(spec.group === undefined ? {} : { redundancyGroup: spec.group }),
  };
}

export function imageOf(platform: string, version: string, fileName: string): ImageEntry {
  const hash = (algorithm: string) => createHash(algorithm).update(fileName).digest('hex');
  return {
    name: fileName,
    platform,
    models: [],
    from: [],
    version,
    path: `/images/${fileName}`,
    fileName,
    sizeBytes: 600_000_000,
    sha512: hash('sha512'),
    md5: hash('md5'),
    golden: true,
  };
}

const PORTS: Readonly<Record<string, string>> = {
  arista_eos: 'Ethernet',
  juniper_junos: 'ge-0/0/',
  fortinet_fortios: 'port',
};
const port = (spec: Spec, n: number) => `${PORTS[spec.platform] ?? 'GigabitEthernet1/0/'}${n}`;

/** A small network of both platforms: an MLAG pair, a switch and a stack, every one of them linked to both peers. */
export function labInventory(chosen: readonly Spec[] = specs): Inventory {
  const [a, b] = chosen;
  const links = chosen.flatMap((spec, index) =>
    [a, b].flatMap((hub, side) =>
      !hub || hub === spec || (spec === b && hub === a)
        ? []
        : [
            {
              a: { device: deviceId(hub.id), port: port(hub, index + 1) },
              b: { device: deviceId(spec.id), port: port(spec, side + 40) },
            },
          ],
    ),
  );
  const pair = chosen.filter((each) => each.group === 'dist').map((each) => unitId(each.id));
  const inventory = {
    directory: '/inventory',
    units: chosen.map(unitOf),
    groups: [],
    sites: [{ name: 'ams', timeZone: 'Europe/Amsterdam', windows: [] }],
    links,
    redundancyGroups: pair.length === 2 ? [{ name: 'dist', units: pair, minHealthy: 1 }] : [],
    windows: [
      {
        kind: 'recurring' as const,
        name: 'weekend',
        rrule: 'FREQ=WEEKLY;BYDAY=SA',
        at: '22:00',
        durationMs: 10 * HOUR_MS,
        dst: 'skip' as const,
      },
    ],
    freezes: [],
    images: [
      imageOf('arista_eos', '4.31.2F', 'EOS-4.31.2F.swi'),
      imageOf('cisco_iosxe', '17.12.4', 'cat9k_iosxe.17.12.04.SPA.bin'),
    ],
    people: [
      {
        id: personId('anna'),
        name: 'Anna',
        role: 'engineer' as const,
        mayApprove: true,
        publicKey: 'ssh-ed25519 AAAA',
      },
    ],
  };
  return { ...inventory, digest: digestOf(inventory) };
}

export function labPlaybook(change: Partial<Playbook> = {}): Playbook {
  const body = {
    name: 'campus',
    summary: 'Campus to golden',
    limit: 'all',
    firmware: { kind: 'golden' as const },
    config: [],
    window: 'weekend',
    strategy: {
      canary: { perModel: 1, soakMs: 1_800_000 },
      waves: [{ kind: 'rest' as const }],
      parallel: 4,
      stopAfterFailures: 1,
      soakMs: 48 * HOUR_MS,
    },
    checks: {
      before: [{ name: 'cpu is calm', that: 'state.cpu.percent < 80', withinMs: 0 }],
      after: [
        {
          name: 'every neighbour is back',
          that: 'before.neighbours.all(n, after.neighbours.exists(m, m.id == n.id))',
          withinMs: 600_000,
        },
      ],
    },
    rollback: 'automatic' as const,
    approval: {
      quorum: 1,
      lab: 'optional' as const,
      evidence: 'none' as const,
      expiresMs: 30 * 24 * HOUR_MS,
    },
    ...change,
  };
  return { ...body, file: 'playbook.yaml', digest: digestOf(body) };
}

export async function loadDrivers(): Promise<ReadonlyMap<string, Driver>> {
  const all = Object.entries(driverLoaders).map(
    async ([id, load]) => [id, (await load()).driver] as const,
  );
  return new Map(await Promise.all(all));
}

export function twinFacts(chosen: readonly Spec[] = specs): ReadonlyMap<string, TwinFacts> {
  return new Map(
    chosen.map(({ id, image, config, as: _as, ...rest }) => [
      id,
      { ...rest, imageFileName: image, config: config ?? '' },
    ]),
  );
}

export interface LabNetwork extends RehearsalInputs {
  readonly plan: Plan;
}

/** Fingerprints the small network in a lab of its own and makes a plan for it: what a rehearsal starts from. */
export async function labNetwork(
  options: {
    readonly chosen?: readonly Spec[];
    readonly playbook?: Playbook;
    readonly images?: readonly ImageEntry[];
    readonly traffic?: Pick<Inventory, 'flows' | 'attachments'>;
    /** Only seen by its neighbours: no login, no upgrade. */
    readonly silent?: string;
  } = {},
): Promise<LabNetwork> {
  const chosen = options.chosen ?? specs;
  const declared = labInventory(chosen);
  const images = options.images ?? declared.images;
  const inventory = { ...declared, images, ...options.traffic };
  const facts = twinFacts(chosen.filter(({ id }) => id !== options.silent));
  const drivers = await loadDrivers();
  const personalities = await loadPersonalities(chosen.map((each) => each.platform));
  const playbook = options.playbook ?? labPlaybook();
  const about = { inventory, facts, drivers, personalities, playbook };
  const plan = await planInLab({ ...about, author: personId('otto'), startMs: START_MS });
  return { plan, inventory, drivers, personalities, facts, seed: '1', faults: [] };
}
