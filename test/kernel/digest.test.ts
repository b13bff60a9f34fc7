import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestOf, digestText, shortDigest } from '../../src/kernel/digest.js';
import { canonicalJson } from '../../src/kernel/json.js';

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, each]) => [key, reversed(each)]));
}

describe('canonical JSON', () => {
  test('has the same bytes whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(plain);
      }),
    );
  });

  test('leaves out members that are undefined', () => {
    expect(canonicalJson({ b: undefined, a: 1 })).toBe('{"a":1}');
  });

  test.each([[undefined], [() => 1], [Number.NaN], [Number.POSITIVE_INFINITY]])(
    'refuses %p, which has no JSON form',
    (value) => {
      expect(() => canonicalJson(value)).toThrow();
    },
  );
});

describe('a digest', () => {
  test('is SHA-256 over the UTF-8 bytes', () => {
    expect(digestText('abc')).toBe(
      'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  test('differs for different values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        expect(digestOf(a) === digestOf(b)).toBe(canonicalJson(a) === canonicalJson(b));
      }),
    );
  });

  test('is shown as its first twelve hex digits', () => {
    expect(shortDigest(digestText('abc'))).toBe('ba7816bf8f01');
  });
});
