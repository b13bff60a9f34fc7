/** `10 permit ...` or `seq 10 permit ...`: a statement with its place in the order. */
const NUMBERED = /^(seq )?(\d{1,10}) /;

/** The number of an entry; undefined: it has none. */
export function sequenceOf(text: string): number | undefined {
  const found = NUMBERED.exec(text);
  return found ? Number(found[2]) : undefined;
}

/** What names a numbered entry: `10`, `seq 10`. */
export function sequenceName(text: string): string | undefined {
  return NUMBERED.exec(text)?.[0].trimEnd();
}

/** The entry without its number. */
export function unnumbered(text: string): string {
  return text.replace(NUMBERED, '');
}

/** May the same entry stand in an ordered section more than once? */
export function isRepeatable(text: string): boolean {
  return unnumbered(text).startsWith('remark ');
}

/** Do all of them have numbers, and rising ones? */
export function isRising(texts: readonly string[]): boolean {
  let last = -1;
  for (const text of texts) {
    const number = sequenceOf(text);
    if (number === undefined || number <= last) return false;
    last = number;
  }
  return true;
}
