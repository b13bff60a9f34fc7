import { isRising, sequenceName } from './entry.js';
import { typedLines } from './indented.js';
import type { ConfigRules } from './rules.js';
import { isOrdered, isSection, joinPath, shortName, slotOf } from './slot.js';
import type { ConfigNode, ConfigTree } from './tree.js';

type Nodes = readonly ConfigNode[];

/** The section that lines are typed in. */
interface Place {
  readonly rules: ConfigRules;
  readonly path: string;
  readonly depth: number;
}

/** Promises of `patchLines` for the indented syntax. */
export function patchIndented(before: ConfigTree, after: ConfigTree, rules: ConfigRules): string[] {
  const place: Place = { rules, path: '', depth: 0 };
  return (
    patchInside(before.nodes, after.nodes, place) ?? replaceAll(before.nodes, after.nodes, place)
  );
}

function margin(place: Place): string {
  return ' '.repeat(place.depth * (place.rules.indent ?? 1));
}

function inner(place: Place, text: string): Place {
  return { rules: place.rules, path: joinPath(place.path, text), depth: place.depth + 1 };
}

/** The line that takes a statement back. The negative form has none of its own: it is set to its default. */
function negated(text: string, place: Place): string {
  const start = margin(place);
  if (text.startsWith('no '))
    return `${start}default ${shortName(place.rules, place.path, text.slice(3))}`;
  return `${start}no ${shortName(place.rules, place.path, text)}`;
}

function opens(node: ConfigNode, place: Place): boolean {
  return node.children.length > 0 || isSection(place.rules, joinPath(place.path, node.text));
}

/** Lines that make a statement with all that is in it. */
function added(node: ConfigNode, place: Place): string[] {
  const lines = typedLines(node.text, margin(place));
  if (!opens(node, place)) return lines;
  const inside = inner(place, node.text);
  for (const child of node.children) append(lines, added(child, inside));
  lines.push(`${margin(inside)}exit`);
  return lines;
}

function append(lines: string[], more: readonly string[]): void {
  for (const each of more) lines.push(each);
}

/** Lines that change what is in a statement that both have. */
function changed(old: ConfigNode, node: ConfigNode, place: Place): string[] {
  if (old.children.length === 0 && node.children.length === 0) return [];
  const inside = inner(place, node.text);
  const lines = patchInside(old.children, node.children, inside);
  if (!lines) return [negated(old.text, place), ...added(node, place)];
  if (lines.length === 0) return lines;
  return [...typedLines(node.text, margin(place)), ...lines, `${margin(inside)}exit`];
}

/** Undefined: the order cannot be had but by making the section anew. */
function patchInside(before: Nodes, after: Nodes, place: Place): string[] | undefined {
  if (isOrdered(place.rules, place.path)) return patchOrdered(before, after, place);
  return patchUnordered(before, after, place);
}

/**
 * What goes, goes first, so that taking it back cannot hit what took its place; whole sections go last, when nothing
 * speaks of them any more, in the reverse order of the text.
 */
function patchUnordered(before: Nodes, after: Nodes, place: Place): string[] {
  const old = new Map(before.map((each) => [each.text, each]));
  const now = new Set(after.map((each) => each.text));
  const fresh = new Set<string>();
  for (const each of after) {
    if (!old.has(each.text)) fresh.add(slotOf(place.rules, place.path, each.text));
  }
  const lines: string[] = [];
  const last: string[] = [];
  for (const each of before) {
    if (now.has(each.text)) continue;
    const replaced = fresh.has(slotOf(place.rules, place.path, each.text));
    if (!opens(each, place)) {
      if (!replaced) lines.push(negated(each.text, place));
    } else (replaced ? lines : last).push(negated(each.text, place));
  }
  for (const each of after) {
    const found = old.get(each.text);
    append(lines, found ? changed(found, each, place) : added(each, place));
  }
  append(lines, last.reverse());
  return lines;
}

function replaceAll(before: Nodes, after: Nodes, place: Place): string[] {
  const lines = before.map((each) => negated(each.text, place));
  for (const each of after) append(lines, added(each, place));
  return lines;
}

function patchOrdered(before: Nodes, after: Nodes, place: Place): string[] | undefined {
  const [old, now] = [before.map((each) => each.text), after.map((each) => each.text)];
  if (isRising(old) && isRising(now)) return patchNumbered(before, after, place);
  const kept = stayingOf(before, old, now);
  if (!kept) return undefined;
  const wanted = new Set(now);
  const lines: string[] = [];
  for (const each of before) if (!wanted.has(each.text)) lines.push(negated(each.text, place));
  for (const [at, each] of after.entries()) {
    const found = kept[at];
    append(lines, found ? changed(found, each, place) : added(each, place));
  }
  return lines;
}

/** The entries that stay, when taking out the others and adding at the end is enough; undefined: it is not. */
function stayingOf(
  before: Nodes,
  old: readonly string[],
  now: readonly string[],
): Nodes | undefined {
  const wanted = new Set(now);
  const kept = before.filter((each) => wanted.has(each.text));
  if (!kept.every((each, at) => each.text === now[at])) return undefined;
  // An entry that stands twice cannot be taken out by its text.
  const alike = new Set(old).size === old.length && wanted.size === now.length;
  if (!alike && kept.length < before.length) return undefined;
  // Behind numbered entries the device gives a number to what has none.
  const numbered = kept.length > 0 && isRising(kept.map((each) => each.text));
  return numbered && now.length > kept.length ? undefined : kept;
}

/** Each entry is taken out and put in by its number. */
function patchNumbered(before: Nodes, after: Nodes, place: Place): string[] {
  const old = new Map(before.map((each) => [each.text, each]));
  const now = new Set(after.map((each) => each.text));
  const lines: string[] = [];
  for (const each of before) {
    if (!now.has(each.text))
      lines.push(`${margin(place)}no ${sequenceName(each.text) ?? each.text}`);
  }
  for (const each of after) {
    const found = old.get(each.text);
    append(lines, found ? changed(found, each, place) : added(each, place));
  }
  return lines;
}
