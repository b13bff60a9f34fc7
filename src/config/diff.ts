import type { ConfigDelta } from './delta.js';
import { isMark } from './flat.js';
import type { ConfigRules } from './rules.js';
import { isOrdered, joinPath, onlyCommon } from './slot.js';
import type { ConfigNode, ConfigPath, ConfigTree } from './tree.js';

interface Collecting {
  readonly rules: ConfigRules;
  readonly added: ConfigPath[];
  readonly removed: ConfigPath[];
  readonly ordered: ConfigDelta['ordered'][number][];
}

interface Place {
  readonly path: ConfigPath;
  /** The path as rules see it. */
  readonly joined: string;
}

type Nodes = readonly ConfigNode[];

function below(place: Place, node: ConfigNode): Place {
  return { path: [...place.path, node.text], joined: joinPath(place.joined, node.text) };
}

/**
 * What differs. Statements of an ordered section are in `ordered` alone; what stands inside of them is among the added
 * and removed like everything else. Equal configurations, and only they, give an empty delta.
 */
export function diffConfig(before: ConfigTree, after: ConfigTree, rules: ConfigRules): ConfigDelta {
  const collecting: Collecting = { rules, added: [], removed: [], ordered: [] };
  compare(before.nodes, after.nodes, { path: [], joined: '' }, collecting);
  const { added, removed, ordered } = collecting;
  return { added, removed, ordered };
}

/** The statements of an ordered section; marks are none of them. */
export function orderedTexts(nodes: Nodes): string[] {
  return nodes.flatMap((each) => (isMark(each.text) ? [] : [each.text]));
}

export function sameTexts(before: readonly string[], after: readonly string[]): boolean {
  return before.length === after.length && before.every((each, at) => each === after[at]);
}

function compare(before: Nodes, after: Nodes, place: Place, collecting: Collecting): void {
  const only = onlyCommon(before, after);
  if (only) return compareInside(only[0], only[1], place, collecting);
  const ordered = isOrdered(collecting.rules, place.joined);
  if (ordered) noteOrder(before, after, place, collecting);
  const old = new Map(before.map((each) => [each.text, each]));
  const seen = new Set<string>();
  for (const node of after) {
    const found = old.get(node.text);
    if (!found) collect(node, below(place, node), ordered, { collecting, into: collecting.added });
    else if (!seen.has(node.text)) {
      seen.add(node.text);
      compareInside(found, node, place, collecting);
    }
  }
  for (const node of before) {
    if (seen.has(node.text)) continue;
    collect(node, below(place, node), ordered, { collecting, into: collecting.removed });
  }
}

function compareInside(
  old: ConfigNode,
  node: ConfigNode,
  place: Place,
  collecting: Collecting,
): void {
  if (isLeaf(old) && isLeaf(node)) return;
  compare(old.children, node.children, below(place, node), collecting);
}

function isLeaf(node: ConfigNode): boolean {
  return node.children.length === 0;
}

function noteOrder(before: Nodes, after: Nodes, place: Place, collecting: Collecting): void {
  const [old, now] = [orderedTexts(before), orderedTexts(after)];
  if (!sameTexts(old, now)) collecting.ordered.push({ path: place.path, before: old, after: now });
}

interface Target {
  readonly collecting: Collecting;
  readonly into: ConfigPath[];
}

/** Everything below a statement that only one side has. */
function collect(node: ConfigNode, place: Place, inOrdered: boolean, target: Target): void {
  const { collecting, into } = target;
  if (node.children.length === 0) {
    if (!inOrdered || isMark(node.text)) into.push(place.path);
    return;
  }
  const ordered = isOrdered(collecting.rules, place.joined);
  if (ordered && into === collecting.added) noteOrder([], node.children, place, collecting);
  else if (ordered) noteOrder(node.children, [], place, collecting);
  for (const child of node.children) collect(child, below(place, child), ordered, target);
}
