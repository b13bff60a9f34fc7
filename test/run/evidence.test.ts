import { describe, expect, test } from '@jest/globals';
import { runId } from '../../src/kernel/id.js';
import { toJson } from '../../src/kernel/recall.js';
import type { Plan } from '../../src/plan/plan.js';
import type { RunEvent } from '../../src/run/event.js';
import { gatherEvidence } from '../../src/run/evidence.js';
import type { RunRow } from '../../src/run/run.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { fixedClock } from '../store/fixed-clock.js';
import { planOf, unitPlanOf } from './plan-of.js';

const T0 = 1_800_000_000_000;
const base = { list: 'forward', why: '', known: {}, skipped: false } as const;
const copies = unitPlanOf('a').steps.map((each) =>
  each.id === 'copy' ? { ...each, kind: 'stage-image' } : each,
);
const planned = unitPlanOf('a', { steps: copies });
const { unit } = planned;
const staging = copies.findIndex((each) => each.kind === 'stage-image');

const checked: RunEvent = {
  kind: 'unit-checked',
  unit,
  when: 'before',
  outcomes: [],
  passed: true,
};
const staged: RunEvent = { kind: 'step-done', unit, step: staging, id: 'stage-image', ...base };
const ended: RunEvent = {
  kind: 'unit-ended',
  unit,
  as: 'done',
  why: '',
  next: '',
  code: '',
  failure: false,
  healthy: true,
};

async function evidenceOf(
  plan: Plan,
  mode: RunRow['mode'],
  events: readonly RunEvent[],
  rehearsed = false,
) {
  const store = createMemoryStore(fixedClock(T0));
  await store.put('plan', { key: plan.digest, atMs: T0, value: toJson(plan) });
  const run = runId('r1');
  const row: RunRow = { run, plan: plan.digest, by: 'otto', mode, startedAtMs: T0 };
  await store.put('run', { key: run, atMs: T0, value: toJson(row) });
  if (rehearsed) {
    await store.put('rehearsal', { key: plan.digest, atMs: T0, value: { passed: true } });
  }
  const epoch = await store.journal.takeOver(run);
  if (events.length > 0)
    await store.journal.append(
      run,
      epoch,
      events.map((event) => ({ atMs: T0, event: toJson(event) })),
    );
  return (await gatherEvidence(store)).map(({ level, units }) => [level, units]);
}

describe('the evidence of a platform and model', () => {
  const plan = planOf([planned]);

  test('climbs with what runs did on real devices', async () => {
    expect(staging).toBeGreaterThanOrEqual(0);
    expect(await evidenceOf(plan, 'observe', [])).toEqual([]);
    expect(await evidenceOf(plan, 'run', [], true)).toEqual([['simulated', 1]]);
    expect(await evidenceOf(plan, 'observe', [checked], true)).toEqual([['observed', 1]]);
    expect(await evidenceOf(plan, 'run', [checked, staged])).toEqual([['staged', 1]]);
    expect(await evidenceOf(plan, 'run', [checked, staged, ended])).toEqual([['upgraded', 1]]);
  });

  test('does not call a unit upgraded that was only looked at, nor one that failed', async () => {
    expect(await evidenceOf(plan, 'observe', [checked, ended])).toEqual([['observed', 1]]);
    const reverted: RunEvent = { ...ended, as: 'reverted', failure: true };
    expect(await evidenceOf(plan, 'run', [checked, staged, reverted])).toEqual([['staged', 1]]);
    expect(await evidenceOf(plan, 'observe', [{ ...checked, passed: false }])).toEqual([]);
  });

  test('counts nothing that happened on the addresses of the lab', async () => {
    for (const address of ['127.0.0.5', '::1', 'localhost']) {
      const lab = planOf([{ ...planned, address }]);
      expect(await evidenceOf(lab, 'run', [checked, staged, ended])).toEqual([]);
    }
  });
});
