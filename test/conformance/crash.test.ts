import { describe, expect, test } from '@jest/globals';
import { killEverywhere } from './killing.js';
import { everyScenario } from './scenario.js';
import { deepest } from './thorough.js';

describe.each(deepest(everyScenario))(
  'an engine killed while it upgrades %s',
  (_name, scenario) => {
    test('ends as if nothing had happened, at every boundary of the journal', async () => {
      const killing = { scenario, turn: {}, from: () => 1, ends: 'done' };
      const { wrong, deaths } = await killEverywhere(killing);
      expect(wrong).toEqual([]);
      expect(deaths).toBeGreaterThan(30);
    }, 120_000);
  },
);
