import { describe, expect, test } from '@jest/globals';
import type { Driver } from '../../src/driver/driver.js';
import type { Act, Probe, Step } from '../../src/driver/step.js';
import type { UnitPlan } from '../../src/plan/plan.js';
import { conduct } from './conduct.js';
import { findings } from './findings.js';
import { loneScenarios, type Scenario } from './scenario.js';

const isReload = (step: Step) => step.disrupts === 'whole device';

/** An expression: what is offered has another path each time. */
function reloadLine({ inputs }: Scenario): string {
  const line = inputs.plan.body.units[0]?.steps.find(isReload)?.commands[0]?.send ?? '';
  return line.replaceAll(/<\w+>/g, String.raw`\S+`);
}

/** A driver whose reload looks at nothing and always believes that nothing has happened yet. */
function blindDriver({ one, inputs }: Scenario): Driver {
  const reload = inputs.plan.body.units[0]?.steps.find(isReload);
  return {
    ...one.driver,
    stepKinds: one.driver.stepKinds.map((kind) =>
      kind.kind !== reload?.kind || kind.version !== reload.version
        ? kind
        : {
            ...kind,
            probe: (): Promise<Probe> => Promise.resolve({ answer: 'absent', why: 'blind' }),
            async act(context): Promise<Act> {
              if (context.step.transfer) await context.offer();
              const { kind: came } = await context.send(0);
              return { kind: 'ambiguous', why: came };
            },
          },
    ),
  };
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
    const turn = { driver: blindDriver(scenario), change: hasty, faults };
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
