import { orderedTexts } from './diff.js';
import { isMark, marks } from './flat.js';
import type { ConfigRules } from './rules.js';
import { movesTo } from './sequence.js';
import { setLines } from './set-lines.js';
import { isOrdered, joinPath, onlyCommon, slotOf } from './slot.js';
import type { ConfigNode, ConfigTree } from './tree.js';

type Nodes = readonly ConfigNode[];

interface Place {
  readonly rules: ConfigRules;
  /** As rules see it. */
  readonly path: string;
  /** As it is typed. */
  readonly typed: string;
}

/** Lines by what they do: what goes is taken away before anything is made. */
interface Patch {
  readonly gone: string[];
  readonly made: string[];
}

/** Promises of `patchLines` for braces and flat lines. */
export function patchFlat(before: ConfigTree, after: ConfigTree, rules: ConfigRules): string[] {
  const patch: Patch = { gone: [], made: [] };
  patchInside(before.nodes, after.nodes, { rules, path: '', typed: '' }, patch);
  return [...patch.gone, ...patch.made];
}

function below(place: Place, text: string): Place {
  const typed = place.typed === '' ? text : `${place.typed} ${text}`;
  return { rules: place.rules, path: joinPath(place.path, text), typed };
}

function patchInside(before: Nodes, after: Nodes, place: Place, patch: Patch): void {
  const only = onlyCommon(before, after);
  if (only) return patchStatement(only[0], only[1], below(place, only[0].text), patch);
  const ordered = isOrdered(place.rules, place.path);
  if (ordered && isRebuilt(before, after)) return rebuild(after, place, patch);
  const old = new Map(before.map((each) => [each.text, each]));
  takeAway(before, after, place, patch);
  for (const each of after) {
    if (isMark(each.text)) continue;
    const found = old.get(each.text);
    if (found) patchStatement(found, each, below(place, each.text), patch);
    else setLines([each], place.typed, patch.made);
  }
  if (ordered) moves(before, after, place, patch);
  patchMarks(before, after, place, patch);
}

function patchMarks(before: Nodes, after: Nodes, place: Place, patch: Patch): void {
  for (const { mark, set, take } of marks) {
    const [was, is] = [before, after].map((nodes) => nodes.some((each) => each.text === mark));
    if (was !== is) patch.made.push(`${is ? set : take} ${place.typed}`);
  }
}

function takeAway(before: Nodes, after: Nodes, place: Place, patch: Patch): void {
  const old = new Set(before.map((each) => each.text));
  const now = new Set(after.map((each) => each.text));
  const fresh = freshSlots(old, after, place);
  for (const each of before) {
    if (now.has(each.text) || isMark(each.text)) continue;
    const slot = slotOf(place.rules, place.path, each.text);
    if (slot !== each.text && fresh.has(slot)) continue;
    patch.gone.push(`delete ${below(place, each.text).typed}`);
  }
}

/** Slots of what is new: what they replace needs no line of its own. */
function freshSlots(old: ReadonlySet<string>, after: Nodes, place: Place): ReadonlySet<string> {
  const fresh = after.filter((each) => !old.has(each.text) && !isMark(each.text));
  return new Set(fresh.map((each) => slotOf(place.rules, place.path, each.text)));
}

function isBare(node: ConfigNode): boolean {
  return node.children.every((each) => isMark(each.text));
}

function patchStatement(old: ConfigNode, node: ConfigNode, place: Place, patch: Patch): void {
  if (old.children.length === 0 && node.children.length === 0) return;
  // Taking away all that is in a statement takes the statement along: it is made again.
  if (isBare(node) && !isBare(old)) patch.made.push(`set ${place.typed}`);
  patchInside(old.children, node.children, place, patch);
}

/** A list of mere values in another order is made anew; entries with something in them are moved. */
function isRebuilt(before: Nodes, after: Nodes): boolean {
  if (![...before, ...after].every((each) => each.children.length === 0)) return false;
  const wanted = new Set(after.map((each) => each.text));
  const kept = before.filter((each) => wanted.has(each.text));
  return !kept.every((each, at) => each.text === after[at]?.text);
}

function rebuild(after: Nodes, place: Place, patch: Patch): void {
  patch.gone.push(`delete ${place.typed}`);
  setLines(after, place.typed, patch.made);
}

/** Moves as few entries as possible; each goes behind the one that shall stand before it. */
function moves(before: Nodes, after: Nodes, place: Place, patch: Patch): void {
  const word = place.typed.slice(place.typed.lastIndexOf(' ') + 1);
  for (const { name, where, anchor } of movesTo(orderedTexts(before), orderedTexts(after))) {
    patch.made.push(`insert ${place.typed} ${name} ${where} ${word} ${anchor}`);
  }
}
