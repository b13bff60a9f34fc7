import { expandWord } from './personality-grammar.js';

/** A line of a configuration, with what stands in it. */
interface ListedLine {
  readonly line: string;
  readonly children: readonly ListedLine[];
}

const SECTION = /^(?:ip|ipv6|mac) access-list (?:standard )?\S+$/;
const ACTIONS = ['permit', 'deny', 'remark'];
const STEP = 10;

export function isAccessList(path: readonly string[]): boolean {
  return SECTION.test(path.at(-1) ?? '');
}

/** An entry as EOS writes it, number first where one was typed. Undefined: not an entry. */
export function spellEntry(tokens: readonly string[]): string | undefined {
  const negative = tokens[0] === 'no';
  const [first = '', ...rest] = negative ? tokens.slice(1) : tokens;
  const prefix = negative ? 'no ' : '';
  if (/^\d{1,10}$/.test(first)) {
    if (rest.length === 0) return negative ? `no ${first}` : undefined;
    const entry = spellAction(rest);
    return entry === undefined ? undefined : `${prefix}${first} ${entry}`;
  }
  const entry = spellAction([first, ...rest]);
  return entry === undefined ? undefined : prefix + entry;
}

function spellAction([action = '', ...rest]: readonly string[]): string | undefined {
  const word = expandWord(ACTIONS, action);
  if (typeof word !== 'object' || rest.length === 0) return undefined;
  return [word.word, ...rest].join(' ');
}

function numberOf({ line }: ListedLine): number | undefined {
  const found = /^(\d+) /.exec(line)?.[1];
  return found === undefined ? undefined : Number(found);
}

const bare = (line: string) => line.replace(/^\d+ /, '');

/** Entries stand in the order of their numbers; one without a number gets the next, one that is there already none. */
export function applyEntry(tree: readonly ListedLine[], line: string): readonly ListedLine[] {
  if (line.startsWith('no ')) {
    const target = line.slice(3);
    const isMeant = (node: ListedLine) =>
      node.line === target || String(numberOf(node)) === target || bare(node.line) === target;
    return tree.filter((node) => !isMeant(node));
  }
  const typed = numberOf({ line, children: [] });
  if (typed === undefined && tree.some((node) => bare(node.line) === line)) return tree;
  const highest = Math.max(0, ...tree.flatMap((node) => numberOf(node) ?? []));
  const number = typed ?? highest + STEP;
  const entry: ListedLine = { line: `${number} ${bare(line)}`, children: [] };
  const others = tree.filter((node) => numberOf(node) !== number);
  const before = others.filter((node) => (numberOf(node) ?? 0) < number);
  return [...before, entry, ...others.slice(before.length)];
}
