import {
  changeNode,
  childOf,
  type ConfigTree,
  deletePath,
  isLeaf,
  knownStep,
  nameOf,
  newNode,
  nodeLines,
  pathOf,
  setPath,
  type Step,
  tokensOf,
} from './personality-config.js';
import { SCHEMA, type Shape } from './personality-config-schema.js';

const PARSE_DEPTH_MAX = 40;
/** A few texts are enough: what is committed, and candidates. */
const PARSED_KEPT = 4;

/** As `show configuration` prints it, without the line on the last commit. */
export function renderConfig(tree: ConfigTree): string {
  const text = tree
    .flatMap((node) => nodeLines(node, 0))
    .map((line) => `${line}\n`)
    .join('');
  remember(text, tree);
  return text;
}

const parsed = new Map<string, ConfigTree>();

/** The same text gives the same tree; the last few are kept, as every line typed needs one. */
function remember(text: string, tree: ConfigTree): ConfigTree {
  parsed.delete(text);
  parsed.set(text, tree);
  for (const key of parsed.keys()) {
    if (parsed.size <= PARSED_KEPT) break;
    parsed.delete(key);
  }
  return tree;
}

/** Reads text in braces, or `set` lines. What cannot be read is left out. */
export function parseConfig(text: string): ConfigTree {
  const known = parsed.get(text);
  if (known) return known;
  return remember(text, mergeText([], text));
}

export function mergeText(tree: ConfigTree, text: string): ConfigTree {
  return /^\s*(?:set|delete|deactivate|activate) /m.test(text) && !/[{};]\s*$/m.test(text)
    ? mergeSets(tree, text)
    : mergeTrees(tree, parseBraces(text), SCHEMA);
}

function mergeSets(tree: ConfigTree, text: string): ConfigTree {
  return text.split(/\r?\n/).reduce((current, line) => {
    const [verb = '', ...tokens] = tokensOf(line);
    const path = pathOf(tokens, { shape: SCHEMA, tree: current });
    if (path.kind === 'wrong') return current;
    if (verb === 'set') return setPath(current, path.steps);
    if (verb === 'delete') return deletePath(current, path.steps) ?? current;
    if (verb !== 'deactivate') return current;
    return changeNode(current, path.steps, (node) => ({ ...node, inactive: true })) ?? current;
  }, tree);
}

/** A statement as it stands in braces. */
interface Raw {
  readonly tokens: readonly string[];
  readonly inactive: boolean;
  readonly children: readonly Raw[];
}

function parseBraces(text: string): readonly Raw[] {
  const bare = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*#.*$/gm, '');
  const tokens = bare.match(/"(?:[^"\\]|\\.)*"|[{};[\]]|[^\s{};"[\]]+/g) ?? [];
  return rawBlock(tokens, { at: 0 }, 0);
}

function rawBlock(tokens: readonly string[], place: { at: number }, depth: number): readonly Raw[] {
  const found: Raw[] = [];
  let words: string[] = [];
  const close = (children: readonly Raw[]) => {
    const inactive = words[0] === 'inactive:';
    const bare = words.filter((word) => !/^(?:inactive|protect|replace|active):$/.test(word));
    if (bare.length > 0) found.push({ tokens: bare, inactive, children });
    words = [];
  };
  while (place.at < tokens.length) {
    const token = tokens[place.at] ?? '';
    place.at += 1;
    if (token === '}') break;
    if (token === ';') close([]);
    else if (token === '{')
      close(depth < PARSE_DEPTH_MAX ? rawBlock(tokens, place, depth + 1) : []);
    else words.push(token);
  }
  close([]);
  return found;
}

function mergeTrees(tree: ConfigTree, raws: readonly Raw[], shape: Shape | undefined): ConfigTree {
  const nodes = new Map(tree.map((node) => [nameOf(node), node]));
  for (const raw of raws) {
    const { step, inner, rest } = rawStep(raw, shape);
    const old = nodes.get(nameOf(step)) ?? newNode(step);
    const values =
      step.kind === 'values' && old.values.length > 0
        ? [...new Set([...old.values, ...step.values])]
        : step.values;
    const children = mergeTrees(old.children, rest ? [rest] : raw.children, inner);
    nodes.set(nameOf(step), { ...old, values, children, inactive: raw.inactive });
  }
  return [...nodes.values()];
}

interface RawStep {
  readonly step: Step;
  readonly inner: Shape | undefined;
  /** Of a statement on one line: what stands inside of the first. */
  readonly rest?: Raw;
}

function rawStep(raw: Raw, shape: Shape | undefined): RawStep {
  return knownRaw(raw, shape) ?? openRaw(raw);
}

function knownRaw(raw: Raw, shape: Shape | undefined): RawStep | undefined {
  const child = shape && childOf(shape, raw.tokens[0] ?? '');
  const taken = child && knownStep(raw.tokens, 0, child);
  if (!taken || taken === 'missing') return undefined;
  const { step, shape: inner, next } = taken;
  if (next >= raw.tokens.length) return { step, inner };
  if (raw.children.length > 0 || isLeaf(step)) return undefined;
  return { step, inner, rest: { tokens: raw.tokens.slice(next), inactive: false, children: [] } };
}

function openRaw({ tokens, children }: Raw): RawStep {
  const isValue = children.length === 0 && tokens.length === 2;
  const words = tokens.filter((word) => word !== '[' && word !== ']');
  const step: Step = isValue
    ? { words: words.slice(0, 1), values: words.slice(1), kind: 'value' }
    : { words, values: [], kind: 'block' };
  return { step, inner: undefined };
}
