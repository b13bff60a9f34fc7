import { describe, expect, test } from '@jest/globals';
import { pasteText } from '../../src/cli/plan-paste.js';
import { samplePlan, unitPlan } from './sample-plan.js';

const sent = (lines: readonly string[]) =>
  lines.filter((each) => each !== '' && !each.startsWith('#'));

describe('what a person types', () => {
  const plan = samplePlan();
  const [unit] = plan.body.units;
  if (!unit) throw new Error('the sample plan has no unit');
  const lines = pasteText(plan, unit);

  test('is every line of the plan and nothing else outside of comments, forward and back', () => {
    const planned = [...unit.steps, ...unit.rollback].flatMap((step) => step.commands);
    expect(planned.length).toBeGreaterThan(0);
    expect(sent(lines)).toEqual(planned.map((each) => each.send));
  });

  test('says what is asked and answered, where there is no way back, and what must hold', () => {
    const text = lines.join('\n');
    expect(text).toContain('POINT OF NO RETURN');
    expect(text).toContain('THE WAY BACK');
    for (const { name } of [...plan.body.checks.before, ...plan.body.checks.after]) {
      expect(text).toContain(`#   ${name}`);
    }
    for (const { ask } of unit.steps.flatMap((step) => step.commands.flatMap((one) => one.dialogs)))
      expect(text).toContain(`#   if it asks /${ask}/`);
  });

  test('lets nothing that drives a terminal through, and no line break into a line', () => {
    const hostile = unitPlan('sw1', {
      steps: unit.steps.map((step) => ({
        ...step,
        title: 'a\nreload',
        commands: [{ send: 'show\u001b[2J', dialogs: [], ends: 'prompt' as const }],
      })),
      rollback: [],
    });
    const shown = pasteText(samplePlan([hostile]), hostile);
    expect(shown.join('')).not.toContain('\u001b');
    expect(sent(shown).some((each) => each.includes('reload'))).toBe(false);
  });
});
