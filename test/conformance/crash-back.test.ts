import { describe, expect, test } from '@jest/globals';
import type { Journey } from './conduct.js';
import { killEverywhere } from './killing.js';
import { loneScenarios } from './scenario.js';
import { deepest } from './thorough.js';

describe.each(deepest(loneScenarios))(
  'an engine killed while it takes %s back',
  (_name, scenario) => {
    test.each(['boots-old-image', 'neighbour-missing'])(
      'ends as if nothing had happened (%s)',
      async (fault) => {
        const faults = scenario.units.map((device) => ({ fault, device }));
        const from = (model: Journey) =>
          model.appends.findIndex((kinds) => kinds.includes('rollback-started')) + 1;
        const killing = { scenario, turn: { faults }, from, ends: 'reverted' };
        const { wrong, deaths } = await killEverywhere(killing);
        expect(wrong).toEqual([]);
        expect(deaths).toBeGreaterThan(5);
      },
      120_000,
    );
  },
);
