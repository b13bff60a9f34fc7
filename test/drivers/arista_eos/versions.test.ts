import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { versionInFileName, versions } from '../../../drivers/arista_eos/versions.js';
import type { Version } from '../../../src/driver/driver.js';

const spelling = fc
  .record({
    numbers: fc.tuple(
      fc.constant(4),
      fc.integer({ min: 9, max: 35 }),
      fc.integer({ min: 0, max: 15 }),
    ),
    respin: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    letter: fc.constantFrom('F', 'M', ''),
    suffix: fc.constantFrom('', '', '', '-39953990.4316M'),
  })
  .map(
    ({ numbers, respin, letter, suffix }) =>
      `${[...numbers, ...(respin === undefined ? [] : [respin])].join('.')}${letter}${suffix}`,
  );

function parsed(text: string): Version {
  const version = versions.parse(text);
  if (!version) throw new Error(`${text} is no version`);
  return version;
}

const compare = (a: string, b: string) => versions.compare(parsed(a), parsed(b));

describe('versions of EOS', () => {
  test.each([
    ['4.28.3M', '4.28.3M', '4.28'],
    [' 4.30.1F ', '4.30.1F', '4.30'],
    ['EOS-4.29.2.1F', '4.29.2.1F', '4.29'],
    ['EOS64-4.29.2.1F.swi', '4.29.2.1F', '4.29'],
    ['4.31.6M-39953990.4316M (engineering build)', '4.31.6M-39953990.4316M', '4.31'],
    ['4.20.15M-1234.5', '4.20.15M-1234.5', '4.20'],
    ['4.22.1FX-CLI', '4.22.1FX-CLI', '4.22'],
    ['4.9.8', '4.9.8', '4.9'],
  ])('reads "%s"', (text, normal, train) => {
    expect(versions.parse(text)).toMatchObject({ normal, train });
  });

  test.each(['', 'EOS', '4.28', '17.12.4', '15.2(7)E8', '4.28.3M;reload', 'x'.repeat(5000)])(
    'takes "%.20s" for no version of EOS',
    (text) => {
      expect(versions.parse(text)).toBeUndefined();
    },
  );

  test('tells the suffix of a build', () => {
    expect(parsed('4.31.0F-1234.abc').hotfix).toBe('1234.abc');
    expect(parsed('4.31.0F').hotfix).toBeUndefined();
  });

  test.each([
    ['4.28.3M', '4.28.4M'],
    ['4.29.2F', '4.29.3M'],
    ['4.29.2F', '4.29.2.1F'],
    ['4.9.8', '4.20.1F'],
    ['4.23.0', '4.24.0'],
    ['4.28.2F', '4.30.1F'],
  ])('%s is older than %s', (older, newer) => {
    expect(compare(older, newer)).toBe(-1);
    expect(compare(newer, older)).toBe(1);
  });

  test.each([
    ['4.28.6M', '4.29.1F'],
    ['4.31.6M', '4.31.6M-39953990.4316M'],
    ['4.28.3F', '4.28.3M'],
  ])('no order is inferred between %s and %s', (a, b) => {
    expect(compare(a, b)).toBeUndefined();
    expect(compare(b, a)).toBeUndefined();
  });

  test('the letter may be left out', () => {
    expect(compare('4.28.3M', '4.28.3')).toBe(0);
  });

  test('the normal form reads as itself', () => {
    fc.assert(
      fc.property(spelling, (text) => {
        const { normal } = parsed(text);
        expect(parsed(normal)).toEqual(parsed(text));
        expect(compare(normal, text)).toBe(0);
      }),
    );
  });

  test('compare is antisymmetric, and transitive where all three compare', () => {
    fc.assert(
      fc.property(spelling, spelling, spelling, (a, b, c) => {
        const ab = compare(a, b);
        const ba = compare(b, a);
        expect(ab === undefined ? ba : ab + (ba ?? Number.NaN)).toBe(
          ab === undefined ? undefined : 0,
        );
        const bc = compare(b, c);
        const ac = compare(a, c);
        if (ab !== undefined && bc !== undefined && ac !== undefined && ab <= 0 && bc <= 0)
          expect(ac).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('reads the version out of an image name', () => {
    expect(versionInFileName('EOS-4.28.3M.swi')?.normal).toBe('4.28.3M');
    expect(versionInFileName('EOS64-4.29.2.1F.swi')?.normal).toBe('4.29.2.1F');
    expect(versionInFileName('EOS.swi')).toBeUndefined();
    expect(versionInFileName('sonic-aboot-broadcom.swi')).toBeUndefined();
  });
});
