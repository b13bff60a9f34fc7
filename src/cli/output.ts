import type { Console } from './console.js';
import { listText, valueText, type Column } from './list.js';
import { makePaint, wantsColour, wantsUnicode, type Paint } from './paint.js';
import type { Settings } from './settings.js';
import { wrap } from './text.js';
import { cleanJson, visible, type Redact } from './visible.js';

/** The only way to the person: everything is redacted here. */
export interface Output {
  /** Of stdout and of stderr. */
  readonly paint: Paint;
  readonly talkPaint: Paint;
  /** Columns to write in: the terminal's, else 80. */
  readonly width: number;
  list<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void;
  /** A value for machines when -o asks for one of their formats; else the lines. */
  value(value: unknown, lines: () => readonly string[]): void;
  /** Lines of data; may be painted. */
  lines(lines: readonly string[]): void;
  /** Text of data as it is. */
  readonly text: (text: string) => void;
  /** Talk, on stderr. */
  readonly say: (line: string) => void;
  /** Talk in sentences: broken between words where a terminal is too narrow. */
  readonly tell: (sentence: string) => void;
  readonly warn: (line: string) => void;
}

const PLAIN_COLUMNS = 80;

/** Text from outside goes through this before it is painted. */
export function makeOutput(
  console: Console,
  settings: Pick<Settings, 'format' | 'colour'>,
  about: { readonly env: Readonly<Record<string, string | undefined>>; readonly redact: Redact },
): Output {
  const { env, redact } = about;
  const { format, colour } = settings;
  const unicode = wantsUnicode(env);
  const paint = makePaint(wantsColour(colour, env, console.out), unicode);
  const talkPaint = makePaint(wantsColour(colour, env, console.err), unicode);
  const write = (text: string) => console.out.write(redact(text));
  const talk = (text: string) => console.err.write(`${redact(text)}\n`);
  const width = Math.max(40, console.out.columns ?? PLAIN_COLUMNS);
  return {
    paint,
    talkPaint,
    width,
    list(columns, rows) {
      const limit = console.out.isTerminal ? width : undefined;
      if (rows.length === 0 && (format === 'table' || format === 'wide')) return talk('nothing');
      write(listText(columns, rows, { format, paint, width: limit, redact }));
    },
    value(value, lines) {
      if (format === 'json' || format === 'ndjson' || format === 'yaml') {
        write(valueText(cleanJson(value, redact), format));
      } else this.lines(lines());
    },
    lines: (lines) => write(lines.map((each) => `${each}\n`).join('')),
    text: write,
    say: (line) => talk(line),
    tell(sentence) {
      const { columns } = console.err;
      talk(columns === undefined ? sentence : wrap(redact(sentence), columns - 1).join('\n'));
    },
    warn: (line) => talk(`${talkPaint.warn('warning:')} ${visible(line)}`),
  };
}
