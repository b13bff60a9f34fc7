import type { Reply, Turn } from './personality-state.js';

/** One command: keywords, `<name>` for one word, `[name]` for one that may be left out. */
export interface Command {
  readonly pattern: string;
  readonly run: (turn: Turn, args: Readonly<Record<string, string>>) => Reply;
}

export type Found =
  | {
      readonly kind: 'found';
      readonly command: Command;
      readonly args: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'ambiguous'; readonly word: string }
  | { readonly kind: 'unknown'; readonly at: number; readonly word: string };

const isLiteral = (part: string | undefined) => part !== undefined && !/^[<[]/.test(part);

interface Candidate {
  readonly command: Command;
  readonly parts: readonly string[];
}

/** The candidates that a word leaves: a whole keyword, else the start of exactly one, else an argument. */
function narrow(candidates: readonly Candidate[], at: number, word: string) {
  const exact = candidates.filter(({ parts }) => parts[at] === word);
  if (exact.length > 0) return exact;
  const begun = candidates.filter(({ parts }) => {
    const part = parts[at];
    return part !== undefined && isLiteral(part) && part.startsWith(word);
  });
  if (new Set(begun.map(({ parts }) => parts[at])).size > 1) return 'ambiguous';
  if (begun.length > 0) return begun;
  return candidates.filter(({ parts }) => parts[at] !== undefined && !isLiteral(parts[at]));
}

function argumentsOf({ parts }: Candidate, words: readonly string[]): Record<string, string> {
  const args: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const word = words[at];
    if (!isLiteral(part) && word !== undefined) args[part.slice(1, -1)] = word;
  }
  return args;
}

/** Reads a line as the device does: unique beginnings of keywords are enough. */
export function findCommand(commands: readonly Command[], words: readonly string[]): Found {
  let candidates = commands.map((command): Candidate => ({
    command,
    parts: command.pattern.split(' '),
  }));
  for (const [at, word] of words.entries()) {
    const left = narrow(candidates, at, word);
    if (left === 'ambiguous') return { kind: 'ambiguous', word };
    if (left.length === 0) return { kind: 'unknown', at, word };
    candidates = left;
  }
  const whole = candidates.find(({ parts }) =>
    parts.slice(words.length).every((part) => part.startsWith('[')),
  );
  if (!whole) return { kind: 'incomplete' };
  return { kind: 'found', command: whole.command, args: argumentsOf(whole, words) };
}

export interface Piped {
  readonly line: string;
  readonly filter: ((lines: readonly string[]) => readonly string[]) | undefined;
}

const PATTERN_LENGTH_MAX = 200;

/** Does the line hold one of the alternatives? `^` and `$` pin it; all else is taken literally. */
function matches(line: string, pattern: string, isFolded: boolean): boolean {
  const fold = (text: string) => (isFolded ? text.toLowerCase() : text);
  return pattern.split(/\\\||\|/).some((one) => {
    const bare = fold(one.replace(/^\^/, '').replace(/\$$/, '').replaceAll('\\', ''));
    const text = fold(line);
    if (one.startsWith('^') && one.endsWith('$')) return text === bare;
    if (one.startsWith('^')) return text.startsWith(bare);
    return one.endsWith('$') ? text.endsWith(bare) : text.includes(bare);
  });
}

/** `-A 3` and `-B 3`: lines around a hit. */
function around(flags: string, letter: 'A' | 'B'): number {
  const count = new RegExp(`-${letter} ?(\\d{1,4})`).exec(flags)?.[1];
  return count === undefined ? 0 : Number(count);
}

function grep(flags: string, pattern: string): NonNullable<Piped['filter']> {
  const isInverted = /-\w*v/.test(flags);
  const isFolded = /-\w*i/.test(flags);
  const [after, before] = [around(flags, 'A'), around(flags, 'B')];
  return (lines) => {
    const hits = lines.map((line) => matches(line, pattern, isFolded) !== isInverted);
    const shown = lines.filter((_line, at) =>
      hits.slice(Math.max(0, at - after), at + before + 1).includes(true),
    );
    return /-\w*c/.test(flags) ? [String(shown.length)] : shown;
  };
}

/** Splits `get x | grep y` into the command and what filters its lines. */
export function splitPipe(line: string): Piped {
  const found = /^([^|]*)\|\s*grep\s+((?:-\w+(?: \d+)?\s+)*)(.*)$/.exec(line);
  if (!found) return { line, filter: undefined };
  const [, command = '', flags = '', raw = ''] = found;
  const pattern = raw
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .slice(0, PATTERN_LENGTH_MAX);
  return { line: command, filter: pattern === '' ? undefined : grep(flags, pattern) };
}
