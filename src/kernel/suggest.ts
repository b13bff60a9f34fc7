type Row = readonly number[];

/** One more row of the table of distances: `a` at `i` against all of `b`. Two swapped letters are one slip. */
function nextRow(a: string, b: string, i: number, above: { last: Row; beforeLast: Row }): Row {
  const { last, beforeLast } = above;
  const row = [i];
  const isSwap = (j: number) => i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
  for (let j = 1; j <= b.length; j += 1) {
    const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
    const swap = isSwap(j) ? (beforeLast[j - 2] ?? 0) + 1 : change;
    row.push(Math.min(change, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
  }
  return row;
}

/** Edit distance; when the lengths tell that it is above `most`, one more than that. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: Row = [];
  let last: Row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    [beforeLast, last] = [last, nextRow(a, b, i, { last, beforeLast })];
  }
  return last[b.length] ?? most + 1;
}

/** The known word nearest to `word`, if near enough to be a slip of the hand. */
export function suggest(word: string, known: Iterable<string>): string | undefined {
  const most = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const candidate of known) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase(), most);
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}
