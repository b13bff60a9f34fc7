import { describe, expect, test } from '@jest/globals';
import type { Journey } from './conduct.js';
import { killEverywhere, POINTS } from './killing.js';
import { loneScenarios } from './scenario.js';

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
      const killing = { scenario, turn: { faults }, from, ends: 'reverted' };
      const { wrong, deaths } = await killEverywhere(killing, point);
      expect(wrong).toEqual([]);
      expect(deaths).toBeGreaterThan(5);
    },
    60_000,
  );
});
