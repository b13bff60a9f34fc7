import { isMark } from './flat.js';
import type { ConfigRules } from './rules.js';
import { align } from './sequence.js';
import { isOrdered, joinPath, onlyCommon, slotOf } from './slot.js';
import type { ConfigNode, ConfigTree } from './tree.js';

/** One line of a difference as people read it. */
export interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  /** How many sections stand above it. */
  readonly depth: number;
  readonly text: string;
}

/** The line as text, with its sign and its depth. */
export function diffText({ sign, depth, text }: DiffLine): string {
  return `${sign} ${'  '.repeat(depth)}${text}`;
}

export interface DiffOptions {
  /** How many unchanged statements are shown on each side of a change. */
  readonly context: number;
}

/** A statement with what is shown below it. */
interface Shown {
  readonly sign: DiffLine['sign'];
  readonly text: string;
  readonly inside: readonly Shown[];
}

type Nodes = readonly ConfigNode[];

interface Viewing {
  readonly rules: ConfigRules;
  readonly context: number;
}

/**
 * The difference, section by section: only sections in which something changes, under their headings. A statement that
 * moved counts where the order means something, and nowhere else.
 */
export function formatDiff(
  before: ConfigTree,
  after: ConfigTree,
  rules: ConfigRules,
  options: DiffOptions = { context: 0 },
): readonly DiffLine[] {
  const shown = view(before.nodes, after.nodes, '', { rules, context: options.context });
  const words = rules.syntax === 'braces' || rules.syntax === 'set';
  const lines: DiffLine[] = [];
  for (const each of words ? shown.flatMap((one) => onOneLine(one)) : shown) write(each, 0, lines);
  return lines;
}

function write(shown: Shown, depth: number, lines: DiffLine[]): void {
  for (const text of shown.text.split('\n')) lines.push({ sign: shown.sign, depth, text });
  for (const each of shown.inside) write(each, depth + 1, lines);
}

function whole(node: ConfigNode, sign: '+' | '-'): Shown {
  return { sign, text: node.text, inside: node.children.map((each) => whole(each, sign)) };
}

function kept(old: ConfigNode, node: ConfigNode, path: string, viewing: Viewing): Shown {
  const inside = view(old.children, node.children, joinPath(path, node.text), viewing);
  return { sign: ' ', text: node.text, inside };
}

function view(before: Nodes, after: Nodes, path: string, viewing: Viewing): Shown[] {
  if (before.length === 0 && after.length === 0) return [];
  const only = onlyCommon(before, after);
  if (only) {
    const shown = kept(only[0], only[1], path, viewing);
    return isChanged(shown) ? [shown] : [];
  }
  const shown = isOrdered(viewing.rules, path)
    ? inSequence(before, after, path, viewing)
    : inAnyOrder(before, after, path, viewing);
  return nearChanges(shown, viewing.context);
}

function inSequence(before: Nodes, after: Nodes, path: string, viewing: Viewing): Shown[] {
  const shown: Shown[] = [];
  let [old, now] = [0, 0];
  const texts = (nodes: Nodes) => nodes.map((each) => each.text);
  const ends = { before: before.length, after: after.length };
  for (const pair of [...align(texts(before), texts(after)), ends]) {
    for (const each of before.slice(old, pair.before)) shown.push(whole(each, '-'));
    for (const each of after.slice(now, pair.after)) shown.push(whole(each, '+'));
    const [left, right] = [before[pair.before], after[pair.after]];
    if (left && right) shown.push(kept(left, right, path, viewing));
    [old, now] = [pair.before + 1, pair.after + 1];
  }
  return shown;
}

/** In the order of the new text; what goes stands where it was, or right before what takes its place. */
function inAnyOrder(before: Nodes, after: Nodes, path: string, viewing: Viewing): Shown[] {
  const old = new Map(before.map((each) => [each.text, each]));
  const now = new Set(after.map((each) => each.text));
  const fresh = new Map<string, ConfigNode>();
  for (const each of after) {
    if (!old.has(each.text)) fresh.set(slotOf(viewing.rules, path, each.text), each);
  }
  const gone = new Map<ConfigNode | undefined, ConfigNode[]>();
  const replaced = new Map<ConfigNode, ConfigNode[]>();
  let anchor: ConfigNode | undefined;
  for (const each of before) {
    if (now.has(each.text)) anchor = each;
    else {
      const successor = fresh.get(slotOf(viewing.rules, path, each.text));
      if (successor) put(replaced, successor, each);
      else put(gone, anchor, each);
    }
  }
  const removed = (nodes: readonly ConfigNode[] | undefined) =>
    (nodes ?? []).map((each) => whole(each, '-'));
  const shown = removed(gone.get(undefined));
  for (const each of after) {
    const found = old.get(each.text);
    if (found) shown.push(kept(found, each, path, viewing), ...removed(gone.get(found)));
    else shown.push(...removed(replaced.get(each)), whole(each, '+'));
  }
  return shown;
}

function put<Key>(map: Map<Key, ConfigNode[]>, key: Key, node: ConfigNode): void {
  const list = map.get(key);
  if (list) list.push(node);
  else map.set(key, [node]);
}

function isChanged(shown: Shown): boolean {
  return shown.sign !== ' ' || shown.inside.length > 0;
}

/** Only what changed, with as many neighbours as are wanted. */
function nearChanges(shown: readonly Shown[], context: number): Shown[] {
  const keep = new Uint8Array(shown.length);
  for (const order of [shown.keys(), [...shown.keys()].reverse()]) {
    let left = 0;
    for (const at of order) {
      const each = shown[at];
      left = each && isChanged(each) ? context + 1 : left - 1;
      if (left > 0) keep[at] = 1;
    }
  }
  return shown.filter((_each, at) => keep[at] === 1);
}

/** One word a level makes no text: words that lead to one thing only are put on its line. */
function onOneLine(shown: Shown): Shown[] {
  const inside = shown.inside.flatMap(onOneLine);
  const [only] = inside;
  if (!only) return [{ ...shown, inside }];
  const joined = (each: Shown) => ({ ...each, text: `${shown.text} ${each.text}` });
  if (inside.length === 1 && (only.sign === shown.sign || only.inside.length === 0)) {
    return isMark(only.text) && only.sign === shown.sign ? [{ ...shown, inside }] : [joined(only)];
  }
  const values = inside.every((each) => each.sign !== ' ' && each.inside.length === 0);
  const word = shown.inside.every((each) => each.inside.length === 0 && !isMark(each.text));
  if (shown.sign === ' ' && values && word) return inside.map(joined);
  return [{ ...shown, inside }];
}
