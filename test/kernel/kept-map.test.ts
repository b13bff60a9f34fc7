import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { KeptMap } from '../../src/kernel/kept-map.js';

describe('a kept map', () => {
  test('holds what a map would hold after the same changes, and its earlier self stays as it was', () => {
    const key = fc.integer({ min: 0, max: 99 });
    const entries = fc.array(fc.tuple(key, fc.string({ maxLength: 2 })), { maxLength: 120 });
    fc.assert(
      fc.property(entries, entries, (first, changes) => {
        const plain = new Map(first);
        let kept = KeptMap.of(first);
        for (const [at, value] of changes) {
          const before = [...kept];
          const next = kept.with(at, value);
          expect([...kept]).toEqual(before);
          kept = next;
          plain.set(at, value);
        }
        expect([...kept]).toEqual([...plain]);
        expect([kept.size, [...kept.keys()], [...kept.values()]]).toEqual([
          plain.size,
          [...plain.keys()],
          [...plain.values()],
        ]);
        for (const at of [0, 31, 32, 98]) {
          expect([kept.has(at), kept.get(at)]).toEqual([plain.has(at), plain.get(at)]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
