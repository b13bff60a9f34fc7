import type { ConfigDelta } from './delta.js';
import { draftOf, type Draft } from './draft.js';
import { findPath, isMark } from './flat.js';
import type { ConfigPath, ConfigTree } from './tree.js';

/** Where a configuration stands on the way of a change. */
export interface ChangeState {
  readonly kind: 'before' | 'after' | 'between';
  /** What the change brings and is not there, in words of paths; an order that differs is told as such. */
  readonly missing: readonly string[];
  /** What the change takes away and is still there. */
  readonly surplus: readonly string[];
}

const NO = 'no ';
const UNSET = 'unset ';

/** A path in one line, for people. */
export function pathText(path: ConfigPath): string {
  return path.map((each) => each.split('\n')[0] ?? '').join(' / ');
}

/** The same statement switched the other way: a platform may list neither of the two where one is its default. */
function oppositeOf(path: ConfigPath): string {
  const last = path.at(-1) ?? '';
  const start = path.slice(0, -1);
  if (last.startsWith(UNSET)) return keyOf([...start, `set ${last.slice(UNSET.length)}`]);
  return keyOf([...start, last.startsWith(NO) ? last.slice(NO.length) : `${NO}${last}`]);
}

function keyOf(path: ConfigPath): string {
  const last = path.at(-1) ?? '';
  return JSON.stringify(last.startsWith('set ') ? [...path.slice(0, -1), settingOf(last)] : path);
}

function settingOf(text: string): string {
  return text.split(' ', 2).join(' ');
}

/**
 * Holds a configuration against a change: `after` when all of it is there, `before` when nothing of it is, `between`
 * otherwise. What the change does not speak of does not count. The negative form of a statement that goes, and the
 * positive form of a negative one that goes, may be listed or not: that is the platform's way of showing a default. A
 * delta without content is `after` everywhere.
 */
export function changeState(tree: ConfigTree, delta: ConfigDelta): ChangeState {
  const root = draftOf(tree.nodes);
  const removedKeys = new Set(delta.removed.map(keyOf));
  const addedKeys = new Set(delta.added.map(keyOf));
  const lacks = (path: ConfigPath, others: ReadonlySet<string>) =>
    !findPath(root, path) && !others.has(oppositeOf(path));
  const missing = delta.added.filter((each) => lacks(each, removedKeys)).map(pathText);
  const surplus = delta.removed.filter((each) => findPath(root, each)).map(pathText);
  let before =
    delta.added.every((each) => !findPath(root, each)) &&
    delta.removed.every((each) => !lacks(each, addedKeys));
  for (const each of delta.ordered) {
    const now = textsAt(root, each.path);
    before &&= sameOrder(now, each.before);
    for (const text of lackingOrder(now, each.after)) missing.push(pathText([...each.path, text]));
    for (const text of absentFrom(each.after, now)) surplus.push(pathText([...each.path, text]));
  }
  if (missing.length === 0 && surplus.length === 0) return { kind: 'after', missing, surplus };
  return { kind: before ? 'before' : 'between', missing, surplus };
}

const SHOWN_MAX = 3;

/** Where a change stands, in words for the journal; of what is odd the first few. */
export function changeStateText({ kind, missing, surplus }: ChangeState): string {
  if (kind === 'after') return 'the change is in force';
  if (kind === 'before') return 'the change is not in force';
  const odd = [
    ...missing.map((each) => `without ${each}`),
    ...surplus.map((each) => `with ${each}`),
  ];
  return `part of the change is in force: ${odd.slice(0, SHOWN_MAX).join(', ')}`;
}

function textsAt(root: Draft, path: ConfigPath): string[] {
  const texts: string[] = [];
  for (let at = findPath(root, path)?.first; at; at = at.next) {
    if (!isMark(at.text)) texts.push(at.text);
  }
  return texts;
}

function sameOrder(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((each, at) => each === other[at]);
}

function absentFrom(known: readonly string[], texts: readonly string[]): string[] {
  const there = new Set(known);
  return texts.filter((each) => !there.has(each));
}

/** What of `wanted` is missing; when nothing is, but the order differs, the statements out of place. */
function lackingOrder(now: readonly string[], wanted: readonly string[]): string[] {
  const lacking = absentFrom(now, wanted);
  if (lacking.length > 0 || sameOrder(now, wanted)) return lacking;
  const there = new Set(wanted);
  const kept = now.filter((each) => there.has(each));
  const displaced = wanted.filter((each, at) => kept[at] !== each);
  return displaced.map((each) => `${each} (in its place)`);
}
