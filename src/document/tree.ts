import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Alias, Pair, YAMLMap, YAMLSeq } from 'yaml';
import type { Diagnostic, Place } from '../kernel/diagnostic.js';
import { messageOf } from '../kernel/fault.js';
import type { Json } from '../kernel/json.js';
import { syntaxFinding } from './syntax.js';

/** Where a value stands in the text: offsets of its key, its first and its last character. */
export interface Spot {
  readonly key: number | undefined;
  readonly start: number;
  readonly end: number;
  readonly children: ReadonlyMap<string, Spot>;
}

/** A text as a value, and where each part of the value came from. */
export interface Tree {
  readonly value: Json;
  readonly root: Spot;
  readonly at: (offset: number) => Place;
  /** True when the text itself is broken, so that what `value` holds means nothing. */
  readonly broken: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Longest document that is read, characters. */
export const DOCUMENT_BYTES_MAX = 4 * 1024 * 1024;
const DEPTH_MAX = 64;
/** Values that aliases may add to those in the text; more is a bomb. */
const ALIASED_VALUES_MAX = 50_000;
const NOWHERE: Spot = { key: undefined, start: 0, end: 0, children: new Map() };

interface Grown {
  readonly value: Json;
  readonly spot: Spot;
}

interface Walk {
  readonly at: (offset: number) => Place;
  readonly findings: Diagnostic[];
  readonly anchors: Map<string, unknown>;
  readonly open: Set<unknown>;
  inAlias: number;
  aliased: number;
  depth: number;
}

function complain(walk: Walk, offset: number, message: string, mend: string): void {
  const code = 'document-invalid';
  walk.findings.push({ code, severity: 'error', place: walk.at(offset), message, mend });
}

function offsetOf(node: unknown, fallback: number): readonly [number, number] {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) {
    return [fallback, fallback];
  }
  return node.range ? [node.range[0], node.range[1]] : [fallback, fallback];
}

function leaf(value: Json, node: unknown, fallback: number): Grown {
  const [start, end] = offsetOf(node, fallback);
  return { value, spot: { ...NOWHERE, start, end } };
}

function scalar(node: unknown, fallback: number, walk: Walk): Grown {
  const value: unknown = isScalar(node) ? node.value : null;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    complain(walk, offsetOf(node, fallback)[0], 'not a finite number', 'write a finite number');
    return leaf(null, node, fallback);
  }
  const plain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return leaf(plain ? value : null, node, fallback);
}

/** The key as text, as it stands in the file: `017` stays `017`. */
function keyText(pair: Pair): string | undefined {
  const key: unknown = pair.key;
  if (!isScalar(key)) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

/** A key that may be used; undefined after complaining. */
function usableKey(pair: Pair, at: number, known: Map<string, Grown>, walk: Walk) {
  const key = keyText(pair);
  if (key === undefined) {
    complain(walk, at, 'a key must be a plain word', 'use text as the key');
    return undefined;
  }
  if (key === '<<' || key === '__proto__') {
    const mend =
      key === '<<' ? 'repeat the keys, or use a group to share settings' : 'choose another key';
    complain(walk, at, `the key \`${key}\` is not allowed`, mend);
    return undefined;
  }
  const first = known.get(key);
  if (first) {
    const { line } = walk.at(first.spot.key ?? first.spot.start);
    complain(walk, at, `the key \`${key}\` is there twice`, `the first one is in line ${line}`);
    return undefined;
  }
  return key;
}

function grown(node: unknown, children: ReadonlyMap<string, Grown>, value: Json): Grown {
  const [start, end] = offsetOf(node, 0);
  const spots = new Map([...children].map(([key, child]) => [key, child.spot]));
  return { value, spot: { key: undefined, start, end, children: spots } };
}

function growMap(node: YAMLMap, walk: Walk): Grown {
  const children = new Map<string, Grown>();
  for (const pair of node.items) {
    const [at, end] = offsetOf(pair.key, offsetOf(node, 0)[0]);
    const key = usableKey(pair, at, children, walk);
    const child = grow(pair.value, end, walk);
    if (key === undefined) continue;
    children.set(key, { value: child.value, spot: { ...child.spot, key: at } });
  }
  const entries = [...children].map(([key, child]) => [key, child.value] as const);
  return grown(node, children, Object.fromEntries(entries));
}

function growSeq(node: YAMLSeq, walk: Walk): Grown {
  const [start] = offsetOf(node, 0);
  const items = node.items.map((item) => grow(item, start, walk));
  const children = new Map(items.map((item, index) => [String(index), item]));
  return grown(
    node,
    children,
    items.map((item) => item.value),
  );
}

function growAlias(node: Alias, fallback: number, walk: Walk): Grown {
  const [at] = offsetOf(node, fallback);
  const target = walk.anchors.get(node.source);
  if (target === undefined || walk.open.has(target)) {
    const message = target
      ? 'an alias that refers to the value it stands in'
      : 'an alias (`*...`) without its anchor (`&...`) before it';
    complain(walk, at, message, 'if this is text that begins with `*`, put it in quotes');
    return leaf(null, node, fallback);
  }
  walk.inAlias += 1;
  const made = grow(target, at, walk);
  walk.inAlias -= 1;
  return made;
}

/** False when this value is one too many. Says so once. */
function mayGrow(at: number, walk: Walk): boolean {
  if (walk.depth > DEPTH_MAX) {
    const message = `nested more than ${DEPTH_MAX} levels deep`;
    complain(walk, at, message, 'make it flatter');
    return false;
  }
  if (walk.inAlias === 0) return true;
  walk.aliased += 1;
  if (walk.aliased === ALIASED_VALUES_MAX) {
    const message = `aliases make more than ${ALIASED_VALUES_MAX} values`;
    complain(walk, at, message, 'write the values out, or use fewer aliases');
  }
  return walk.aliased < ALIASED_VALUES_MAX;
}

function grow(node: unknown, fallback: number, walk: Walk): Grown {
  if (!mayGrow(offsetOf(node, fallback)[0], walk)) return leaf(null, node, fallback);
  if (isAlias(node)) return growAlias(node, fallback, walk);
  if (!isMap(node) && !isSeq(node)) {
    if (isScalar(node) && node.anchor !== undefined) walk.anchors.set(node.anchor, node);
    return scalar(node, fallback, walk);
  }
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node);
  walk.open.add(node);
  walk.depth += 1;
  const made = isMap(node) ? growMap(node, walk) : growSeq(node, walk);
  walk.depth -= 1;
  walk.open.delete(node);
  return made;
}

function brokenTree(at: Tree['at'], diagnostics: readonly Diagnostic[]): Tree {
  return { value: null, root: NOWHERE, at, broken: true, diagnostics };
}

function unreadable(file: string, message: string, mend: string): Tree {
  const place = { file, line: 1, column: 1 };
  const found: Diagnostic = {
    code: 'document-unreadable',
    severity: 'error',
    place,
    message,
    mend,
  };
  return brokenTree(() => place, [found]);
}

/** Reads YAML 1.2 (and so JSON). Never throws; never repeats a value from the text in a finding. */
export function readTree(text: string, file: string): Tree {
  if (text.length > DOCUMENT_BYTES_MAX) {
    return unreadable(file, `longer than ${DOCUMENT_BYTES_MAX} characters`, 'split the file');
  }
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const options = { version: '1.2', prettyErrors: false, uniqueKeys: false } as const;
  try {
    const document = parseDocument(text, { ...options, lineCounter: lines });
    const broken = [...document.errors, ...document.warnings];
    if (broken.length > 0) {
      return brokenTree(
        at,
        broken.map((each) => syntaxFinding(each.code, at(each.pos[0]))),
      );
    }
    const walk: Walk = {
      at,
      findings: [],
      anchors: new Map(),
      open: new Set(),
      inAlias: 0,
      aliased: 0,
      depth: 0,
    };
    const { value, spot } = grow(document.contents, 0, walk);
    return { value, root: spot, at, broken: false, diagnostics: walk.findings };
  } catch (thrown) {
    const deep = thrown instanceof RangeError;
    const message = deep ? 'nested too deeply' : `cannot be read: ${messageOf(thrown)}`;
    return unreadable(file, message, 'mend the file, or make it flatter');
  }
}
