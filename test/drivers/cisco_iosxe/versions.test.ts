import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { versions } from '../../../drivers/cisco_iosxe/versions.js';

const normal = (text: string) => versions.parse(text)?.normal;

function order(a: string, b: string): number | undefined {
  const [left, right] = [versions.parse(a), versions.parse(b)];
  if (!left || !right) throw new Error(`not a version: ${a} or ${b}`);
  return versions.compare(left, right);
}

const modern = fc
  .tuple(
    fc.integer({ min: 16, max: 26 }),
    fc.integer({ min: 1, max: 18 }),
    fc.integer({ min: 1, max: 12 }),
    fc.constantFrom('', '', '', 'a', 'b', 'w', 'z1', 'z2'),
  )
  .map(([major, minor, maintenance, rebuild]) => `${major}.${minor}.${maintenance}${rebuild}`);
const classic = fc
  .tuple(
    fc.integer({ min: 2, max: 18 }),
    fc.integer({ min: 0, max: 12 }),
    fc.constantFrom('', 'a', 'b'),
    fc.constantFrom('S', 'E', 'SE', 'SG'),
  )
  .map(([minor, maintenance, rebuild, train]) => `3.${minor}.${maintenance}${rebuild}${train}`);
const release = fc.oneof(modern, classic);

describe('parse', () => {
  test.each([
    ['17.12.4', '17.12.4'],
    ['17.12.04', '17.12.4'],
    ['17.09.04a', '17.9.4a'],
    ['17.09.04a.0.6', '17.9.4a'],
    ['16.6.6.0', '16.6.6'],
    ['16.12.5b', '16.12.5b'],
    ['17.3.1w', '17.3.1w'],
    ['03.16.05.S', '3.16.5S'],
    ['3.16.5S', '3.16.5S'],
    ['03.07.04a.S', '3.7.4aS'],
    ['03.06.07E', '3.6.7E'],
    ['03.03.02.SG', '3.3.2SG'],
    ['17.03.03 - SMU-PATCHED', '17.3.3'],
    ['17.03.03.CSCvz54210', '17.3.3.CSCvz54210'],
  ])('%s is %s', (text, expected) => {
    expect(normal(text)).toBe(expected);
  });

  test.each([
    '',
    'BLD_POLARIS_DEV',
    '15.2(7)E4',
    '9.3(8)',
    '4.28.3M',
    '17.19.20250425:045711',
    '17.3',
  ])('%j is no release', (text) => {
    expect(normal(text)).toBeUndefined();
  });

  test('never throws and is stable on its own normal form', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), release), (text) => {
        const version = versions.parse(text);
        if (version) expect(normal(version.normal)).toBe(version.normal);
      }),
    );
  });

  test('padding makes no difference', () => {
    fc.assert(
      fc.property(modern, (text) => {
        const padded = text.replace(/\.(\d)(?=\D|$)/g, '.0$1');
        expect(normal(padded)).toBe(text);
      }),
    );
  });
});

describe('compare', () => {
  test.each([
    ['16.9.8', '16.12.1'],
    ['17.9.4a', '17.9.5'],
    ['17.9.4', '17.9.4a'],
    ['17.9.5', '17.12.1'],
    ['16.12.10a', '17.03.01'],
    ['3.16.9S', '3.16.10S'],
    ['3.7.4S', '3.7.4aS'],
    ['3.7.0E', '3.10.0cE'],
    ['3.16.5S', '16.3.1'],
    ['17.3.3', '17.03.03.CSCvz54210'],
    ['17.12.1z1', '17.12.1z2'],
  ])('%s is before %s', (low, high) => {
    expect(order(low, high)).toBeLessThan(0);
  });

  test.each([
    ['3.16.10S', '3.11.5E'],
    ['17.9.4a', '17.6.6a'],
    ['17.3.1w', '17.3.2'],
    ['17.3.3.CSCvz54210', '17.3.3.CSCwc80043'],
  ])('%s and %s have no order', (a, b) => {
    expect(order(a, b)).toBeUndefined();
  });

  test('is antisymmetric, and zero only for equal normal forms', () => {
    fc.assert(
      fc.property(release, release, (a, b) => {
        const [there, back] = [order(a, b), order(b, a)];
        expect(there === undefined ? undefined : Math.sign(there) + 0).toBe(
          back === undefined ? undefined : 0 - Math.sign(back),
        );
        expect(there === 0).toBe(normal(a) === normal(b));
      }),
    );
  });

  test('never contradicts itself over three', () => {
    fc.assert(
      fc.property(release, release, release, (a, b, c) => {
        const [first, second, whole] = [order(a, b), order(b, c), order(a, c)];
        if (first === undefined || second === undefined || whole === undefined) return;
        if (first < 0 && second < 0) expect(whole).toBeLessThan(0);
      }),
    );
  });
});
