import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { runId } from '../../src/kernel/id.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { fixedClock } from './fixed-clock.js';

const clock = fixedClock(1_700_000_000_000);
const run = runId('run-1');
const root = mkdtempSync(join(tmpdir(), 'nightshift-processes-'));
const children: ChildProcessWithoutNullStreams[] = [];
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const resolver = fileURLToPath(new URL('./ts-resolve.mjs', import.meta.url));
const program = fileURLToPath(new URL('./store-process.ts', import.meta.url));

function start(directory: string, task: 'hold' | 'write' | 'open') {
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    '--import',
    resolver,
    program,
    directory,
    task,
  ]);
  children.push(child);
  child.stderr.pipe(process.stderr);
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

type Lines = ReturnType<typeof start>['lines'];

/** Reads lines until one starts with `word`; fails when the process ends first. */
async function until(lines: Lines, word: string): Promise<string> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the process ended before it said "${word}"`);
    if (value.startsWith(word)) return value;
  }
}

test.each([3, 40, 150])(
  'every append acknowledged before kill -9 is there after it, and the place is free (%i appends)',
  async (enough) => {
    const directory = join(root, `killed-${enough}`);
    const { child, lines } = start(directory, 'write');
    const told: string[] = [];
    while (told.length < enough) told.push(await until(lines, 'acknowledged'));
    child.kill('SIGKILL');
    for await (const line of { [Symbol.asyncIterator]: () => lines }) told.push(line);

    const reader = await openSqliteStore({ directory, clock, readOnly: true });
    const seen = await reader.journal.read(run, 0);
    await reader.close();
    const store = await openSqliteStore({ directory, clock });
    const records = await store.journal.read(run, 0);
    expect(records).toEqual(seen);
    const facts = records.map(({ seq, hash }) => `acknowledged ${seq} ${hash}`);
    expect(facts.slice(0, told.length)).toEqual(told);
    // At most the one append that was durable before the process could say so.
    expect(facts.length - told.length).toBeLessThanOrEqual(1);

    expect(await store.runnerHolder()).toBeUndefined();
    await store.holdRunner('the next process');
    const epoch = await store.journal.takeOver(run);
    expect(epoch).toBe(2);
    const [next] = await store.journal.append(run, epoch, [{ atMs: 1, event: {} }]);
    expect(next?.seq).toBe(records.length + 1);
    await store.close();

    const database = new Database(join(directory, 'nightshift.db'));
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  },
);

test('a second process cannot be the runner and is told who is', async () => {
  const directory = join(root, 'held');
  const { child, lines } = start(directory, 'hold');
  await until(lines, 'held');
  const store = await openSqliteStore({ directory, clock });
  const holder = `the other process (pid ${child.pid}, `;
  expect(await store.runnerHolder()).toContain(holder);
  await expect(store.holdRunner('me')).rejects.toMatchObject({
    code: 'state-locked',
    message: expect.stringContaining(holder),
  });
  // Everything but the place is open to the second process.
  await store.ask({ run, atMs: 1, kind: 'pause', by: 'ada', reason: 'look' });

  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await store.runnerHolder()).toBeUndefined();
  await store.holdRunner('me');
  await store.close();
});

test('looking at the place and reading in one process does not free the place it holds', async () => {
  const directory = join(root, 'kept');
  const store = await openSqliteStore({ directory, clock });
  await store.holdRunner('me');
  const second = await openSqliteStore({ directory, clock });
  await expect(second.holdRunner('my other half')).rejects.toMatchObject({ code: 'state-locked' });
  expect(await second.runnerHolder()).toContain('me');
  await second.close();

  const { child, lines } = start(directory, 'hold');
  child.stderr.unpipe(process.stderr);
  await until(lines, 'open');
  await expect(until(lines, 'held')).rejects.toThrow('ended before');
  await store.close();
});

test('several processes can open a new state directory at once', async () => {
  const directory = join(root, 'together');
  const started = Array.from({ length: 4 }, () => start(directory, 'open'));
  for (const { lines } of started) await until(lines, 'open');
  const store = await openSqliteStore({ directory, clock, readOnly: true });
  expect(await store.journal.runs()).toEqual([]);
  await store.close();
});
