import type { Handler } from './personality-state.js';

/** One command: keywords, `<name>` for one word, `<name...>` for the rest of the line. */
export interface Command {
  readonly pattern: string;
  /** Needs enable mode. */
  readonly privileged?: boolean;
  readonly run: Handler;
}

interface Rule {
  readonly pattern: string;
}

/** Built once from a command table, never changed afterwards. */
export interface Tree<C extends Rule> {
  readonly words: Map<string, Tree<C>>;
  argument?: { readonly name: string; readonly rest: boolean; readonly node: Tree<C> };
  command?: C;
}

/** `text`: the line with its keywords written out. */
export type Parsed<C> =
  | {
      readonly kind: 'found';
      readonly command: C;
      readonly args: Readonly<Record<string, string>>;
      readonly text: string;
    }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'incomplete'; readonly text: string }
  /** `at`: offset of the word that was not understood; `first`: it is the first one. */
  | { readonly kind: 'invalid'; readonly at: number; readonly first: boolean };

function childFor<C extends Rule>(node: Tree<C>, part: string): Tree<C> {
  const argument = /^<([a-z]+)(\.\.\.)?>$/.exec(part);
  if (argument !== null) {
    const rest = argument[2] !== undefined;
    node.argument ??= { name: argument[1] ?? '', rest, node: { words: new Map() } };
    return node.argument.node;
  }
  const known = node.words.get(part);
  if (known !== undefined) return known;
  const made: Tree<C> = { words: new Map() };
  node.words.set(part, made);
  return made;
}

export function grammar<C extends Rule>(commands: readonly C[]): Tree<C> {
  const root: Tree<C> = { words: new Map() };
  for (const command of commands) {
    let node = root;
    for (const part of command.pattern.split(' ')) node = childFor(node, part);
    node.command = command;
  }
  return root;
}

interface Word {
  readonly text: string;
  readonly at: number;
}

function wordsOf(line: string): readonly Word[] {
  return [...line.matchAll(/\S+/g)].map((found) => ({ text: found[0], at: found.index }));
}

function keyword<C extends Rule>(
  node: Tree<C>,
  text: string,
): readonly [word: string, next: Tree<C>] | 'ambiguous' | undefined {
  const lower = text.toLowerCase();
  const exact = node.words.get(lower);
  if (exact !== undefined) return [lower, exact];
  const begins = [...node.words].filter(([word]) => word.startsWith(lower));
  return begins.length > 1 ? 'ambiguous' : begins[0];
}

/** Reads a line as the device's parser does: unique prefixes of keywords are enough. */
export function parseLine<C extends Rule>(tree: Tree<C>, line: string): Parsed<C> {
  const args: Record<string, string> = {};
  const read: string[] = [];
  let node = tree;
  for (const [index, word] of wordsOf(line).entries()) {
    const next = keyword(node, word.text);
    if (next === 'ambiguous') return { kind: 'ambiguous' };
    if (next !== undefined) {
      read.push(next[0]);
      node = next[1];
      continue;
    }
    const argument = node.argument;
    if (argument === undefined) return { kind: 'invalid', at: word.at, first: index === 0 };
    const value = argument.rest ? line.slice(word.at).trimEnd() : word.text;
    args[argument.name] = value;
    read.push(value);
    node = argument.node;
    if (argument.rest) break;
  }
  const text = read.join(' ');
  return node.command === undefined
    ? { kind: 'incomplete', text }
    : { kind: 'found', command: node.command, args, text };
}

const maxPatternLength = 200;

/** Literal pieces of one alternative, split at `.*`; `.` stands for any character. */
function matchesPieces(line: string, pieces: readonly string[], ends: Ends): boolean {
  const last = pieces.length - 1;
  let from = 0;
  for (const [index, piece] of pieces.entries()) {
    const isPinned = index === 0 && ends.start;
    const isLast = index === last && ends.end;
    const at = isPinned ? 0 : isLast ? line.length - piece.length : findPiece(line, piece, from);
    if (at < from || !matchesAt(line, piece, at)) return false;
    from = at + piece.length;
  }
  return last > 0 || !isWhole(ends) || from === line.length;
}

function isWhole(ends: Ends): boolean {
  return ends.start && ends.end;
}

interface Ends {
  readonly start: boolean;
  readonly end: boolean;
}

function matchesAt(line: string, piece: string, at: number): boolean {
  if (at < 0 || at + piece.length > line.length) return false;
  for (let index = 0; index < piece.length; index += 1) {
    if (piece[index] !== '.' && piece[index] !== line[at + index]) return false;
  }
  return true;
}

function findPiece(line: string, piece: string, from: number): number {
  for (let at = from; at + piece.length <= line.length; at += 1) {
    if (matchesAt(line, piece, at)) return at;
  }
  return -1;
}

/**
 * The part of the device's regular expressions that operators use: alternatives, `^`, `$`, `.`, `.*`. Anything else is
 * taken literally. Linear enough that no pattern can stall the lab.
 */
function matcher(pattern: string): (line: string) => boolean {
  const bare = pattern.slice(0, maxPatternLength).replace(/^\((.*)\)$/, '$1');
  const alternatives = bare.split('|').map((one) => {
    const start = one.startsWith('^');
    const end = one.endsWith('$');
    const body = one.slice(start ? 1 : 0, end ? -1 : undefined);
    return { ends: { start, end }, pieces: body.replace(/\\(.)/g, '$1').split('.*') };
  });
  return (line) => alternatives.some((one) => matchesPieces(line, one.pieces, one.ends));
}

export interface Piped {
  readonly command: string;
  /** Undefined: no filter. */
  readonly filter?: (lines: readonly string[]) => readonly string[];
  /** Offset of a filter word that the device does not know. */
  readonly invalidAt?: number;
}

function section(lines: readonly string[], test: (line: string) => boolean): readonly string[] {
  const kept: string[] = [];
  let depth = -1;
  for (const line of lines) {
    const indent = line.length - line.trimStart().length;
    if (depth >= 0 && indent > depth && line.trim() !== '') kept.push(line);
    else {
      depth = test(line) ? indent : -1;
      if (depth >= 0) kept.push(line);
    }
  }
  return kept;
}

type Filter = (lines: readonly string[], test: (line: string) => boolean) => readonly string[];

const filters: readonly (readonly [name: string, filter: Filter])[] = [
  ['begin', (lines, test) => lines.slice(Math.max(0, firstMatch(lines, test)))],
  [
    'count',
    (lines, test) => [
      `Number of lines which match regexp = ${String(lines.filter((line) => test(line)).length)}`,
    ],
  ],
  ['exclude', (lines, test) => lines.filter((line) => !test(line))],
  ['include', (lines, test) => lines.filter((line) => test(line))],
  ['section', section],
];

function firstMatch(lines: readonly string[], test: (line: string) => boolean): number {
  const at = lines.findIndex((line) => test(line));
  return at < 0 ? lines.length : at;
}

/** Splits `show x | include y` into the command and what filters its lines. */
export function splitPipe(line: string): Piped {
  const at = line.indexOf(' |');
  if (at < 0) return { command: line };
  const [, word = '', pattern = ''] = /^\s*\|\s*(\S*)\s*(.*)$/.exec(line.slice(at)) ?? [];
  const named = filters.filter(([name]) => word !== '' && name.startsWith(word.toLowerCase()));
  const filter = named[0]?.[1];
  if (filter === undefined || pattern === '') {
    return { command: line.slice(0, at), invalidAt: line.indexOf('|', at) + 2 };
  }
  const test = matcher(pattern.trimEnd());
  return { command: line.slice(0, at), filter: (lines) => filter(lines, test) };
}
