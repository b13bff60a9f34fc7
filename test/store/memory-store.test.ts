import { describe, expect, test } from '@jest/globals';
import { runId } from '../../src/kernel/id.js';
import { SimulatedCrash, createMemoryStore } from '../../src/store/memory-store.js';
import type { CrashPoint } from '../../src/store/memory-store.js';
import { fixedClock } from './fixed-clock.js';
import { describeStore } from './store-conformance.js';

const clock = fixedClock(1_700_000_000_000);
const run = runId('run-1');
const entries = [{ atMs: 1, event: { name: 'a' } }];

describeStore('the memory store', async () => createMemoryStore(clock));

describe('a simulated crash', () => {
  async function crashed(point: CrashPoint) {
    const store = createMemoryStore(clock, { onAppend: () => point });
    await store.holdRunner('first process');
    const epoch = await store.journal.takeOver(run);
    await expect(store.journal.append(run, epoch, entries)).rejects.toBeInstanceOf(SimulatedCrash);
    return store;
  }

  test('before durability keeps nothing of the append', async () => {
    const next = (await crashed('crash-before')).reopen();
    expect(await next.journal.read(run, 0)).toEqual([]);
  });

  test('after durability keeps the append, and the chain goes on from it', async () => {
    const next = (await crashed('crash-after')).reopen();
    expect(await next.journal.read(run, 0)).toHaveLength(1);
    const epoch = await next.journal.takeOver(run);
    const [record] = await next.journal.append(run, epoch, entries);
    expect(record?.seq).toBe(2);
  });

  test('frees the runner place and leaves the dead handle dead', async () => {
    const store = await crashed('crash-after');
    const next = store.reopen();
    expect(await next.runnerHolder()).toBeUndefined();
    await next.holdRunner('second process');
    const calls = [
      () => store.journal.append(run, 1, entries),
      () => store.journal.read(run, 0),
      () => store.journal.takeOver(run),
      () => store.journal.runs(),
      () => store.put('facts', { key: 'k', atMs: 1, value: {} }),
      () => store.latest('facts', 'k'),
      () => store.rows('facts'),
      () => store.ask({ run, atMs: 1, kind: 'pause', by: 'ada', reason: '' }),
      () => store.requests(run, 0),
      () => store.holdRunner('ghost'),
      () => store.runnerHolder(),
    ];
    for (const call of calls) await expect(call()).rejects.toBeInstanceOf(SimulatedCrash);
    expect(await next.runnerHolder()).toContain('second process');
  });

  test('is only asked for at appends that would be taken', async () => {
    let asked = 0;
    const store = createMemoryStore(clock, { onAppend: () => void (asked += 1) });
    await expect(store.journal.append(run, 1, entries)).rejects.toMatchObject({
      code: 'state-locked',
    });
    expect(asked).toBe(0);
    await store.journal.append(run, await store.journal.takeOver(run), entries);
    expect(asked).toBe(1);
  });

  test('can come at any moment from outside', async () => {
    const store = createMemoryStore(clock);
    store.crash();
    await expect(store.journal.runs()).rejects.toBeInstanceOf(SimulatedCrash);
  });
});

test('the memory store resolves in microtasks alone', async () => {
  const store = createMemoryStore(clock);
  let turned = false;
  setImmediate(() => {
    turned = true;
  });
  const epoch = await store.journal.takeOver(run);
  for (let round = 0; round < 100; round += 1) await store.journal.append(run, epoch, entries);
  await store.put('run', { key: 'k', atMs: 1, value: {} });
  await store.rows('run');
  await store.journal.read(run, 0);
  expect(turned).toBe(false);
});
