import type { Plan } from '../../src/plan/plan.js';
import type { Playbook } from '../../src/playbook/playbook.js';
import { configSamples, type ConfigSample } from './config-samples.js';
import type { Journey } from './conduct.js';
import { planOf, scenarios, type Scenario } from './scenario.js';

export interface ConfigScenario {
  readonly scenario: Scenario;
  readonly sample: ConfigSample;
}

/** What no unit passes: the change is to be taken back. */
const NEVER = { name: 'never true', that: 'after.cpu.percent > 100', withinMs: 0 };

interface Wish {
  /** A check after the change does not hold. */
  readonly fails?: boolean;
  /** The firmware is changed as well, before the configuration. */
  readonly firmware?: boolean;
}

function patching({ text }: ConfigSample, wish: Wish): (playbook: Playbook) => Playbook {
  const { fails = false, firmware: upgrades = false } = wish;
  return (playbook) => {
    const { firmware: _, ...without } = playbook;
    const rest = upgrades ? playbook : without;
    const after = fails ? [NEVER] : playbook.checks.after;
    return {
      ...rest,
      config: [{ name: 'sample', templates: [{ file: 'sample.hbs', text }], vars: {} }],
      checks: { ...playbook.checks, after },
    };
  };
}

/** The plan of a scenario's units with this patch, instead of an upgrade unless that is wished too. */
export async function planWith(
  inputs: Scenario['inputs'],
  sample: ConfigSample,
  wish: Wish = {},
): Promise<Plan> {
  const units = inputs.inventory.units.filter((each) => inputs.facts.has(each.id));
  return planOf(inputs, units, patching(sample, wish));
}

async function patched(scenario: Scenario, wish: Wish): Promise<ConfigScenario> {
  const sample = configSamples[scenario.one.id];
  if (!sample) throw new Error(`${scenario.one.id} has no sample patch in config-samples.ts`);
  const besides = sample.besides?.[scenario.shape] ?? '';
  const facts = new Map(
    [...scenario.inputs.facts].map(([unit, each]) => [
      unit,
      { ...each, config: each.config + besides },
    ]),
  );
  const inputs = { ...scenario.inputs, facts };
  const plan = await planWith(inputs, sample, wish);
  return { sample, scenario: { ...scenario, inputs: { ...inputs, plan } } };
}

const patchable = scenarios.filter(({ one }) => one.driver.config !== undefined);

async function all(wish: Wish) {
  return Promise.all(
    patchable.map(async (each) => [each.name, await patched(each, wish)] as const),
  );
}

/** Every shape of every platform that can be patched; and the same with a check that takes the patch back. */
export const confirmed = await all({});
export const takenBack = await all({ fails: true });
/** With new firmware before the patch. */
export const withFirmware = await all({ firmware: true });
export const firmwareTakenBack = await all({ firmware: true, fails: true });

/** Of each unit: does it run with the patch, and would it boot with it? From the lab's own knowledge. */
export function withPatch(journey: Journey, { word }: ConfigSample): readonly string[] {
  return journey.scenario.units.map((unit) => {
    const { runningConfig, startupConfig } = journey.stage.sim.deviceState(unit);
    const has = (text: string) => (text.includes(word) ? 'with' : 'without');
    return `runs ${has(runningConfig)}, boots ${has(startupConfig)}`;
  });
}
