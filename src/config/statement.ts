import type { Findings } from './finding.js';
import { textSigns } from './slot.js';

/** One statement of the indented syntax, as it stands in the text. */
export interface Statement {
  readonly indent: number;
  /** Normalised; of a banner or a certificate with all its lines. */
  readonly text: string;
  readonly line: number;
}

const TAB = 8;

function indentOf(line: string): number {
  let indent = 0;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at];
    if (sign === ' ') indent += 1;
    else if (sign === '\t') indent += TAB - (indent % TAB);
    else break;
  }
  return indent;
}

/** Statements whose rest is free text, in which every space counts. */
const FREE_TEXT =
  /^((?:\d{1,10} )?(?:no )?(?:snmp-server )?(?:description|remark|location|contact)) (?=.)/;
const UNEVEN = /\t| {2}/;

/** Single spaces outside quotes and free text. */
export function normalStatement(line: string): string {
  const text = line.trim();
  if (!UNEVEN.test(text)) return text;
  const free = FREE_TEXT.exec(text.slice(0, 80).replace(/[ \t]+/g, ' '));
  if (free) return withFreeText(text, free[1] ?? '');
  const parts = text.split('"');
  return parts.map((part, at) => (at % 2 === 0 ? part.replace(/[ \t]+/g, ' ') : part)).join('"');
}

function withFreeText(text: string, start: string): string {
  let rest = text;
  for (const word of start.split(' ')) rest = rest.slice(rest.indexOf(word) + word.length);
  return `${start} ${rest.trimStart()}`;
}

const BANNER = /^banner (\S+)(?: (.*))?$/;
const CERTIFICATE = /^certificate \S/;
const HEX = /^\s*[0-9A-Fa-f]{2,8}(?:\s+[0-9A-Fa-f]{2,8})*\s*$/;
const QUIT = /^\s*quit\s*$/;

/** How a statement over several lines ends: the test of its last line, and what its lines are kept as. */
interface Ending {
  readonly last: (line: string) => boolean;
  readonly keep: (line: string) => string;
  readonly what: string;
}

function delimited(delimiter: string): Ending {
  return {
    last: (line) => line.includes(delimiter),
    keep: (line) => line,
    what: `the delimiter ${JSON.stringify(delimiter)} of the text does not come again`,
  };
}

function endOfBanner(rest: string | undefined): Ending | undefined {
  if (rest === undefined || rest === '') {
    return {
      last: (line) => line.trim() === 'EOF',
      keep: (line) => line,
      what: 'the banner has no EOF',
    };
  }
  const delimiter = rest.startsWith(textSigns[0]) ? textSigns[0] : (rest[0] ?? '');
  return rest.includes(delimiter, delimiter.length) ? undefined : delimited(delimiter);
}

/** The ending of a statement that goes on over the next lines; undefined: it is whole. */
function endingOf(text: string, next: string | undefined): Ending | undefined {
  const banner = BANNER.exec(text);
  if (banner) return endOfBanner(banner[2]);
  if (CERTIFICATE.test(text) && next !== undefined && HEX.test(next)) {
    return {
      last: (line) => QUIT.test(line),
      keep: (line) => line.trim(),
      what: 'quit is missing',
    };
  }
  for (const delimiter of textSigns) {
    const at = text.indexOf(delimiter);
    if (at > 0 && !text.includes(delimiter, at + delimiter.length)) return delimited(delimiter);
  }
  return undefined;
}

/** The statements of a text without its comments; what cannot be read becomes a finding. */
export function readStatements(lines: readonly string[], findings: Findings): Statement[] {
  const statements: Statement[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = (lines[at] ?? '').trimEnd();
    const start = at;
    at += 1;
    const text = normalStatement(line);
    if (text === '' || text.startsWith('!')) continue;
    const ending = endingOf(text, lines[at]);
    const rest = ending ? restOf(lines, at, ending) : [];
    if (rest === undefined) findings.add(start + 1, `${text.slice(0, 60)}: ${ending?.what ?? ''}`);
    else {
      at += rest.length;
      statements.push({
        indent: indentOf(line),
        text: rest.length === 0 ? text : [text, ...rest].join('\n'),
        line: start + 1,
      });
    }
  }
  return statements;
}

/** A text of more lines than this is no banner and no certificate. */
const BODY_LINES_MAX = 1000;

function restOf(lines: readonly string[], from: number, ending: Ending): string[] | undefined {
  const until = Math.min(lines.length, from + BODY_LINES_MAX);
  for (let at = from; at < until; at += 1) {
    if (ending.last(lines[at] ?? '')) return lines.slice(from, at + 1).map(ending.keep);
  }
  return undefined;
}
