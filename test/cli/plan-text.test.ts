import { describe, expect, test } from '@jest/globals';
import { digestText } from '../../src/kernel/digest.js';
import { unitId } from '../../src/kernel/id.js';
import type { UnitPlan } from '../../src/plan/plan.js';
import { makePaint } from '../../src/cli/paint.js';
import { elapsedMs } from '../../src/cli/plan-course.js';
import { planText } from '../../src/cli/plan-text.js';
import { OPENS_MS, samplePlan, unitPlan } from './sample-plan.js';

const style = { paint: makePaint(false, false), width: 80 };

describe('the text of a plan', () => {
  test('tells the board per unit what, how long, until when, and where there is no way back', () => {
    const text = planText(samplePlan(), 'normal', style).join('\n');
    expect(text).toContain('\n  sw1 (high), sw2 (high): 1.0 -> 2.0\n');
    expect(text).toContain('\n    ams; expected 12m, at worst 40m and 20m for the rollback\n');
    // The clocks of the site go forward at 02:00, inside this window: the deadline is 00:40Z, 01:40 local.
    expect(text).toContain('\n    back out by Sun 2027-03-28 01:40 +01:00 (00:40Z)');
    expect(text).toContain('\n    point of no return: step 2 of 2, Reload the switch');
    expect(text).toContain('Safe: in no redundancy group');
    expect(text).toContain('sw8: nothing to do: runs 2.0 already');
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

  test('tells apart units of which not the same is to be said, and each unit in full', () => {
    const plan = samplePlan([unitPlan('sw1'), unitPlan('sw2', { expectedMs: 1 }), unitPlan('sw3')]);
    const normal = planText(plan, 'normal', style).join('\n');
    expect(normal).toContain('\n  sw1 (high), sw3 (high): 1.0 -> 2.0\n');
    expect(normal).toContain('\n  sw2 (high): 1.0 -> 2.0\n');
    const full = planText(plan, 'full', style).filter((each) => each.includes('must still be'));
    expect(full).toHaveLength(3);
  });

  test('names waves as the plan does, and indents what is wrapped below its line', () => {
    const lines = planText(samplePlan(), 'normal', { ...style, width: 50 });
    expect(lines).toContain('canary: 2 units, then a soak of 30m');
    const at = lines.findIndex((each) => each.startsWith('    ams; expected'));
    expect(lines[at + 1]).toMatch(/^ {6}\S/);
  });

  test('expects the time that units side by side take, one after the other where they exclude each other', () => {
    const take = (ms: number, more: Partial<UnitPlan> = {}) => ({ expectedMs: ms, ...more });
    const apart = [unitPlan('a', take(10)), unitPlan('b', take(30)), unitPlan('c', take(20))];
    expect(elapsedMs(samplePlan(apart))).toBe(30);
    const pair = { redundancyGroup: 'pair' };
    const grouped = [unitPlan('a', take(10, pair)), unitPlan('b', take(30, pair))];
    expect(elapsedMs(samplePlan(grouped))).toBe(40);
    const linked = [
      unitPlan('a', take(10, { neighbours: [unitId('b')] })),
      unitPlan('b', take(30)),
    ];
    expect(elapsedMs(samplePlan(linked))).toBe(40);
    const many = ['a', 'b', 'c', 'd'].map((name) => unitPlan(name, take(10)));
    expect(elapsedMs(samplePlan(many))).toBe(20);
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

  test('shows the difference of a configuration, who takes it back, and what of the way in it touches', () => {
    const config = {
      patches: [{ name: 'patches/ntp.hbs', digest: digestText('ntp') }],
      diff: [
        { sign: ' ', depth: 0, text: 'interface Ethernet1' },
        { sign: '-', depth: 1, text: 'mtu 1500' },
        { sign: '+', depth: 1, text: 'mtu 9214' },
      ],
      delta: { added: [], removed: [], ordered: [] },
      guarded: ['management ssh: an access list changes'],
      revertBy: 'commit-confirmed',
      revertAfterMs: 900_000,
    } as const;
    const unit = unitPlan('sw1', { toVersion: '1.0', images: [], config });
    const text = planText(samplePlan([unit]), 'normal', style).join('\n');
    expect(text).toContain('\n  sw1 (high): 1.0, config +1 -1\n');
    expect(text).toContain('the device takes it back after 15m unless confirmed');
    expect(text).toContain('TOUCHES THE WAY IN: management ssh: an access list changes');
    expect(text).toContain('\n      interface Ethernet1\n    -   mtu 1500\n    +   mtu 9214');
    const reloads = { ...unit, config: { ...config, revertBy: 'reload' as const } };
    expect(planText(samplePlan([reloads]), 'normal', style).join(' ')).toMatch(/an +outage/);
  });

  test('says when the images may be copied ahead of the change', () => {
    const opening = (startMs: number) => ({
      window: 'copies',
      timeZone: 'UTC',
      notes: [],
      startMs,
      endMs: startMs + 3_600_000,
    });
    const stagingWindows = [opening(OPENS_MS - 86_400_000), opening(OPENS_MS)];
    const text = planText(samplePlan([unitPlan('sw1', { stagingWindows })]), 'normal', style);
    expect(text.join(' ').replaceAll(/\s+/g, ' ')).toContain(
      'images may be copied ahead in copies: Fri 2027-03-26 22:00 +01:00 (21:00Z) to Fri',
    );
    expect(planText(samplePlan(), 'normal', style).join(' ')).not.toContain('copied ahead');
  });

  test('shows the way over several hops, and how far each goes back', () => {
    const hops = [
      { fromVersion: '1.0', toVersion: '1.5', firstStep: 0, rollback: { from: 0, to: 1 } },
      { fromVersion: '1.5', toVersion: '2.0', firstStep: 1, rollback: { from: 1, to: 2 } },
    ];
    const text = planText(samplePlan([unitPlan('sw1', { hops })]), 'normal', style).join('\n');
    expect(text).toContain('hop 1: 1.0 -> 1.5; a failure goes back to 1.0, no further');
    expect(text).toContain('hop 2: 1.5 -> 2.0; a failure goes back to 1.5, no further');
  });
});
