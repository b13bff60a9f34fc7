import { beforeAll, describe, expect, test } from '@jest/globals';
import { drawNight } from '../../lab/seeds/draw.js';
import { playNights } from '../../lab/seeds/campaign.js';
import { playNight } from '../../lab/seeds/play.js';
import { proofNetwork } from '../../lab/seeds/proof-network.js';
import { createApp } from '../../src/app.js';
import { driverLoaders } from '../../src/driver-loaders.js';
import type { Plan } from '../../src/plan/plan.js';
import type { World } from '../../src/ports/world.js';
import { createNodeFiles } from '../../src/adapters/node-files.js';
import { createSystemClock } from '../../src/adapters/system-clock.js';
import { IS_THOROUGH } from '../conformance/thorough.js';
import { labNetwork, labPlaybook, type LabNetwork } from '../rehearse/network.js';

let network: LabNetwork;

beforeAll(async () => {
  const strategy = { ...labPlaybook().strategy, stopAfterFailures: 2 };
  network = await labNetwork({ playbook: labPlaybook({ strategy }) });
});

const never = new AbortController().signal;

/** Is a window of the plan open while its site's clocks change? */
function clocksChange({ body }: Plan): boolean {
  const hourIn = (timeZone: string, atMs: number) =>
    Number(
      new Intl.DateTimeFormat('en', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(atMs),
    );
  return body.units.some(({ windows }) =>
    windows.some(({ startMs, endMs, timeZone }) => {
      const passedHours = (endMs - startMs) / 3_600_000;
      const shown = (hourIn(timeZone, endMs) - hourIn(timeZone, startMs) + 24) % 24;
      return shown !== passedHours;
    }),
  );
}

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

describe('the network of the proof', () => {
  const app = createApp({ files: createNodeFiles() } as World, driverLoaders);

  test('is planned whole, for a plain week-end and for both in which the clocks change', async () => {
    const plans = await proofNetwork(app);
    const zones = plans.map(({ plan: { body } }) => {
      expect(body.leftOut).toEqual([]);
      expect(body.units).toHaveLength(20);
      const [window] = body.units[0]?.windows ?? [];
      return (window?.endMs ?? 0) - (window?.startMs ?? 0);
    });
    const HOUR_MS = 3_600_000;
    expect(plans).toHaveLength(3);
    expect(zones).toEqual([10 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS]);
    expect(plans.map(({ plan }) => clocksChange(plan))).toEqual([false, true, true]);
  });

  test('is played without a violation', async () => {
    const request = { seed: 'proof', first: 0, count: 6, stop: never, clock: createSystemClock() };
    const { violations, played, endings } = await playNights(await proofNetwork(app), request);
    expect(violations).toEqual([]);
    expect(played).toBe(6);
    expect(endings['done']).toBeGreaterThan(0);
  });
});

describe('a campaign', () => {
  const play = (first: number, count: number, stop = never) => {
    const { plan, inventory, drivers, personalities, facts } = network;
    const inputs = { plan, inventory, drivers, personalities, facts };
    return playNights([inputs], { seed: 'batch', first, count, stop, clock: createSystemClock() });
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
