import { SCHEMA, type Shape } from './personality-config-schema.js';

/** A statement: its name (and key), its values, and what stands in its braces. */
export interface ConfigNode {
  /** `unit 0`, `host-name`, `ge-0/0/0`. */
  readonly words: readonly string[];
  readonly values: readonly string[];
  readonly inactive: boolean;
  readonly children: ConfigTree;
}

export type ConfigTree = readonly ConfigNode[];

/** One statement on the way down a path. */
export interface Step {
  readonly words: readonly string[];
  readonly values: readonly string[];
  readonly kind: Shape['kind'];
}

export type Path =
  | { readonly kind: 'path'; readonly steps: readonly Step[] }
  | { readonly kind: 'wrong'; readonly at: number; readonly why: 'unknown' | 'missing' };

export const nameOf = (node: { readonly words: readonly string[] }) => node.words.join(' ');

/** Words that stand in quotes keep them: they are part of the value as Junos prints it. */
export function tokensOf(line: string): readonly string[] {
  return line.match(/"(?:[^"\\]|\\.)*"|\[|\]|[^\s"[\]]+/g) ?? [];
}

interface Cursor {
  readonly shape: Shape | undefined;
  readonly tree: ConfigTree;
}

/** How deep a set path stands in the schema: the statements that its words name, one below the other. */
export function pathOf(tokens: readonly string[], from: Cursor): Path {
  const steps: Step[] = [];
  let cursor = from;
  let at = 0;
  while (at < tokens.length) {
    const taken = stepAt(tokens, at, cursor);
    if (typeof taken === 'string') return { kind: 'wrong', at, why: taken };
    steps.push(taken.step);
    at = taken.next;
    const inside = cursor.tree.find((node) => nameOf(node) === nameOf(taken.step));
    cursor = { shape: taken.shape, tree: inside?.children ?? [] };
  }
  return { kind: 'path', steps };
}

export interface Taken {
  readonly step: Step;
  readonly next: number;
  readonly shape: Shape | undefined;
}

function stepAt(
  tokens: readonly string[],
  at: number,
  cursor: Cursor,
): Taken | 'unknown' | 'missing' {
  const { shape } = cursor;
  const typed = tokens[at] ?? '';
  const found = shape && childOf(shape, typed);
  if (found) return knownStep(tokens, at, found);
  const isOpen =
    shape === undefined || (shape !== SCHEMA && shape.children.size === 0 && !shape.any);
  if (shape === SCHEMA) return 'unknown';
  if (!isOpen && !/^[a-z]/.test(typed)) return 'unknown';
  return openStep(tokens, at, cursor.tree);
}

export interface Child {
  readonly name: string;
  readonly shape: Shape;
}

export function childOf(shape: Shape, typed: string): Child | undefined {
  const exact = shape.children.get(typed);
  if (exact) return { name: typed, shape: exact };
  if (shape.any) return { name: typed, shape: shape.any };
  const starts = [...shape.children.keys()].filter((name) => name.startsWith(typed));
  const [name] = starts;
  const only = name !== undefined && starts.length === 1 ? shape.children.get(name) : undefined;
  return only && name !== undefined ? { name, shape: only } : undefined;
}

/** Junos keeps quotes only where they are needed. */
function unquoted(value: string): string {
  return value.replace(/^"([\w.:/@+-]+)"$/, '$1');
}

export function knownStep(tokens: readonly string[], at: number, child: Child): Taken | 'missing' {
  const { name, shape } = child;
  const { kind } = shape;
  const rest = tokens.slice(at + 1);
  if (kind === 'entry') {
    const key = rest[0];
    const words = key === undefined ? [name] : [name, key];
    return { step: { words, values: [], kind }, next: at + words.length, shape };
  }
  if (kind === 'value' || kind === 'values') {
    const values = rest.filter((word) => word !== '[' && word !== ']').map(unquoted);
    const kept = kind === 'value' ? [values.join(' ')].filter((value) => value !== '') : values;
    return { step: { words: [name], values: kept, kind }, next: tokens.length, shape };
  }
  return { step: { words: [name], values: [], kind }, next: at + 1, shape };
}

/** Outside of the schema: what the tree already has decides, then the number of words that are left. */
function openStep(tokens: readonly string[], at: number, tree: ConfigTree): Taken {
  const rest = tokens.slice(at);
  const known = tree.find(
    (node) => node.words.length <= rest.length && node.words.every((word, i) => word === rest[i]),
  );
  if (known) {
    const values = known.values.length > 0 ? rest.slice(known.words.length) : [];
    const next = at + known.words.length + values.length;
    return { step: { words: known.words, values, kind: 'block' }, next, shape: undefined };
  }
  const [name = '', value] = rest;
  if (rest.length === 2 && value !== undefined) {
    const step: Step = { words: [name], values: [value], kind: 'value' };
    return { step, next: at + 2, shape: undefined };
  }
  return { step: { words: [name], values: [], kind: 'block' }, next: at + 1, shape: undefined };
}

/** Where a path in the tree begins: at the top, or at an `edit` level. */
export function cursorAt(tree: ConfigTree, level: readonly string[]): Cursor {
  let cursor: Cursor = { shape: SCHEMA, tree };
  for (const words of level) {
    const taken = stepAt(words.split(' '), 0, cursor);
    const node = cursor.tree.find((each) => nameOf(each) === words);
    const shape = typeof taken === 'string' ? undefined : taken.shape;
    cursor = { shape, tree: node?.children ?? [] };
  }
  return cursor;
}

export function newNode(step: Step): ConfigNode {
  return { words: step.words, values: [], inactive: false, children: [] };
}

/** `set`: what is missing on the way is made; a value replaces, a list grows. */
export function setPath(tree: ConfigTree, steps: readonly Step[]): ConfigTree {
  const [step, ...rest] = steps;
  if (step === undefined) return tree;
  const name = nameOf(step);
  const at = tree.findIndex((node) => nameOf(node) === name);
  const old = tree[at] ?? newNode(step);
  const values =
    step.kind === 'values'
      ? [...old.values, ...step.values.filter((value) => !old.values.includes(value))]
      : step.values.length > 0
        ? step.values
        : old.values;
  const node: ConfigNode = { ...old, values, children: setPath(old.children, rest) };
  return at < 0 ? [...tree, node] : tree.map((each, index) => (index === at ? node : each));
}

/** `delete`: undefined when there is nothing of that name. A block that loses its last statement goes too. */
export function deletePath(tree: ConfigTree, steps: readonly Step[]): ConfigTree | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return [];
  const at = tree.findIndex((node) => nameOf(node) === nameOf(step));
  const node = tree[at];
  if (node === undefined) return undefined;
  const left = rest.length > 0 ? deleteInside(node, step, rest) : deleteHere(node, step);
  if (left === undefined) return undefined;
  if (left === 'gone') return tree.filter((_, index) => index !== at);
  return tree.map((each, index) => (index === at ? left : each));
}

type Left = ConfigNode | 'gone' | undefined;

function deleteInside(node: ConfigNode, step: Step, rest: readonly Step[]): Left {
  const children = deletePath(node.children, rest);
  if (children === undefined) return undefined;
  const isEmptyBlock = children.length === 0 && step.kind === 'block' && step.words.length === 1;
  return isEmptyBlock ? 'gone' : { ...node, children };
}

/** The statement itself, or the values of it that were named. */
function deleteHere(node: ConfigNode, step: Step): Left {
  if (step.values.length === 0) return 'gone';
  const values = node.values.filter((value) => !step.values.includes(value));
  if (values.length === node.values.length) return undefined;
  return values.length === 0 ? 'gone' : { ...node, values };
}

/** Changes one statement; undefined when there is none of that name. */
export function changeNode(
  tree: ConfigTree,
  steps: readonly Step[],
  change: (node: ConfigNode) => ConfigNode,
): ConfigTree | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return undefined;
  const at = tree.findIndex((node) => nameOf(node) === nameOf(step));
  const node = tree[at];
  if (node === undefined) return undefined;
  const children = rest.length > 0 ? changeNode(node.children, rest, change) : undefined;
  if (rest.length > 0 && children === undefined) return undefined;
  const changed = children === undefined ? change(node) : { ...node, children };
  return tree.map((each, index) => (index === at ? changed : each));
}

/** `insert`: moves a statement before or behind one of its neighbours. */
export function moveNode(
  tree: ConfigTree,
  steps: readonly Step[],
  to: { readonly name: string; readonly where: 'before' | 'after' },
): ConfigTree | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return undefined;
  const at = tree.findIndex((node) => nameOf(node) === nameOf(step));
  const node = tree[at];
  if (node === undefined) return undefined;
  if (rest.length > 0) {
    const children = moveNode(node.children, rest, to);
    return children && tree.map((each, index) => (index === at ? { ...node, children } : each));
  }
  const others = tree.filter((_, index) => index !== at);
  const target = others.findIndex((each) => nameOf(each) === to.name);
  if (target < 0) return undefined;
  const place = to.where === 'before' ? target : target + 1;
  return [...others.slice(0, place), node, ...others.slice(place)];
}

/** The statement that a path of statement names leads to. */
export function nodeAt(tree: ConfigTree, names: readonly string[]): ConfigNode | undefined {
  const [name, ...rest] = names;
  const node = tree.find((each) => nameOf(each) === name);
  return rest.length === 0 ? node : node && nodeAt(node.children, rest);
}

/** As `nodeAt`, but only where nothing on the way is inactive. */
export function activeAt(tree: ConfigTree, names: readonly string[]): ConfigNode | undefined {
  const [name, ...rest] = names;
  const node = tree.find((each) => nameOf(each) === name && !each.inactive);
  return rest.length === 0 ? node : node && activeAt(node.children, rest);
}

export function valueAt(tree: ConfigTree, names: readonly string[]): string | undefined {
  return activeAt(tree, names)?.values[0];
}

const INDENT = '    ';

function headOf(node: ConfigNode): string {
  const { words, values } = node;
  const tail =
    values.length === 0
      ? ''
      : values.length === 1
        ? ` ${values[0] ?? ''}`
        : ` [ ${values.join(' ')} ]`;
  return words.join(' ') + tail;
}

/** Statements that Junos writes on one line with the only one that they hold: by name, what that one may be. */
const ONE_LINE: ReadonlyMap<string, RegExp> = new Map([
  ['then', /^(?:accept|reject|next)$/],
  ['commit', /^(?:fast-)?synchronize$/],
  ['route', /^(?:next-hop|next-table|discard|reject)$/],
  ['route-filter', /./],
  ['prefix-list-filter', /./],
  ['level', /./],
  ['as-path', /./],
  ['community', /^members$/],
]);

function isOneLine(node: ConfigNode, only: ConfigNode): boolean {
  if (node.children.length > 1 || only.children.length > 0 || only.inactive) return false;
  const [name, key] = node.words.map(String);
  const isAction = name === 'community' && ['add', 'set', 'delete'].some((word) => word === key);
  return isAction || (ONE_LINE.get(name ?? '')?.test(String(only.words[0])) ?? false);
}

export const isLeaf = ({ kind }: Step) => kind === 'value' || kind === 'values' || kind === 'flag';

/** One statement with its braces, indented. */
export function nodeLines(node: ConfigNode, depth: number): readonly string[] {
  const head = `${INDENT.repeat(depth)}${node.inactive ? 'inactive: ' : ''}${headOf(node)}`;
  if (node.children.length === 0) return [`${head};`];
  const [only] = node.children;
  if (only && isOneLine(node, only)) return [`${head} ${headOf(only)};`];
  const inner = node.children.flatMap((child) => nodeLines(child, depth + 1));
  return [`${head} {`, ...inner, `${INDENT.repeat(depth)}}`];
}

/** As `| display set` prints it. */
export function setLines(tree: ConfigTree, before: readonly string[] = []): readonly string[] {
  return tree.flatMap((node) => {
    const way = [...before, ...node.words];
    const own =
      node.values.length > 0
        ? node.values.map((value) => `set ${way.join(' ')} ${value}`)
        : node.children.length === 0
          ? [`set ${way.join(' ')}`]
          : [];
    const off = node.inactive ? [`deactivate ${way.join(' ')}`] : [];
    return [...own, ...setLines(node.children, way), ...off];
  });
}
