import type { Findings } from './finding.js';
import { canonicalWord, endOfQuoted } from './word.js';

/** A piece of text in braces. */
export interface Token {
  readonly kind: 'word' | '{' | '}' | ';';
  readonly text: string;
  readonly line: number;
}

const BLANK = /[ \t\n\r]/;
const BARE_END = /[ \t\n\r;{}"]/g;

/** The tokens of a text, comments left out. Stops with a finding at what never ends. */
export function* readTokens(text: string, findings: Findings): Generator<Token> {
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const sign = text[at] ?? '';
    if (sign === '\n') line += 1;
    if (BLANK.test(sign)) {
      at += 1;
      continue;
    }
    const end = endOfPiece(text, at);
    if (end < 0)
      return findings.add(line, sign === '"' ? 'a quote is not closed' : 'a comment has no end');
    const piece = text.slice(at, end);
    yield* tokensOf(piece, line);
    line += countLines(piece);
    at = end;
  }
}

function isComment(piece: string): boolean {
  return piece.startsWith('#') || piece.startsWith('/*');
}

function* tokensOf(piece: string, line: number): Generator<Token> {
  if (isComment(piece)) return;
  if (piece === '{' || piece === '}' || piece === ';') yield { kind: piece, text: piece, line };
  else for (const text of bracketed(piece)) yield { kind: 'word', text, line };
}

/** Where the piece that begins at `at` ends; -1 when it never does. */
function endOfPiece(text: string, at: number): number {
  const sign = text[at] ?? '';
  if (sign === '"') return endOfQuoted(text, at);
  if (sign === '#') return endOrLength(text, text.indexOf('\n', at));
  if (text.startsWith('/*', at)) {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? -1 : end + 2;
  }
  if ('{};'.includes(sign)) return at + 1;
  BARE_END.lastIndex = at + 1;
  return endOrLength(text, BARE_END.exec(text)?.index ?? -1);
}

function endOrLength(text: string, end: number): number {
  return end < 0 ? text.length : end;
}

function countLines(piece: string): number {
  let count = 0;
  for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Brackets written against a word are words of their own. */
function bracketed(piece: string): string[] {
  if (piece.startsWith('"')) return [canonicalWord(piece)];
  const words: string[] = [];
  let word = piece;
  if (word.length > 1 && word.startsWith('[')) {
    words.push('[');
    word = word.slice(1);
  }
  const closes = word.length > 1 && word.endsWith(']') && !word.includes('[');
  words.push(closes ? word.slice(0, -1) : word);
  if (closes) words.push(']');
  return words;
}
