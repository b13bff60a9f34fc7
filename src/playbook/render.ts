import Handlebars from 'handlebars';
import type { Json } from '../kernel/json.js';
import { parseTemplate, VALUE_BEGIN, VALUE_END, VALUE_TEXT } from './template.js';

/** Lines of configuration for one unit, or why there are none. */
export type Rendered =
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string };

const LINES_MAX = 20_000;
const LINE_LENGTH_MAX = 2000;
const ROUNDS_MAX = 50_000;

/** One word, whatever the value holds: nothing that ends a word, a statement or a line, or asks for help, on any platform. */
const WORD = /^(?![!#])[^\p{C}\p{Z}?"'\\;{}|`<>]+$/u;
/** The rest of a line: spaces as well, but nothing that a line could be ended or a new command begun with. */
const TEXT = /^(?!\s)[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}?;{}|`]+(?<!\s)$/u;
const QUOTED = /^[^\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}?]*$/u;

class Refusal extends Error {}

interface Options {
  readonly hash: { readonly of: string; readonly line: string };
  fn(context: unknown, options?: Handlebars.RuntimeOptions): string;
  inverse(context: unknown): string;
  readonly data: unknown;
}

function at({ hash }: Options): string {
  return `line ${hash.line}`;
}

function scalar(value: unknown, options: Options): string {
  if (value === undefined || value === null) {
    throw new Refusal(`${at(options)}: ${options.hash.of} has no value`);
  }
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Refusal(`${at(options)}: ${options.hash.of} is no single value: use {{#each}}`);
}

/** Shown without what would disturb a terminal. */
function shown(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
}

function word(value: unknown, options: Options): string {
  const text = scalar(value, options);
  if (WORD.test(text)) return `${VALUE_BEGIN}${text}${VALUE_END}`;
  const why = `${options.hash.of} is ${shown(text)}, which is not one word`;
  throw new Refusal(`${at(options)}: ${why}: use {{text ...}} or {{quoted ...}}`);
}

function text(value: unknown, options: Options): string {
  const said = scalar(value, options);
  if (TEXT.test(said)) return `${VALUE_BEGIN}${VALUE_TEXT}${said}${VALUE_END}`;
  throw new Refusal(`${at(options)}: ${options.hash.of} is ${shown(said)}, which is no plain text`);
}

function quoted(value: unknown, options: Options): string {
  const said = scalar(value, options);
  if (!QUOTED.test(said)) {
    const why = `${options.hash.of} is ${shown(said)}, which cannot stand in quotes`;
    throw new Refusal(`${at(options)}: ${why}`);
  }
  const inner = said.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `${VALUE_BEGIN}"${inner}"${VALUE_END}`;
}

function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value);
}

function known(value: unknown, options: Options): unknown {
  if (value !== undefined) return value;
  throw new Refusal(`${at(options)}: ${options.hash.of} has no value: ask with (given NAME)`);
}

function entriesOf(value: unknown, options: Options): readonly (readonly [string, unknown])[] {
  if (typeof value === 'object' && value !== null) return Object.entries(value);
  throw new Refusal(`${at(options)}: ${options.hash.of} is no list`);
}

/** The only things that a template may call. Rounds are counted: a template ends. */
function engine(): typeof Handlebars {
  const hb = Handlebars.create();
  let rounds = 0;
  const each = function each(this: unknown, value: unknown, options: Options): string {
    const entries = entriesOf(known(value, options), options);
    if (entries.length === 0) return options.inverse(this);
    rounds += entries.length;
    if (rounds > ROUNDS_MAX) throw new Refusal(`${at(options)}: more than ${ROUNDS_MAX} rounds`);
    return entries
      .map(([key, item], index) => {
        const data = Handlebars.createFrame(options.data ?? {});
        Object.assign(data, { key, index, first: index === 0, last: index === entries.length - 1 });
        return options.fn(item, { data, blockParams: [item, key] });
      })
      .join('');
  };
  hb.registerHelper({
    word,
    text,
    quoted,
    each,
    given: (value: unknown) => value !== undefined && value !== null,
    eq: (left: unknown, right: unknown) => left === right,
    if(this: unknown, value: unknown, options: Options) {
      return isSet(known(value, options)) ? options.fn(this) : options.inverse(this);
    },
    unless(this: unknown, value: unknown, options: Options) {
      return isSet(known(value, options)) ? options.inverse(this) : options.fn(this);
    },
    with: (value: unknown, options: Options) =>
      options.fn(known(value, options), { data: options.data, blockParams: [value] }),
  });
  return hb;
}

/** A value may fill a line, never begin or outgrow it: what is done stands in the template. */
function lineRefusal(line: string): string | undefined {
  const inText = line.indexOf(VALUE_TEXT);
  const end = inText === -1 ? -1 : line.indexOf(VALUE_END, inText);
  const plain = plainLine(line);
  if (line.trimStart().startsWith(VALUE_BEGIN)) {
    return `${shown(plain)}: the first word of a line must stand in the template, not in a value`;
  }
  if (end !== -1 && line.slice(end + 1).trim() !== '') {
    return `${shown(plain)}: {{text ...}} must be the last of its line`;
  }
  if (plain.length > LINE_LENGTH_MAX) return `${shown(plain)}: longer than ${LINE_LENGTH_MAX}`;
  return undefined;
}

function plainLine(line: string): string {
  return line.replaceAll(/[\uE000-\uE002]/g, '');
}

/**
 * Renders one template over the values of one unit. A value that is missing, that is no single word where a word is
 * wanted, or that would begin a line, refuses the whole patch.
 */
export function renderTemplate(source: string, values: Readonly<Record<string, Json>>): Rendered {
  const parsed = parseTemplate(source);
  if (!parsed.ok) {
    const [first] = parsed.findings;
    return { kind: 'refused', why: `line ${first?.line}: ${first?.why}` };
  }
  let output: string;
  try {
    const template = engine().compile(parsed.program, { noEscape: true });
    output = template(values);
  } catch (thrown) {
    const why = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
    return { kind: 'refused', why };
  }
  const lines = output.split(/\r?\n/).filter((line) => !/^\s*(?:[!#].*)?$/.test(line));
  if (lines.length > LINES_MAX) return { kind: 'refused', why: `more than ${LINES_MAX} lines` };
  for (const line of lines) {
    const why = lineRefusal(line);
    if (why !== undefined) return { kind: 'refused', why };
  }
  return { kind: 'lines', lines: lines.map((line) => plainLine(line).trimEnd()) };
}
