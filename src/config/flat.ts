import { detach, findChild, makeDraft, obtainChild, placeChild, type Draft } from './draft.js';
import { configLimits } from './finding.js';

/** The leaf under a statement that is switched off, and under one that is protected against change. */
export const INACTIVE = 'inactive:';
export const PROTECTED = 'protect:';

/** Marks and the verbs that set and take them, in the flat form. */
export const marks = [
  { mark: INACTIVE, set: 'deactivate', take: 'activate' },
  { mark: PROTECTED, set: 'protect', take: 'unprotect' },
] as const;

export function isMark(text: string): boolean {
  return text === INACTIVE || text === PROTECTED;
}

/** The draft at the words below `from`; made where it is missing. Undefined: deeper than is read. */
export function obtainPath(from: Draft, words: readonly string[], line: number): Draft | undefined {
  if (words.length > configLimits.depth) return undefined;
  let at = from;
  for (const word of words) at = obtainChild(at, word, line);
  return at;
}

export function findPath(from: Draft, words: readonly string[]): Draft | undefined {
  let at: Draft | undefined = from;
  for (const word of words) at = at && findChild(at, word);
  return at;
}

/** Marks stand before everything else in their statement. */
export function setMark(draft: Draft, mark: string, line: number): void {
  if (findChild(draft, mark)) return;
  const afterInactive = mark === PROTECTED && draft.first?.text === INACTIVE;
  placeChild(draft, makeDraft(mark, line), afterInactive ? draft.first?.next : draft.first);
}

/**
 * Takes a statement away, and every word above it that then leads nowhere. An entry of an ordered section and a marked
 * statement stay without content, as on a device.
 */
export function prune(draft: Draft, isEntry: (draft: Draft) => boolean): void {
  let at: Draft | undefined = draft;
  while (at?.parent) {
    const above: Draft = at.parent;
    detach(at);
    if (above.first || isEntry(above)) return;
    at = above;
  }
}

/**
 * The words of a flat statement as one path for each value of its list: `x [ a b ]` is `x a` and `x b`. Undefined: a
 * bracket stands where none may.
 */
export function spread(words: readonly string[]): string[][] | undefined {
  const open = words.indexOf('[');
  if (open < 0) return words.includes(']') ? undefined : [[...words]];
  const start = words.slice(0, open);
  const values = words.slice(open + 1, -1);
  if (words.at(-1) !== ']' || values.length === 0) return undefined;
  if (values.some((each) => each === '[' || each === ']')) return undefined;
  return values.map((each) => [...start, each]);
}
