import type { SimAnswer, SimDevice } from '../../src/driver/personality.js';
import type { Turn } from './personality-state.js';

/** One command: its words, `<x>` for any word, `<rest>` for all that is left. */
export interface Command {
  readonly words: readonly string[];
  readonly privileged: boolean;
  readonly run: (turn: Turn, args: readonly string[]) => SimAnswer;
}

export type Match =
  | { readonly kind: 'found'; readonly command: Command; readonly args: readonly string[] }
  | { readonly kind: 'invalid' | 'ambiguous'; readonly at: number; readonly token: string }
  | { readonly kind: 'incomplete' };

/** Finds the command that the words name; each keyword may be cut to a unique prefix. */
export function matchCommand(commands: readonly Command[], tokens: readonly string[]): Match {
  let open = commands;
  for (const [at, token] of tokens.entries()) {
    if (open.some((command) => command.words[at] === '<rest>')) {
      const rest = open.filter((command) => command.words[at] === '<rest>');
      return found(rest[0], tokens);
    }
    const next = narrow(open, at, token);
    if (next === 'ambiguous') return { kind: 'ambiguous', at, token };
    if (next.length === 0) return { kind: 'invalid', at, token };
    open = next;
  }
  const whole = open.find((command) => command.words.length === tokens.length);
  return found(whole, tokens);
}

function found(command: Command | undefined, tokens: readonly string[]): Match {
  if (command === undefined) return { kind: 'incomplete' };
  const args = tokens.filter((_, at) => {
    const word = command.words[Math.min(at, command.words.length - 1)];
    return word?.startsWith('<') ?? false;
  });
  return { kind: 'found', command, args };
}

function narrow(
  open: readonly Command[],
  at: number,
  token: string,
): readonly Command[] | 'ambiguous' {
  const words = open.flatMap((command) => command.words[at] ?? []);
  const keyword = expandWord(
    words.filter((word) => !word.startsWith('<')),
    token,
  );
  if (keyword === 'ambiguous') return 'ambiguous';
  if (keyword !== undefined) return open.filter((command) => command.words[at] === keyword.word);
  return open.filter((command) => command.words[at]?.startsWith('<') ?? false);
}

/** The keyword that the token names, whole or by a prefix that no other keyword has. */
export function expandWord(
  keywords: readonly string[],
  token: string,
): { readonly word: string } | 'ambiguous' | undefined {
  const typed = token.toLowerCase();
  const exact = keywords.find((word) => word.toLowerCase() === typed);
  if (exact !== undefined) return { word: exact };
  const candidates = new Set(keywords.filter((word) => word.toLowerCase().startsWith(typed)));
  const [word] = candidates;
  if (word === undefined) return undefined;
  return candidates.size === 1 ? { word } : 'ambiguous';
}

const SHOWN_TOKEN = 60;

/** EOS names the word it did not understand; the first word is number 0. */
export function errorText(match: Exclude<Match, { readonly kind: 'found' }>): string {
  if (match.kind === 'incomplete') return '% Incomplete command';
  const token = match.token.slice(0, SHOWN_TOKEN);
  const what = match.kind === 'invalid' ? 'Invalid input' : 'Ambiguous command';
  return `% ${what} (at token ${match.at}: '${token}')`;
}

const MAX_LINE = 4096;

/** Drops control characters and cuts what no terminal line of EOS would hold. */
export function cleanLine(text: string): string {
  const chars = text.slice(0, MAX_LINE).split('');
  return chars.filter((char) => char >= ' ' && char !== '\u007f').join('');
}

export interface PipedLine {
  readonly command: string;
  readonly filters: readonly string[];
}

export function splitPipes(line: string): PipedLine {
  const [command = '', ...filters] = line.split(/\s\|\s*/);
  return { command: command.trim(), filters: filters.map((filter) => filter.trim()) };
}

const FILTERS = ['include', 'exclude', 'begin', 'section', 'grep', 'no-more', 'json'];

/** Runs output through one `| filter`; undefined when EOS has no such filter. */
export function applyFilter(
  lines: readonly string[],
  filter: string,
): readonly string[] | undefined {
  const [word = '', ...rest] = filter.split(/\s+/);
  const name = expandWord(FILTERS, word);
  if (name === undefined || name === 'ambiguous' || word === '') return undefined;
  const wanted = patternOf(rest.join(' '));
  switch (name.word) {
    case 'include':
    case 'grep':
      return lines.filter(wanted);
    case 'exclude':
      return lines.filter((line) => !wanted(line));
    case 'begin':
      return lines.slice(Math.max(0, lines.findIndex(wanted)));
    case 'section':
      return sectionLines(lines, wanted);
    default:
      return lines;
  }
}

/**
 * EOS takes a regular expression here. The simulated switch takes what operators use of it: alternatives and the
 * anchors `^` and `$`, never a pattern that an attacker could make slow.
 */
function patternOf(pattern: string): (line: string) => boolean {
  const parts = pattern
    .replaceAll(/["']/g, '')
    .split('|')
    .map((part) => part.trim().toLowerCase());
  return (line) => {
    const text = line.toLowerCase();
    return parts.some((part) => holds(text, part));
  };
}

function holds(text: string, part: string): boolean {
  const fromStart = part.startsWith('^');
  const toEnd = part.endsWith('$');
  const body = part.slice(fromStart ? 1 : 0, toEnd ? -1 : undefined);
  if (fromStart && toEnd) return text === body;
  if (fromStart) return text.startsWith(body);
  return toEnd ? text.endsWith(body) : text.includes(body);
}

function sectionLines(lines: readonly string[], wanted: (line: string) => boolean): string[] {
  const kept: string[] = [];
  let inside = false;
  for (const line of lines) {
    const isHead = !line.startsWith(' ');
    if (isHead) inside = wanted(line);
    else if (!inside && wanted(line)) inside = true;
    if (inside) kept.push(line);
  }
  return kept;
}

const INTERFACE_KINDS = ['Ethernet', 'Loopback', 'Management', 'Port-Channel', 'Vlan', 'Vxlan'];

/** `et1`, `Ethernet 1` and `Ethernet1` are all Ethernet1; undefined when it is no interface name. */
export function interfaceName(typed: string): string | undefined {
  const match = /^([a-z-]+?)\s*(\d+(?:\/\d+){0,3})$/i.exec(typed.trim());
  const kind = expandWord(INTERFACE_KINDS, match?.[1] ?? '');
  if (match === null || kind === undefined || kind === 'ambiguous') return undefined;
  return `${kind.word}${match[2] ?? ''}`;
}

/** Et1, Ma1, Po10, Lo0, Vl100: the short names of EOS tables and prompts. */
export function shortInterface(name: string): string {
  return name
    .replace(/^Port-Channel/, 'Po')
    .replace(/^Ethernet/, 'Et')
    .replace(/^Management/, 'Ma')
    .replace(/^Loopback/, 'Lo')
    .replace(/^Vlan/, 'Vl')
    .replace(/^Vxlan/, 'Vx');
}

/** Is it an interface that this switch has, or one that exists once it is configured? */
export function interfaceExists(device: SimDevice, name: string): boolean {
  if (!name.startsWith('Ethernet')) return true;
  return device.ports.some((port) => port.name === name);
}
