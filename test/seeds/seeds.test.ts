import { beforeAll, describe, expect, test } from '@jest/globals';
import { drawNight } from '../../lab/seeds/draw.js';
import { playNights } from '../../lab/seeds/campaign.js';
import { playNight } from '../../lab/seeds/play.js';
import { createSystemClock } from '../../src/adapters/system-clock.js';
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

describe('a campaign', () => {
  const never = new AbortController().signal;
  const play = (first: number, count: number, stop = never) => {
    const { plan, inventory, drivers, personalities, facts } = network;
    const inputs = { plan, inventory, drivers, personalities, facts };
    return playNights(inputs, { seed: 'batch', first, count, stop, clock: createSystemClock() });
  };

  test('gives the same in whatever batches', async () => {
    const [whole, first, rest] = [await play(0, 6), await play(0, 2), await play(2, 4)];
    expect(whole.played).toBe(6);
    for (const key of ['deaths', 'resumed', 'events', 'virtualMs'] as const) {
      expect(first[key] + rest[key]).toBe(whole[key]);
    }
    const count = (all: typeof whole) => all.struck.reduce((sum, each) => sum + each.times, 0);
    expect(count(first) + count(rest)).toBe(count(whole));
    expect(count(whole)).toBeGreaterThan(0);
  });

  test('hears between two nights that it is to stop', async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    const { played } = await play(0, 50, stop.signal);
    expect(played).toBeGreaterThan(0);
    expect(played).toBeLessThan(50);
  });
});
