import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDurationMs } from '../../src/kernel/duration.js';

describe('an ISO 8601 duration', () => {
  test.each([
    ['PT30M', 1_800_000],
    ['P2D', 172_800_000],
    ['P1DT2H3M4.5S', 93_784_500],
    ['PT0S', 0],
    ['PT0.001S', 1],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  test.each([
    '',
    'P',
    'PT',
    'P1DT',
    '30M',
    'P1Y',
    'P1M',
    'PT1H30',
    'pt1h',
    'PT-1H',
    ' PT1H',
    'P1W',
  ])('is refused when it reads %p', (text) => {
    expect(parseDurationMs(text)).toBeUndefined();
  });

  test('never throws and never gives less than nothing, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = parseDurationMs(text);
        expect(ms === undefined || ms >= 0).toBe(true);
      }),
    );
  });

  test('is the sum of its parts', () => {
    const part = fc.nat(999);
    fc.assert(
      fc.property(part, part, part, part, (d, h, m, s) => {
        const ms = ((d * 24 + h) * 60 + m) * 60_000 + s * 1000;
        expect(parseDurationMs(`P${d}DT${h}H${m}M${s}S`)).toBe(ms);
      }),
    );
  });
});

describe('a duration for people', () => {
  test.each([
    [0, '0.0s'],
    [400, '0.4s'],
    [12_000, '12s'],
    [200_000, '3m 20s'],
    [3_600_000, '1h'],
    [3_900_000, '1h 5m'],
    [172_800_000, '48h'],
    [-200_000, '-3m 20s'],
    [999, '1.0s'],
    [59_999, '1m'],
  ])('of %d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
