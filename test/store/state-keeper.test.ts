import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { runId } from '../../src/kernel/id.js';
import type { StateKeeper } from '../../src/ports/state-keeper.js';
import type { Store } from '../../src/ports/store.js';
import { schemaVersion } from '../../src/store/schema.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { createStateKeeper } from '../../src/store/state-keeper.js';
import { fixedClock } from './fixed-clock.js';

const clock = fixedClock(1_700_000_000_000);
const run = runId('run-1');
const root = mkdtempSync(join(tmpdir(), 'nightshift-state-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const fresh = (name: string) => join(root, `${name}-${(count += 1)}`);
const entry = (name: string) => ({ atMs: 1, event: { name } });

interface Place {
  readonly directory: string;
  readonly keeper: StateKeeper;
  readonly store: Store;
}

async function opened(): Promise<Place> {
  const directory = fresh('state');
  const keeper = createStateKeeper({ directory, clock, program: '1.2.3' });
  const store = await openSqliteStore({ directory, clock });
  return { directory, keeper, store };
}

/** A state with one run of two records and a few rows, still open. */
async function lived(): Promise<Place & { readonly epoch: number }> {
  const place = await opened();
  const { store } = place;
  const epoch = await store.journal.takeOver(run);
  await store.journal.append(run, epoch, ['begun', 'acted'].map(entry));
  await store.put('facts', { key: 'sw1', atMs: 5, value: { unit: 'sw1' } });
  await store.put('artefact', { key: 'run-1/sw1/transcript', atMs: 6, value: { text: 'x' } });
  await store.put('facts', { key: 'sw1', atMs: 7, value: { unit: 'sw1' } });
  return { ...place, epoch };
}

function tamper(file: string, ...statements: readonly string[]): void {
  const database = new Database(file);
  database.pragma('foreign_keys = OFF');
  for (const statement of statements) database.exec(statement);
  database.close();
}

const databaseOf = (directory: string) => join(directory, 'nightshift.db');
const wrongIn = async (keeper: StateKeeper, file?: string) =>
  (await keeper.verify(file)).filter((each) => each.wrong !== undefined);

describe('a backup', () => {
  test('is taken while a runner holds the place and goes on writing', async () => {
    const { keeper, store, epoch } = await lived();
    await store.holdRunner('the night');
    const file = fresh('backup');
    const before = keeper.backUp(file, {});
    await store.journal.append(run, epoch, [entry('later')]);
    const { manifest } = await before;
    await store.journal.append(run, epoch, [entry('last')]);
    expect(manifest.runs).toHaveLength(1);
    expect([2, 3]).toContain(manifest.runs[0]?.records);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await wrongIn(keeper, file)).toEqual([]);
    await store.close();
  });

  test('comes back as it was, in an empty place', async () => {
    const { keeper, store } = await lived();
    const records = await store.journal.read(run, 0);
    const file = fresh('backup');
    const { digest } = await keeper.backUp(file, {});
    await store.close();
    const other = fresh('state');
    const restored = await createStateKeeper({
      directory: other,
      clock,
      program: '1.2.3',
    }).restore(file, { replace: false });
    expect(restored).toMatchObject({ digest, setAside: undefined });
    const again = await openSqliteStore({ directory: other, clock });
    expect(await again.journal.read(run, 0)).toEqual(records);
    expect(await again.latest('facts', 'sw1')).toMatchObject({ atMs: 7 });
    await again.close();
    expect(readdirSync(other).filter((each) => each.startsWith('.restoring'))).toEqual([]);
  });

  test('never holds keys that were not asked for, and gives those back only where it is told to', async () => {
    const { keeper, store } = await lived();
    const keys = fresh('keys');
    mkdirSync(keys);
    writeFileSync(join(keys, 'anna.pem'), 'PRIVATE-WORD');
    const [without, along] = [fresh('backup'), fresh('backup')];
    await keeper.backUp(without, {});
    await keeper.backUp(along, { keys });
    await store.close();
    expect(readFileSync(without, 'latin1')).not.toContain('PRIVATE-WORD');
    const target = fresh('restored-keys');
    const place = { directory: fresh('state'), clock, program: '1.2.3' };
    const restored = await createStateKeeper(place).restore(along, {
      replace: false,
      keys: target,
    });
    expect(restored.keys).toEqual([join(target, 'anna.pem')]);
    expect(readFileSync(join(target, 'anna.pem'), 'utf8')).toBe('PRIVATE-WORD');
    expect(statSync(join(target, 'anna.pem')).mode & 0o777).toBe(0o600);
  });

  test('is a tar that other programs can list', async () => {
    const { keeper, store } = await lived();
    const file = fresh('backup');
    await keeper.backUp(file, {});
    await store.close();
    const bytes = readFileSync(file);
    expect(bytes.length % 512).toBe(0);
    expect(bytes.toString('latin1', 0, 13)).toBe('manifest.json');
    expect(bytes.toString('latin1', 257, 265)).toBe('ustar\u000000');
  });

  test('is not written over a file that is there', async () => {
    const { keeper, store } = await lived();
    const file = fresh('backup');
    writeFileSync(file, 'mine');
    await expect(keeper.backUp(file, {})).rejects.toMatchObject({ code: 'backup-invalid' });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    await store.close();
  });

  test('is refused when the journal was altered', async () => {
    const { directory, keeper, store } = await lived();
    await store.close();
    tamper(databaseOf(directory), `update journal set event = '{"name":"other"}' where seq = 2`);
    const file = fresh('backup');
    await expect(keeper.backUp(file, {})).rejects.toMatchObject({ code: 'journal-tampered' });
    expect(existsSync(file)).toBe(false);
  });
});

describe('a restore', () => {
  async function backedUp() {
    const place = await lived();
    const file = fresh('backup');
    await place.keeper.backUp(file, {});
    return { ...place, file };
  }

  test('refuses a place that holds a state, and with replace moves that aside', async () => {
    const { directory, keeper, store, epoch, file } = await backedUp();
    await store.journal.append(run, epoch, [entry('after the backup')]);
    await store.close();
    const refused = keeper.restore(file, { replace: false });
    await expect(refused).rejects.toMatchObject({ code: 'state-occupied' });
    const { setAside = '' } = await keeper.restore(file, { replace: true });
    const old = new Database(databaseOf(setAside), { readonly: true });
    expect(old.prepare('select count(*) as n from journal').get()).toEqual({ n: 3 });
    old.close();
    const again = await openSqliteStore({ directory, clock });
    expect(await again.journal.read(run, 0)).toHaveLength(2);
    await again.close();
  });

  test('refuses while a runner is at work, whatever is asked', async () => {
    const { keeper, store, file } = await backedUp();
    const hold = await store.holdRunner('the night');
    const refused = keeper.restore(file, { replace: true });
    await expect(refused).rejects.toMatchObject({ code: 'state-locked' });
    await hold.release();
    await store.close();
  });

  test('refuses while another process has the state open', async () => {
    const { keeper, store, file } = await backedUp();
    await store.latest('facts', 'sw1');
    const refused = keeper.restore(file, { replace: true });
    await expect(refused).rejects.toMatchObject({ code: 'state-locked' });
    await store.close();
    await keeper.restore(file, { replace: true });
  });

  test.each([0, 300, 600, 2000, 5000])(
    'changes nothing when the byte at %i or the end of the backup is wrong',
    async (at) => {
      const { directory, keeper, store, file } = await backedUp();
      await store.close();
      const before = readFileSync(databaseOf(directory));
      const good = readFileSync(file);
      const flipped = Buffer.from(good);
      flipped[at] = (flipped[at] ?? 0) ^ 0x55;
      for (const bad of [flipped, good.subarray(0, good.length - 1500), Buffer.alloc(0)]) {
        writeFileSync(file, bad);
        await expect(keeper.restore(file, { replace: true })).rejects.toMatchObject({
          code: 'backup-invalid',
        });
        expect(await wrongIn(keeper, file)).toHaveLength(1);
      }
      expect(readFileSync(databaseOf(directory)).equals(before)).toBe(true);
    },
  );
});

describe('a look at the state', () => {
  test('finds nothing wrong with one that was written by us', async () => {
    const { keeper, store } = await lived();
    await store.ask({ run, atMs: 1, kind: 'pause', by: 'ada', reason: 'why' });
    await store.close();
    const checks = await keeper.verify();
    expect(checks.filter((each) => each.wrong !== undefined)).toEqual([]);
    expect(checks).toContainEqual({ what: 'journal', name: 'run-1', records: 2, wrong: undefined });
  });

  test.each([
    ['an altered record', `update journal set at_ms = 9 where seq = 1`, 'journal'],
    ['a record that is cut off', 'delete from journal where seq = 2', 'journal'],
    ['a book that is none of ours', `insert into book values (99, 'own', 'k', 1, '{}')`, 'rows'],
    ['a row that is no JSON', `update book set value = '{' where id = 1`, 'rows'],
    ['a table that is none of ours', 'create table mine (a)', 'schema'],
    ['records of no run', `update journal set run = 'other' where seq = 2`, 'rows'],
    [
      'a tombstone that nobody chained',
      `insert into tombstone values (1,1,'a','b',1,'d','x','y','z','h')`,
      'tombstones',
    ],
  ])('finds %s', async (_name, sql, what) => {
    const { directory, keeper, store } = await lived();
    await store.close();
    tamper(databaseOf(directory), sql);
    expect((await wrongIn(keeper)).map((each) => each.what)).toContain(what);
  });

  test('finds a damaged file without failing itself', async () => {
    const { directory, keeper, store } = await lived();
    await store.close();
    const bytes = readFileSync(databaseOf(directory));
    writeFileSync(databaseOf(directory), bytes.fill(0x5a, 4096, 12_288));
    expect((await wrongIn(keeper)).length).toBeGreaterThan(0);
  });
});

describe('a state of an older nightshift', () => {
  const oldest = readFileSync(new URL('./fixtures/schema-1.sql', import.meta.url), 'utf8');

  function old(): string {
    const directory = fresh('state');
    mkdirSync(directory, { mode: 0o700 });
    tamper(databaseOf(directory), oldest);
    return directory;
  }

  const versionIn = (file: string) => {
    const database = new Database(file, { readonly: true });
    const row = database.prepare(`select value from meta where name = 'schema-version'`).get();
    database.close();
    return Number((row as { value: string }).value);
  };

  test('is brought forward after a backup, its chain unbroken', async () => {
    const directory = old();
    const keeper = createStateKeeper({ directory, clock, program: '1.2.3' });
    const { from, to, backup = '' } = await keeper.migrate();
    expect([from, to]).toEqual([1, schemaVersion]);
    expect(versionIn(backup)).toBe(1);
    expect(versionIn(databaseOf(directory))).toBe(schemaVersion);
    expect(await wrongIn(keeper)).toEqual([]);
    expect(await keeper.migrate()).toEqual({ from: to, to, backup: undefined });
    const store = await openSqliteStore({ directory, clock });
    expect(await store.journal.read(run, 0)).toHaveLength(3);
    expect(await store.requests(run, 0)).toHaveLength(1);
    await store.close();
  });

  test('is backed up as well when any command opens it for writing', async () => {
    const directory = old();
    await (await openSqliteStore({ directory, clock })).close();
    const [backup = ''] = readdirSync(join(directory, 'backups'));
    expect(versionIn(join(directory, 'backups', backup))).toBe(1);
  });

  test('of a newer one is left alone, with a word why', async () => {
    const { directory, keeper, store } = await lived();
    await store.close();
    tamper(databaseOf(directory), `update meta set value = '${schemaVersion + 1}'`);
    const before = readFileSync(databaseOf(directory));
    await expect(keeper.migrate()).rejects.toThrow(/which a newer nightshift wrote/);
    expect(readFileSync(databaseOf(directory)).equals(before)).toBe(true);
  });
});

describe('pruning', () => {
  const why = { by: 'ada', reason: 'a year is enough' };

  test('deletes with a tombstone each, and what is left stays verifiable', async () => {
    const { directory, keeper, store } = await lived();
    const other = runId('run-2');
    await store.journal.append(other, await store.journal.takeOver(other), [entry('begun')]);
    await store.close();
    const rows = await keeper.rows();
    expect(rows.map((each) => `${each.book} ${each.key} ${each.records}`)).toEqual(
      expect.arrayContaining(['journal run-1 2', 'artefact run-1/sw1/transcript 1', 'facts sw1 1']),
    );
    await keeper.prune(
      [
        { kind: 'journal', run: 'run-1' },
        { kind: 'rows', book: 'artefact', key: 'run-1/sw1/transcript', atMs: 6 },
      ],
      why,
    );
    expect(await wrongIn(keeper)).toEqual([]);
    const database = new Database(databaseOf(directory));
    const stones = database.prepare('select kind, key, record_count as n from tombstone').all();
    database.close();
    expect(stones).toEqual([
      { kind: 'journal', key: 'run-1', n: 2 },
      { kind: 'artefact', key: 'run-1/sw1/transcript', n: 1 },
    ]);
    const again = await openSqliteStore({ directory, clock });
    expect(await again.journal.runs()).toEqual(['run-2']);
    expect(await again.rows('artefact')).toEqual([]);
    expect(await again.rows('facts')).toHaveLength(2);
    await again.close();
    tamper(databaseOf(directory), `update tombstone set reason = 'none' where id = 1`);
    expect((await wrongIn(keeper)).map((each) => each.what)).toEqual(['tombstones']);
  });

  test('never gives a number of a row out again', async () => {
    const { keeper, store } = await lived();
    await store.close();
    await keeper.prune([{ kind: 'rows', book: 'facts', key: 'sw1', atMs: 7 }], why);
    expect((await keeper.rows()).filter((each) => each.atMs === 7)).toHaveLength(1);
  });

  test('refuses while a runner is at work', async () => {
    const { keeper, store } = await lived();
    await store.holdRunner('the night');
    const refused = keeper.prune([{ kind: 'journal', run: 'run-1' }], why);
    await expect(refused).rejects.toMatchObject({ code: 'state-locked' });
    await store.close();
  });
});
