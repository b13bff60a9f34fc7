import { describe, expect, test } from '@jest/globals';
import { setStage } from '../../lab/rehearse/rehearse.js';
import { runId } from '../../src/kernel/id.js';
import { toJson } from '../../src/kernel/recall.js';
import type { ApprovedPlan } from '../../src/review/review.js';
import type { RunEvent } from '../../src/run/event.js';
import { readRun, resume, takeOver, type RunRow } from '../../src/run/run.js';
import { labNetwork, specs } from '../rehearse/network.js';
import { typed } from '../cli/fake-parts.js';
import { samplePlan } from '../cli/sample-plan.js';

const run = runId('night');

describe('a run whose runner died', () => {
  test('goes on as it was left: paused, and with its failures counted; a person may decide otherwise', async () => {
    const network = await labNetwork({ chosen: specs.slice(0, 1) });
    const { world, store, plan } = await setStage(network);
    const row: RunRow = {
      run,
      plan: plan.digest,
      by: 'tess',
      mode: 'run',
      startedAtMs: world.clock.now(),
    };
    const [unit] = plan.body.units;
    if (!unit) throw new Error('no unit');
    const failed: RunEvent = {
      kind: 'unit-ended',
      unit: unit.unit,
      as: 'reverted',
      why: 'it failed',
      next: '',
      failure: true,
      healthy: true,
      code: '',
    };
    const events: readonly RunEvent[] = [
      { kind: 'run-started', plan: plan.digest, by: 'tess', mode: 'run' },
      { kind: 'run-paused', by: 'tess', reason: 'a call came', request: 1 },
      failed,
    ];
    await store.put('run', { key: run, atMs: row.startedAtMs, value: toJson(row) });
    await store.journal.takeOver(run);
    const entries = events.map((each) => ({ atMs: row.startedAtMs, event: toJson(each) }));
    await store.journal.append(run, 1, entries);
    const options = {
      world,
      plan: plan as ApprovedPlan,
      inventory: network.inventory,
      drivers: network.drivers,
      by: 'systemd',
      refusal: () => Promise.resolve(undefined),
    };
    const orphan = await takeOver(options, row);
    // It dies below.
    orphan.result.catch(() => undefined);
    const left = await readRun(store, run, plan);
    expect(left.state).toMatchObject({ paused: true, failures: 1 });
    const next = store.reopen();
    store.crash();
    await resume({ ...options, world: { ...world, store: next } }, row, 'mended');
    expect((await readRun(next, run, plan)).state).toMatchObject({ paused: false, failures: 0 });
  });
});

describe('run --continue', () => {
  const plan = samplePlan();
  const asked: string[] = [];
  const begun = (what: string) => async () => {
    asked.push(what);
    throw new Error('seen');
  };
  const app = (rows: readonly object[], finished: boolean) => ({
    inventory: async () => ({}),
    findPlan: async () => plan,
    runs: async () => rows,
    runState: async () => ({ state: { finished } }),
    report: async () => ({
      verdict: { headline: 'What failed is back.', exitCode: 4 },
      closing: [],
      units: [],
    }),
    run: begun('run'),
    takeOver: begun('takeOver'),
    world: { clock: { now: () => plan.body.units[0]?.windows[0]?.startMs ?? 0 } },
  });
  const earlier = { run, plan: plan.digest, mode: 'run' };

  test('begins a run, goes on with it, or tells what came of it', async () => {
    await typed(['run', 'last', '--continue'], { app: app([], false) });
    await typed(['run', 'last', '--continue'], { app: app([earlier], false) });
    expect(asked).toEqual(['run', 'takeOver']);
    const over = await typed(['run', 'last', '--continue'], { app: app([earlier], true) });
    expect(over.code).toBe(4);
    expect(over.err).toContain('What failed is back.');
    expect(asked).toHaveLength(2);
  });
});
