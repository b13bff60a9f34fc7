import { execFile, type ExecFileOptions } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deviceState } from '../../lab/world/wire-control.js';
import {
  eosSwitch,
  IMAGE_CONTENT,
  image,
  newFolder,
  startLab,
  stopLabs,
  type RunningLab,
} from './wire-spec.js';

const PATIENCE_MS = 30_000;
const TARGET = '/mnt/flash/EOS-4.30.1F.swi';

interface Ran {
  readonly code: number;
  readonly text: string;
  readonly errors: string;
}

function run(program: string, args: readonly string[], options: ExecFileOptions = {}) {
  return new Promise<Ran>((resolve) => {
    const settings = { ...options, timeout: PATIENCE_MS, encoding: 'utf8' as const };
    const child = execFile(program, args, settings, (error, text, errors) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, text, errors });
    });
    child.stdin?.end();
  });
}

let lab: RunningLab;
let folder: string;
let content: string;
beforeAll(async () => {
  lab = await startLab([
    eosSwitch('sw1', { address: '127.76.0.1', snmp: { community: 'lab' } }),
    eosSwitch('sw3', { address: '127.76.0.3' }),
    eosSwitch('sw4', { address: '127.76.0.4' }),
  ]);
  folder = newFolder();
  content = join(folder, 'EOS-4.30.1F.swi');
  writeFileSync(content, IMAGE_CONTENT);
  writeFileSync(join(folder, 'askpass'), '#!/bin/sh\necho secret\n', { mode: 0o700 });
}, 60_000);
afterAll(stopLabs);

/** OpenSSH with a password, without a terminal and without anybody's own settings. */
function openSsh(id: string, portFlag: '-p' | '-P') {
  const { host, sshPort } = lab.device(id);
  const options = [
    '-F',
    'none',
    portFlag,
    String(sshPort),
    '-o',
    'StrictHostKeyChecking=no',
    '-o',
    'LogLevel=ERROR',
    '-o',
    `UserKnownHostsFile=${join(folder, 'known_hosts')}`,
    '-o',
    'PubkeyAuthentication=no',
    '-o',
    'NumberOfPasswordPrompts=1',
  ];
  const env = {
    PATH: process.env['PATH'],
    SSH_ASKPASS: join(folder, 'askpass'),
    SSH_ASKPASS_REQUIRE: 'force',
  };
  return { options, env, user: `ops@${host}` };
}

async function sha512On(id: string): Promise<string | undefined> {
  const device = await deviceState(lab.folder, id);
  return device.members[0]?.flash.files.find(({ name }) => name === 'EOS-4.30.1F.swi')?.sha512;
}

const has = (program: string) => existsSync(`/usr/bin/${program}`);
const whenThere = (isThere: boolean) => (isThere ? test : test.skip);

describe('OpenSSH', () => {
  whenThere(has('ssh'))('runs a command', async () => {
    const { options, env, user } = openSsh('sw1', '-p');
    const ran = await run('ssh', [...options, user, 'show version'], { env });
    expect(ran).toMatchObject({ code: 0, errors: '' });
    expect(ran.text).toContain('4.28.3M');
  });

  whenThere(has('scp'))('copies by the scp protocol', async () => {
    const { options, env, user } = openSsh('sw1', '-P');
    const ran = await run('scp', ['-O', ...options, content, `${user}:${TARGET}`], { env });
    expect(ran).toMatchObject({ code: 0, errors: '' });
    expect(await sha512On('sw1')).toBe(image.sha512);
  });

  whenThere(has('scp'))('copies into a flash by the sftp protocol', async () => {
    const { options, env, user } = openSsh('sw3', '-P');
    const ran = await run('scp', [...options, content, `${user}:/mnt/flash/`], { env });
    expect(ran).toMatchObject({ code: 0, errors: '' });
    expect(await sha512On('sw3')).toBe(image.sha512);
  });

  whenThere(has('sftp'))('resumes a file by sftp', async () => {
    const { options, env, user } = openSsh('sw4', '-P');
    const part = join(folder, 'part');
    const batch = join(folder, 'batch');
    writeFileSync(part, IMAGE_CONTENT.subarray(0, 1_234_567));
    writeFileSync(batch, `put ${part} ${TARGET}\nls -l /mnt/flash\nreput ${content} ${TARGET}\n`);
    const ran = await run('sftp', ['-o', 'BatchMode=no', '-b', batch, ...options, user], { env });
    expect(ran).toMatchObject({ code: 0, errors: '' });
    expect(ran.text).toContain('1234567');
    expect(await sha512On('sw4')).toBe(image.sha512);
  });
});

describe('the tools of net-snmp', () => {
  whenThere(has('snmpget'))('read the name of a device', async () => {
    const { host, snmpPort } = lab.device('sw1');
    const args = ['-v2c', '-c', 'lab', '-Oqv', `${host}:${snmpPort}`, '1.3.6.1.2.1.1.5.0'];
    const ran = await run('snmpget', args);
    expect(ran.text).toContain('sw1');
  });
});
