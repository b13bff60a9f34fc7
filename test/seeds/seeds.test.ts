import { beforeAll, describe, expect, test } from '@jest/globals';
import { drawNight } from '../../lab/seeds/draw.js';
import { playNight } from '../../lab/seeds/play.js';
import { IS_THOROUGH } from '../conformance/thorough.js';
import { labNetwork, labPlaybook, type LabNetwork } from '../rehearse/network.js';

let network: LabNetwork;

beforeAll(async () => {
  const strategy = { ...labPlaybook().strategy, stopAfterFailures: 2 };
  network = await labNetwork({ playbook: labPlaybook({ strategy }) });
});

const COUNT = IS_THOROUGH ? 500 : 50;

describe('drawn nights', () => {
  test('violate nothing, and the same seed gives the same night', async () => {
    const wrong: string[] = [];
    let deaths = 0;
    const struck = new Set<string>();
    for (let index = 0; index < COUNT; index += 1) {
      const drawn = drawNight(network.plan, network.inventory, `seed-${index}`);
      const first = await playNight(network, drawn);
      const second = await playNight(network, drawn);
      for (const { invariant, why } of first.violations) {
        wrong.push(`${drawn.seed} ${invariant}: ${why}`);
      }
      if (first.logDigest !== second.logDigest) wrong.push(`${drawn.seed}: two logs`);
      deaths += first.deaths;
      for (const { fault } of first.struck) struck.add(fault);
    }
    expect(wrong).toEqual([]);
    expect(deaths).toBeGreaterThan(COUNT / 4);
    expect(struck.size).toBeGreaterThan(8);
  }, 590_000);
});
