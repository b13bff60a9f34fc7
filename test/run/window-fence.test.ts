import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fence, isFenced, worstFrom } from '../../src/run/window-fence.js';
import { MINUTE_MS, STEPS, T0, unitPlanOf, windowOf, WORST_MS } from './plan-of.js';

const windows = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 })), {
    maxLength: 5,
  })
  .map((drawn) => {
    let atMs = T0;
    return drawn.map(([gap, length]) => {
      const window = windowOf(atMs + gap, length);
      atMs = window.endMs;
      return window;
    });
  });

describe('the fence of a window', () => {
  test('opens exactly where what is needed fits, and names the first later fit otherwise', () => {
    fc.assert(
      fc.property(windows, fc.nat(3000), fc.nat(600), (drawn, passed, needMs) => {
        const nowMs = T0 + passed;
        const answer = fence(unitPlanOf('a', { windows: drawn }), nowMs, needMs);
        const fits = drawn.filter((each) => Math.max(each.startMs, nowMs) + needMs <= each.endMs);
        const first = fits[0];
        if (!first) expect(answer).toEqual({ kind: 'never' });
        else if (first.startMs <= nowMs) {
          expect(answer).toEqual({ kind: 'open', endMs: first.endMs });
        } else expect(answer).toEqual({ kind: 'later', atMs: first.startMs });
      }),
    );
  });

  test('stands before what takes traffic away, not before staging nor the way out', () => {
    const fenced = STEPS.filter(isFenced).map((each) => each.phase);
    expect(fenced).toEqual(['drain', 'arm', 'activate']);
  });

  test('counts the worst case of all that is left to do inside the window', () => {
    const plan = unitPlanOf('a');
    expect(worstFrom(plan, 0)).toBe(WORST_MS);
    expect(worstFrom(plan, 2)).toBe(WORST_MS);
    expect(worstFrom(plan, 7)).toBe(10 * MINUTE_MS);
    expect(worstFrom(plan, 8)).toBe(0);
  });
});
