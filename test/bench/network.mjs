// Made-up networks: an inventory, and what its units are.
import { createHash } from 'node:crypto';
import { driverLoaders } from '../../dist/src/driver-loaders.js';
import { digestOf } from '../../dist/src/kernel/digest.js';
import { deviceId, personId, unitId } from '../../dist/src/kernel/id.js';

export const SECRET = 'bench-secret';
export const SSH_PORT = 2222;
const SNMP_PORT = 1161;
const HOUR_MS = 3_600_000;
const BLOCK = 250;
export const START_MS = Date.UTC(2027, 0, 9, 20);

const kinds = [
  {
    platform: 'arista_eos',
    model: 'DCS-7050SX3-48YC8',
    version: '4.28.3M',
    image: 'EOS-4.28.3M.swi',
    serial: 'JPE',
    port: (n) => `Ethernet${n}`,
  },
  {
    platform: 'cisco_iosxe',
    model: 'C9300-48P',
    version: '17.9.4a',
    image: 'cat9k_iosxe.17.09.04a.SPA.bin',
    serial: 'FOC',
    port: (n) => `GigabitEthernet1/0/${n}`,
  },
];

const kindOf = (index) => kinds[index % kinds.length];
const nameOf = (index) => `sw${index + 1}`;
const serialOf = (index) => `${kindOf(index).serial}${String(index + 1).padStart(8, '0')}`;

/** Half the units of each platform, on addresses 127.<net>.x.y. */
function unitOf(index, net) {
  const { platform } = kindOf(index);
  const id = nameOf(index);
  return {
    id: unitId(id),
    serials: [serialOf(index)],
    windows: [],
    drain: true,
    device: {
      id: deviceId(id),
      host: `127.${net}.${Math.floor(index / BLOCK)}.${(index % BLOCK) + 1}`,
      platform,
      site: 'ams',
      groups: [],
      criticality: 'normal',
      ssh: { username: 'nightshift', port: SSH_PORT, password: 'env:BENCH', agent: false },
      snmp: { version: 'v2c', port: SNMP_PORT, community: 'env:BENCH' },
      vars: { routing: { ospf: true } },
      place: { file: 'devices.yaml', line: 1, column: 1 },
    },
  };
}

function imageOf(platform, version, fileName) {
  const hash = (algorithm) => createHash(algorithm).update(fileName).digest('hex');
  return {
    name: fileName,
    platform,
    models: [],
    version,
    path: `/images/${fileName}`,
    fileName,
    sizeBytes: 600_000_000,
    sha512: hash('sha512'),
    md5: hash('md5'),
    golden: true,
  };
}

/** Every unit linked to the first two, on ports of its own. */
function linksOf(count) {
  const between = (hub, index) => ({
    a: { device: deviceId(nameOf(hub)), port: kindOf(hub).port(index + 1) },
    b: { device: deviceId(nameOf(index)), port: kindOf(index).port(hub + 40) },
  });
  const leaves = Array.from({ length: count }, (_, index) => index).slice(2);
  return leaves.flatMap((index) => [between(0, index), between(1, index)]);
}

export function inventoryOf(count, options) {
  const body = {
    directory: '/inventory',
    units: Array.from({ length: count }, (_, index) => unitOf(index, options.net)),
    groups: [],
    sites: [{ name: 'ams', timeZone: 'Europe/Amsterdam', windows: [] }],
    links: options.linked ? linksOf(count) : [],
    redundancyGroups: [],
    windows: [
      {
        kind: 'recurring',
        name: 'weekend',
        rrule: 'FREQ=WEEKLY;BYDAY=SA',
        at: '22:00',
        durationMs: 10 * HOUR_MS,
        dst: 'skip',
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
        role: 'engineer',
        mayApprove: true,
        publicKey: 'ssh-ed25519 AAAA',
      },
    ],
  };
  return { ...body, digest: digestOf(body) };
}

export function twinFactsOf(count) {
  return new Map(
    Array.from({ length: count }, (_, index) => {
      const { platform, model, version, image } = kindOf(index);
      const serials = [serialOf(index)];
      const facts = { platform, model, version, serials, imageFileName: image, config: '' };
      return [nameOf(index), facts];
    }),
  );
}

/** The device with 24 ports that lead nowhere, so that its answers have the length of real ones. */
export function withPorts(device) {
  const { port } = kinds.find((each) => each.platform === device.platform);
  const ports = Array.from({ length: 24 }, (_, index) => ({
    name: port(index + 1),
    description: `desk ${index + 1}`,
    admin: 'up',
    oper: 'up',
  }));
  return { ...device, ports };
}

export function playbookOf(soakMs) {
  const body = {
    name: 'bench',
    summary: 'Everything to golden',
    limit: 'all',
    firmware: { kind: 'golden' },
    window: 'weekend',
    strategy: {
      canary: { perModel: 1, soakMs: 1_800_000 },
      waves: [{ kind: 'rest' }],
      parallel: 4,
      stopAfterFailures: 1,
      soakMs,
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
    rollback: 'automatic',
    approval: { quorum: 1, lab: 'optional', expiresMs: 720 * HOUR_MS },
  };
  return { ...body, file: 'bench.yaml', digest: digestOf(body) };
}

export async function loadDrivers() {
  const entries = Object.entries(driverLoaders).map(async ([id, load]) => [
    id,
    (await load()).driver,
  ]);
  return new Map(await Promise.all(entries));
}
