/** The positions of a longest rising subsequence of `values`, which are all different. */
export function risingPositions(values: readonly number[]): number[] {
  const tails: number[] = [];
  const before: number[] = [];
  for (const [at, value] of values.entries()) {
    const length = countBelow(values, tails, value);
    before[at] = tails[length - 1] ?? -1;
    tails[length] = at;
  }
  const rising: number[] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) rising.push(at);
  return rising.reverse();
}

/** How many of the rising `values` at `positions` are below `value`. */
function countBelow(
  values: readonly number[],
  positions: readonly number[],
  value: number,
): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[positions[middle] ?? 0] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Two positions that hold the same text. */
export interface Common {
  readonly before: number;
  readonly after: number;
}

/** Beyond this many cells the texts that stand more than once are not compared with one another. */
const CELLS_MAX = 250_000;

interface Span {
  readonly fromBefore: number;
  readonly toBefore: number;
  readonly fromAfter: number;
  readonly toAfter: number;
}

/**
 * What two sequences have in common, in order: exact for short ones, by their unique texts for long ones, so that the
 * time stays in proportion to the length.
 */
export function align(before: readonly string[], after: readonly string[]): Common[] {
  const common: Common[] = [];
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) {
    common.push({ before: start, after: start });
    start += 1;
  }
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const span = {
    fromBefore: start,
    toBefore: before.length - tail,
    fromAfter: start,
    toAfter: after.length - tail,
  };
  for (const each of alignSpan(before, after, span)) common.push(each);
  for (let left = tail; left > 0; left -= 1) {
    common.push({ before: before.length - left, after: after.length - left });
  }
  return common;
}

function alignSpan(before: readonly string[], after: readonly string[], span: Span): Common[] {
  const cells = (span.toBefore - span.fromBefore) * (span.toAfter - span.fromAfter);
  if (cells === 0) return [];
  if (cells <= CELLS_MAX) return alignExactly(before, after, span);
  const anchors = uniqueCommon(before, after, span);
  const common: Common[] = [];
  let { fromBefore, fromAfter } = span;
  for (const anchor of [...anchors, { before: span.toBefore, after: span.toAfter }]) {
    const gap = { fromBefore, toBefore: anchor.before, fromAfter, toAfter: anchor.after };
    const size = (gap.toBefore - fromBefore) * (gap.toAfter - fromAfter);
    if (size > 0 && size <= CELLS_MAX) common.push(...alignExactly(before, after, gap));
    if (anchor.before < span.toBefore) common.push(anchor);
    fromBefore = anchor.before + 1;
    fromAfter = anchor.after + 1;
  }
  return common;
}

/** Texts that stand once on both sides, as many of them as keep their order. */
function uniqueCommon(before: readonly string[], after: readonly string[], span: Span): Common[] {
  const positions = oncePositions(after, span.fromAfter, span.toAfter);
  const pairs: Common[] = [];
  for (const [text, at] of oncePositions(before, span.fromBefore, span.toBefore)) {
    const other = at < 0 ? undefined : positions.get(text);
    if (other !== undefined && other >= 0) pairs.push({ before: at, after: other });
  }
  return risingPositions(pairs.map((each) => each.after)).flatMap((at) => pairs[at] ?? []);
}

/** Where each text stands; -1: more than once. */
function oncePositions(texts: readonly string[], from: number, to: number): Map<string, number> {
  const positions = new Map<string, number>();
  for (let at = from; at < to; at += 1) {
    const text = texts[at] ?? '';
    positions.set(text, positions.has(text) ? -1 : at);
  }
  return positions;
}

/** Longest common subsequence by a table of lengths. */
function alignExactly(before: readonly string[], after: readonly string[], span: Span): Common[] {
  const rows = span.toBefore - span.fromBefore;
  const columns = span.toAfter - span.fromAfter;
  const width = columns + 1;
  const lengths = new Int32Array((rows + 1) * width);
  const length = (row: number, column: number) => lengths[row * width + column] ?? 0;
  const same = (row: number, column: number) =>
    before[span.fromBefore + row] === after[span.fromAfter + column];
  for (let row = rows - 1; row >= 0; row -= 1) {
    for (let column = columns - 1; column >= 0; column -= 1) {
      lengths[row * width + column] = same(row, column)
        ? length(row + 1, column + 1) + 1
        : Math.max(length(row + 1, column), length(row, column + 1));
    }
  }
  const common: Common[] = [];
  let row = 0;
  let column = 0;
  while (row < rows && column < columns) {
    if (same(row, column)) {
      common.push({ before: span.fromBefore + row, after: span.fromAfter + column });
      row += 1;
      column += 1;
    } else if (length(row + 1, column) >= length(row, column + 1)) row += 1;
    else column += 1;
  }
  return common;
}

/** One thing that goes to another place in its row. */
export interface Move {
  readonly name: string;
  readonly where: 'before' | 'after';
  readonly anchor: string;
}

/** The fewest moves that bring `old`, behind which the new names come, into the order of `names`. */
export function movesTo(old: readonly string[], names: readonly string[]): Move[] {
  const positions = new Map(names.map((name, at) => [name, at]));
  const current = old.flatMap((name) => positions.get(name) ?? []);
  const known = new Set(current);
  for (const at of names.keys()) if (!known.has(at)) current.push(at);
  const staying = new Set(risingPositions(current).map((at) => current[at]));
  const first = names[current[0] ?? 0] ?? '';
  return names.flatMap((name, at): Move[] => {
    if (staying.has(at)) return [];
    if (at === 0) return [{ name, where: 'before', anchor: first }];
    return [{ name, where: 'after', anchor: names[at - 1] ?? '' }];
  });
}
