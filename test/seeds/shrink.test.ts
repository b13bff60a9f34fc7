import { describe, expect, test } from '@jest/globals';
import { quietNight, type DrawnNight } from '../../lab/seeds/draw.js';
import type { NightResult } from '../../lab/seeds/play.js';
import { eventsOf, nightWith, shrinkNight } from '../../lab/seeds/shrink.js';
import { FakeTime } from '../session/fake-time.js';

const night: DrawnNight = {
  ...quietNight('long'),
  faults: ['a', 'b', 'c', 'd'].map((device) => ({ fault: 'slow-boot', device, nth: 1 })),
  crashes: [1, 2, 3].map((nth) => ({ nth, point: 'crash-before' })),
  requests: [{ kind: 'pause', afterMs: 60_000 }],
  mishaps: [
    { kind: 'full-disk', nth: 9 },
    { kind: 'late', byMs: 3_600_000 },
  ],
};

/** An engine that breaks a rule when all of these happen. */
function broken(needed: (night: DrawnNight) => boolean, tookMs = 0) {
  const clock = new FakeTime();
  const play = async (given: DrawnNight) => {
    clock.timer(tookMs, () => undefined);
    clock.next();
    const why = { invariant: needed(given) ? 'window' : 'stop', why: '', atMs: 0 };
    return { violations: [why] } as unknown as NightResult;
  };
  return { night, invariant: 'window', play, clock, limitMs: 60_000 };
}

const onlyBAndDisk = ({ faults, mishaps }: DrawnNight) =>
  faults.some((each) => each.device === 'b') && mishaps.some((each) => each.kind === 'full-disk');

describe('a night that breaks a rule', () => {
  test('is shrunk to what it takes, and nothing less', async () => {
    const { left, isWhole } = await shrinkNight(broken(onlyBAndDisk));
    expect(left).toEqual([2, 9]);
    expect(isWhole).toBe(true);
    const words = eventsOf(night);
    expect(left.map((each) => words[each - 1])).toEqual([
      'slow-boot strikes b, moment 1',
      'the disk is full at append 9 of the journal',
    ]);
  });

  test('is shrunk to nothing when it breaks it without any event', async () => {
    expect((await shrinkNight(broken(() => true))).left).toEqual([]);
  });

  test('keeps what a broken rule needs when the time is over', async () => {
    const request = broken(onlyBAndDisk, 40_000);
    const { left, isWhole, played } = await shrinkNight(request);
    expect(isWhole).toBe(false);
    expect(played).toBe(2);
    expect(left).toEqual(expect.arrayContaining([2, 9]));
  });

  test('is the same night with all its events', () => {
    const all = eventsOf(night).map((_each, index) => index + 1);
    expect(nightWith(night, all)).toEqual(night);
    expect(nightWith(night, [])).toEqual(quietNight('long'));
  });
});
