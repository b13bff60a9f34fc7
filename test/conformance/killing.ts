import { expect } from '@jest/globals';
import { conduct, type Journey, type Turn } from './conduct.js';
import { findings } from './findings.js';
import type { Scenario } from './scenario.js';
import { IS_THOROUGH } from './thorough.js';

const POINTS = ['crash-before', 'crash-after'] as const;

export interface Killing {
  readonly scenario: Scenario;
  readonly turn: Turn;
  /** The first append of the journal at which the controller dies. */
  readonly from: (model: Journey) => number;
  readonly ends: string;
}

/**
 * Appends with something done to a device since the one before. Before any other append the devices are as they were
 * after its forerunner, and a death there is the same death.
 */
function afterDeeds(appends: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  let intents = 0;
  for (const [index, kinds] of appends.entries()) {
    if (intents > 0 || index === 0) found.add(index + 1);
    for (const kind of kinds.split(' ')) {
      if (kind === 'step-intent') intents += 1;
      if (kind === 'step-acted') intents -= 1;
    }
  }
  return found;
}

/**
 * Kills the controller before and after one append of the journal after the other; gives what went wrong, and how often
 * it died.
 */
export async function killEverywhere({
  scenario,
  turn,
  from,
  ends,
}: Killing): Promise<{ readonly wrong: readonly string[]; readonly deaths: number }> {
  const model = await conduct(scenario, turn);
  expect(model.outcomes.map((each) => [each.ended, each.isTrue])).toEqual(
    scenario.units.map(() => [ends, true]),
  );
  const wrong = [...findings(model, model)];
  let deaths = 0;
  const deeds = afterDeeds(model.appends);
  const crashes = model.appends
    .flatMap((_kinds, index) => POINTS.map((point) => ({ nth: index + 1, point })))
    .filter(({ nth }) => nth >= from(model))
    .filter(({ nth, point }) => point === 'crash-after' || IS_THOROUGH || deeds.has(nth));
  for (const crash of crashes) {
    const journey = await conduct(scenario, { ...turn, crash });
    const at = `${crash.point} append ${crash.nth} (${model.appends[crash.nth - 1] ?? ''}): `;
    if (!journey.crashed) wrong.push(`${at}nobody died`);
    deaths += 1;
    wrong.push(...findings(journey, model).map((each) => at + each));
  }
  return { wrong, deaths };
}
