import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../src/kernel/fault.js';
import type { FaultCode } from '../../src/kernel/fault-codes.js';
import { unitId } from '../../src/kernel/id.js';
import { judgeAway } from '../../src/run/away.js';
import { queuedUnit } from '../../src/run/state.js';
import { MINUTE_MS, stepOf, T0 } from './plan-of.js';

const reload = stepOf('reload', 'activate', { maxMs: 30 * MINUTE_MS });
const drain = stepOf('drain', 'drain', { maxMs: MINUTE_MS });

function verdict(
  code: FaultCode,
  minutes: number,
  about: {
    touched?: boolean;
    step?: typeof reload;
    mend?: string;
    retry?: 'safe' | 'never';
    heardAtMs?: number;
  } = {},
): string {
  const { touched = true, step = reload, mend, retry = 'safe', heardAtMs = 0 } = about;
  const fault = new Fault(code, 'away', { retry, ...(mend === undefined ? {} : { mend }) });
  const unit = { ...queuedUnit(unitId('a')), touched, stepSinceMs: T0 };
  return judgeAway({ unit, step, fault, nowMs: T0 + minutes * MINUTE_MS, heardAtMs }).kind;
}

describe('a unit that cannot be asked', () => {
  test.each<[FaultCode, number, string]>([
    ['unreachable', 29, 'again'],
    ['unreachable', 30, 'lost'],
    ['jump-host-unreachable', 29, 'again'],
    ['jump-host-unreachable', 30, 'held'],
    ['login-question', 0, 'held'],
    ['no-prompt', 29, 'again'],
    ['no-prompt', 30, 'held'],
    ['garbled-answer', 30, 'held'],
    ['host-key-changed', 0, 'held'],
    ['host-key-unknown', 0, 'held'],
    ['secret-unavailable', 0, 'held'],
    ['unknown-dialog', 0, 'held'],
    ['auth-refused', 32, 'again'],
    ['auth-refused', 33, 'held'],
  ])('in the middle of its reload, by %s after %d min, is judged: %s', (code, minutes, wanted) => {
    expect(verdict(code, minutes)).toBe(wanted);
  });

  test.each([
    [9, 'again'],
    [10, 'lost'],
  ])('is given ten minutes however short its step: after %d %s', (minutes, wanted) => {
    expect(verdict('unreachable', minutes, { step: drain })).toBe(wanted);
  });

  test.each([
    [9, 'again'],
    [10, 'lost'],
  ])('and answered in between is lost %d min after its last word: %s', (minutes, wanted) => {
    const heardAtMs = T0 + 60 * MINUTE_MS;
    expect(verdict('unreachable', 60 + minutes, { heardAtMs })).toBe(wanted);
  });

  test('by a refused login outside a return is held at once', () => {
    expect(verdict('auth-refused', 0, { step: drain })).toBe('held');
  });

  test('by a login that the budget forbids is held at once', () => {
    expect(verdict('auth-refused', 0, { mend: 'mend the account' })).toBe('held');
  });

  test('before anything was changed on it is dropped after two minutes, or at once', () => {
    expect(verdict('unreachable', 1, { touched: false })).toBe('again');
    expect(verdict('unreachable', 2, { touched: false })).toBe('dropped');
    expect(verdict('host-key-changed', 0, { touched: false, retry: 'never' })).toBe('dropped');
  });
});
