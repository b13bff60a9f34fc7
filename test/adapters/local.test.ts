import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLocalDispatcher } from '../../src/adapters/local-dispatcher.js';
import { createNodeFiles } from '../../src/adapters/node-files.js';
import { createScaledClock } from '../../src/adapters/scaled-clock.js';
import { createSecrets } from '../../src/adapters/secrets.js';
import { createSystemClock } from '../../src/adapters/system-clock.js';
import { createSystemRandom } from '../../src/adapters/system-random.js';
import { createWinstonLog } from '../../src/adapters/winston-log.js';
import { FakeTime } from '../session/fake-time.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ns-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('files', () => {
  const files = createNodeFiles();

  test('writes whole files with their mode, making directories', async () => {
    const path = join(directory, 'a', 'b', 'c.txt');
    await files.writeText(path, 'Zürich', 0o600);
    expect(await files.readText(path, 100)).toBe('Zürich');
    expect(await files.stat(path)).toEqual({ path, sizeBytes: 7, isDirectory: false, mode: 0o600 });
    expect(await files.list(join(directory, 'a', 'b'))).toEqual(['c.txt']);
  });

  test('gives undefined for what is missing', async () => {
    const path = join(directory, 'none');
    expect(await files.readText(path, 10)).toBeUndefined();
    expect(await files.stat(path)).toBeUndefined();
    expect(await files.list(path)).toBeUndefined();
    expect(await files.hash(path)).toBeUndefined();
  });

  test('refuses files that are too large or no text', async () => {
    const path = join(directory, 'big');
    writeFileSync(path, 'x'.repeat(11));
    expect(await files.readText(path, 11)).toHaveLength(11);
    await expect(files.readText(path, 10)).rejects.toMatchObject({ code: 'document-unreadable' });
    writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00]));
    await expect(files.readText(path, 10)).rejects.toMatchObject({ code: 'document-unreadable' });
    await expect(files.readText(directory, 10)).rejects.toMatchObject({
      code: 'document-unreadable',
    });
  });

  test('tells when nothing can be written', async () => {
    writeFileSync(join(directory, 'file'), '');
    const below = join(directory, 'file', 'child');
    await expect(files.writeText(below, 'x')).rejects.toMatchObject({ code: 'state-unwritable' });
  });

  test('hashes in one pass', async () => {
    const path = join(directory, 'image');
    const bytes = Buffer.alloc(3_000_000, 'nightshift');
    writeFileSync(path, bytes);
    expect(await files.hash(path)).toEqual({
      sizeBytes: bytes.length,
      sha512: createHash('sha512').update(bytes).digest('hex'),
      md5: createHash('md5').update(bytes).digest('hex'),
    });
  });
});

describe('secrets', () => {
  test('come from the environment, a file and a command, and are blanked', async () => {
    const path = join(directory, 'secret');
    writeFileSync(path, 'from "file"\n', { mode: 0o600 });
    const secrets = createSecrets({ env: { PW: 'from-env', PATH: process.env['PATH'] } });
    expect(await secrets.resolve('env:PW')).toBe('from-env');
    expect(await secrets.resolve(`file:${path}`)).toBe('from "file"');
    expect(await secrets.resolve('exec:printf from-%s exec')).toBe('from-exec');
    const told = `${JSON.stringify('from "file"')} from-env from-exec`;
    expect(secrets.redact(told)).toBe('"<secret>" <secret> <secret>');
  });

  test('a command gets no shell', async () => {
    const secrets = createSecrets({ env: { PATH: process.env['PATH'] } });
    expect(await secrets.resolve('exec:echo $(id);id')).toBe('$(id);id');
  });

  test('a file that others can read is refused', async () => {
    const path = join(directory, 'secret');
    writeFileSync(path, 'value', { mode: 0o600 });
    chmodSync(path, 0o644);
    const secrets = createSecrets({ env: {} });
    await expect(secrets.resolve(`file:${path}`)).rejects.toMatchObject({
      code: 'secret-unavailable',
    });
  });

  test.each(['env:NONE', 'file:/nowhere/at/all', 'exec:false', 'exec:', 'agent', 'exec:yes'])(
    '%s is unavailable and named',
    async (reference) => {
      const secrets = createSecrets({ env: { PATH: process.env['PATH'] } });
      await expect(secrets.resolve(reference)).rejects.toMatchObject({
        code: 'secret-unavailable',
        message: expect.stringContaining(reference),
      });
    },
  );

  test('a secret written in place of a reference is not repeated', async () => {
    const secrets = createSecrets({ env: {} });
    const thrown: unknown = await secrets.resolve('hunter22').catch((error: unknown) => error);
    expect(String(thrown)).not.toContain('hunter22');
  });
});

describe('log', () => {
  const options = { level: 'info', maxBytes: 400, redact: (text: string) => text } as const;

  test('writes JSON lines at once, secrets blanked', () => {
    const path = join(directory, 'log', 'night.log');
    const redact = (text: string) => text.replaceAll('hunter22', '<secret>');
    const log = createWinstonLog({ ...options, path, redact });
    log.write('info', 'login with hunter22', { password: 'hunter22' });
    log.write('debug', 'too fine');
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'info',
      message: 'login with <secret>',
      fields: { password: '<secret>' },
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('keeps two files of limited size', () => {
    const path = join(directory, 'night.log');
    const log = createWinstonLog({ ...options, path });
    for (let turn = 0; turn < 20; turn += 1) log.write('warn', `line ${turn}`);
    expect(statSync(path).size).toBeLessThanOrEqual(options.maxBytes);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(options.maxBytes);
    expect(readFileSync(path, 'utf8')).toContain('line 19');
  });

  test('a disk that refuses does not stop the caller', () => {
    const path = join(directory, 'night.log');
    const log = createWinstonLog({ ...options, path });
    mkdirSync(path);
    log.write('error', 'lost');
    expect(existsSync(path)).toBe(true);
  });
});

describe('clocks', () => {
  test('a long timer survives the limit of the machine and can be taken back', async () => {
    const clock = createSystemClock();
    let fired = false;
    const cancel = clock.timer(2 ** 32, () => {
      fired = true;
    });
    await new Promise<void>((resolve) => clock.monotonicTimer(5, resolve));
    cancel();
    expect(fired).toBe(false);
  });

  test('the scaled clock runs faster, its monotonic side does not', () => {
    const base = new FakeTime();
    const clock = createScaledClock(base, { realStartMs: 0, virtualStartMs: 1_000_000, speed: 60 });
    const fired: string[] = [];
    clock.timer(60_000, () => fired.push('wall'));
    clock.monotonicTimer(2000, () => fired.push('monotonic'));
    base.next();
    expect(fired).toEqual(['wall']);
    expect(clock.now()).toBe(1_060_000);
    expect(clock.monotonicMs()).toBe(1000);
    base.next();
    expect(fired).toEqual(['wall', 'monotonic']);
  });
});

test('random numbers stay in their range', () => {
  const stream = createSystemRandom().stream('test');
  const numbers = Array.from({ length: 500 }, () => stream.below(3));
  expect(new Set(numbers)).toEqual(new Set([0, 1, 2]));
  expect(stream.next()).toBeLessThan(1);
  expect(stream.hex(16)).toMatch(/^[0-9a-f]{32}$/);
});

test('the dispatcher bounds concurrency and lets the urgent go first', async () => {
  const dispatcher = createLocalDispatcher(2);
  const started: string[] = [];
  let running = 0;
  let most = 0;
  const job = (name: string) => async () => {
    started.push(name);
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return name;
  };
  const jobs = [
    dispatcher.run(job('a')),
    dispatcher.run(job('b')),
    dispatcher.run(job('c')),
    dispatcher.run(job('urgent'), { priority: 5 }),
  ];
  const failing = dispatcher.run(() => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await Promise.all(jobs)).toEqual(['a', 'b', 'c', 'urgent']);
  await dispatcher.idle();
  expect(started).toEqual(['a', 'b', 'urgent', 'c']);
  expect(most).toBe(2);
});
