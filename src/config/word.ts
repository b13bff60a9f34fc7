/** A word that needs no quotes on any platform with braces or blocks. */
const PLAIN = /^[\w.:/@%+*,=~!&^|<>-]+$/;

/** A quoted string in the one form in which equal strings are equal: without quotes where it needs none. */
export function canonicalWord(word: string): string {
  if (!word.startsWith('"')) return word;
  const inner = word.slice(1, -1);
  return PLAIN.test(inner) && !inner.startsWith('/*') ? inner : word;
}

/** Position after the quoted string that begins at `from`; -1 when it never ends. */
export function endOfQuoted(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '\\') at += 1;
    else if (sign === '"') return at + 1;
  }
  return -1;
}

/**
 * The words of a statement; quoted strings are one word. A list `[ a b ]` is given as the words `[`, `a`, `b`, `]`.
 * Undefined: a quote is not closed.
 */
export function wordsOf(text: string): string[] | undefined {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text[at] ?? '';
    if (sign === ' ' || sign === '\t' || sign === '\n') {
      at += 1;
    } else if (sign === '"') {
      const end = endOfQuoted(text, at);
      if (end < 0) return undefined;
      words.push(canonicalWord(text.slice(at, end)));
      at = end;
    } else {
      const end = endOfBare(text, at);
      words.push(text.slice(at, end));
      at = end;
    }
  }
  return words;
}

function endOfBare(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const sign = text[at];
    if (sign === ' ' || sign === '\t' || sign === '\n') break;
    at += sign === '\\' ? 2 : 1;
  }
  return Math.min(at, text.length);
}
