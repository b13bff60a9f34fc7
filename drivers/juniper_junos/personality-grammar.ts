import type { SimAnswer } from '../../src/driver/personality.js';
import type { Turn } from './personality-state.js';

/** One command: its words, `<x>` for any word, `<rest>` for all that is left. */
export interface Command {
  readonly words: readonly string[];
  readonly run: (turn: Turn, args: readonly string[]) => SimAnswer;
}

export function command(
  text: string,
  run: (turn: Turn, args: readonly string[]) => SimAnswer,
): Command {
  return { words: text.split(' '), run };
}

/** A word as typed and where in the line it stands. */
export interface Token {
  readonly text: string;
  readonly at: number;
}

/** Words of a line; what stands in quotes is one word, without them. */
export function tokensIn(line: string): readonly Token[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g)].map((found) => ({
    text: found[1] ?? found[0],
    at: found.index,
  }));
}

export type Match =
  | { readonly kind: 'found'; readonly command: Command; readonly args: readonly string[] }
  | {
      readonly kind: 'unknown' | 'syntax' | 'missing';
      readonly at: number;
    }
  | {
      readonly kind: 'ambiguous';
      readonly at: number;
      readonly token: string;
      readonly words: readonly string[];
    };

const isSlot = (word: string | undefined) => word?.startsWith('<') === true;

/** Finds the command that the words name; each keyword may be cut to a unique prefix. */
export function matchCommand(commands: readonly Command[], tokens: readonly Token[]): Match {
  let open = commands;
  for (const [index, token] of tokens.entries()) {
    const rest = open.find(({ words }) => words[index] === '<rest>');
    const next = expandWord(keywordsAt(open, index), token.text);
    if (typeof next === 'object') {
      return { kind: 'ambiguous', at: token.at, token: token.text, words: next };
    }
    if (next === undefined && rest) return found(rest, tokens);
    open = open.filter(
      ({ words }) => words[index] === next || (next === undefined && isSlot(words[index])),
    );
    if (open.length === 0) return { kind: index === 0 ? 'unknown' : 'syntax', at: token.at };
  }
  return wholeOf(open, tokens);
}

/** The command that ends with the last word; one that takes any more words takes none, too. */
function wholeOf(open: readonly Command[], tokens: readonly Token[]): Match {
  const whole =
    open.find(({ words }) => words.length === tokens.length) ??
    open.find(({ words }) => words.length === tokens.length + 1 && words.at(-1) === '<rest>');
  if (whole) return found(whole, tokens);
  const end = tokens.at(-1);
  return { kind: 'missing', at: end === undefined ? 0 : end.at + end.text.length };
}

function keywordsAt(open: readonly Command[], index: number): readonly string[] {
  const words = open.flatMap((each) => each.words[index] ?? []);
  return [...new Set(words.filter((word) => !isSlot(word)))];
}

function found(whole: Command, tokens: readonly Token[]): Match {
  const { words } = whole;
  const from = words.indexOf('<rest>');
  const args = tokens
    .filter((_, at) => isSlot(words[at]) || (from >= 0 && at >= from))
    .map(({ text }) => text);
  return { kind: 'found', command: whole, args };
}

/** The keyword that `typed` names, whole or by a prefix; the candidates where it could be several. */
export function expandWord(
  keywords: readonly string[],
  typed: string,
): string | readonly string[] | undefined {
  if (keywords.includes(typed)) return typed;
  const starts = keywords.filter((word) => typed !== '' && word.startsWith(typed));
  return starts.length > 1 ? starts : starts[0];
}

/** As Junos answers a line that it does not take: a caret under the word, and what is wrong with it. */
export function errorLines(
  match: Exclude<Match, { readonly kind: 'found' }>,
  promptChars: number,
): readonly string[] {
  const caret = `${' '.repeat(promptChars + match.at)}^`;
  switch (match.kind) {
    case 'unknown':
      return [caret, 'unknown command.'];
    case 'syntax':
      return [caret, 'syntax error, expecting <command>.'];
    case 'missing':
      return [caret, 'missing argument.'];
    case 'ambiguous':
      return [
        caret,
        `'${match.token}' is ambiguous.`,
        'Possible completions:',
        ...match.words.map((word) => `  ${word}`),
      ];
  }
}

const MAX_LINE = 4096;

/** Drops control characters and cuts what no terminal line would hold. */
export function cleanLine(text: string): string {
  return text.slice(0, MAX_LINE).replace(/\p{Cc}/gu, '');
}

export interface PipedLine {
  readonly command: string;
  readonly filters: readonly string[];
}

/** Splits at pipes that stand outside of quotes. */
export function splitPipes(line: string): PipedLine {
  const parts = line.match(/(?:"(?:[^"\\]|\\.)*"|[^|"]|")+/g) ?? [];
  const [first = '', ...filters] = parts;
  return { command: first.trimEnd(), filters: filters.map((filter) => filter.trim()) };
}

export interface Filtered {
  readonly lines: readonly string[];
  readonly unpaged: boolean;
}

type Filter = (lines: readonly string[], text: string) => readonly string[];

const same: Filter = (lines) => lines;

const FILTERS: Readonly<Record<string, Filter>> = {
  count: (lines) => [`Count: ${lines.length} lines`],
  except: (lines, text) => {
    const wanted = patternOf(text);
    return lines.filter((line) => !wanted(line));
  },
  find: (lines, text) => {
    const at = lines.findIndex(patternOf(text));
    return at < 0 ? ['Pattern not found'] : lines.slice(at);
  },
  display: (lines, text) => {
    if (text === 'json') return jsonLines(lines);
    return text.startsWith('x') ? xmlLines(lines) : lines;
  },
  hold: same,
  last: (lines, text) => lines.slice(-Math.max(1, Number(text) || 10)),
  match: (lines, text) => lines.filter(patternOf(text)),
  'no-more': same,
  refresh: same,
  resolve: same,
  trim: (lines, text) => lines.map((line) => line.slice(Math.max(0, Number(text) || 0))),
};

const escaped = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** What `show version` says, by the names of its elements; undefined for any other output. */
function identityIn(
  lines: readonly string[],
): readonly (readonly [name: string, value: string])[] | undefined {
  const of = (label: string) =>
    lines.find((line) => line.startsWith(`${label}: `))?.slice(label.length + 2) ?? '';
  if (of('Junos') === '') return undefined;
  return [
    ['host-name', of('Hostname')],
    ['product-model', of('Model')],
    ['product-name', of('Model')],
    ['junos-version', of('Junos')],
  ];
}

/** `| display json`: every value is a list of one object. */
function jsonLines(lines: readonly string[]): readonly string[] {
  const identity = identityIn(lines);
  const fields = identity?.map(([name, data]) => [name, [{ data }]] as const);
  const told = fields
    ? { 'software-information': [Object.fromEntries(fields)] }
    : { output: [{ data: `\n${lines.join('\n')}\n` }] };
  return JSON.stringify(told, null, 4).split('\n');
}

/** `| display xml`: identity as elements of their own, any other output as a whole. */
function xmlLines(lines: readonly string[]): readonly string[] {
  const identity = identityIn(lines);
  const inside =
    identity === undefined
      ? ['    <output>', ...lines.map(escaped), '    </output>']
      : [
          '    <software-information>',
          ...identity.map(([name, value]) => `        <${name}>${escaped(value)}</${name}>`),
          '    </software-information>',
        ];
  const name = 'http://xml.juniper.net/junos';
  return [
    `<rpc-reply xmlns:junos="${name}">`,
    ...inside,
    '    <cli>',
    '        <banner></banner>',
    '    </cli>',
    '</rpc-reply>',
  ];
}

/** Runs output through one filter; undefined when Junos has no such filter. */
export function applyFilter(shown: Filtered, filter: string): Filtered | undefined {
  const [word = '', ...rest] = tokensIn(filter).map(({ text }) => text);
  const name = expandWord(Object.keys(FILTERS), word);
  const run = typeof name === 'string' ? FILTERS[name] : undefined;
  if (!run) return undefined;
  return {
    lines: run(shown.lines, rest.join(' ')),
    unpaged: shown.unpaged || name === 'no-more',
  };
}

const PATTERN_CHARS = 200;

/** Patterns of Junos are without case. A pattern that is none matches as plain text. */
function patternOf(source: string): (line: string) => boolean {
  const text = source.slice(0, PATTERN_CHARS);
  const plain = text.toLowerCase();
  const isSimple = /^[\w .,:;@/|^$-]*$/.test(text);
  if (!isSimple) return (line) => line.toLowerCase().includes(plain);
  const expression = new RegExp(text, 'i');
  return (line) => expression.test(line);
}
