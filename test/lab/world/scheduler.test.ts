import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../../lab/world/random.js';
import { VirtualClock, VirtualScheduler } from '../../../lab/world/scheduler.js';
import { sleep } from '../../../src/ports/clock.js';

describe('the scheduler', () => {
  test('runs events by time, and those of one instant in the order in which they came', async () => {
    const scheduler = new VirtualScheduler(0);
    const ran: string[] = [];
    const times = [5, 3, 5, 1, 3, 5, 0, 1];
    times.forEach((at, index) => {
      scheduler.schedule(at, () => ran.push(`${at}:${index}`));
    });
    await scheduler.advance(10);
    expect(ran).toEqual(['0:6', '1:3', '1:7', '3:1', '3:4', '5:0', '5:2', '5:5']);
    expect(scheduler.nowMs()).toBe(10);
  });

  test('lets all that waits for an event go on before the next event', async () => {
    const scheduler = new VirtualScheduler(0);
    const clock = new VirtualClock(scheduler);
    const order: string[] = [];
    const worker = async (name: string) => {
      await sleep(clock, 10);
      order.push(`${name} woke`);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      order.push(`${name} went on`);
    };
    await scheduler.drain(Promise.all([worker('a'), worker('b')]));
    expect(order).toEqual(['a woke', 'a went on', 'b woke', 'b went on']);
  });

  test('does not run a timer that was taken back, nor let time pass for it', async () => {
    const scheduler = new VirtualScheduler(0);
    const clock = new VirtualClock(scheduler);
    let fired = false;
    const cancel = clock.timer(5000, () => {
      fired = true;
    });
    cancel();
    await scheduler.drain(sleep(clock, 10));
    expect(fired).toBe(false);
    expect(scheduler.nowMs()).toBe(10);
  });

  test('names a deadlock instead of waiting for ever', async () => {
    const scheduler = new VirtualScheduler(0);
    const never = new Promise<void>(() => {});
    await expect(scheduler.drain(never, { graceMs: 10 })).rejects.toThrow(/deadlock in the lab/);
  });

  test('stops at the limits of time and of events', async () => {
    const scheduler = new VirtualScheduler(0);
    const tick = () => {
      scheduler.schedule(1000, tick, 'tick');
    };
    tick();
    const never = new Promise<void>(() => {});
    await expect(scheduler.drain(never, { eventsMax: 50 })).rejects.toThrow(/more events/);
    await expect(scheduler.drain(never, { untilMs: 90_000 })).rejects.toThrow(/"tick" would come/);
  });

  test('holds virtual time while announced work outside is under way', async () => {
    const scheduler = new VirtualScheduler(0);
    const clock = new VirtualClock(scheduler);
    const real = new Promise<void>((resolve) => setTimeout(resolve, 20));
    let elapsedMs = 0;
    clock.timer(60_000, () => {
      elapsedMs = clock.now();
    });
    await scheduler.drain(scheduler.outside(real));
    expect(elapsedMs).toBe(0);
  });

  test('a killed clock fires nothing', async () => {
    const scheduler = new VirtualScheduler(0);
    const clock = new VirtualClock(scheduler);
    let fired = 0;
    clock.timer(10, () => (fired += 1));
    clock.kill();
    clock.timer(10, () => (fired += 1));
    await scheduler.advance(100);
    expect(fired).toBe(0);
  });
});

describe('chance', () => {
  const draw = (seed: string, purpose: string) => {
    const stream = createRandom(seed).stream(purpose);
    return Array.from({ length: 8 }, () => stream.below(1000));
  };

  test('is the same for a seed and purpose, and another for other ones', () => {
    expect(draw('a', 'x')).toEqual(draw('a', 'x'));
    expect(draw('a', 'x')).not.toEqual(draw('b', 'x'));
    expect(draw('a', 'x')).not.toEqual(draw('a', 'y'));
  });

  test('is spread evenly', () => {
    const stream = createRandom('a').stream('x');
    const counts = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 10_000; n += 1) {
      const bin = stream.below(10);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });
});
