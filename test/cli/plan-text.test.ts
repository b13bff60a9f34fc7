import { describe, expect, test } from '@jest/globals';
import { makePaint } from '../../src/cli/paint.js';
import { planText } from '../../src/cli/plan-text.js';
import { samplePlan, unitPlan } from './sample-plan.js';

const style = { paint: makePaint(false, false), width: 80 };

describe('the text of a plan', () => {
  test('tells the board per unit what, how long, until when, and where there is no way back', () => {
    const text = planText(samplePlan(), 'normal', style).join('\n');
    expect(text).toContain('sw1 (ams, high): 1.0 -> 2.0');
    expect(text).toContain('expected 12m, at worst 40m and 20m for the rollback');
    // The clocks of the site go forward at 02:00, inside this window: the deadline is 00:40Z, 01:40 local.
    expect(text).toContain('back out by Sun 2027-03-28 01:40 +01:00 (00:40Z)');
    expect(text).toContain('point of no return: step 2 of 2, Reload the switch');
    expect(text).toContain('Safe: in no redundancy group');
    expect(text).toContain('sw8: runs 2.0 already');
    expect(text).toContain('sw9: refused: it was never fingerprinted');
    expect(text).not.toContain('reload  slot');
  });

  test('stays within 80 columns at the default and brief levels', () => {
    const long = unitPlan('a-unit-with-a-rather-long-name-indeed-0001', {
      fromVersion: '9'.repeat(40),
    });
    for (const level of ['brief', 'normal'] as const) {
      const lines = planText(samplePlan([long, unitPlan('sw2')]), level, style);
      const words = lines.filter((each) => each.length > 80 && each.trim().includes(' '));
      expect(words.filter((each) => !each.includes('9'.repeat(40)))).toEqual([]);
    }
  });

  test('gives one line a unit when brief', () => {
    const lines = planText(samplePlan(), 'brief', style);
    expect(lines.filter((each) => /^sw[12] /.test(each))).toHaveLength(2);
    expect(lines.at(-1)).toBe('2 units in 1 wave, 2 left out');
  });

  test('shows in full the exact commands, their dialogs, typed holes, checks and the rollback', () => {
    const text = planText(samplePlan(), 'full', style).join('\n');
    expect(text).toContain('> reload  slot <slot>');
    expect(text).toContain('asked /Proceed\\?/ answers "y" (no return)');
    expect(text).toContain('<slot> is copy.slot as observed, only /[12]/');
    expect(text).toContain('POINT OF NO RETURN');
    expect(text).toContain('after.cpu.percent < 80');
    expect(text).toContain('Boot the old image');
  });

  test('shows control characters instead of obeying them', () => {
    const plan = samplePlan([unitPlan('sw1', { fromVersion: '1.0\u001b[2J' })]);
    const text = planText(plan, 'full', style).join('\n');
    expect(text).not.toContain('\u001b');
    expect(text).toContain('1.0\\x1b[2J');
  });
});
