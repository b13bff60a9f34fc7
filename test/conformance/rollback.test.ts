import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Driver } from '../../src/driver/driver.js';
import type { Step, StepKind } from '../../src/driver/step.js';
import type { UnitPlan } from '../../src/plan/plan.js';
import { conduct, type Journey } from './conduct.js';
import { blindRepeats, essence, strayLines } from './findings.js';
import { loneScenarios, type Scenario } from './scenario.js';

/** A step that fails by itself: whatever stood before it is to be taken back. */
const stop: StepKind = {
  kind: 'conformance-stop',
  version: 1,
  changes: false,
  probe: () => Promise.resolve({ answer: 'failed', why: 'stopped here on purpose' }),
  act: () => Promise.resolve({ kind: 'refused', why: 'nothing to do' }),
};

const stopStep: Step = {
  id: 'stop',
  kind: stop.kind,
  version: 1,
  phase: 'verify',
  title: 'stop here',
  params: {},
  commands: [],
  disrupts: 'nothing',
  pointOfNoReturn: false,
  expectedMs: 1000,
  maxMs: 1000,
  settleMs: 0,
};

const AFTERMATH_MS = 900_000;

function cutAfter(count: number): (plan: UnitPlan) => UnitPlan {
  return (plan) => ({ ...plan, steps: [...plan.steps.slice(0, count), stopStep] });
}

function withStop(driver: Driver): Driver {
  return { ...driver, stepKinds: [...driver.stepKinds, stop] };
}

function stepsOf({ inputs }: Scenario): readonly Step[] {
  return inputs.plan.body.units[0]?.steps ?? [];
}

describe.each(loneScenarios)('the rollback of %s', (_name, scenario) => {
  const { driver } = scenario.one;
  const unit = scenario.units[0] ?? '';
  const mask = (text: string) => driver.maskConfig(text);
  const points = [[0, 'nothing'] as const].concat(
    stepsOf(scenario).map((step, at) => [at + 1, step.id] as never),
  );
  const ofUnit = ({ stage }: Journey) => essence(stage.sim.deviceState(unit), mask);
  let untouched: ReturnType<typeof ofUnit>;

  beforeAll(async () => {
    const turn = { driver: withStop(driver), change: cutAfter(0) };
    untouched = ofUnit(await conduct(scenario, turn));
  });

  test.each(points)(
    'after %i steps, the last of them %s, brings the device back as it was',
    async (count) => {
      const journey = await conduct(scenario, {
        driver: withStop(driver),
        change: cutAfter(count),
      });
      const [outcome] = journey.outcomes;
      expect(outcome?.why).toContain('stopped here on purpose');
      expect(['reverted', 'dropped']).toContain(outcome?.ended);
      expect(outcome?.isTrue).toBe(true);
      const went = stepsOf(scenario).slice(0, count);
      const touches = went.some((step) => step.disrupts !== 'nothing');
      if (touches) expect(outcome?.ended).toBe('reverted');
      // A metric that is configured to hold for a while after every boot has its time.
      await journey.stage.sim.scheduler.advance(AFTERMATH_MS);
      expect(ofUnit(journey)).toEqual(untouched);
      expect(strayLines(journey)).toEqual([]);
      expect(blindRepeats(journey)).toEqual([]);
    },
  );
});
