import { describe, expect, test } from '@jest/globals';
import type { UnitPlan } from '../../src/plan/plan.js';
import { blindDriver, isReload } from './blind-driver.js';
import { conduct } from './conduct.js';
import { findings } from './findings.js';
import { loneScenarios, type Scenario } from './scenario.js';

const planOf = ({ inputs }: Scenario): UnitPlan => {
  const [plan] = inputs.plan.body.units;
  if (!plan) throw new Error('the plan has no unit');
  return plan;
};

/** An expression: what is offered has another path each time. */
function reloadLine(scenario: Scenario): string {
  const line = planOf(scenario).steps.find(isReload)?.commands[0]?.send ?? '';
  return line.replaceAll(/<\w+>/g, String.raw`\S+`);
}

const hasty = (plan: UnitPlan): UnitPlan => ({
  ...plan,
  steps: plan.steps.map((step) => (isReload(step) ? { ...step, settleMs: 0 } : step)),
});

describe.each(loneScenarios)('a reload of %s that is asked for blindly', (_name, scenario) => {
  test('is found out: it is sent again, and nothing was read in between', async () => {
    const model = await conduct(scenario);
    expect(findings(model, model)).toEqual([]);
    // The session breaks as the line is typed: whoever looks at nothing sends it again.
    const faults = scenario.units.map((device) => ({
      fault: 'session-dropped-after',
      device,
      params: { command: `^${reloadLine(scenario)}$` },
    }));
    const turn = {
      driver: blindDriver(scenario.one.driver, planOf(scenario)),
      change: hasty,
      faults,
    };
    const mutant = await conduct(scenario, turn);
    const found = findings(mutant, model);
    expect(found).toContainEqual(expect.stringMatching(/^blind repeat: unit1: (\S+).* after \1/));
    const sound = findings(await conduct(scenario, { faults }), model);
    expect(sound.filter((each) => each.startsWith('blind repeat'))).toEqual([]);
  });

  test('is found out when its line is not in the plan', async () => {
    const model = await conduct(scenario);
    const nothing = { ...model, stage: { ...model.stage, plan: emptied(model.stage.plan) } };
    expect(findings(nothing, model).filter((each) => each.startsWith('stray:'))).not.toEqual([]);
  });
});

function emptied<T extends { readonly body: { readonly units: readonly UnitPlan[] } }>(plan: T): T {
  const units = plan.body.units.map((unit) => ({ ...unit, steps: [], rollback: [] }));
  return { ...plan, body: { ...plan.body, units } };
}
