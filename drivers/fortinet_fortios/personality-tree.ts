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

interface Reading {
  readonly statements: readonly string[];
  at: number;
}

/** Lines, with those of an open quote joined to one statement. Comments are dropped. */
function statementsOf(text: string): readonly string[] {
  const statements: string[] = [];
  let open: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (open === undefined && (line.trim() === '' || line.trimStart().startsWith('#'))) continue;
    const joined: string = open === undefined ? line.trimStart() : `${open}\n${line}`;
    if (wordsOf(joined) === undefined) open = joined;
    else {
      statements.push(joined.trimEnd());
      open = undefined;
    }
  }
  return statements;
}

/** `set NAME VALUE`: the value as it is written. */
function settingIn(statement: string): Setting | undefined {
  const name = wordsOf(statement)?.[1]?.text;
  if (name === undefined) return undefined;
  return { name, value: statement.slice(statement.indexOf(name, 4) + name.length).trim() };
}

function withRead(node: Node, statement: string): Node {
  const setting = settingIn(statement);
  return setting ? withSetting(node, setting) : node;
}

function readChild(reading: Reading, node: Node, depth: number): Node {
  const statement = reading.statements[reading.at - 1] ?? '';
  const [verb, ...words] = (wordsOf(statement) ?? []).map(({ text }) => text);
  const kind = verb === 'config' ? 'config' : 'edit';
  const name = words.join(' ');
  const known = childOf(node, kind, name) ?? emptyNode(kind, name);
  return withChild(node, readBody(reading, known, depth + 1));
}

function readBody(reading: Reading, node: Node, depth: number): Node {
  let body = node;
  while (reading.at < reading.statements.length) {
    const statement = reading.statements[reading.at] ?? '';
    reading.at += 1;
    const [verb = ''] = statement.split(/\s/, 1);
    if (verb === 'end' || verb === 'next') return body;
    if (verb === 'set') body = withRead(body, statement);
    else if (/^(config|edit)$/.test(verb) && depth < DEPTH_MAX) {
      body = readChild(reading, body, depth);
    }
  }
  return body;
}

/** Reads a configuration; whatever is no statement of it is passed over. */
export function parseTree(text: string): Tree {
  const reading: Reading = { statements: statementsOf(text), at: 0 };
  let root = emptyNode('config', '');
  while (reading.at < reading.statements.length) root = readBody(reading, root, 0);
  return root.children;
}

const NUMBER = /^(?:\d+|\d+\.\d+\.\d+\.\d+)$/;

/** Entries of numbered tables (policies, routes) and of OSPF areas have bare keys. */
function keyText(path: string, key: string): string {
  const isBare = NUMBER.test(key) && !/neighbor|interface|address/.test(path);
  return isBare ? key : quoted(key);
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
  let merged = base;
  for (const setting of over.settings) merged = withSetting(merged, setting);
  for (const child of over.children) {
    const known = childOf(merged, child.kind, child.name);
    merged = withChild(merged, known ? mergeNode(known, child) : child);
  }
  return merged;
}

/** What `over` says wins, setting by setting; what it does not name stays. */
export function mergeTree(base: Tree, over: Tree): Tree {
  const root = emptyNode('config', '');
  return mergeNode({ ...root, children: base }, { ...root, children: over }).children;
}
