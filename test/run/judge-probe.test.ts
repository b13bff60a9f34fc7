import { describe, expect, test } from '@jest/globals';
import type { Probe } from '../../src/driver/step.js';
import { queuedUnit, type OpenIntent } from '../../src/run/state.js';
import { judgeProbe, pollAfterMs } from '../../src/run/unit-decide.js';
import { unitId } from '../../src/kernel/id.js';
import { stepOf, T0 } from './plan-of.js';

const limits = { settleMs: 60_000, maxMs: 600_000 };
const reload = stepOf('reload', 'activate', limits);
const copy = stepOf('copy', 'stage', limits);

/** Seconds since the step, and its intent, began: too early to tell; settled; beyond the limit. */
const TIMES = [30, 70, 600] as const;

type Acted = OpenIntent['acted'] | 'no intent';

function verdict(
  each: {
    acted: Acted;
    answer: Probe['answer'];
    step?: typeof reload;
    attempt?: number;
    readonly tries?: number;
  },
  seconds: number,
  changes = true,
): string {
  const { acted, answer, step = reload, attempt = 1, tries = attempt } = each;
  const open = { sinceMs: T0, asks: undefined, seen: '', wasTouched: false, why: 'said no' };
  const intent = acted === 'no intent' ? undefined : { attempt, tries, atMs: T0, acted, ...open };
  const judged = judgeProbe({
    unit: { ...queuedUnit(unitId('a')), stepSinceMs: T0, intent },
    step,
    changes,
    probe: { answer, why: 'seen' },
    nowMs: T0 + seconds * 1000,
  });
  return judged.kind === 'act' ? `act ${judged.attempt}` : judged.kind;
}

type Row = readonly [Acted, Probe['answer'], string, string, string];

/** What was journaled of the step, what the probe says, and the move: early, settled, late. */
const DISRUPTIVE: readonly Row[] = [
  ['no intent', 'absent', 'act 1', 'act 1', 'act 1'],
  ['no intent', 'partial', 'act 1', 'act 1', 'act 1'],
  ['no intent', 'done', 'done', 'done', 'done'],
  ['no intent', 'failed', 'failed', 'failed', 'failed'],
  ['no intent', 'unknown', 'again', 'again', 'held'],
  [undefined, 'absent', 'again', 'act 2', 'act 2'],
  [undefined, 'partial', 'again', 'again', 'held'],
  [undefined, 'done', 'done', 'done', 'done'],
  [undefined, 'failed', 'failed', 'failed', 'failed'],
  [undefined, 'unknown', 'again', 'again', 'held'],
  ['ambiguous', 'absent', 'again', 'act 2', 'act 2'],
  ['ambiguous', 'partial', 'again', 'again', 'held'],
  ['ambiguous', 'done', 'done', 'done', 'done'],
  ['ambiguous', 'failed', 'failed', 'failed', 'failed'],
  ['ambiguous', 'unknown', 'again', 'again', 'held'],
  ['acted', 'absent', 'again', 'again', 'failed'],
  ['acted', 'partial', 'again', 'again', 'failed'],
  ['acted', 'done', 'done', 'done', 'done'],
  ['acted', 'failed', 'failed', 'failed', 'failed'],
  ['acted', 'unknown', 'again', 'again', 'held'],
  ['refused', 'absent', 'failed', 'failed', 'failed'],
  ['refused', 'partial', 'failed', 'failed', 'failed'],
  ['refused', 'done', 'done', 'done', 'done'],
  ['refused', 'failed', 'failed', 'failed', 'failed'],
  ['refused', 'unknown', 'again', 'again', 'held'],
];

/** Only where it differs: what disrupts nothing is done again instead of waited for. */
const HARMLESS: readonly Row[] = [
  [undefined, 'partial', 'again', 'act 2', 'act 2'],
  ['ambiguous', 'partial', 'again', 'act 2', 'act 2'],
  ['acted', 'absent', 'again', 'act 2', 'act 2'],
  ['acted', 'partial', 'again', 'act 2', 'act 2'],
];

describe('a probe of a disruptive step', () => {
  test.each(DISRUPTIVE)('outcome %s, answer %s: early %s, settled %s, late %s', (...row) => {
    const [acted, answer, ...wanted] = row;
    expect(TIMES.map((seconds) => verdict({ acted, answer }, seconds))).toEqual(wanted);
  });

  test('covers every journaled outcome and every answer', () => {
    expect(new Set(DISRUPTIVE.map(([acted, answer]) => `${acted} ${answer}`)).size).toBe(5 * 5);
  });
});

describe('a probe of a step that disrupts nothing', () => {
  const table = DISRUPTIVE.map(
    (row) => HARMLESS.find((each) => each[0] === row[0] && each[1] === row[1]) ?? row,
  );
  test.each(table)('outcome %s, answer %s: early %s, settled %s, late %s', (...row) => {
    const [acted, answer, ...wanted] = row;
    const judged = TIMES.map((seconds) => verdict({ acted, answer, step: copy }, seconds));
    expect(judged).toEqual(wanted);
  });
});

describe('a step that only looks', () => {
  test('waits for what is partly there instead of acting, and fails at its limit', () => {
    const each = { acted: 'no intent', answer: 'partial' } as const;
    const judged = TIMES.map((seconds) => verdict(each, seconds, false));
    expect(judged).toEqual(['again', 'again', 'failed']);
  });
});

describe('the number of tries', () => {
  test.each([
    [1, 'act 2'],
    [2, 'act 3'],
    [3, 'failed'],
  ])('after attempt %d leads to %s', (attempt, wanted) => {
    expect(verdict({ acted: undefined, answer: 'absent', attempt }, 70)).toBe(wanted);
    expect(verdict({ acted: 'acted', answer: 'partial', step: copy, attempt }, 70)).toBe(wanted);
  });
});

describe('tries that a crash of ours cut off', () => {
  test('do not count against the device, but are bounded', () => {
    const cutOff = { acted: undefined, answer: 'absent', tries: 0 } as const;
    expect(verdict({ ...cutOff, attempt: 7 }, 70)).toBe('act 8');
    expect(verdict({ ...cutOff, attempt: 100 }, 70)).toBe('failed');
  });
});

describe('an unknown state', () => {
  test('is waited out for ninety seconds after the step had time to settle, no longer', () => {
    const each = { acted: 'acted', answer: 'unknown' } as const;
    expect(verdict(each, 149)).toBe('again');
    expect(verdict(each, 150)).toBe('held');
  });
});

describe('polling', () => {
  test.each([
    [0, 2000],
    [8000, 2000],
    [60_000, 15_000],
    [3_600_000, 30_000],
  ])('after %d ms comes again in %d ms', (passedMs, wanted) => {
    expect(pollAfterMs(T0, T0 + passedMs)).toBe(wanted);
  });
});
