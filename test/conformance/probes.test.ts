import { describe, expect, test } from '@jest/globals';
import type { Step } from '../../src/driver/step.js';
import { LoginBudget } from '../../src/fingerprint/login-budget.js';
import { Contact } from '../../src/fingerprint/contact.js';
import { acceptedHostKeys } from '../../src/fingerprint/pins.js';
import { queuedUnit } from '../../src/run/state.js';
import { siteTransfers } from '../../src/run/site-transfers.js';
import { makeStepContext, permitStep } from '../../src/run/step-context.js';
import { readOnlyPermit } from '../../src/session/permission.js';
import { runId } from '../../src/kernel/id.js';
import { setStage } from '../../lab/rehearse/rehearse.js';
import { kindOf } from './conformer.js';
import { essence } from './findings.js';
import { loneScenarios, type Scenario } from './scenario.js';

/** A fresh device on which nothing was done, and the step's own view of it. */
async function untouched(scenario: Scenario, step: Step) {
  const stage = await setStage(scenario.inputs);
  const { sim, world } = stage;
  const [unitPlan] = stage.plan.body.units;
  const unit = scenario.inputs.inventory.units.find((each) => each.id === unitPlan?.unit);
  const kind = kindOf(scenario.one.driver, step);
  if (!unitPlan || !unit || !kind) throw new Error('no such unit or kind');
  const { platform } = scenario.one.driver;
  const permit = readOnlyPermit();
  const hostKeys = await acceptedHostKeys(world.store, unit.id);
  const budget = new LoginBudget();
  const contact = new Contact({ world, budget, device: unit.device, platform, hostKeys, permit });
  const context = makeStepContext({
    world,
    run: runId('probe'),
    contact,
    permit,
    unitPlan,
    state: queuedUnit(unit.id),
    step,
    client: unit.device.host,
    transfer: siteTransfers(scenario.inputs.inventory, world.clock)(unitPlan.site),
    onProgress: () => undefined,
  });
  const mask = (text: string) => scenario.one.driver.maskConfig(text);
  return {
    probe: () => sim.scheduler.drain(kind.probe(context)),
    act: () => {
      permitStep(permit, step, {});
      return sim.scheduler.drain(kind.act(context));
    },
    settle: () => sim.scheduler.advance(step.expectedMs + 3_600_000),
    look: () => {
      const device = sim.deviceState(unit.id);
      const files = device.members.map((each) => each.flash.files.map((file) => file.name));
      return { ...essence(device, mask), files };
    },
  };
}

describe.each(loneScenarios)('the probes of %s on an untouched device', (_name, scenario) => {
  const { driver } = scenario.one;
  const changing = (scenario.inputs.plan.body.units[0]?.steps ?? []).filter(
    (step) => kindOf(driver, step)?.changes,
  );

  test.each(changing.map((step) => [step.id, step] as const))(
    '%s: is done already only if doing it would change nothing',
    async (_id, step) => {
      const scene = await untouched(scenario, step);
      const before = scene.look();
      const { answer, why } = await scene.probe();
      expect(why).not.toBe('');
      expect(scene.look()).toEqual(before);
      if (answer !== 'done') return;
      await scene.act();
      await scene.settle();
      expect(scene.look()).toEqual(before);
    },
  );

  test('do not find a reload done that never was asked for', async () => {
    const reload = changing.find((step) => step.disrupts === 'whole device');
    expect(reload && (await (await untouched(scenario, reload)).probe()).answer).toBe('absent');
  });
});
