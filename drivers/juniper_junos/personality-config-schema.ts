import { STATEMENTS } from './personality-config-statements.js';

/**
 * Which words of the configuration take a key, a value, a list of values or nothing. Junos knows this from its schema;
 * what is not listed here is taken as it comes.
 */
export interface Shape {
  /** `block`: holds statements. `entry`: a key behind the name, then statements. `value`: one, replaced. `values`: many. `flag`: nothing. */
  readonly kind: 'block' | 'entry' | 'value' | 'values' | 'flag';
  readonly children: ReadonlyMap<string, Shape>;
  /** Children that have any name, such as those of `interfaces`. */
  readonly any?: Shape;
}

interface Building {
  kind: Shape['kind'];
  readonly children: Map<string, Shape>;
  any?: Shape;
}

const LEAVES: Readonly<Record<string, Shape['kind']>> = {
  '=': 'value',
  '[]': 'values',
  '!': 'flag',
  '*': 'entry',
};

interface Line {
  readonly depth: number;
  readonly words: readonly string[];
}

function linesOf(text: string): readonly Line[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => ({
      depth: (line.length - line.trimStart().length) / 2,
      words: line.trim().split(' '),
    }));
}

function fresh(kind: Shape['kind']): Building {
  return { kind, children: new Map() };
}

/** Reads the block that begins at `at`; gives what follows it. */
function readBlock(lines: readonly Line[], at: number, into: Building, named: Named): number {
  const depth = lines[at]?.depth ?? 0;
  let next = at;
  while (next < lines.length && (lines[next]?.depth ?? 0) === depth) {
    next = readLine(lines, next, into, named);
  }
  return next;
}

type Named = Map<string, Building>;

interface Said {
  readonly names: readonly string[];
  readonly kind: Shape['kind'];
  /** The block that stands in for this one's own. */
  readonly reference: string | undefined;
}

function saidBy({ words }: Line): Said {
  const marks = words.filter((word) => Object.hasOwn(LEAVES, word));
  const names = words.filter((word) => !word.startsWith('@') && !marks.includes(word));
  const reference = words.find((word) => word.startsWith('@'));
  const kind = names.length === 0 ? 'block' : (LEAVES[marks[0] ?? ''] ?? 'block');
  return { names, kind, reference };
}

function shapeOf({ kind, reference }: Said, named: Named): Building {
  if (reference === undefined) return fresh(kind);
  const known = blockNamed(named, reference);
  return kind === 'entry' ? { ...known, kind } : known;
}

function readLine(lines: readonly Line[], at: number, into: Building, named: Named): number {
  const line = lines[at] ?? NO_LINE;
  const [first = ''] = line.words;
  if (first.startsWith('@')) {
    for (const [name, shape] of blockNamed(named, first).children) into.children.set(name, shape);
    return at + 1;
  }
  const said = saidBy(line);
  const shape = shapeOf(said, named);
  if (said.names.length === 0) into.any = shape;
  for (const name of said.names) into.children.set(name, shape);
  if (line.depth === 0) said.names.forEach((name) => named.set(`@${name}`, shape));
  const next = lines[at + 1] ?? NO_LINE;
  return next.depth > line.depth ? readBlock(lines, at + 1, shape, named) : at + 1;
}

const NO_LINE: Line = { depth: 0, words: [] };

/** Parts of statements that are no statement of their own. */
const FRAGMENTS = ['interface', 'policy-term', 'filter'];

function isFragment(name: string): boolean {
  return FRAGMENTS.includes(name);
}

function blockNamed(named: Named, reference: string): Building {
  const known = named.get(reference);
  if (known) return known;
  const made = fresh('block');
  named.set(reference, made);
  return made;
}

function build(): Shape {
  const root = fresh('block');
  const named: Named = new Map([['@root', root]]);
  const lines = linesOf(STATEMENTS);
  const order = [...lines.keys()].filter((at) => lines[at]?.depth === 0);
  const blocks = order.map((at, index) => lines.slice(at, order[index + 1] ?? lines.length));
  const fragments = blocks.filter((block) => isFragment(block[0]?.words[0] ?? ''));
  const statements = blocks.filter((block) => !fragments.includes(block));
  for (const block of fragments) readLine(block, 0, fresh('block'), named);
  for (const block of statements) readLine(block, 0, root, named);
  return root;
}

/** The statements that the top level of the configuration takes. */
export const SCHEMA: Shape = build();
