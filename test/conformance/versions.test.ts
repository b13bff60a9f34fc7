import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Version } from '../../src/driver/driver.js';
import { conformers, each, versionsOf, type Conformer } from './conformer.js';

const LETTERS = ['', '', 'a', 'b', 'c', 'd', 'w', 'z', 'A', 'F', 'M', 'S', 'E', 'SE', '-1', '.1'];

/** A known version with some of its numbers and letters replaced. */
function variant(samples: readonly string[]): fc.Arbitrary<string> {
  return fc
    .record({
      sample: fc.constantFrom(...samples),
      numbers: fc.array(fc.option(fc.nat(12), { freq: 2 }), { minLength: 8, maxLength: 8 }),
      letters: fc.array(fc.option(fc.constantFrom(...LETTERS), { freq: 2 }), {
        minLength: 8,
        maxLength: 8,
      }),
      tail: fc.constantFrom(...LETTERS),
    })
    .map(({ sample, numbers, letters, tail }) => {
      let at = 0;
      const parts = sample.match(/\d+|[A-Za-z]+|[^A-Za-z\d]+/g) ?? [];
      const changed = parts.map((part) => {
        at = (at + 1) % 8;
        if (/^\d/.test(part)) return String(numbers[at] ?? part);
        return /^[A-Za-z]/.test(part) ? (letters[at] ?? part) : part;
      });
      return changed.join('') + tail;
    });
}

function versionOf(one: Conformer): fc.Arbitrary<Version> {
  const printed = one.transcripts.flatMap(({ facts }) => facts.members.map((each) => each.version));
  const samples = [...new Set([...versionsOf(one), ...printed])];
  return fc
    .oneof(
      { weight: 1, arbitrary: fc.constantFrom(...samples) },
      {
        weight: 4,
        arbitrary: variant(samples),
      },
    )
    .map((text) => one.driver.versions.parse(text))
    .filter((version) => version !== undefined);
}

describe.each(each)('the versions of %s', (_id, one) => {
  const parse = (text: string) => one.driver.versions.parse(text);
  const compare = (a: Version, b: Version) => one.driver.versions.compare(a, b);
  const version = versionOf(one);

  test('keep their normal form when it is parsed again', () => {
    fc.assert(
      fc.property(version, (each) => {
        expect(parse(each.normal)).toEqual(each);
        expect(each.normal).not.toBe('');
        expect(each.train).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  test('are equal to themselves, and turn round when compared the other way', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(compare(a, a)).toBe(0);
        const [there, back] = [compare(a, b), compare(b, a)];
        expect(there === undefined ? there : Math.sign(there)).toBe(
          back === undefined ? back : 0 - Math.sign(back) || 0,
        );
        if (a.normal === b.normal) expect(there).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('never run in a circle', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [ab, bc, ac] = [compare(a, b), compare(b, c), compare(a, c)];
        if (ab === undefined || bc === undefined || ac === undefined) return;
        if (ab < 0 && bc < 0) expect(ac).toBeLessThan(0);
        if (ab <= 0 && bc <= 0) expect(ac).toBeLessThanOrEqual(0);
        if (ab === 0 && bc === 0) expect(ac).toBe(0);
      }),
      { numRuns: 5000 },
    );
  });

  test('of the transcripts are more than one, so that there is an upgrade', () => {
    expect(versionsOf(one).length).toBeGreaterThan(1);
  });

  test('are not read into just any text, and no text makes the reading throw', () => {
    const noVersions = ['', ' ', '.', '-', 'version', '4', 'v', '1.2.3.4.5.6.7.8.9', 'a.b.c'];
    expect(noVersions.filter((text) => parse(text))).toEqual([]);
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void parse(text)));
    expect(parse(`${versionsOf(one)[0]}${'0'.repeat(100_000)}`)).toBeUndefined();
  });

  test('are not taken for their own by another platform with an order that differs', () => {
    for (const other of conformers.filter((each) => each !== one)) {
      const image = other.personality.imageFileName(versionsOf(other)[0] ?? '', '');
      expect(parse(image)).toBeUndefined();
    }
  });
});
