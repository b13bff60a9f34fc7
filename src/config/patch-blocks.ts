import { isEntry, isTable } from './blocks.js';
import type { ConfigRules } from './rules.js';
import { movesTo } from './sequence.js';
import { isOrdered, joinPath, slotOf } from './slot.js';
import type { ConfigNode, ConfigTree } from './tree.js';

type Nodes = readonly ConfigNode[];

/** Everything is made and changed in the first pass; entries are deleted in the second, when nothing names them. */
type Pass = 'make' | 'delete';

interface Place {
  readonly rules: ConfigRules;
  readonly path: string;
  readonly depth: number;
  readonly pass: Pass;
}

/** Promises of `patchLines` for the blocks syntax. */
export function patchBlocks(before: ConfigTree, after: ConfigTree, rules: ConfigRules): string[] {
  const passes: readonly Pass[] = ['make', 'delete'];
  return passes.flatMap((pass) =>
    patchInside(before.nodes, after.nodes, { rules, path: '', depth: 0, pass }),
  );
}

function margin(place: Place): string {
  return ' '.repeat(place.depth * (place.rules.indent ?? 4));
}

function patchInside(before: Nodes, after: Nodes, place: Place): string[] {
  return place.pass === 'make'
    ? makeInside(before, after, place)
    : deleteInside(before, after, place);
}

function makeInside(before: Nodes, after: Nodes, place: Place): string[] {
  const old = new Map(before.map((each) => [each.text, each]));
  const slots = new Set(after.map((each) => slotOf(place.rules, place.path, each.text)));
  const lines: string[] = [];
  for (const each of before) {
    const slot = slotOf(place.rules, place.path, each.text);
    if (slots.has(slot)) continue;
    if (isTable(each))
      lines.push(...section(each.children, { ...each, children: [] }, place, false));
    else if (each.text.startsWith('set ')) lines.push(`${margin(place)}un${slot}`);
  }
  for (const each of after) {
    const found = old.get(each.text);
    for (const line of made(found, each, place)) lines.push(line);
  }
  if (isOrdered(place.rules, place.path)) lines.push(...moves(before, after, place));
  return lines;
}

function made(old: ConfigNode | undefined, node: ConfigNode, place: Place): string[] {
  if (isTable(node) || isEntry(node))
    return section(old?.children ?? [], node, place, !old && isEntry(node));
  if (old) return [];
  const [head = '', ...rest] = node.text.split('\n');
  return [`${margin(place)}${head}`, ...rest];
}

/** Enters a section, where there is something to do in it or it must be made. */
function section(before: Nodes, node: ConfigNode, place: Place, isNew: boolean): string[] {
  const inside: Place = {
    ...place,
    path: joinPath(place.path, node.text),
    depth: place.depth + 1,
  };
  const lines = patchInside(before, node.children, inside);
  if (lines.length === 0 && !isNew) return [];
  const start = margin(place);
  return [`${start}${node.text}`, ...lines, `${start}${isTable(node) ? 'end' : 'next'}`];
}

/** Entries go in the reverse order of the text: what uses another stands behind it. */
function deleteInside(before: Nodes, after: Nodes, place: Place): string[] {
  const now = new Map(after.map((each) => [each.text, each]));
  const lines: string[] = [];
  for (const each of before.toReversed()) {
    const found = now.get(each.text);
    if (isTable(each)) {
      lines.push(...section(each.children, found ?? { ...each, children: [] }, place, false));
    } else if (isEntry(each)) {
      if (found) lines.push(...section(each.children, found, place, false));
      else lines.push(`${margin(place)}delete ${each.text.slice('edit '.length)}`);
    }
  }
  return lines;
}

function entryNames(nodes: Nodes): string[] {
  return nodes.filter(isEntry).map((each) => each.text.slice('edit '.length));
}

/** Entries that shall stand elsewhere; each goes behind the one that shall stand before it. */
function moves(before: Nodes, after: Nodes, place: Place): string[] {
  return movesTo(entryNames(before), entryNames(after)).map(
    ({ name, where, anchor }) => `${margin(place)}move ${name} ${where} ${anchor}`,
  );
}
