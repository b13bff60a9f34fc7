import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestOf } from '../../src/kernel/digest.js';
import { configLoss, isLost } from '../../src/run/config-loss.js';
import { driftOf } from '../../src/run/drift.js';
import { unitPlanOf } from './plan-of.js';

const plan = unitPlanOf('a');
const { material, basis } = plan;

describe('drift', () => {
  test('is none when all is as it was planned', () => {
    expect(driftOf(plan, { material, basis })).toBeUndefined();
  });

  test.each([
    ['platform', { platform: 'x' }, 'platform was test, is x'],
    ['model', { model: 'T2' }, 'model was T1, is T2'],
    ['serials', { serials: ['a', 'b'] }, 'serials was a, is a, b'],
    ['running version', { runningVersion: '3' }, 'running version was 1.0, is 3'],
    ['next boot', { nextBoot: '' }, 'next boot was old.bin, is none'],
    ['host key', { hostKey: 'k2' }, 'host key was key, is k2'],
    ['config', { configDigest: 'c2' }, 'the running config was changed'],
  ])('of the %s is told in words', (_what, change, why) => {
    const now = { material: { ...material, ...change }, basis };
    expect(driftOf(plan, now)).toBe(`no longer what was approved: ${why}`);
  });

  test('of a role is told, unless this run has changed another of the group', () => {
    const planned = { ...plan, material: { ...material, role: 'secondary' } };
    const now = { material: { ...material, role: 'primary' }, basis };
    const why = 'role in its redundancy group was secondary, is primary';
    expect(driftOf(planned, now)).toBe(`no longer what was approved: ${why}`);
    expect(driftOf(planned, { ...now, isMateChanged: true })).toBeUndefined();
    expect(driftOf(plan, now)).toBeUndefined();
  });

  test('of the inventory entries is told, and several changes together', () => {
    const now = { material: { ...material, model: 'T2' }, basis: digestOf('edited') };
    expect(driftOf(plan, now)).toMatch(/model was T1.*; its image, windows, freezes/);
  });
});

describe('a configuration after the change', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, each) => `line ${each}`);

  test.each([
    [20, false],
    [21, true],
    [100, true],
  ])('with %d of 100 lines gone is lost: %s', (gone, lost) => {
    const loss = configLoss(lines(100).join('\n'), lines(100).slice(gone).join('\n'));
    expect(loss.gone).toHaveLength(gone);
    expect(isLost(loss)).toBe(lost);
  });

  test('counts a line as often as it stands there', () => {
    const loss = configLoss('exit\nexit\nexit', 'exit');
    expect(loss).toEqual({ before: 3, gone: ['exit', 'exit'], added: [] });
  });

  test('is whole when only the order, blank lines or trailing blanks changed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', ' c', 'exit')), (drawn) => {
        const after = drawn.toReversed().map((each) => `${each}  \n`);
        const loss = configLoss(drawn.join('\n'), after.join('\n'));
        expect(loss).toEqual({ before: drawn.length, gone: [], added: [] });
      }),
    );
  });

  test('that was empty before cannot be lost', () => {
    expect(isLost(configLoss('', 'a'))).toBe(false);
  });
});
