import { describe, expect, test } from '@jest/globals';
import { parseSince } from '../../src/cli/since.js';

const NOW = Date.parse('2027-01-10T12:00Z');

describe('--since', () => {
  test.each([
    ['7d', '2027-01-03T12:00:00.000Z'],
    ['12h', '2027-01-10T00:00:00.000Z'],
    ['PT30M', '2027-01-10T11:30:00.000Z'],
    ['2027-01-09', '2027-01-09T00:00:00.000Z'],
    ['2027-01-09T22:00', '2027-01-09T22:00:00.000Z'],
    ['2027-01-09T22:00+01:00', '2027-01-09T21:00:00.000Z'],
  ])('reads %s', (text, instant) => {
    expect(new Date(parseSince(text, NOW)).toISOString()).toBe(instant);
  });

  test.each(['yesterday', '7', '2027-13-01', 'P', ''])(
    'refuses %p and shows what it takes',
    (text) => {
      expect(() => parseSince(text, NOW)).toThrow('no such time');
    },
  );
});
