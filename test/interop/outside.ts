import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '@jest/globals';
import type { WireDevice } from '../../lab/world/wire-folder.js';
import { newFolder, startLab, type RunningLab } from '../wire/wire-spec.js';
import { ENABLE_PASSWORD, LOGIN, NETWORK } from './network.js';

export const PATIENCE_MS = 120_000;
/** Debian's packages are for the system's own Python, whatever else is on the path. */
export const PYTHON = '/usr/bin/python3';
/** rancid keeps `fnlogin` and `jlogin` beside its own programs. */
const PATH = '/usr/bin:/bin:/usr/lib/rancid/bin';

/** The lab on the wire, and a home folder in which programs of other people find what they need to log in. */
export interface Outside {
  readonly lab: RunningLab;
  readonly home: string;
}

export interface Ran {
  readonly code: number;
  readonly text: string;
  readonly errors: string;
}

/** The line of `known_hosts` for a device: what it shows must be the key that the lab gave it. */
function knownHost({ id, host, sshPort, hostKey }: WireDevice): string {
  const types = 'ed25519,rsa';
  const args = ['-p', String(sshPort), '-t', types, host];
  const { stdout } = spawnSync('ssh-keyscan', args, { encoding: 'utf8' });
  const line = stdout.split('\n').find((each) => each.startsWith('['));
  const blob = Buffer.from(line?.split(' ')[2] ?? '', 'base64');
  const shown = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '');
  if (line === undefined || `SHA256:${shown}` !== hostKey) {
    throw new Error(`${id} shows another host key than its own: ${line ?? 'none'}`);
  }
  return line;
}

/** Logins as rancid keeps them; its OpenSSH reads settings of ours, nobody else's. */
function cloginrc(devices: readonly WireDevice[], sshConfig: string): string {
  return [
    `add sshcmd * {ssh\\ -F\\ ${sshConfig}}`,
    `add user * {${LOGIN.username}}`,
    ...devices.flatMap(({ host, sshPort }) => [
      `add method ${host} {ssh:${sshPort}}`,
      `add password ${host} {${LOGIN.password}} {${ENABLE_PASSWORD}}`,
    ]),
    '',
  ].join('\n');
}

/** The devices as an inventory of Ansible: where they listen, and nothing about how they behave. */
function hostsOf(devices: readonly WireDevice[]): string {
  const hosts = devices.map(({ id, host, sshPort }) => [
    id,
    { ansible_host: host, ansible_port: sshPort },
  ]);
  const vars = {
    ansible_user: LOGIN.username,
    ansible_password: LOGIN.password,
    ansible_become_password: ENABLE_PASSWORD,
    ansible_python_interpreter: PYTHON,
  };
  return JSON.stringify({ all: { hosts: Object.fromEntries(hosts), vars } });
}

export async function goOutside(): Promise<Outside> {
  const lab = await startLab(NETWORK);
  const home = newFolder();
  const { devices } = lab.state;
  // OpenSSH of today does not even scan what takes only old algorithms, and has no business there.
  const old = new Set(NETWORK.filter(({ legacyOnly }) => legacyOnly).map(({ id }) => id));
  const modern = devices.filter(({ id }) => !old.has(id));
  const known = join(home, '.ssh', 'known_hosts');
  const sshConfig = join(home, 'ssh_config');
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  writeFileSync(known, `${modern.map(knownHost).join('\n')}\n`);
  writeFileSync(sshConfig, `UserKnownHostsFile ${known}\nStrictHostKeyChecking yes\n`);
  writeFileSync(join(home, '.cloginrc'), cloginrc(devices, sshConfig), { mode: 0o600 });
  writeFileSync(join(home, 'hosts.json'), hostsOf(devices));
  return { lab, home };
}

/** Runs a program in a world that knows of nothing but the lab. Never fails: judge its exit code. */
export function run(
  { home }: Outside,
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const env = { PATH, HOME: home, LANG: 'C.UTF-8', TERM: 'dumb', ...more };
  const options = { cwd: home, env, timeout: PATIENCE_MS, maxBuffer: 16_000_000 } as const;
  return new Promise((resolve) => {
    const child = execFile(program, args, options, (error, text, errors) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, text, errors });
    });
    child.stdin?.end();
  });
}

/** What a task of a playbook came to on a device. */
export interface TaskResult {
  readonly changed?: boolean;
  readonly failed?: boolean;
  readonly msg?: string;
  readonly stdout?: unknown;
  readonly ansible_facts?: Readonly<Record<string, unknown>>;
  readonly commands?: readonly string[];
}

/** Plays `NAME.yaml` beside this file; the result of each of its tasks by the task's name. */
export async function play(
  outside: Outside,
  name: string,
): Promise<Readonly<Record<string, TaskResult>>> {
  const book = fileURLToPath(new URL(`./${name}.yaml`, import.meta.url));
  const ran = await run(outside, 'ansible-playbook', ['-i', 'hosts.json', book], {
    ANSIBLE_HOME: join(outside.home, `ansible-${name}`),
    ANSIBLE_LOCAL_TEMP: join(outside.home, `ansible-${name}`, 'tmp'),
    ANSIBLE_PERSISTENT_CONTROL_PATH_DIR: join(outside.home, `pc-${name}`),
    ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
    ANSIBLE_HOST_KEY_CHECKING: 'true',
  });
  return resultsOf(ran);
}

interface Played {
  readonly plays: readonly {
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: Readonly<Record<string, TaskResult>>;
    }[];
  }[];
}

function resultsOf({ code, text, errors }: Ran): Readonly<Record<string, TaskResult>> {
  const from = text.indexOf('{');
  if (from < 0) throw new Error(`ansible-playbook ended with ${code}: ${text}${errors}`);
  const { plays } = JSON.parse(text.slice(from)) as Played;
  const found = plays.flatMap(({ tasks }) =>
    tasks.map(({ task, hosts }) => [task.name, Object.values(hosts)[0] ?? {}] as const),
  );
  return Object.fromEntries(found);
}

function answers(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', env: { PATH, HOME: '/nonexistent' } });
    return true;
  } catch {
    return false;
  }
}

/** The programs of other people, and how one sees that they are there. */
const PROGRAMS = {
  ansible: () => answers('sh', ['-c', 'command -v ansible-playbook']),
  rancid: () => answers('sh', ['-c', 'command -v clogin && command -v expect']),
  netmiko: () => answers(PYTHON, ['-c', 'import netmiko']),
};

export const isThere = Object.fromEntries(
  Object.entries(PROGRAMS).map(([name, look]) => [name, look()]),
) as Readonly<Record<keyof typeof PROGRAMS, boolean>>;

/** `test`, or what becomes of it where the program is missing: a failure in CI, said out loud elsewhere. */
export function testWith(program: keyof typeof PROGRAMS): typeof test | typeof test.skip {
  if (isThere[program] || process.env['CI'] === 'true') return test;
  process.stderr.write(`SKIPPED: ${program} is not installed, nothing is known about it\n`);
  return test.skip;
}
