import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createSecrets } from '../../src/adapters/secrets.js';
import { createSigner } from '../../src/adapters/signer.js';
import { createSystemClock } from '../../src/adapters/system-clock.js';
import { createScaledClock } from '../../src/adapters/scaled-clock.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import type { Store } from '../../src/ports/store.js';
import { readState, type WireState } from '../../lab/world/wire-folder.js';

const NIGHTSHIFT = resolve('bin/nightshift');
const HOUR_MS = 3_600_000;
const IMAGE_BYTES = 100_000;

const ENVIRONMENT = {
  NIGHT_PASSWORD: 'night-password',
  NIGHT_COMMUNITY: 'night-community',
  NIGHTSHIFT_KEY_PASSPHRASE: 'night-passphrase',
};

export const EOS = { platform: 'arista_eos', from: '4.28.3M', to: '4.31.2F' } as const;
export const IOSXE = { platform: 'cisco_iosxe', from: '17.9.4a', to: '17.12.4' } as const;

/** One unit of the night; a device of the same name. */
export interface NightUnit {
  readonly id: string;
  readonly on: typeof EOS | typeof IOSXE;
  readonly members: number;
}

/** How the night is set up. */
export interface NightOptions {
  readonly units: readonly NightUnit[];
  /** `device:port` pairs. */
  readonly links?: readonly (readonly [string, string])[];
  readonly speed: number;
  readonly parallel: number;
  /** ISO 8601. */
  readonly soak: string;
  /** Where the state directory lies, when not beside the inventory. */
  readonly state?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
}

/** The program as a process of its own: its pid is that of the program itself. */
export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  output(): string;
  kill(signal: NodeJS.Signals): void;
}

/** A folder with inventory, images, keys, playbook, a lab on the wire and an approved plan. */
export interface Night {
  readonly folder: string;
  readonly state: string;
  readonly lab: WireState;
  readonly labFolder: string;
  start(...args: readonly string[]): Started;
  /** Runs to its end. */
  call(...args: readonly string[]): Promise<Ended>;
  /** Runs to its end, which must be exit 0. */
  must(...args: readonly string[]): Promise<Ended>;
  /** The state directory through a handle of its own. */
  open(): Promise<Store>;
  /** Ends every process of the night, by pid, and removes its folder. */
  end(): Promise<void>;
}

const imageName = (on: NightUnit['on'], version: string) => {
  if (on.platform === 'arista_eos') return `EOS-${version}.swi`;
  const padded = version.replaceAll(/\d+/g, (digits) => digits.padStart(2, '0'));
  return `cat9k_iosxe.${padded}.SPA.bin`;
};

function serialsOf(unit: NightUnit, index: number): readonly string[] {
  const letters = unit.on.platform === 'arista_eos' ? 'JPE' : 'FOC';
  return Array.from(
    { length: unit.members },
    (_, member) => `${letters}2244${1000 + index}${member}`,
  );
}

function writeImages(folder: string): void {
  mkdirSync(join(folder, 'images'));
  const entries = [EOS, IOSXE].map((on) => {
    const fileName = imageName(on, on.to);
    const bytes = Buffer.alloc(IMAGE_BYTES, fileName);
    writeFileSync(join(folder, 'images', fileName), bytes);
    const hash = (name: string) => createHash(name).update(bytes).digest('hex');
    const [sha512, md5] = [hash('sha512'), hash('md5')];
    const rest = { path: `../images/${fileName}`, sizeBytes: bytes.length, sha512, md5 };
    return [
      `${on.platform}-${on.to}`,
      { platform: on.platform, version: on.to, ...rest, golden: true },
    ];
  });
  writeFileSync(
    join(folder, 'inventory', 'images.yaml'),
    JSON.stringify(Object.fromEntries(entries)),
  );
}

async function writePeople(folder: string): Promise<void> {
  mkdirSync(join(folder, 'keys'), { mode: 0o700 });
  const signer = createSigner(createSecrets({ env: ENVIRONMENT }));
  const people: Record<string, object> = {};
  for (const [id, mayApprove] of [
    ['otto', false],
    ['anna', true],
  ] as const) {
    const path = join(folder, 'keys', `${id}.pem`);
    const line = await signer.generate(path, 'env:NIGHTSHIFT_KEY_PASSPHRASE', id);
    people[id] = { name: id, role: 'engineer', mayApprove, publicKey: line.trim() };
  }
  people['anna'] = { ...people['anna'], role: 'supervisor' };
  writeFileSync(join(folder, 'inventory', 'people.yaml'), JSON.stringify(people));
}

/** Addresses that no other process of this machine takes at the same time. */
function addressOf(index: number): string {
  return `127.${100 + (process.pid % 100)}.${1 + (Math.floor(process.pid / 100) % 250)}.${index + 1}`;
}

function writeInventory(folder: string, options: NightOptions): void {
  const write = (name: string, value: unknown) =>
    writeFileSync(join(folder, 'inventory', name), JSON.stringify(value));
  const { units, links = [] } = options;
  const password = 'env:NIGHT_PASSWORD';
  const snmp = { port: 1161, version: 'v2c', community: 'env:NIGHT_COMMUNITY' };
  write('defaults.yaml', { ssh: { username: 'nightshift', port: 2222, password }, snmp });
  write('sites.yaml', { ams: { timeZone: 'Europe/Amsterdam' } });
  write('groups.yaml', { campus: { windows: ['tonight'], vars: { routing: { ospf: true } } } });
  write(
    'links.yaml',
    links.map(([a, b]) => ({ a, b })),
  );
  const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const nowMs = Date.now();
  write('windows.yaml', {
    tonight: { start: iso(nowMs - HOUR_MS), end: iso(nowMs + 200 * HOUR_MS) },
  });
  const devices: Record<string, object> = {};
  const stacks: Record<string, object> = {};
  const played: Record<string, object> = {};
  for (const [index, unit] of units.entries()) {
    const { id, on } = unit;
    const isEos = on.platform === 'arista_eos';
    const serials = serialsOf(unit, index);
    devices[id] = {
      host: addressOf(index),
      site: 'ams',
      groups: ['campus'],
      platform: on.platform,
    };
    if (unit.members > 1) stacks[id] = { device: id, serials };
    played[id] = {
      platform: on.platform,
      model: isEos ? 'CCS-720XP-48ZC2' : 'C9300-48P',
      version: on.from,
      image: imageName(on, on.from),
      serials,
      ...(isEos ? {} : { config: `router ospf 1\n router-id 10.0.2.${index + 1}\n` }),
    };
  }
  write('devices.yaml', devices);
  if (Object.keys(stacks).length > 0) write('units.yaml', stacks);
  write('lab.yaml', { seed: 'crash', units: played, images: [] });
}

function writePlaybook(folder: string, options: NightOptions): void {
  const playbook = {
    kind: 'playbook',
    name: 'crash',
    summary: 'Everything to golden',
    limit: 'all',
    change: { firmware: { golden: true } },
    window: 'tonight',
    strategy: {
      waves: ['rest'],
      parallel: options.parallel,
      stopAfter: { failures: 100 },
      soak: options.soak,
    },
    checks: {
      before: [{ name: 'cpu is calm', that: 'state.cpu.percent < 80' }],
      after: [
        {
          name: 'every neighbour is back',
          that: 'before.neighbours.all(n, after.neighbours.exists(m, m.id == n.id))',
          within: 'PT30M',
        },
      ],
    },
    rollback: 'automatic',
    approval: { quorum: 1, lab: 'optional', expires: 'P30D' },
  };
  writeFileSync(join(folder, 'playbook.yaml'), JSON.stringify(playbook));
}

class NightFolder implements Night {
  readonly folder = mkdtempSync(join(tmpdir(), 'nightshift-crash-'));
  readonly state: string;
  readonly labFolder: string;
  readonly #children = new Set<ChildProcess>();

  constructor(state: string | undefined) {
    this.state = state ?? join(this.folder, '.nightshift');
    this.labFolder = join(this.state, 'lab');
  }

  get lab(): WireState {
    const state = readState(this.labFolder);
    if (!state) throw new Error('the lab is not up');
    return state;
  }

  start(...args: readonly string[]): Started {
    const child = spawn(NIGHTSHIFT, ['--state', this.state, '--no-color', ...args], {
      cwd: this.folder,
      env: { ...process.env, ...ENVIRONMENT },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    let out = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (out += text));
    }
    const ended = new Promise<Ended>((done, fail) => {
      child.once('error', fail);
      child.once('close', (code, signal) => {
        this.#children.delete(child);
        done({ code, signal, out });
      });
    });
    return {
      pid: child.pid ?? 0,
      ended,
      output: () => out,
      kill: (signal) => child.kill(signal),
    };
  }

  call(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  async must(...args: readonly string[]): Promise<Ended> {
    const ended = await this.call(...args);
    if (ended.code === 0) return ended;
    throw new Error(`nightshift ${args.join(' ')} ended with ${ended.code}:\n${ended.out}`);
  }

  open(): Promise<Store> {
    const clock = createScaledClock(createSystemClock(), this.lab.clock);
    return openSqliteStore({ directory: this.state, clock, readOnly: true });
  }

  async end(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await this.call('lab', 'down');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Sets everything up by the commands a person would type, as far as the approval of the plan. */
export async function prepareNight(options: NightOptions): Promise<Night> {
  const night = new NightFolder(options.state);
  mkdirSync(join(night.folder, 'inventory'));
  try {
    writeInventory(night.folder, options);
    writeImages(night.folder);
    await writePeople(night.folder);
    writePlaybook(night.folder, options);
    await night.must('lab', 'up', '--speed', String(options.speed));
    await night.must('fingerprint', '--accept-new', '--reason', 'first contact');
    await night.must('plan', 'playbook.yaml', '--as', 'otto', '--key', 'keys/otto.pem');
    const approval = ['--as', 'anna', '--key', 'keys/anna.pem', '--reason', 'looked at it'];
    await night.must('review', 'approve', 'last', ...approval);
    return night;
  } catch (thrown) {
    await night.end();
    throw thrown;
  }
}
