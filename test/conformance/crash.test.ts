import { describe, expect, test } from '@jest/globals';
import { killEverywhere, POINTS } from './killing.js';
import { everyScenario } from './scenario.js';

describe.each(everyScenario)('an engine killed while it upgrades %s', (_name, scenario) => {
  test.each(POINTS)(
    'ends as if nothing had happened (%s, every boundary of the journal)',
    async (point) => {
      const killing = { scenario, turn: {}, from: () => 1, ends: 'done' };
      const { wrong, deaths } = await killEverywhere(killing, point);
      expect(wrong).toEqual([]);
      expect(deaths).toBeGreaterThan(30);
    },
    60_000,
  );
});
