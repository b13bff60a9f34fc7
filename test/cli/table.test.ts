import { describe, expect, test } from '@jest/globals';
import { makePaint } from '../../src/cli/paint.js';
import { tableLines } from '../../src/cli/table.js';
import { wrap } from '../../src/cli/text.js';

const paint = makePaint(false, false);
const WHY = 'it came back with another version than the approved one';

function lines(flows: boolean): readonly string[] {
  return tableLines({
    titles: ['unit', 'why'],
    rows: [
      [{ text: 'sw1' }, { text: WHY }],
      [{ text: 'sw2' }, { text: '' }],
    ],
    right: [false, false],
    flow: [false, flows],
    width: 30,
    paint,
  });
}

describe('a table', () => {
  test('lets a column that flows go on below, nothing of it lost', () => {
    const all = lines(true);
    expect(all.every((each) => each.length <= 30)).toBe(true);
    const why = all.slice(1, -1).map((each) => each.slice(6));
    expect(why.join(' ')).toBe(WHY);
    expect(all[2]).toMatch(/^ {6}\S/);
    expect(all.at(-1)).toBe('sw2');
  });

  test('cuts any other column, and marks that more was there', () => {
    expect(lines(false)).toHaveLength(3);
    expect(lines(false)[1]).toMatch(/^sw1 {3}it came.*\.\.$/);
  });
});

describe('wrapped text', () => {
  test('keeps the margin it begins with, and indents what goes on', () => {
    expect(wrap('    back out by Monday', 16, '      ')).toEqual([
      '    back out by',
      '      Monday',
    ]);
    expect(wrap('one two', 80)).toEqual(['one two']);
    expect(wrap('  unbroken-word', 5, '    ')).toEqual(['  unbroken-word']);
  });
});
