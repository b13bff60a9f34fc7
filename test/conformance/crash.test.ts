import { describe, expect, test } from '@jest/globals';
import { conduct, type Journey, type Turn } from './conduct.js';
import { findings } from './findings.js';
import { everyScenario, loneScenarios, type Scenario } from './scenario.js';

const POINTS = ['crash-before', 'crash-after'] as const;

interface Killing {
  readonly scenario: Scenario;
  readonly turn: Turn;
  /** The first append of the journal at which the controller dies. */
  readonly from: (model: Journey) => number;
  /** Only so many appends on: 1 is every one. */
  readonly stride: number;
  readonly ends: string;
}

/** Kills the controller at one boundary after the other; gives what went wrong, and how often it died. */
async function killEverywhere(
  { scenario, turn, from, stride, ends }: Killing,
  point: (typeof POINTS)[number],
): Promise<{ readonly wrong: readonly string[]; readonly deaths: number }> {
  const model = await conduct(scenario, turn);
  expect(model.outcomes.map((each) => [each.ended, each.isTrue])).toEqual(
    scenario.units.map(() => [ends, true]),
  );
  const wrong = [...findings(model, model)];
  let deaths = 0;
  for (let nth = from(model); nth <= model.appends.length; nth += stride) {
    const journey = await conduct(scenario, { ...turn, crash: { nth, point } });
    const at = `append ${nth} (${model.appends[nth - 1] ?? ''}): `;
    if (!journey.crashed) wrong.push(`${at}nobody died`);
    deaths += 1;
    wrong.push(...findings(journey, model).map((each) => at + each));
  }
  return { wrong, deaths };
}

describe.each(everyScenario)('an engine killed while it upgrades %s', (_name, scenario) => {
  test.each(POINTS)(
    'ends as if nothing had happened (%s, every boundary of the journal)',
    async (point) => {
      const stride = scenario.units.length;
      const killing = { scenario, turn: {}, from: () => 1, stride, ends: 'done' };
      const { wrong, deaths } = await killEverywhere(killing, point);
      expect(wrong).toEqual([]);
      expect(deaths).toBeGreaterThan(30);
    },
    60_000,
  );
});

describe.each(loneScenarios)('an engine killed while it takes %s back', (_name, scenario) => {
  const cases = ['boots-old-image', 'neighbour-missing'].flatMap((fault) =>
    POINTS.map((point) => [fault, point] as const),
  );

  test.each(cases)(
    'ends as if nothing had happened (%s, %s)',
    async (fault, point) => {
      const faults = scenario.units.map((device) => ({ fault, device }));
      const from = (model: Journey) =>
        model.appends.findIndex((kinds) => kinds.includes('rollback-started')) + 1;
      const killing = { scenario, turn: { faults }, from, stride: 1, ends: 'reverted' };
      const { wrong, deaths } = await killEverywhere(killing, point);
      expect(wrong).toEqual([]);
      expect(deaths).toBeGreaterThan(5);
    },
    60_000,
  );
});
