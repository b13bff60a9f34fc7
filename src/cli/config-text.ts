import type { ConfigComparison } from '../config/comparison.js';
import type { DiffLine } from '../config/diff-text.js';
import type { Output } from './output.js';
import { visible } from './visible.js';

/** One line of a difference, painted by its sign. */
function lineText({ sign, depth, text }: DiffLine, { paint }: Pick<Output, 'paint'>): string {
  const line = `${sign} ${'  '.repeat(depth)}${visible(text)}`;
  if (sign === '+') return paint.good(line);
  return sign === '-' ? paint.bad(line) : line;
}

/** The difference as lines. */
export function diffLines(diff: readonly DiffLine[], out: Pick<Output, 'paint'>): string[] {
  return diff.map((each) => lineText(each, out));
}

/** What was masked, a kind a line: `hashed secret: 3 lines`. */
export function maskedText(masked: ConfigComparison['masked']): string[] {
  const counts = new Map<string, number>();
  for (const { name } of masked) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name}: ${count} ${count === 1 ? 'line' : 'lines'}`);
}
