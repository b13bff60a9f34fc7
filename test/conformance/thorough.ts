import type { Scenario } from './scenario.js';

/** `.ci/run` asks for everything: both sides of every append of the journal, every shape of every platform. */
export const IS_THOROUGH = process.env['NIGHTSHIFT_EVERY_BOUNDARY'] === '1';

type Named = readonly [name: string, scenario: Scenario];

/** The richest shape of each platform: its steps hold those of the simpler ones, member by member. */
export function deepest(all: readonly Named[]): readonly Named[] {
  if (IS_THOROUGH) return all;
  return [...new Map(all.map((each) => [each[1].one.id, each])).values()];
}
