import { describe, expect, test } from '@jest/globals';
import { assert, AssertionFault } from '../../src/kernel/assert.js';
import { isName } from '../../src/kernel/id.js';

describe('a name', () => {
  test.each(['a', 'core-1.ams', 'SW_7', '9', 'x'.repeat(64)])('may be %p', (text) => {
    expect(isName(text)).toBe(true);
  });

  test.each(['', '-x', '.x', 'a b', 'a/b', 'a\n', 'ä', 'x'.repeat(65), '$(x)', '../x'])(
    'may not be %p',
    (text) => {
      expect(isName(text)).toBe(false);
    },
  );
});

describe('an assertion', () => {
  test('names the promise of ours that was broken', () => {
    expect(() => assert(false, 'the step is known')).toThrow(AssertionFault);
    expect(() => assert(false, 'the step is known')).toThrow('the step is known');
  });

  test('lets through what holds', () => {
    expect(() => assert('text', 'is there')).not.toThrow();
  });
});
