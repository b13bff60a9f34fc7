import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { suggest } from '../../src/kernel/suggest.js';

const known = ['platform', 'address', 'site', 'groups'];

describe('a suggestion for a mistyped word', () => {
  test.each([
    ['platfrom', 'platform'],
    ['adress', 'address'],
    ['Site', 'site'],
    ['group', 'groups'],
    ['stie', 'site'],
    ['gruops', 'groups'],
  ])('for %s is %s', (word, near) => {
    expect(suggest(word, known)).toBe(near);
  });

  test.each(['vlan', '', 'x', 'something-else-entirely'])('is not made for %p', (word) => {
    expect(suggest(word, known)).toBeUndefined();
  });

  test('is the nearest of several near words', () => {
    expect(suggest('window', ['windowss', 'windows', 'widow'])).toBe('windows');
  });

  test('is the word itself when it is known', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (words) => {
        const word = words.at(-1) ?? '';
        expect(suggest(word, words)?.toLowerCase()).toBe(word.toLowerCase());
      }),
    );
  });
});
