import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LAB_ENVIRONMENT } from '../../lab/rehearse/prepare.js';
import { truth, wireLog } from '../../lab/world/wire-control.js';

const NIGHTSHIFT = resolve('bin/nightshift');
/** Kinds of truth that no device may show when nothing was to be changed on it. */
const CHANGES = new Set(['mutation', 'reload-requested', 'went-down', 'boot', 'upload']);

export interface Spoken {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The program at work in a process of its own. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Spoken>;
  /** What it said on stderr up to now. */
  said(): string;
  signal(name: NodeJS.Signals): void;
}

export interface Typing {
  readonly env?: Readonly<Record<string, string>>;
}

/** A lab folder with its network on the wire, and the real program typed in it. */
export interface Evening {
  readonly folder: string;
  /** Everything that the program said so far, both streams. */
  readonly transcript: () => string;
  path(...names: readonly string[]): string;
  read(name: string): string;
  write(name: string, text: string): void;
  start(argv: readonly string[], typing?: Typing): Running;
  type(argv: readonly string[], typing?: Typing): Promise<Spoken>;
  /** As `type`; an exit code other than 0 is an error. */
  must(argv: readonly string[], typing?: Typing): Promise<Spoken>;
  /** What happened to devices after record `after` that changed them, as `device kind: detail`. */
  changes(after?: number): Promise<readonly string[]>;
  /** The number of the newest record of truth. */
  now(): Promise<number>;
  log(): Promise<readonly string[]>;
  end(): Promise<void>;
}

/** One unit, no canary, one approval, no rehearsal needed: what is held here is not in the strategy. */
export function playbookText(name: string, limit: string, more: readonly string[] = []): string {
  return [
    'kind: playbook',
    `name: ${name}`,
    `summary: ${name} to the golden firmware`,
    `limit: '${limit}'`,
    'change: { firmware: { golden: true } }',
    'window: tonight',
    'strategy: { waves: [rest], parallel: 4, stopAfter: { failures: 1 }, soak: PT1M }',
    'checks:',
    '  after:',
    "    - { name: routes, that: 'after.routes.total >= before.routes.total', within: PT5M }",
    'rollback: automatic',
    'approval: { quorum: 1, lab: optional, expires: P30D }',
    ...more,
    '',
  ].join('\n');
}

function startIn(folder: string, argv: readonly string[], env: Typing['env'], heard: string[]) {
  const child = spawn(NIGHTSHIFT, [...argv], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', LC_ALL: 'C', ...LAB_ENVIRONMENT, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    heard.push(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    heard.push(text);
  });
  const ended = new Promise<Spoken>((settle, reject) => {
    child.once('error', reject);
    child.once('close', (code) => settle({ code: code ?? -1, out, err }));
  });
  return {
    pid: child.pid ?? 0,
    ended,
    said: () => err,
    signal: (name: NodeJS.Signals) => void child.kill(name),
  };
}

/** An own loopback network for every worker, so that labs of several tests are up side by side. */
function moveAddresses(folder: string): void {
  const path = join(folder, 'inventory', 'devices.yaml');
  const network = `127.${100 + (process.pid % 100)}.${Math.floor(process.pid / 100) % 250}.`;
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('127.20.1.', network));
}

/**
 * Makes the folder and brings its network up, its clock `speed` times as fast as the wall's. `changed` gives files of the
 * folder that are to be others, by path and text.
 */
export async function openEvening(
  speed: number,
  changed: (folder: string) => readonly (readonly [string, string])[] = () => [],
  env: Readonly<Record<string, string>> = {},
): Promise<Evening> {
  const root = mkdtempSync(join(tmpdir(), 'nightshift-e2e-'));
  const folder = join(root, 'night');
  const lab = join(folder, '.nightshift', 'lab');
  const heard: string[] = [];
  const running = new Set<Running>();
  const start = (argv: readonly string[], { env }: Typing = {}) => {
    const own = startIn(argv[1] === 'init' ? root : folder, argv, env, heard);
    running.add(own);
    void own.ended.finally(() => running.delete(own));
    return own;
  };
  const type = (argv: readonly string[], typing?: Typing) => start(argv, typing).ended;
  const must = async (argv: readonly string[], typing?: Typing) => {
    const spoken = await type(argv, typing);
    if (spoken.code === 0) return spoken;
    throw new Error(
      `nightshift ${argv.join(' ')}: exit ${spoken.code}\n${spoken.err}${spoken.out}`,
    );
  };
  await must(['lab', 'init', 'night']);
  moveAddresses(folder);
  for (const [path, text] of changed(folder)) writeFileSync(path, text);
  await must(['lab', 'up', '--speed', String(speed)], { env });
  return {
    folder,
    transcript: () => heard.join(''),
    path: (...names) => join(folder, ...names),
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    write: (name, text) => writeFileSync(join(folder, name), text),
    start,
    type,
    must,
    async changes(after = 0) {
      const records = await truth(lab, after);
      return records
        .filter((each) => CHANGES.has(each.kind))
        .map((each) => `${each.device} ${each.kind}: ${each.detail}`);
    },
    now: async () => (await truth(lab)).at(-1)?.seq ?? 0,
    log: () => wireLog(lab),
    async end() {
      for (const each of running) each.signal('SIGKILL');
      await Promise.all([...running].map((each) => each.ended));
      await type(['lab', 'down']);
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** `--as anna --key keys/anna.pem`. */
export function signedBy(person: string): readonly string[] {
  return ['--as', person, '--key', `keys/${person}.pem`];
}

/** Waits until `holds`, or fails with what was to come after half a minute. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`never came: ${what}`);
}
