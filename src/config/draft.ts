import type { ConfigNode } from './tree.js';

/** A statement while its tree is being built: siblings are linked, so that each edit costs the same. */
export interface Draft {
  readonly text: string;
  readonly line: number;
  parent: Draft | undefined;
  previous: Draft | undefined;
  next: Draft | undefined;
  first: Draft | undefined;
  last: Draft | undefined;
  /** The first child of each text; made when there are more than a few. */
  index: Map<string, Draft> | undefined;
  count: number;
}

export function makeDraft(text: string, line: number): Draft {
  return {
    text,
    line,
    parent: undefined,
    previous: undefined,
    next: undefined,
    first: undefined,
    last: undefined,
    index: undefined,
    count: 0,
  };
}

/** With fewer children than this looking at each costs less than an index. */
const INDEX_FROM = 8;

export function findChild(parent: Draft, text: string): Draft | undefined {
  if (parent.index) return parent.index.get(text);
  for (let at = parent.first; at; at = at.next) if (at.text === text) return at;
  return undefined;
}

function indexOf(parent: Draft): Map<string, Draft> {
  const index = new Map<string, Draft>();
  for (let at = parent.last; at; at = at.previous) index.set(at.text, at);
  return index;
}

/** Puts `child` before `next`, or last. */
export function placeChild(parent: Draft, child: Draft, next?: Draft): void {
  const previous = next ? next.previous : parent.last;
  child.parent = parent;
  child.previous = previous;
  child.next = next;
  if (previous) previous.next = child;
  else parent.first = child;
  if (next) next.previous = child;
  else parent.last = child;
  parent.count += 1;
  if (!parent.index && parent.count >= INDEX_FROM) parent.index = indexOf(parent);
  else if (parent.index && !parent.index.has(child.text)) parent.index.set(child.text, child);
}

/** The child of that text, made as the last one when there is none. */
export function obtainChild(parent: Draft, text: string, line: number): Draft {
  const found = findChild(parent, text);
  if (found) return found;
  const made = makeDraft(text, line);
  placeChild(parent, made);
  return made;
}

/** Takes a statement out of its section. */
export function detach(child: Draft): void {
  const { parent, previous, next } = child;
  if (!parent) return;
  if (previous) previous.next = next;
  else parent.first = next;
  if (next) next.previous = previous;
  else parent.last = previous;
  child.parent = child.previous = child.next = undefined;
  parent.count -= 1;
  if (parent.index?.get(child.text) !== child) return;
  parent.index.delete(child.text);
  for (let at = next; at; at = at.next) {
    if (at.text !== child.text) continue;
    parent.index.set(at.text, at);
    break;
  }
}

/** The draft as nodes. */
export function nodesOf(parent: Draft): ConfigNode[] {
  const nodes: ConfigNode[] = [];
  for (let at = parent.first; at; at = at.next) {
    nodes.push({ text: at.text, children: nodesOf(at), line: at.line });
  }
  return nodes;
}

/** A draft that holds the nodes. */
export function draftOf(nodes: readonly ConfigNode[]): Draft {
  const root = makeDraft('', 0);
  fill(root, nodes);
  return root;
}

function fill(parent: Draft, nodes: readonly ConfigNode[]): void {
  for (const node of nodes) {
    const child = makeDraft(node.text, node.line);
    placeChild(parent, child);
    fill(child, node.children);
  }
}
