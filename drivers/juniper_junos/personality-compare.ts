import { type ConfigNode, type ConfigTree, nodeLines } from './personality-config.js';

const nameOf = (node: ConfigNode) => node.words.join(' ');
const isSame = (a: ConfigNode, b: ConfigNode) =>
  nodeLines(a, 0).join('\n') === nodeLines(b, 0).join('\n');

/** A whole statement that is there on one side only. Those without braces stand one column further left. */
function sided(sign: string, node: ConfigNode): readonly string[] {
  if (node.children.length === 0) return nodeLines(node, 0).map((line) => `${sign}  ${line}`);
  return nodeLines(node, 0).map((line) => `${sign}   ${line}`);
}

function headOf(level: readonly string[]): string {
  return ['[edit', ...level].join(' ') + ']';
}

interface Block {
  readonly head: string;
  readonly lines: readonly string[];
}

/** What `show | compare` prints: from `before` to `after`, by level. */
export function compareTrees(before: ConfigTree, after: ConfigTree): readonly string[] {
  const blocks = compareLevel(before, after, []);
  return blocks.flatMap(({ head, lines }) => [head, ...lines]);
}

function compareLevel(
  before: ConfigTree,
  after: ConfigTree,
  level: readonly string[],
): readonly Block[] {
  const old = new Map(before.map((node) => [nameOf(node), node]));
  const fresh = new Map(after.map((node) => [nameOf(node), node]));
  const here: string[] = [];
  const below: Block[] = [];
  for (const node of before) {
    if (!fresh.has(nameOf(node))) here.push(...sided('-', node));
  }
  for (const node of after) {
    const known = old.get(nameOf(node));
    if (known === undefined) here.push(...sided('+', node));
    else if (!isSame(known, node)) {
      here.push(...changedHere(known, node));
      below.push(...compareLevel(known.children, node.children, [...level, ...node.words]));
    }
  }
  here.push(...movedHere(before, after));
  return here.length === 0 ? below : [{ head: headOf(level), lines: here }, ...below];
}

function changedHere(known: ConfigNode, node: ConfigNode): readonly string[] {
  const lines: string[] = [];
  if (known.values.join(' ') !== node.values.join(' ')) {
    const bare = (each: ConfigNode): ConfigNode => ({ ...each, children: [], inactive: false });
    lines.push(...changedValues(bare(known), bare(node)));
  }
  if (known.inactive !== node.inactive) {
    const word = node.inactive ? 'inactive' : 'active';
    lines.push(`!   ${word}: ${nameOf(node)} { ... }`);
  }
  return lines;
}

/** Of a list in brackets only what is new and what is gone is shown. */
function changedValues(known: ConfigNode, node: ConfigNode): readonly string[] {
  if (known.values.length < 2 && node.values.length < 2) {
    return [...sided('-', known), ...sided('+', node)];
  }
  const gone = known.values.filter((value) => !node.values.includes(value));
  const made = node.values.filter((value) => !known.values.includes(value));
  return [
    ...(gone.length > 0 ? sided('-', { ...known, values: gone }) : []),
    ...(made.length > 0 ? sided('+', { ...node, values: made }) : []),
  ];
}

/** Statements that stand elsewhere among those that both sides have. */
function movedHere(before: ConfigTree, after: ConfigTree): readonly string[] {
  const olds = before.map(nameOf);
  const news = after.map(nameOf);
  const left = olds.filter((name) => news.includes(name));
  const right = news.filter((name) => olds.includes(name));
  if (left.join('\n') === right.join('\n')) return [];
  const moved = right.filter((name, at) => left[at] !== name);
  return moved.map((name) => `!    ${name} { ... }`);
}
