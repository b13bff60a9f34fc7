import { nodeAt, sectionAt } from './personality-config-place.js';
import { INCOMPLETE, parseError } from './personality-config-check.js';
import { headerLines, treeOf, versionNow } from './personality-config.js';
import {
  type Attribute,
  type Section,
  sectionIn,
  sectionNamed,
  sectionPaths,
} from './personality-schema.js';
import { placeOf, type Reply, type Turn } from './personality-state.js';
import { digest } from './personality-text.js';
import {
  childOf,
  configOf,
  emptyNode,
  entriesOf,
  type Node,
  renderNode,
  settingOf,
  type Setting,
  type Tree,
  valueOf,
} from './personality-tree.js';

/** Reversible secrets are encrypted anew each time they are shown; password hashes are not. */
function resalted(setting: Setting, nowMs: number): Setting {
  if (!/^ENC (?!SH2)/.test(setting.value)) return setting;
  const hex = digest('sha256', `${setting.value}/${nowMs}`);
  return { ...setting, value: `ENC ${Buffer.from(hex, 'hex').toString('base64')}` };
}

function presetsOf(section: Section, node: Node): readonly Setting[] {
  return section.attributes.flatMap(({ name, preset }: Attribute): readonly Setting[] => {
    const value = settingOf(node, name) ?? preset;
    return value === undefined ? [] : [{ name, value }];
  });
}

/** The node with every setting that it has without anybody having set it. */
function completed(node: Node, path: string, version: string): Node {
  const named = sectionNamed(path);
  const section = named && sectionIn(named, { version, value: (name) => valueOf(node, name) });
  const isBody = node.kind === 'edit' || section?.key === undefined;
  const children = node.children.map((child) =>
    completed(child, child.kind === 'config' ? `${path} ${child.name}` : path, version),
  );
  if (!section || !isBody) return { ...node, children };
  const known = new Set(section.attributes.map(({ name }) => name));
  const others = node.settings.filter(({ name }) => !known.has(name));
  return { ...node, settings: [...presetsOf(section, node), ...others], children };
}

function salted(node: Node, nowMs: number): Node {
  return {
    ...node,
    settings: node.settings.map((setting) => resalted(setting, nowMs)),
    children: node.children.map((child) => salted(child, nowMs)),
  };
}

/** Every section that is known, whether anything was set there or not. */
function wholeTree(tree: Tree): Tree {
  const tops = sectionPaths.filter(
    (path) => !sectionPaths.some((other) => path.startsWith(`${other} `)),
  );
  const missing = tops.filter((path) => configOf(tree, path) === undefined);
  return [...tree, ...missing.map((path) => emptyNode('config', path))];
}

interface Wanted {
  readonly isFull: boolean;
  readonly words: readonly string[];
}

function wantedOf(words: readonly string[]): Wanted {
  const [first = '', ...rest] = words;
  const isFull = first.length > 2 && 'full-configuration'.startsWith(first);
  return { isFull, words: isFull ? rest : words };
}

interface Part {
  readonly node: Node;
  readonly path: string;
  /** The only one that was asked for. */
  readonly entry?: Node;
}

/** The section whose path the words begin, each as far as it is unique. */
function pathOf(paths: readonly string[], words: readonly string[]): string | undefined {
  const fits = paths.filter((path) => {
    const parts = path.split(' ');
    return (
      parts.length === words.length && parts.every((part, at) => part.startsWith(words[at] ?? ''))
    );
  });
  return fits.length === 1 ? fits[0] : fits.find((path) => path === words.join(' '));
}

/** The section that the words name, and below it the entry that the last of them names. */
function partOf(tree: Tree, words: readonly string[]): Part | undefined {
  const paths = [...new Set([...sectionPaths, ...tree.map(({ name }) => name)])];
  const nodeOf = (path: string) => configOf(tree, path) ?? emptyNode('config', path);
  const whole = pathOf(paths, words);
  if (whole !== undefined) return { node: nodeOf(whole), path: whole };
  const path = pathOf(paths, words.slice(0, -1));
  if (path === undefined) return undefined;
  const table = nodeOf(path);
  const entry = childOf(table, 'edit', words.at(-1) ?? '');
  return entry && { node: { ...table, settings: [], children: [entry] }, path, entry };
}

function shown(turn: Turn, { node, path }: Part, isFull: boolean): readonly string[] {
  const whole = isFull ? completed(node, path, versionNow(turn.device)) : node;
  return renderNode(salted(whole, turn.context.nowMs), path, 0);
}

function isFilled(node: Node): boolean {
  return node.settings.length > 0 || node.children.length > 0;
}

function showAll(turn: Turn, isFull: boolean): Reply {
  const tree = treeOf(turn.device);
  const nodes = isFull ? wholeTree(tree) : tree.filter(isFilled);
  const lines = nodes.flatMap((node) => shown(turn, { node, path: node.name }, isFull));
  return { lines: [...headerLines(turn.device), ...lines, ''] };
}

/** `show [full-configuration] [PATH [KEY]]`, and inside the configuration what is being edited. */
export function show(turn: Turn, typed: readonly string[]): Reply {
  const { isFull, words } = wantedOf(typed);
  const place = placeOf(turn.shell);
  if (place.frames.length > 0) {
    if (words.length > 0) return { lines: [...parseError(words[0] ?? ''), ''] };
    const node = nodeAt(turn.device, place);
    const { path } = sectionAt(place.frames);
    const table = { ...emptyNode('config', path), children: [node] };
    return {
      lines: [
        ...shown(
          turn,
          { node: node.kind === 'edit' ? table : { ...node, name: path }, path },
          isFull,
        ),
        '',
      ],
    };
  }
  if (words.length === 0) return showAll(turn, isFull);
  const part = partOf(treeOf(turn.device), words);
  if (!part) return { lines: [...parseError(words.at(-1) ?? ''), ''] };
  return { lines: [...shown(turn, part, isFull), ''] };
}

/** Lists keep their quotes, a single text loses them. */
function plain(value: string): string {
  if (value.startsWith('ENC ')) return '*';
  return /" /.test(value) ? `${value} ` : value.replaceAll('"', '');
}

const pair = ({ name, value }: Setting): string => `${name.padEnd(20)}: ${plain(value)}`;

function listed(part: Part, version: string): readonly string[] {
  const section = sectionNamed(part.path);
  const full = completed(part.node, part.path, version);
  if (section?.key === undefined) return full.settings.map(pair);
  const entries = entriesOf(full);
  const key = section.key === 'number' ? 'id' : 'name';
  return entries.flatMap((entry) => [
    `== [ ${entry.name} ]`,
    [
      `${key}: ${entry.name}`,
      ...entry.settings
        .slice(0, 6)
        .map(({ name, value }) => `${name}: ${value.replaceAll('"', '').replace(/^ENC .*/, '*')}`),
    ].join('    '),
  ]);
}

function edited(turn: Turn): readonly string[] {
  const place = placeOf(turn.shell);
  const node = nodeAt(turn.device, place);
  const { path } = sectionAt(place.frames);
  const version = versionNow(turn.device);
  if (node.kind !== 'edit') return listed({ node, path }, version);
  return completed(node, path, version).settings.map(pair);
}

/** `get` of a section of the configuration, or of what is being edited; undefined when it names none. */
export function getConfig(turn: Turn, words: readonly string[]): Reply | undefined {
  const isInside = placeOf(turn.shell).frames.length > 0;
  if (isInside && words.length === 0) return { lines: [...edited(turn), ''] };
  if (isInside) return { lines: [...parseError(words[0] ?? ''), ''] };
  if (words.length === 0) return { lines: [...INCOMPLETE, ''] };
  const part = partOf(treeOf(turn.device), words);
  if (!part) return undefined;
  const { entry, path } = part;
  const version = versionNow(turn.device);
  const shown = entry ? completed(entry, path, version).settings.map(pair) : listed(part, version);
  return { lines: [...shown, ''] };
}
