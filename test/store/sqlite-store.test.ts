import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { digestOf } from '../../src/kernel/digest.js';
import { runId } from '../../src/kernel/id.js';
import type { Store } from '../../src/ports/store.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { fixedClock } from './fixed-clock.js';
import { describeStore } from './store-conformance.js';

const clock = fixedClock(1_700_000_000_000);
const run = runId('run-1');
const entry = (name: string) => ({ atMs: 1, event: { name } });
const root = mkdtempSync(join(tmpdir(), 'nightshift-store-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const freshDirectory = () => join(root, `state-${(count += 1)}`);

describeStore('the SQLite store', () => openSqliteStore({ directory: freshDirectory(), clock }));

/** A state directory with one run of `names`, closed again. */
async function written(...names: string[]): Promise<string> {
  const directory = freshDirectory();
  const store = await openSqliteStore({ directory, clock });
  await store.journal.append(run, await store.journal.takeOver(run), names.map(entry));
  await store.close();
  return directory;
}

/** Runs SQL behind the store's back. */
function tamper(directory: string, ...statements: string[]): void {
  const database = new Database(join(directory, 'nightshift.db'));
  database.pragma('foreign_keys = OFF');
  for (const statement of statements) database.exec(statement);
  database.close();
}

async function withStore<T>(directory: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openSqliteStore({ directory, clock });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

describe('the files of the state directory', () => {
  test('are for their owner only', async () => {
    const directory = join(freshDirectory(), 'deeper');
    await withStore(directory, async (store) => {
      await store.holdRunner('ada');
      const mode = (path: string) => statSync(path).mode & 0o777;
      expect(mode(directory)).toBe(0o700);
      for (const name of ['nightshift.db', 'nightshift.db-wal', 'runner.lock.db', 'runner.json']) {
        expect([name, mode(join(directory, name))]).toEqual([name, 0o600]);
      }
    });
  });

  test('name the runner only while there is one', async () => {
    const directory = freshDirectory();
    await withStore(directory, async (store) => {
      await store.holdRunner('run 7 \u001b[31mof ada');
      const holder = await store.runnerHolder();
      expect(holder).toContain(`pid ${process.pid}`);
      expect(holder).toContain('since 2023-11-14T22:13:20.000Z');
      expect(holder).not.toContain('\u001b');
    });
    writeFileSync(join(directory, 'runner.json'), '{"holder":"a ghost"}');
    await withStore(directory, async (store) => {
      expect(await store.runnerHolder()).toBeUndefined();
      const hold = await store.holdRunner('bob');
      writeFileSync(join(directory, 'runner.json'), 'no JSON');
      expect(await store.runnerHolder()).toBe('another process');
      await hold.release();
    });
  });

  test('keep everything over a close and reopen', async () => {
    const directory = await written('a', 'b');
    await withStore(directory, async (store) => {
      await store.put('plan', { key: 'p', atMs: 3, value: { waves: [1] } });
      await store.ask({ run, atMs: 4, kind: 'pause', by: 'ada', reason: 'r' });
    });
    await withStore(directory, async (store) => {
      expect(await store.journal.read(run, 0)).toHaveLength(2);
      expect(await store.latest('plan', 'p')).toMatchObject({ value: { waves: [1] } });
      expect(await store.requests(run, 0)).toHaveLength(1);
      expect(await store.journal.takeOver(run)).toBe(2);
    });
  });
});

describe('a journal altered behind the back of the store', () => {
  const cases: readonly [string, string, number][] = [
    ['an edited event', `update journal set event = '{"name":"x"}' where seq = 2`, 2],
    ['an edited time', 'update journal set at_ms = 2 where seq = 1', 1],
    ['an added due time', 'update journal set due_at_ms = 2 where seq = 3', 3],
    ['an edited epoch', 'update journal set epoch = 2 where seq = 3', 3],
    ['a reformatted event', `update journal set event = '{ "name":"b"}' where seq = 2`, 2],
    ['a replaced hash', `update journal set hash = 'sha256:0' where seq = 2`, 2],
    ['a deleted first record', 'delete from journal where seq = 1', 1],
    ['a deleted record in the middle', 'delete from journal where seq = 2', 2],
    ['a deleted last record', 'delete from journal where seq = 3', 3],
    ['every record deleted', 'delete from journal', 1],
    [
      'an added record',
      `insert into journal select run, 4, at_ms, epoch, due_at_ms, event, hash, hash from journal where seq = 3`,
      4,
    ],
    ['a deleted head', 'delete from run_epoch', 1],
    ['a replaced head', `update run_epoch set head_hash = 'sha256:0'`, 3],
    ['a shortened head', 'update run_epoch set record_count = 2', 3],
  ];

  test.each(cases)('is found out by reading: %s', async (_name, statement, seq) => {
    const directory = await written('a', 'b', 'c');
    tamper(directory, statement);
    const reading = withStore(directory, (store) => store.journal.read(run, 0));
    await expect(reading).rejects.toMatchObject({
      code: 'journal-tampered',
      message: expect.stringContaining(`journal of run run-1: record ${seq} `),
    });
  });

  test('is found out by a reader that asks only for the end', async () => {
    const directory = await written('a', 'b', 'c');
    tamper(directory, `update journal set event = '{"name":"x"}' where seq = 1`);
    const reading = withStore(directory, (store) => store.journal.read(run, 2));
    await expect(reading).rejects.toMatchObject({ code: 'journal-tampered' });
  });

  test('is found out by an open store that has verified it before, in what it returns', async () => {
    const directory = await written('a', 'b', 'c', 'd');
    await withStore(directory, async (store) => {
      expect(await store.journal.read(run, 0)).toHaveLength(4);
      expect(await store.journal.read(run, 2)).toHaveLength(2);
      // A forged record with a right hash of its own, so that only the link gives it away.
      const { hash: _old, ...content } = (await store.journal.read(run, 2))[0]!;
      const forged = { ...content, event: { name: 'x' } };
      const previousHash = `sha256:${'1'.repeat(64)}`;
      const hash = digestOf({ ...forged, previousHash });
      tamper(
        directory,
        `update journal set event = '{"name":"x"}', previous_hash = '${previousHash}', hash = '${hash}' where seq = 3`,
      );
      for (const afterSeq of [0, 1, 2]) {
        await expect(store.journal.read(run, afterSeq)).rejects.toMatchObject({
          code: 'journal-tampered',
        });
      }
    });
  });

  test('is found out by an open store when the whole chain was made anew', async () => {
    const directory = await written('a', 'b', 'c');
    const other = await written('x', 'y', 'z');
    await withStore(directory, async (store) => {
      expect(await store.journal.read(run, 0)).toHaveLength(3);
      tamper(
        directory,
        `attach '${join(other, 'nightshift.db')}' as other`,
        'delete from journal',
        'insert into journal select * from other.journal',
        'update run_epoch set head_hash = (select head_hash from other.run_epoch)',
      );
      for (const afterSeq of [0, 1]) {
        await expect(store.journal.read(run, afterSeq)).rejects.toMatchObject({
          code: 'journal-tampered',
        });
      }
    });
  });

  test('is not written on after its end was cut off', async () => {
    const directory = await written('a', 'b', 'c');
    tamper(directory, 'delete from journal where seq = 3');
    const writing = withStore(directory, async (store) =>
      store.journal.append(run, await store.journal.takeOver(run), [entry('d')]),
    );
    await expect(writing).rejects.toMatchObject({ code: 'journal-tampered' });
  });

  test('is found out by an open store when records and head go back together', async () => {
    const directory = await written('a', 'b', 'c');
    const { hash } = await withStore(
      directory,
      async (store) => (await store.journal.read(run, 0))[1]!,
    );
    await withStore(directory, async (store) => {
      expect(await store.journal.read(run, 0)).toHaveLength(3);
      tamper(
        directory,
        'delete from journal where seq = 3',
        `update run_epoch set record_count = 2, head_hash = '${hash}'`,
      );
      await expect(store.journal.read(run, 0)).rejects.toMatchObject({ code: 'journal-tampered' });
    });
  });
});

describe('a state directory that cannot be used', () => {
  test('is refused at once where the file system makes no folder', async () => {
    await expect(openSqliteStore({ directory: '/proc/x/y', clock })).rejects.toMatchObject({
      code: 'state-unwritable',
    });
  });

  test('gives state-unwritable when the disk is full, keeps what was acknowledged, and goes on when there is room', async () => {
    const directory = await written('a');
    const full = await openSqliteStore({ directory, clock, maxPages: 30 });
    const epoch = await full.journal.takeOver(run);
    const large = { atMs: 1, event: { text: 'x'.repeat(20_000) } };
    let acknowledged = 1;
    const fill = async () => {
      for (;;) acknowledged += (await full.journal.append(run, epoch, [large, large])).length;
    };
    await expect(fill()).rejects.toMatchObject({ code: 'state-unwritable' });
    expect(await full.journal.read(run, 0)).toHaveLength(acknowledged);
    await expect(
      full.put('facts', { key: 'k', atMs: 1, value: { text: 'x'.repeat(100_000) } }),
    ).rejects.toMatchObject({ code: 'state-unwritable' });
    await full.close();
    await withStore(directory, async (store) => {
      expect(await store.journal.read(run, 0)).toHaveLength(acknowledged);
      const [record] = await store.journal.append(run, epoch, [large]);
      expect(record?.seq).toBe(acknowledged + 1);
    });
  });

  test('gives state-unwritable when a file is in its place', async () => {
    const file = `${freshDirectory()}-file`;
    writeFileSync(file, '');
    for (const directory of [file, join(file, 'below')]) {
      await expect(openSqliteStore({ directory, clock })).rejects.toMatchObject({
        code: 'state-unwritable',
      });
    }
  });

  test('gives state-unreadable when the database is not one', async () => {
    const directory = await written('a');
    writeFileSync(join(directory, 'nightshift.db'), 'not a database, only words. '.repeat(400));
    await expect(openSqliteStore({ directory, clock })).rejects.toMatchObject({
      code: 'state-unreadable',
    });
  });

  test('gives state-unreadable when part of the database is gone', async () => {
    const directory = await written(...Array.from({ length: 500 }, (_, index) => `e${index}`));
    const file = join(directory, 'nightshift.db');
    truncateSync(file, readFileSync(file).length / 2);
    const reading = withStore(directory, (store) => store.journal.read(run, 0));
    await expect(reading).rejects.toMatchObject({ code: 'state-unreadable' });
  });

  test('gives state-unreadable when a newer version wrote it, and leaves it as it is', async () => {
    const directory = await written('a');
    tamper(directory, `update meta set value = '99' where name = 'schema-version'`);
    for (const readOnly of [false, true]) {
      await expect(openSqliteStore({ directory, clock, readOnly })).rejects.toMatchObject({
        code: 'state-unreadable',
        message: expect.stringContaining('newer'),
      });
    }
    tamper(directory, `update meta set value = '2' where name = 'schema-version'`);
    expect(await withStore(directory, (store) => store.journal.read(run, 0))).toHaveLength(1);
  });

  test('gives state-unreadable when the database is somebody else’s', async () => {
    const directory = await written('a');
    rmSync(join(directory, 'nightshift.db'));
    tamper(directory, 'create table customers (name text)');
    await expect(openSqliteStore({ directory, clock })).rejects.toMatchObject({
      code: 'state-unreadable',
      message: expect.stringContaining('not made by nightshift'),
    });
  });
});

describe('a store opened for reading only', () => {
  test('follows a writer and refuses to write', async () => {
    const directory = freshDirectory();
    await withStore(directory, async (writer) => {
      await writer.holdRunner('ada');
      const epoch = await writer.journal.takeOver(run);
      const reader = await openSqliteStore({ directory, clock, readOnly: true });
      for (let seq = 1; seq <= 20; seq += 1) {
        const appended = await writer.journal.append(run, epoch, [entry(`e${seq}`)]);
        expect(await reader.journal.read(run, seq - 1)).toEqual(appended);
      }
      expect(await reader.runnerHolder()).toContain('ada');
      const unwritable = { code: 'state-unwritable' };
      await expect(reader.journal.append(run, epoch, [entry('x')])).rejects.toMatchObject(
        unwritable,
      );
      await expect(reader.put('facts', { key: 'k', atMs: 1, value: {} })).rejects.toMatchObject(
        unwritable,
      );
      await expect(reader.holdRunner('bob')).rejects.toMatchObject(unwritable);
      await reader.close();
    });
  });

  test('makes no directory where there is none', async () => {
    const directory = freshDirectory();
    const opening = openSqliteStore({ directory, clock, readOnly: true });
    await expect(opening).rejects.toMatchObject({ code: 'state-unreadable' });
    expect(statSync(directory, { throwIfNoEntry: false })).toBeUndefined();
  });
});

test('a closed store refuses work and has left the runner place', async () => {
  const directory = freshDirectory();
  const store = await openSqliteStore({ directory, clock });
  await store.holdRunner('ada');
  await store.close();
  await expect(store.journal.runs()).rejects.toThrow('closed');
  await withStore(directory, async (next) => {
    await next.holdRunner('bob');
    expect(await next.runnerHolder()).toContain('bob');
  });
});
