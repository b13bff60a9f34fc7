import { describe, expect, test } from '@jest/globals';
import type { PlanBody, UnitPlan } from '../../src/plan/plan.js';
import type { RunEvent } from '../../src/run/event.js';
import { decideUnit } from '../../src/run/unit-decide.js';
import {
  aborted,
  admitted,
  after,
  checked,
  ended,
  HOUR_MS,
  intended,
  MINUTE_MS,
  paused,
  planOf,
  ROLLBACK,
  rolledBack,
  soaking,
  stepDone,
  stepFailed,
  STEPS,
  T0,
  unitIn,
  unitPlanOf,
  upgraded,
  windowOf,
} from './plan-of.js';

interface Setting {
  readonly body?: Partial<PlanBody>;
  readonly unit?: Partial<UnitPlan>;
  readonly nowMs?: number;
  readonly wallMs?: number;
}

function taskAfter(events: readonly RunEvent[], setting: Setting = {}) {
  const unitPlan = unitPlanOf('a', setting.unit);
  const plan = planOf([unitPlan], setting.body);
  const run = after(plan, events);
  const nowMs = setting.nowMs ?? T0 + 60_000;
  const wallMs = setting.wallMs ?? nowMs;
  return decideUnit(unitIn(run, 'a'), { run, plan, unitPlan, nowMs, wallMs });
}

const begun = [admitted('a'), checked('a', 'before')];
const staged = [...begun, stepDone('a', 0), stepDone('a', 1)];
const touched = [...staged, intended('a', 2), stepDone('a', 2)];
const strategy = { parallel: 4, stopAfterFailures: 1, soakMs: HOUR_MS };

describe('a unit', () => {
  test('that was not admitted does nothing', () => {
    expect(taskAfter([])).toEqual({ kind: 'stop' });
  });

  test('is checked before anything else', () => {
    expect(taskAfter([admitted('a')])).toEqual({ kind: 'check-before' });
  });

  test('takes its steps in order', () => {
    expect(taskAfter(begun)).toEqual({ kind: 'probe', step: STEPS[0] });
    expect(taskAfter(touched)).toEqual({ kind: 'probe', step: STEPS[3] });
  });

  test('is checked again before it commits', () => {
    const active = [...begun, ...upgraded('a').slice(0, -4)];
    expect(taskAfter(active)).toEqual({ kind: 'check-after' });
    expect(taskAfter([...active, checked('a', 'after')])).toEqual({
      kind: 'probe',
      step: STEPS[7],
    });
  });

  test('is done after its last step when the plan has no soak', () => {
    expect(taskAfter([...begun, ...upgraded('a')])).toMatchObject({
      events: [{ as: 'done', failure: false, healthy: true }],
    });
  });

  test('soaks after its last step for as long as the plan says', () => {
    const task = taskAfter([...begun, ...upgraded('a')], { body: { strategy } });
    expect(task).toMatchObject({
      events: [{ kind: 'unit-soaking', untilMs: T0 + 60_000 + HOUR_MS }],
    });
  });

  test('is looked at eight times in its soak and at its end, and left alone between', () => {
    const events = [...begun, soaking('a', T0 + HOUR_MS)];
    const at = (nowMs: number) => taskAfter(events, { body: { strategy }, nowMs }).kind;
    const soakedFromMs = T0 + 2000;
    expect(at(soakedFromMs + HOUR_MS / 8 - 1)).toBe('stop');
    expect(at(soakedFromMs + HOUR_MS / 8)).toBe('check-soak');
    expect(at(T0 + HOUR_MS)).toBe('check-soak');
  });

  test('that is over does nothing any more', () => {
    expect(taskAfter([...begun, ended('a', 'held')])).toEqual({ kind: 'stop' });
  });

  test('in a run that observes is only observed', () => {
    const started: RunEvent = {
      kind: 'run-started',
      plan: planOf([unitPlanOf('a')]).digest,
      by: 'otto',
      mode: 'observe',
    };
    expect(taskAfter([started, ...begun])).toEqual({ kind: 'observe' });
  });
});

describe('a failure', () => {
  test('before the first change drops the unit, healthy as it was', () => {
    expect(taskAfter([...begun, stepFailed('a', 1)])).toMatchObject({
      events: [{ as: 'dropped', failure: true, healthy: true, why: 'copy: it broke' }],
    });
  });

  test('of the check before drops the unit', () => {
    expect(taskAfter([admitted('a'), checked('a', 'before', false)])).toMatchObject({
      events: [{ as: 'dropped', why: 'a check: it is not so' }],
    });
  });

  test('after the first change begins the rollback', () => {
    expect(taskAfter([...touched, stepFailed('a', 3)])).toMatchObject({
      events: [{ kind: 'rollback-started', why: 'boot: it broke' }],
    });
  });

  test('after the first change holds the unit when the playbook says so', () => {
    const setting = { body: { rollback: 'hold' as const } };
    expect(taskAfter([...touched, stepFailed('a', 3)], setting)).toMatchObject({
      events: [{ as: 'held', failure: true, healthy: false }],
    });
  });

  test('of the rollback quarantines the unit and tells both causes', () => {
    const events = [...touched, rolledBack('a'), stepFailed('a', 0, 'rollback')];
    expect(taskAfter(events)).toMatchObject({
      events: [{ as: 'quarantined', why: 'unboot: it broke (while rolling back: it broke)' }],
    });
  });
});

describe('a rollback', () => {
  test('takes its own steps in order and is proved at its end', () => {
    const back = [...touched, rolledBack('a')];
    expect(taskAfter(back)).toEqual({ kind: 'probe', step: ROLLBACK[0] });
    const over = [0, 1, 2].map((step) => stepDone('a', step, 'rollback'));
    expect(taskAfter([...back, ...over])).toEqual({ kind: 'check-reverted' });
  });

  test('goes on outside every window', () => {
    const setting = { nowMs: T0 + 1000 * HOUR_MS };
    expect(taskAfter([...touched, rolledBack('a')], setting)).toMatchObject({ kind: 'probe' });
  });
});

describe('the end of a window', () => {
  const needMs = 90 * MINUTE_MS;
  const windows = [windowOf(T0, 10 * HOUR_MS)];
  const endMs = T0 + 10 * HOUR_MS;

  test.each([
    [0, 'probe'],
    [1, 'record'],
  ])('less the worst case and %d ms more leads an untouched unit to %s', (lateMs, kind) => {
    const nowMs = endMs - needMs + lateMs;
    expect(taskAfter(staged, { unit: { windows }, nowMs }).kind).toBe(kind);
  });

  test('sends an untouched unit to the next window', () => {
    const next = windowOf(T0 + 24 * HOUR_MS, 10 * HOUR_MS);
    const setting = { unit: { windows: [...windows, next] }, nowMs: endMs - HOUR_MS };
    expect(taskAfter(staged, setting)).toMatchObject({
      events: [{ kind: 'unit-waiting', untilMs: next.startMs }],
    });
  });

  test('drops an untouched unit when there is no next one, as no failure', () => {
    const setting = { unit: { windows }, nowMs: endMs - HOUR_MS };
    expect(taskAfter(staged, setting)).toMatchObject({
      events: [{ as: 'dropped', code: 'outside-window', failure: false, healthy: true }],
    });
  });

  test('turns back a unit that was begun: the rest does not fit, the rollback does', () => {
    const setting = { unit: { windows }, nowMs: endMs - 70 * MINUTE_MS };
    expect(taskAfter(touched, setting)).toMatchObject({ events: [{ kind: 'step-failed' }] });
  });

  test('turns back a unit that was begun when the wall clock says that it is near', () => {
    const wallMs = endMs - 70 * MINUTE_MS;
    const setting = { unit: { windows }, nowMs: T0 + HOUR_MS, wallMs };
    expect(taskAfter(touched, setting)).toMatchObject({ events: [{ kind: 'step-failed' }] });
  });

  test('is not judged for an untouched unit while two clocks disagree', () => {
    const setting = { unit: { windows }, nowMs: T0 + HOUR_MS, wallMs: endMs + HOUR_MS };
    expect(taskAfter(staged, setting)).toEqual({ kind: 'stop' });
    const other = { unit: { windows }, nowMs: endMs + HOUR_MS, wallMs: T0 + HOUR_MS };
    expect(taskAfter(staged, other)).toEqual({ kind: 'stop' });
  });

  test('does not stop a step whose intent is journaled: it is only observed', () => {
    const setting = { unit: { windows }, nowMs: endMs + HOUR_MS };
    expect(taskAfter([...touched, intended('a', 3)], setting)).toMatchObject({ kind: 'probe' });
  });

  test('does not stop staging, which needs no window', () => {
    expect(taskAfter(begun, { unit: { windows }, nowMs: endMs + HOUR_MS })).toMatchObject({
      kind: 'probe',
    });
  });
});

describe('a pause or an abort', () => {
  test('stops a unit that is untouched', () => {
    expect(taskAfter([...staged, paused])).toEqual({ kind: 'stop' });
    expect(taskAfter([...staged, aborted])).toMatchObject({
      events: [{ as: 'dropped', failure: false }],
    });
  });

  test.each([
    ['pause', paused],
    ['abort', aborted],
  ])('lets a unit that is begun come to its end (%s)', (_name, event) => {
    expect(taskAfter([...touched, event])).toEqual({ kind: 'probe', step: STEPS[3] });
  });

  test('waits for the outcome of a step under way, even one of staging', () => {
    expect(taskAfter([...begun, intended('a', 0), aborted])).toMatchObject({ kind: 'probe' });
  });
});
