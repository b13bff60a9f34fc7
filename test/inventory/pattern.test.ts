import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Inventory } from '../../src/inventory/inventory.js';
import { loadInventory } from '../../src/inventory/load.js';
import { patternError, selectUnits } from '../../src/inventory/pattern.js';
import { globTest, regexError } from '../../src/inventory/word.js';
import { Fault } from '../../src/kernel/fault.js';
import { filesIn, folderOnDisk } from './disk.js';

let inventory: Inventory;
beforeAll(async () => {
  const directory = 'inventories/two-sites';
  const loaded = await loadInventory(filesIn(folderOnDisk(directory)), directory);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.diagnostics));
  inventory = loaded.value;
});

const select = (pattern: string): readonly string[] =>
  selectUnits(inventory, pattern).map((each) => each.id);

function fault(pattern: string): Fault {
  try {
    selectUnits(inventory, pattern);
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
  throw new Error(`${pattern} is taken`);
}

describe('selectUnits', () => {
  test.each([
    ['dist1a', ['dist1a']],
    ['stack-lon-1', ['stack-lon-1']],
    ['dist-lon-1', ['stack-lon-1']],
    ['distribution', ['dist1a', 'dist1b', 'stack-lon-1']],
    ['core', ['dist1a', 'dist1b', 'fw-ams-1', 'rtr-lon-1', 'stack-lon-1']],
    ['dist1a:acc-lon-1', ['acc-lon-1', 'dist1a']],
    ['dist1a,acc-lon-1', ['acc-lon-1', 'dist1a']],
    ['dist1a, acc-lon-1', ['acc-lon-1', 'dist1a']],
    ['access:&site_lon', ['acc-lon-1', 'acc-lon-2', 'acc-lon-3']],
    ['&site_lon:access', ['acc-lon-1', 'acc-lon-2', 'acc-lon-3']],
    ['platform_cisco_iosxe:!role_access', ['stack-lon-1']],
    ['!eos', ['acc-lon-1', 'acc-lon-2', 'acc-lon-3', 'fw-ams-1', 'rtr-lon-1', 'stack-lon-1']],
    ['!acc-lon-2:access:&iosxe', ['acc-lon-1', 'acc-lon-3']],
    ['dist1?', ['dist1a', 'dist1b']],
    ['*-lon-[12]*', ['acc-lon-1', 'acc-lon-2', 'rtr-lon-1', 'stack-lon-1']],
    ['acc-*-[!1-3]*', ['acc-ams-4']],
    ['di*on', ['dist1a', 'dist1b', 'stack-lon-1']],
    ['nothing*', []],
    ['~acc-(ams|lon)-[12]$', ['acc-ams-1', 'acc-ams-2', 'acc-lon-1', 'acc-lon-2']],
    ['~lon', []],
    ['~dist1(?:a|b):!dist1b', ['dist1a']],
    ['access[0]', ['acc-ams-1']],
    ['access[-1]', ['acc-lon-3']],
    ['access[0:2]', ['acc-ams-1', 'acc-ams-2', 'acc-ams-3']],
    ['access[5:]', ['acc-lon-2', 'acc-lon-3']],
    ['access[0-1]:dist1a', ['acc-ams-1', 'acc-ams-2', 'dist1a']],
    ['access:!access[0:5]', ['acc-lon-3']],
  ])('%s', (pattern, expected) => {
    expect(select(pattern)).toEqual(expected);
  });

  test('all and * select everything', () => {
    expect(select('all')).toHaveLength(12);
    expect(select('*')).toEqual(select('all'));
  });

  test.each([
    ['acess', 'nothing in the inventory is called `acess`; did you mean `access`?'],
    ['all:!dist1c', 'nothing in the inventory is called `dist1c`; did you mean `dist1a`?'],
    ['site_asm', 'nothing in the inventory is called `site_asm`; did you mean `site_ams`?'],
    ['', 'a name is missing'],
    ['access:', 'a name is missing'],
    ['access:&', 'a name is missing after `&`'],
    ['access[9]', '`access` has 7 units: none at 9'],
    ['access[-9]', '`access` has 7 units: none at -9'],
    ['access[2:1]', '`access[2:1]`: the range ends before it begins'],
    ['access[0', '`access[0`: a bracket is not closed'],
    ['a b', '`a b` cannot be read as a name'],
    ['~', '`~`: the regular expression is empty'],
    ['~*x', '`~*x`: the regular expression is not a regular expression'],
    ['~(a+)+$', '`~(a+)+$`: the regular expression repeats a group'],
    ['~(a)\\1', '`~(a)\\1`: the regular expression refers back to a group'],
    ['~a*a*a*a*a*b', '`~a*a*a*a*a*b`: the regular expression has more than 4 repeats'],
  ])('refuses %j with the reason', (pattern, message) => {
    expect(fault(pattern)).toMatchObject({ code: 'pattern-invalid', message });
    expect(fault(pattern).mend).toBeTruthy();
  });

  test('refuses what is too long', () => {
    expect(fault('a'.repeat(2001)).message).toContain('longer than 2000');
    expect(fault(Array.from({ length: 201 }, () => 'all').join(':')).message).toContain(
      '200 terms',
    );
    expect(regexError('a'.repeat(101))).toBe('is longer than 100');
  });

  test('matches a glob of many stars at once', () => {
    expect(globTest(`${'a*'.repeat(30)}b`)('a'.repeat(64))).toBe(false);
  });

  test('finds errors of form without an inventory', () => {
    expect(patternError('whatever:&site_x')).toBeUndefined();
    expect(patternError('x:!')?.message).toBe('a name is missing after `!`');
  });
});

describe('the algebra of patterns', () => {
  const words = [
    'access',
    'site_ams',
    'eos',
    'dist1a',
    'acc-*',
    '~dist',
    'stack-lon-1',
    'role_access',
  ];
  const someWords = fc.array(fc.constantFrom(...words), { maxLength: 4 });

  test('is unions, then intersections, then exclusions, whatever the order', () => {
    fc.assert(
      fc.property(someWords, someWords, someWords, fc.infiniteStream(fc.nat()), (a, b, c, keys) => {
        const terms = [...a, ...b.map((each) => `&${each}`), ...c.map((each) => `!${each}`)];
        fc.pre(terms.length > 0);
        const shuffled = terms
          .map((term) => [keys.next().value as number, term] as const)
          .sort((one, two) => one[0] - two[0])
          .map(([, term]) => term);
        const of = (word: string) => new Set(select(word));
        const expected = select('all').filter(
          (unit) =>
            (a.length === 0 || a.some((word) => of(word).has(unit))) &&
            b.every((word) => of(word).has(unit)) &&
            !c.some((word) => of(word).has(unit)),
        );
        expect(select(shuffled.join(':'))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  test('answers any text with units or a pattern-invalid fault', () => {
    const pieces = fc.constantFrom(
      ':',
      ',',
      '&',
      '!',
      '~',
      '[',
      ']',
      '*',
      '(',
      '0',
      '-',
      'eos',
      '\\',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((all) => all.join('')),
        ),
        (text) => {
          try {
            return Array.isArray(selectUnits(inventory, text));
          } catch (thrown) {
            return thrown instanceof Fault && thrown.code === 'pattern-invalid';
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
