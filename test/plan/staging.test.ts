import { describe, expect, test } from '@jest/globals';
import { changeInStagingWindow, stagingTimes } from '../../src/plan/staging.js';
import type { WindowOccurrence } from '../../src/window/occurrence.js';

const HOUR_MS = 3_600_000;

const opening = (startHour: number, endHour: number, window = 'night'): WindowOccurrence => ({
  window,
  startMs: startHour * HOUR_MS,
  endMs: endHour * HOUR_MS,
  timeZone: 'UTC',
  notes: [],
});

const change = [opening(100, 104), opening(200, 204)];
const copies = [opening(10, 12, 'copies'), opening(60, 62, 'copies'), opening(203, 230, 'copies')];

function times(staging: Parameters<typeof stagingTimes>[0]['staging'], openings = copies) {
  const found = stagingTimes({ staging, change, nowMs: 0, occurrences: () => openings });
  if (found.kind !== 'in') return found;
  return found.windows.map(({ startMs, endMs }) => [startMs / HOUR_MS, endMs / HOUR_MS]);
}

describe('staging', () => {
  test('may happen at any time when the playbook does not say', () => {
    expect(times(undefined)).toEqual({ kind: 'any time' });
  });

  test('keeps to its window, up to the end of the last change window', () => {
    expect(times({ window: 'copies' })).toEqual([
      [10, 12],
      [60, 62],
      [203, 204],
    ]);
  });

  test('begins no earlier than so long before the first change window', () => {
    const before = { before: 'P2D', beforeMs: 48 * HOUR_MS };
    expect(times(before)).toEqual([[52, 204]]);
    expect(times({ window: 'copies', ...before })).toEqual([
      [60, 62],
      [203, 204],
    ]);
  });

  test('is refused when its window never opens in time', () => {
    expect(times({ window: 'copies' }, [opening(300, 301)])).toMatchObject({ kind: 'refused' });
  });

  test('lends its window to no change', () => {
    const span = { kind: 'once', startMs: 0, endMs: 1 } as const;
    const windows = [
      { ...span, name: 'copies', stagingOnly: true } as const,
      { ...span, name: 'night' },
    ];
    expect(changeInStagingWindow({ windows }, ['night', 'copies'])).toContain('copies');
    expect(changeInStagingWindow({ windows }, ['night'])).toBeUndefined();
  });
});
