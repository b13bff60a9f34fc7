import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestOf } from '../../src/kernel/digest.js';
import { runId } from '../../src/kernel/id.js';
import type { JsonObject } from '../../src/kernel/json.js';
import type { JournalRecord } from '../../src/ports/journal.js';
import type { Store } from '../../src/ports/store.js';

const run = runId('run-1');
const entry = (name: string, atMs = 1000) => ({ atMs, event: { name } });
const firstPrevious = `sha256:${'0'.repeat(64)}`;

/** What every store promises; `open` gives an empty one. */
export function describeStore(name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the promises of a store:`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store.close();
    });

    test('numbers records from 1 and reads them back as appended', async () => {
      const epoch = await store.journal.takeOver(run);
      const first = await store.journal.append(run, epoch, [entry('a'), entry('b', 1001)]);
      const second = await store.journal.append(run, epoch, [
        { atMs: 1002, dueAtMs: 5000, event: { name: 'c', deep: { list: [1, null, 'ü\u0000'] } } },
      ]);
      expect([...first, ...second].map((record) => record.seq)).toEqual([1, 2, 3]);
      expect(second[0]).toMatchObject({ run, seq: 3, atMs: 1002, epoch: 1, dueAtMs: 5000 });
      expect(first[0]).not.toHaveProperty('dueAtMs');
      expect(await store.journal.read(run, 0)).toEqual([...first, ...second]);
    });

    test('chains each record to the one before by the digest of its content', async () => {
      const epoch = await store.journal.takeOver(run);
      await store.journal.append(run, epoch, [{ atMs: 1, dueAtMs: 9, event: { z: 1, a: 'é"' } }]);
      await store.journal.append(run, epoch, [entry('b')]);
      let previousHash = firstPrevious;
      for (const { hash, ...content } of await store.journal.read(run, 0)) {
        expect(hash).toBe(digestOf({ ...content, previousHash }));
        previousHash = hash;
      }
    });

    test('reads only what comes after a sequence number', async () => {
      const epoch = await store.journal.takeOver(run);
      await store.journal.append(run, epoch, [entry('a'), entry('b'), entry('c')]);
      const names = async (afterSeq: number) =>
        (await store.journal.read(run, afterSeq)).map((record) => record.event['name']);
      expect(await names(1)).toEqual(['b', 'c']);
      expect(await names(3)).toEqual([]);
      await store.journal.append(run, epoch, [entry('d')]);
      expect(await names(3)).toEqual(['d']);
      expect(await names(99)).toEqual([]);
      expect(await names(0)).toEqual(['a', 'b', 'c', 'd']);
    });

    test('keeps many records of one append in order', async () => {
      const epoch = await store.journal.takeOver(run);
      const entries = Array.from({ length: 1203 }, (_, index) => entry(`e${index}`));
      await store.journal.append(run, epoch, entries);
      const read = await store.journal.read(run, 0);
      expect(read.map((record) => record.event)).toEqual(entries.map(({ event }) => event));
    });

    test('gives growing epochs and lets only the newest append', async () => {
      expect(await store.journal.takeOver(run)).toBe(1);
      await store.journal.append(run, 1, [entry('a')]);
      expect(await store.journal.takeOver(run)).toBe(2);
      await expect(store.journal.append(run, 1, [entry('late')])).rejects.toMatchObject({
        code: 'state-locked',
      });
      const [record] = await store.journal.append(run, 2, [entry('b')]);
      expect(record).toMatchObject({ seq: 2, epoch: 2 });
      expect(await store.journal.read(run, 0)).toHaveLength(2);
    });

    test('has one place for who sends notices, beside that of the runner', async () => {
      const runner = await store.holdRunner('tess, run 1');
      const teller = await store.holdTeller('tess');
      expect(await store.holdTeller('anna')).toBeUndefined();
      await teller?.release();
      const next = await store.holdTeller('anna');
      expect(next).toBeDefined();
      await next?.release();
      await runner.release();
    });

    test('knows when the runner last showed a sign of life', async () => {
      expect(await store.runnerBeatMs()).toBeUndefined();
      const runner = await store.holdRunner('tess, run 1');
      runner.beat();
      expect(await store.runnerBeatMs()).toEqual(expect.any(Number));
      await runner.release();
      expect(await store.runnerBeatMs()).toBeUndefined();
    });

    test('lets nobody append to a run that nobody has taken over', async () => {
      for (const epoch of [0, 1]) {
        await expect(store.journal.append(run, epoch, [entry('a')])).rejects.toMatchObject({
          code: 'state-locked',
        });
      }
      expect(await store.journal.read(run, 0)).toEqual([]);
    });

    test('keeps runs apart and lists those with records in the order they began', async () => {
      const other = runId('a-later-run');
      const empty = runId('b-never-written');
      for (const each of [run, empty, other]) await store.journal.takeOver(each);
      await store.journal.append(other, 1, [entry('x')]);
      await store.journal.append(run, 1, [entry('a'), entry('b')]);
      expect(await store.journal.runs()).toEqual([run, other]);
      expect((await store.journal.read(other, 0)).map((record) => record.seq)).toEqual([1]);
    });

    test('puts concurrent appends one after the other', async () => {
      const epoch = await store.journal.takeOver(run);
      const names = Array.from({ length: 40 }, (_, index) => `e${index}`);
      await Promise.all(names.map((each) => store.journal.append(run, epoch, [entry(each)])));
      const read = await store.journal.read(run, 0);
      expect(read.map((record) => record.seq)).toEqual(names.map((_, index) => index + 1));
      expect(new Set(read.map((record) => record.event['name']))).toEqual(new Set(names));
    });

    test('does not change what it holds when a caller changes an object afterwards', async () => {
      const epoch = await store.journal.takeOver(run);
      const event: { name: string; left: undefined } = { name: 'before', left: undefined };
      const [appended] = await store.journal.append(run, epoch, [{ atMs: 1, event }]);
      event.name = 'after';
      Object.assign(appended!.event, { name: 'after' });
      const [read] = await store.journal.read(run, 0);
      expect(read?.event).toEqual({ name: 'before' });
      expect(read?.event).not.toHaveProperty('left');
    });

    test('keeps nothing of an append that has one impossible entry', async () => {
      const epoch = await store.journal.takeOver(run);
      const bad = { atMs: 1.5, event: {} };
      await expect(store.journal.append(run, epoch, [entry('a'), bad])).rejects.toThrow(
        'whole milliseconds',
      );
      const tooLarge = { atMs: 1, event: { text: 'x'.repeat(17 * 1024 * 1024) } };
      await expect(store.journal.append(run, epoch, [entry('a'), tooLarge])).rejects.toThrow(
        'characters of JSON',
      );
      expect(await store.journal.read(run, 0)).toEqual([]);
      const [record] = await store.journal.append(run, epoch, [entry('b')]);
      expect(record?.seq).toBe(1);
    });

    test('holds any JSON, whatever the appends it came in', async () => {
      let count = 0;
      const object = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 });
      const appends = fc.array(fc.array(object, { maxLength: 3 }), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(appends, async (batches) => {
          const each = runId(`p-${(count += 1)}`);
          const epoch = await store.journal.takeOver(each);
          const written: JournalRecord[] = [];
          for (const batch of batches) {
            const entries = batch.map((event) => ({ atMs: 1, event: event as JsonObject }));
            written.push(...(await store.journal.append(each, epoch, entries)));
          }
          const read = await store.journal.read(each, 0);
          expect(read).toEqual(written);
          const normal = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
          expect(read.map(({ event }) => event)).toEqual(normal(batches.flat()));
        }),
        { numRuns: 30 },
      );
    });

    test('answers with the newest row of a key and keeps the older ones', async () => {
      await store.put('facts', { key: 'sw1', atMs: 30, value: { version: 'one' } });
      await store.put('facts', { key: 'sw1', atMs: 10, value: { version: 'two' } });
      await store.put('facts', { key: 'sw2', atMs: 20, value: { version: 'three' } });
      expect(await store.latest('facts', 'sw1')).toEqual({
        key: 'sw1',
        atMs: 10,
        value: { version: 'two' },
      });
      expect(await store.latest('facts', 'sw9')).toBeUndefined();
      expect(await store.latest('snapshot', 'sw1')).toBeUndefined();
      const versions = async (options?: Parameters<Store['rows']>[1]) =>
        (await store.rows('facts', options)).map((row) => row.value['version']);
      expect(await versions()).toEqual(['one', 'two', 'three']);
      expect(await versions({ key: 'sw1' })).toEqual(['one', 'two']);
      expect(await versions({ limit: 2 })).toEqual(['two', 'three']);
      expect(await versions({ limit: 0 })).toEqual([]);
      expect(await versions({ sinceMs: 20 })).toEqual(['one', 'three']);
      expect(await versions({ key: 'sw1', sinceMs: 20, limit: 5 })).toEqual(['one']);
    });

    test('hands out requests of a run in order, after a given one', async () => {
      const ask = (kind: 'pause' | 'resume' | 'abort', of = run) =>
        store.ask({ run: of, atMs: 7, kind, by: 'ada', reason: 'phones ring' });
      const first = await ask('pause');
      await ask('abort', runId('other'));
      const second = await ask('resume');
      expect(second.id).toBeGreaterThan(first.id);
      expect(await store.requests(run, 0)).toEqual([first, second]);
      expect(await store.requests(run, first.id)).toEqual([second]);
      expect(first).toMatchObject({
        run,
        atMs: 7,
        kind: 'pause',
        by: 'ada',
        reason: 'phones ring',
      });
    });

    test('has one runner, names it to the next, and is free after release', async () => {
      expect(await store.runnerHolder()).toBeUndefined();
      const hold = await store.holdRunner('run one of ada');
      expect(await store.runnerHolder()).toContain('run one of ada');
      await expect(store.holdRunner('another')).rejects.toMatchObject({
        code: 'state-locked',
        message: expect.stringContaining('run one of ada'),
      });
      await hold.release();
      await hold.release();
      expect(await store.runnerHolder()).toBeUndefined();
      const next = await store.holdRunner('another');
      await hold.release();
      expect(await store.runnerHolder()).toContain('another');
      await next.release();
    });
  });
}
