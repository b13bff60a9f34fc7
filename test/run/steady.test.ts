import { expect, test } from '@jest/globals';
import { stayedUp, staysUp } from '../../src/run/steady.js';
import { MINUTE_MS, T0 } from './plan-of.js';

const uptime = (minutes: number, atMinutes = 60) => ({
  uptimeMs: minutes * MINUTE_MS,
  atMs: T0 + atMinutes * MINUTE_MS,
});

test('a device is believed once it has been up for three minutes, or where it never tells', () => {
  expect([2, 3].map((each) => staysUp(uptime(each)).kind)).toEqual(['failed', 'passed']);
  expect(staysUp(undefined).kind).toBe('passed');
});

test('a device that booted after it was passed has restarted by itself', () => {
  const passedAtMs = T0 + 10 * MINUTE_MS;
  expect(stayedUp(passedAtMs, uptime(47))).toMatchObject({
    why: 'it restarted by itself, 47 min ago',
  });
  expect(stayedUp(passedAtMs, uptime(48)).kind).toBe('passed');
  expect(stayedUp(passedAtMs, uptime(600)).kind).toBe('passed');
  expect(stayedUp(passedAtMs, undefined).kind).toBe('passed');
});
