import { sectionNamed } from './personality-schema.js';

/** The configuration as FortiOS keeps it: objects with settings, in tables and below each other. */

export interface Setting {
  readonly name: string;
  /** As the device writes it: strings in quotes, several values with a blank between. */
  readonly value: string;
}

export interface Node {
  /** `config` opens an object or a table, `edit` an entry of a table. */
  readonly kind: 'config' | 'edit';
  /** The path of a `config` (`system interface`), the bare key of an `edit`. */
  readonly name: string;
  readonly settings: readonly Setting[];
  readonly children: readonly Node[];
}

export type Tree = readonly Node[];

export interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
}

const DEPTH_MAX = 8;

interface Scan {
  readonly words: Word[];
  text: string;
  quote: string;
  isQuoted: boolean;
  hasWord: boolean;
}

function closeWord(scan: Scan): void {
  if (scan.hasWord) scan.words.push({ text: scan.text, isQuoted: scan.isQuoted });
  [scan.text, scan.isQuoted, scan.hasWord] = ['', false, false];
}

function takeQuote(scan: Scan, char: string): void {
  scan.quote = scan.quote === '' ? char : '';
  [scan.isQuoted, scan.hasWord] = [true, true];
}

function takeChar(scan: Scan, char: string): void {
  const isMark = scan.quote === '' ? char === '"' || char === "'" : char === scan.quote;
  if (isMark) return takeQuote(scan, char);
  if (scan.quote === '' && /\s/.test(char)) return closeWord(scan);
  scan.text += char;
  scan.hasWord = true;
}

/** The words of a line. Undefined while a quote is open: the line goes on. */
export function wordsOf(line: string): readonly Word[] | undefined {
  const scan: Scan = { words: [], text: '', quote: '', isQuoted: false, hasWord: false };
  for (let at = 0; at < line.length; at += 1) {
    const isEscape = line[at] === '\\' && scan.quote !== "'" && at + 1 < line.length;
    if (isEscape) {
      at += 1;
      scan.text += line[at] ?? '';
      scan.hasWord = true;
    } else takeChar(scan, line[at] ?? '');
  }
  if (scan.quote !== '') return undefined;
  closeWord(scan);
  return scan.words;
}

export function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** The values of a setting, without their quotes. */
export function valuesOf(value: string): readonly string[] {
  return (wordsOf(value) ?? []).map(({ text }) => text);
}

export function emptyNode(kind: Node['kind'], name: string): Node {
  return { kind, name, settings: [], children: [] };
}

/** A node while it is read. */
interface Growing {
  readonly kind: Node['kind'];
  readonly name: string;
  readonly settings: Map<string, Setting>;
  readonly children: Map<string, Growing>;
}

interface Reading {
  readonly statements: readonly string[];
  at: number;
}

const MARKS = /["'\\]/;

/** The quote that is open after a line, when `quote` was open before it; empty: none. */
function quoteAfter(line: string, quote: string): string {
  if (!MARKS.test(line)) return quote;
  let open = quote;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (char === '\\' && open !== "'") at += 1;
    else if (open === '' ? char === '"' || char === "'" : char === open) {
      open = open === '' ? char : '';
    }
  }
  return open;
}

/** Lines, with those of an open quote joined to one statement. Comments are dropped. */
function statementsOf(text: string): readonly string[] {
  const statements: string[] = [];
  let lines: string[] = [];
  let quote = '';
  for (const line of text.split(/\r?\n/)) {
    const isNew = lines.length === 0;
    if (isNew && (line.trim() === '' || line.trimStart().startsWith('#'))) continue;
    lines.push(isNew ? line.trimStart() : line);
    quote = quoteAfter(line, quote);
    if (quote !== '') continue;
    statements.push(lines.join('\n').trimEnd());
    lines = [];
  }
  return statements;
}

function growing(kind: Node['kind'], name: string): Growing {
  return { kind, name, settings: new Map(), children: new Map() };
}

function grown({ kind, name, settings, children }: Growing): Node {
  return {
    kind,
    name,
    settings: [...settings.values()],
    children: [...children.values()].map(grown),
  };
}

const plainWords = (statement: string): readonly string[] =>
  MARKS.test(statement)
    ? (wordsOf(statement) ?? []).map(({ text }) => text)
    : statement.split(/\s+/);

/** `set NAME VALUE`: the value as it is written. */
function readSetting(node: Growing, statement: string): void {
  const [, name = '', value = ''] = /^set\s+(\S+)\s*([^]*)$/.exec(statement) ?? [];
  if (name !== '') node.settings.set(name, { name, value: value.trim() });
}

function readChild(reading: Reading, node: Growing, depth: number): void {
  const [verb, ...words] = plainWords(reading.statements[reading.at - 1] ?? '');
  const kind = verb === 'config' ? 'config' : 'edit';
  const name = words.join(' ');
  const known = node.children.get(`${kind} ${name}`) ?? growing(kind, name);
  node.children.set(`${kind} ${name}`, known);
  readBody(reading, known, depth + 1);
}

function readBody(reading: Reading, node: Growing, depth: number): void {
  while (reading.at < reading.statements.length) {
    const statement = reading.statements[reading.at] ?? '';
    reading.at += 1;
    const [verb = ''] = statement.split(/\s/, 1);
    if (verb === 'end' || verb === 'next') return;
    if (verb === 'set') readSetting(node, statement);
    else if (/^(config|edit)$/.test(verb) && depth < DEPTH_MAX) readChild(reading, node, depth);
  }
}

function readTree(text: string): Tree {
  const reading: Reading = { statements: statementsOf(text), at: 0 };
  const root = growing('config', '');
  while (reading.at < reading.statements.length) readBody(reading, root, 0);
  return grown(root).children;
}

const KEPT_MAX = 32;
const kept = new Map<string, Tree>();

/**
 * Reads a configuration; whatever is no statement of it is passed over. The last few are remembered: a device is asked
 * many things between two changes.
 */
export function parseTree(text: string): Tree {
  const known = kept.get(text);
  if (known) return known;
  const tree = readTree(text);
  for (const oldest of kept.keys()) {
    if (kept.size < KEPT_MAX) break;
    kept.delete(oldest);
  }
  kept.set(text, tree);
  return tree;
}

const NUMBER = /^(?:\d+|\d+\.\d+\.\d+\.\d+)$/;

/** Entries of numbered tables (policies, routes) and of OSPF areas have bare keys. */
function keyText(path: string, key: string): string {
  const known = sectionNamed(path)?.key;
  const isNamed = known === 'name' || /neighbor|interface/.test(path);
  return NUMBER.test(key) && !isNamed ? key : quoted(key);
}

/** The lines of a node and all below it, four blanks a level. */
export function renderNode(node: Node, parent: string, depth: number): readonly string[] {
  const indent = '    '.repeat(depth);
  const head =
    node.kind === 'config' ? `config ${node.name}` : `edit ${keyText(parent, node.name)}`;
  return [
    indent + head,
    ...node.settings.map(({ name, value }) => `${indent}    set ${name} ${value}`),
    ...node.children.flatMap((child) => renderNode(child, node.name, depth + 1)),
    indent + (node.kind === 'config' ? 'end' : 'next'),
  ];
}

export function renderTree(tree: Tree): string {
  return tree.flatMap((node) => renderNode(node, '', 0)).join('\n') + (tree.length > 0 ? '\n' : '');
}

export function childOf(node: Node, kind: Node['kind'], name: string): Node | undefined {
  return node.children.find((child) => child.kind === kind && child.name === name);
}

/** `node` with `child` in the place of the one of the same name, or at the end. */
export function withChild(node: Node, child: Node): Node {
  const known = childOf(node, child.kind, child.name);
  const children = known
    ? node.children.map((one) => (one === known ? child : one))
    : [...node.children, child];
  return { ...node, children };
}

export function withSetting(node: Node, setting: Setting): Node {
  const at = node.settings.findIndex(({ name }) => name === setting.name);
  const settings =
    at < 0
      ? [...node.settings, setting]
      : node.settings.map((one, index) => (index === at ? setting : one));
  return { ...node, settings };
}

export function withoutSetting(node: Node, name: string): Node {
  return { ...node, settings: node.settings.filter((one) => one.name !== name) };
}

export function settingOf(node: Node | undefined, name: string): string | undefined {
  return node?.settings.find((one) => one.name === name)?.value;
}

/** The first value of a setting, without quotes. */
export function valueOf(node: Node | undefined, name: string): string | undefined {
  const value = settingOf(node, name);
  return value === undefined ? undefined : valuesOf(value)[0];
}

export function configOf(tree: Tree, path: string): Node | undefined {
  return tree.find((node) => node.name === path);
}

export function withConfig(tree: Tree, node: Node): Tree {
  return withChild({ ...emptyNode('config', ''), children: tree }, node).children;
}

export function entriesOf(node: Node | undefined): readonly Node[] {
  return node?.children.filter(({ kind }) => kind === 'edit') ?? [];
}

function mergeNode(base: Node, over: Node): Node {
  const settings = new Map([...base.settings, ...over.settings].map((one) => [one.name, one]));
  const keyOf = ({ kind, name }: Node) => `${kind} ${name}`;
  const children = new Map(base.children.map((child) => [keyOf(child), child]));
  for (const child of over.children) {
    const known = children.get(keyOf(child));
    children.set(keyOf(child), known ? mergeNode(known, child) : child);
  }
  return { ...base, settings: [...settings.values()], children: [...children.values()] };
}

/** What `over` says wins, setting by setting; what it does not name stays. */
export function mergeTree(base: Tree, over: Tree): Tree {
  const root = emptyNode('config', '');
  return mergeNode({ ...root, children: base }, { ...root, children: over }).children;
}
