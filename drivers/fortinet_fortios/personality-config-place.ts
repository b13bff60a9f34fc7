import type { SimDevice } from '../../src/driver/personality.js';
import { treeOf } from './personality-config.js';
import { type Section, sectionNamed, sectionPaths } from './personality-schema.js';
import type { Frame, Place } from './personality-state.js';
import { childOf, configOf, emptyNode, type Node, withChild } from './personality-tree.js';

/** The object or table that the frames lead to. */
export function sectionAt(frames: readonly Frame[]): Section {
  const path = frames
    .filter(({ kind }) => kind === 'config')
    .map(({ name }) => name)
    .join(' ');
  return sectionNamed(path) ?? { path, attributes: [], required: [], isOpen: true };
}

/** How many frames lead to the object that a draft is kept of: an entry of a table, or the object itself. */
export function draftDepth(frames: readonly Frame[]): number {
  return frames[1]?.kind === 'edit' ? 2 : 1;
}

/** The node at the end of the frames, as it will be. */
export function nodeAt(device: SimDevice, place: Place): Node {
  const [top] = place.frames;
  const depth = draftDepth(place.frames);
  let node =
    place.draft ??
    configOf(treeOf(device), top?.name ?? '') ??
    emptyNode('config', top?.name ?? '');
  for (const { kind, name } of place.frames.slice(depth)) {
    node = childOf(node, kind, name) ?? emptyNode(kind, name);
  }
  return node;
}

function putAt(node: Node, frames: readonly Frame[], changed: Node): Node {
  const [frame, ...rest] = frames;
  if (!frame) return changed;
  const child = childOf(node, frame.kind, frame.name) ?? emptyNode(frame.kind, frame.name);
  return withChild(node, putAt(child, rest, changed));
}

/** The place with its node changed, in the draft only. */
export function withNode(device: SimDevice, place: Place, changed: Node): Place {
  const depth = draftDepth(place.frames);
  const root = place.draft ?? nodeAt(device, { frames: place.frames.slice(0, depth) });
  return { ...place, draft: putAt(root, place.frames.slice(depth), changed) };
}

/** A section by the words typed, each spelt out as far as it is unique. */
export function sectionTyped(device: SimDevice, words: readonly string[]): string | undefined {
  const paths = new Set([...sectionPaths, ...treeOf(device).map(({ name }) => name)]);
  const fits = [...paths].filter((path) => {
    const parts = path.split(' ');
    return (
      parts.length === words.length && parts.every((part, at) => part.startsWith(words[at] ?? ''))
    );
  });
  const exact = fits.find((path) => path === words.join(' '));
  return exact ?? (fits.length === 1 ? fits[0] : undefined);
}

/** The first word that leads to no section. */
export function strayWord(device: SimDevice, words: readonly string[]): string {
  const paths = [...sectionPaths, ...treeOf(device).map(({ name }) => name)];
  const at = words.findIndex(
    (_word, index) =>
      !paths.some((path) => {
        const parts = path.split(' ');
        return words.slice(0, index + 1).every((word, part) => parts[part]?.startsWith(word));
      }),
  );
  return words[at < 0 ? words.length - 1 : at] ?? '';
}
