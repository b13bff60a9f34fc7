import type { Json, JsonObject } from '../kernel/json.js';
import { recall } from '../kernel/recall.js';
import type { Failure } from './complain.js';
import type { Console } from './console.js';
import { junitText, type JunitSuite } from './junit.js';
import { isDocument, listText, recordsOf, valueText, type Column } from './list.js';
import { makePaint, wantsColour, wantsUnicode, type Paint } from './paint.js';
import type { ResultForm } from './result-form.js';
import type { Settings } from './settings.js';
import { wrap } from './text.js';
import { cleanJson, visible, type Redact } from './visible.js';

/**
 * The only way to the person: everything is redacted here. With -o json or yaml the whole result is one document with
 * its `kind`, written at the end and with nothing else on stdout.
 */
export interface Output {
  /** Of stdout and of stderr. */
  readonly paint: Paint;
  readonly talkPaint: Paint;
  /** Columns to write in: the terminal's, else 80. */
  readonly width: number;
  /** `kind`: where it is not the one that the command has by default. */
  list<Row>(columns: readonly Column<Row>[], rows: readonly Row[], kind?: string): void;
  /** A value for machines when -o asks for one of their formats; else the lines. */
  value(value: unknown, lines: () => readonly string[], kind?: string): void;
  /** Lines of data; may be painted. */
  lines(lines: readonly string[]): void;
  /** Text of data as it is. */
  readonly text: (text: string) => void;
  /** Text that is a document already, whatever -o asks for. */
  raw(text: string): void;
  /** The result for those who read JUnit's XML. */
  junit(name: string, suites: readonly JunitSuite[]): void;
  /** Talk, on stderr. */
  readonly say: (line: string) => void;
  /** Talk in sentences: broken between words where a terminal is too narrow. */
  readonly tell: (sentence: string) => void;
  readonly warn: (line: string) => void;
  /** The command is done: its document is written. */
  finish(exitCode: number): void;
  /** The command failed: a document says so, unless it had written its result already. */
  fail(failure: Failure): void;
}

export interface OutputContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly redact: Redact;
  readonly form: ResultForm;
}

const PLAIN_COLUMNS = 80;
const SAID_MAX = 1000;
const OUTCOME = 'outcome@1';

/** What a document is put together from, until the command ends. */
interface Draft {
  document: JsonObject | undefined;
  text: string;
  readonly said: string[];
  isWritten: boolean;
}

function asRecord(value: Json): JsonObject {
  const isRecord = value !== null && typeof value === 'object' && !Array.isArray(value);
  return isRecord ? recall<JsonObject>(value) : { value };
}

/** Of a command that shows nothing but what it did. */
function outcomeOf(draft: Draft, command: string, exitCode: number): JsonObject {
  const lines = draft.text === '' ? [] : draft.text.replace(/\n$/, '').split('\n');
  return { kind: OUTCOME, command, exitCode, lines, said: draft.said };
}

function makeDocuments(
  write: (text: string) => void,
  settings: Pick<Settings, 'format'>,
  { redact, form }: OutputContext,
) {
  const { format } = settings;
  const draft: Draft = { document: undefined, text: '', said: [], isWritten: false };
  const print = (document: Json) => {
    if (!isDocument(format) || draft.isWritten) return;
    draft.isWritten = true;
    write(valueText(document, format));
  };
  return {
    draft,
    keep(value: Json, kind: string | undefined) {
      // Its own `kind` comes first and wins: no member of the value may pass for it.
      const { kind: _kind, ...rest } = asRecord(value);
      draft.document = { kind: kind ?? form.kind, ...rest };
    },
    finish: (exitCode: number) => print(draft.document ?? outcomeOf(draft, form.command, exitCode)),
    fail: (failure: Failure) =>
      print({ kind: 'error@1', command: form.command, ...asRecord(cleanJson(failure, redact)) }),
  };
}

function paintsOf(
  console: Console,
  { format, colour }: Pick<Settings, 'format' | 'colour'>,
  env: OutputContext['env'],
) {
  const unicode = wantsUnicode(env);
  const isForPeople = format === 'table' || format === 'wide';
  return {
    paint: makePaint(isForPeople && wantsColour(colour, env, console.out), unicode),
    talkPaint: makePaint(wantsColour(colour, env, console.err), unicode),
  };
}

/** What a line of talk is to a machine: without the paint. */
function unpainted(line: string): string {
  // oxlint-disable-next-line no-control-regex
  return visible(line.replace(/\u001b\[[0-9;]*m/g, ''));
}

/** Text from outside goes through this before it is painted. */
export function makeOutput(
  console: Console,
  settings: Pick<Settings, 'format' | 'colour'>,
  context: OutputContext,
): Output {
  const { env, redact } = context;
  const { format } = settings;
  const { paint, talkPaint } = paintsOf(console, settings, env);
  const write = (text: string) => console.out.write(redact(text));
  const documents = makeDocuments(write, settings, context);
  const { draft } = documents;
  const talk = (text: string) => {
    const clean = redact(text);
    if (draft.said.length < SAID_MAX) draft.said.push(unpainted(clean));
    console.err.write(`${clean}\n`);
  };
  const width = Math.max(40, console.out.columns ?? PLAIN_COLUMNS);
  const text = (given: string) => {
    if (isDocument(format)) draft.text += redact(given);
    else write(given);
  };
  return {
    paint,
    talkPaint,
    width,
    list(columns, rows, kind) {
      if (isDocument(format)) {
        return documents.keep({ items: recordsOf(columns, rows, redact) }, kind);
      }
      const limit = console.out.isTerminal ? width : undefined;
      if (rows.length === 0 && (format === 'table' || format === 'wide')) return talk('nothing');
      write(listText(columns, rows, { format, paint, width: limit, redact }));
    },
    value(value, lines, kind) {
      if (isDocument(format)) documents.keep(cleanJson(value, redact), kind);
      else if (format === 'ndjson') write(valueText(cleanJson(value, redact), format));
      else this.lines(lines());
    },
    lines: (lines) => text(lines.map((each) => `${each}\n`).join('')),
    text,
    raw(given) {
      draft.isWritten = true;
      write(given);
    },
    junit(name, suites) {
      // Before anything is escaped: an escaped secret would be found by nobody.
      write(junitText(redact(name), recall<readonly JunitSuite[]>(cleanJson(suites, redact))));
    },
    say: (line) => talk(line),
    tell(sentence) {
      const { columns } = console.err;
      talk(columns === undefined ? sentence : wrap(redact(sentence), columns - 1).join('\n'));
    },
    warn: (line) => talk(`${talkPaint.warn('warning:')} ${visible(line)}`),
    finish: documents.finish,
    fail: documents.fail,
  };
}
