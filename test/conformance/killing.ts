import { expect } from '@jest/globals';
import { conduct, type Journey, type Turn } from './conduct.js';
import { findings } from './findings.js';
import type { Scenario } from './scenario.js';

export const POINTS = ['crash-before', 'crash-after'] as const;

export interface Killing {
  readonly scenario: Scenario;
  readonly turn: Turn;
  /** The first append of the journal at which the controller dies. */
  readonly from: (model: Journey) => number;
  readonly ends: string;
}

/** Kills the controller at one boundary after the other; gives what went wrong, and how often it died. */
export async function killEverywhere(
  { scenario, turn, from, ends }: Killing,
  point: (typeof POINTS)[number],
): Promise<{ readonly wrong: readonly string[]; readonly deaths: number }> {
  const model = await conduct(scenario, turn);
  expect(model.outcomes.map((each) => [each.ended, each.isTrue])).toEqual(
    scenario.units.map(() => [ends, true]),
  );
  const wrong = [...findings(model, model)];
  let deaths = 0;
  for (let nth = from(model); nth <= model.appends.length; nth += 1) {
    const journey = await conduct(scenario, { ...turn, crash: { nth, point } });
    const at = `append ${nth} (${model.appends[nth - 1] ?? ''}): `;
    if (!journey.crashed) wrong.push(`${at}nobody died`);
    deaths += 1;
    wrong.push(...findings(journey, model).map((each) => at + each));
  }
  return { wrong, deaths };
}
