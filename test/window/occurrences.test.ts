import { describe, expect, test } from '@jest/globals';
import type { Freeze, WindowRule } from '../../src/inventory/inventory.js';
import { localTime, occurrencesAt, utcTime } from '../../src/window/occurrences.js';

const sites = [
  { name: 'ber', timeZone: 'Europe/Berlin', windows: [] },
  { name: 'nyc', timeZone: 'America/New_York', windows: [] },
];
const weekly = (change: Partial<Extract<WindowRule, { kind: 'recurring' }>> = {}): WindowRule => ({
  kind: 'recurring',
  name: 'weekend',
  rrule: 'FREQ=WEEKLY;BYDAY=SU',
  at: '02:30',
  durationMs: 4 * 3_600_000,
  dst: 'skip',
  ...change,
});
const at = (text: string) => Date.parse(text);
const ahead = (from: string, count = 4) => ({
  fromMs: at(from),
  untilMs: at(from) + 60 * 86_400_000,
  count,
});
const starts = (rule: WindowRule, site: string, from: string, freezes: readonly Freeze[] = []) =>
  occurrencesAt({ windows: [rule], freezes, sites }, site, [rule.name], ahead(from)).map((each) => [
    utcTime(each.startMs),
    localTime(each.startMs, each.timeZone),
  ]);

describe('recurring windows', () => {
  test('keep the wall time of their site when the clocks change', () => {
    expect(starts(weekly({ at: '22:00' }), 'ber', '2027-03-20T00:00Z').slice(0, 2)).toEqual([
      ['2027-03-21 21:00Z', '2027-03-21 22:00 +01:00'],
      ['2027-03-28 20:00Z', '2027-03-28 22:00 +02:00'],
    ]);
  });

  test('leave out a start that the clocks skip, with dst: skip', () => {
    const found = starts(weekly(), 'ber', '2027-03-20T00:00Z').map((each) => each[0]);
    expect(found.slice(0, 2)).toEqual(['2027-03-21 01:30Z', '2027-04-04 00:30Z']);
  });

  test('move a start that the clocks skip, with dst: shift, and say so', () => {
    const rule = weekly({ dst: 'shift' });
    const [, shifted] = occurrencesAt(
      { windows: [rule], freezes: [], sites },
      'ber',
      ['weekend'],
      ahead('2027-03-20T00:00Z'),
    );
    expect(shifted && utcTime(shifted.startMs)).toBe('2027-03-28 01:30Z');
    expect(shifted?.notes.join()).toContain('shifted to 03:30');
  });

  test('refuse a start that the clocks skip, with dst: fail', () => {
    expect(() => starts(weekly({ dst: 'fail' }), 'ber', '2027-03-20T00:00Z')).toThrow(
      'does not exist in Europe/Berlin',
    );
  });

  test('say that the clocks change inside them', () => {
    const rule = weekly({ at: '23:00', rrule: 'FREQ=WEEKLY;BYDAY=SA' });
    const found = occurrencesAt(
      { windows: [rule], freezes: [], sites },
      'ber',
      ['weekend'],
      ahead('2027-03-25T00:00Z', 1),
    );
    expect(found[0]?.notes.join()).toContain('ends at 04:00 local time');
  });

  test('take the first of the two times that an hour has in autumn', () => {
    const [first] = starts(weekly({ at: '02:30' }), 'ber', '2027-10-30T00:00Z');
    expect(first).toEqual(['2027-10-31 00:30Z', '2027-10-31 02:30 +02:00']);
  });

  test('include one that is open already', () => {
    const found = starts(weekly({ at: '22:00' }), 'nyc', '2026-11-23T04:00Z');
    expect(found[0]).toEqual(['2026-11-23 03:00Z', '2026-11-22 22:00 -05:00']);
  });

  test('name themselves when their rule cannot be read', () => {
    expect(() => starts(weekly({ rrule: 'FREQ=SOMETIMES' }), 'ber', '2027-03-20T00:00Z')).toThrow(
      'window weekend',
    );
  });
});

describe('freezes', () => {
  const rule: WindowRule = {
    kind: 'once',
    name: 'night',
    startMs: at('2027-01-01T20:00Z'),
    endMs: at('2027-01-02T04:00Z'),
  };
  const freeze = (from: string, to: string, where: readonly string[] = []): Freeze => ({
    name: 'sale',
    startMs: at(from),
    endMs: at(to),
    sites: where,
    reason: 'winter sale',
  });
  const left = (each: Freeze, site = 'ber') =>
    occurrencesAt(
      { windows: [rule], freezes: [each], sites },
      site,
      ['night'],
      ahead('2027-01-01T00:00Z'),
    ).map((one) => `${utcTime(one.startMs).slice(11)}-${utcTime(one.endMs).slice(11)}`);

  test('win over a window that they cover', () => {
    expect(left(freeze('2027-01-01T00:00Z', '2027-02-01T00:00Z'))).toEqual([]);
  });

  test('cut a window in two', () => {
    expect(left(freeze('2027-01-01T22:00Z', '2027-01-01T23:00Z'))).toEqual([
      '20:00Z-22:00Z',
      '23:00Z-04:00Z',
    ]);
  });

  test('of another site change nothing', () => {
    expect(left(freeze('2027-01-01T00:00Z', '2027-02-01T00:00Z', ['nyc']))).toEqual([
      '20:00Z-04:00Z',
    ]);
  });
});
