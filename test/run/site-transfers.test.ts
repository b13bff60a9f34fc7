import { describe, expect, test } from '@jest/globals';
import type { Site } from '../../src/inventory/inventory.js';
import { siteTransfers, tokenBucket } from '../../src/run/site-transfers.js';
import { VirtualClock, VirtualScheduler } from '../../lab/world/scheduler.js';

function ground(transfer?: Site['transfer']) {
  const scheduler = new VirtualScheduler(0);
  const clock = new VirtualClock(scheduler);
  const site: Site = { name: 'ams', timeZone: 'UTC', windows: [], ...(transfer && { transfer }) };
  return { scheduler, clock, of: siteTransfers({ sites: [site] }, clock) };
}

describe('the transfers to a site', () => {
  test('share their bandwidth, whatever the size of their pieces', async () => {
    const { scheduler, clock } = ground();
    const bucket = tokenBucket(clock, 1000);
    const send = async (pieces: number, bytes: number) => {
      for (let at = 0; at < pieces; at += 1) await bucket.take(bytes);
    };
    await scheduler.drain(Promise.all([send(100, 100), send(2, 5000)]));
    expect(clock.monotonicMs()).toBeGreaterThan(14_000);
    expect(clock.monotonicMs()).toBeLessThan(21_000);
  });

  test('do not save up more than a moment of silence', async () => {
    const { scheduler, clock } = ground();
    const bucket = tokenBucket(clock, 1000);
    await scheduler.advance(3_600_000);
    const sinceMs = clock.monotonicMs();
    for (let at = 0; at < 30; at += 1) await scheduler.drain(bucket.take(100));
    expect(clock.monotonicMs() - sinceMs).toBeGreaterThan(2000);
  });

  test('wait for a place in the order in which they came', async () => {
    const { of } = ground({ parallel: 2 });
    const site = of('ams');
    const order: string[] = [];
    const first = await site.place();
    const second = await site.place();
    const third = site.place().then((leave) => [order.push('third'), leave] as const);
    const fourth = site.place().then(() => order.push('fourth'));
    await Promise.resolve();
    expect(order).toEqual([]);
    first();
    first();
    const [, leave] = await third;
    expect(order).toEqual(['third']);
    second();
    await fourth;
    leave();
    expect(order).toEqual(['third', 'fourth']);
  });

  test('have no limit where none is set, and the same limits for all who ask', () => {
    const { of } = ground({ bytesPerSecond: 1000 });
    expect(of('ams')).toBe(of('ams'));
    expect(of('ams').worstMs(5000)).toBe(5000);
    expect(of('elsewhere').pace).toBeUndefined();
    expect(of('elsewhere').worstMs(5000)).toBe(0);
  });
});
