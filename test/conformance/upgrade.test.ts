import { beforeAll, describe, expect, test } from '@jest/globals';
import { conduct, type Journey } from './conduct.js';
import { blindRepeats, reloadsOf, strayLines } from './findings.js';
import { conformers } from './conformer.js';
import { everyScenario, scenarios } from './scenario.js';

test('every platform is upgraded in at least one shape', () => {
  expect(new Set(scenarios.map(({ one }) => one.id))).toEqual(
    new Set(conformers.map(({ id }) => id)),
  );
});

describe.each(everyScenario)('the upgrade of %s', (_name, scenario) => {
  let journey: Journey;

  beforeAll(async () => {
    journey = await conduct(scenario);
  });

  test('is planned for every unit', () => {
    expect(scenario.inputs.plan.body.leftOut).toEqual([]);
    expect(scenario.inputs.plan.body.units.map((each) => each.unit)).toEqual(scenario.units);
  });

  test('is done and never held, and the lab agrees', () => {
    expect(journey.outcomes.map(({ ended, isTrue, why }) => [ended, isTrue, why])).toEqual(
      scenario.units.map(() => ['done', true, expect.stringContaining('checked')]),
    );
  });

  test('reloads each unit once', () => {
    expect(reloadsOf(journey)).toBe(scenario.units.map((unit) => `${unit} 1`).join(', '));
  });

  test('sends nothing but what the plan and the read-only lines allow', () => {
    expect(strayLines(journey)).toEqual([]);
    expect(blindRepeats(journey)).toEqual([]);
  });

  test('leaves no unit drained, and its config saved', () => {
    for (const unit of scenario.units) {
      const device = journey.stage.sim.deviceState(unit);
      expect(device.drained).toBe(false);
      const [running, startup] = [device.runningConfig, device.startupConfig].map((text) =>
        scenario.one.driver.maskConfig(text),
      );
      expect(running).toBe(startup);
    }
  });
});
