import type { Json, JsonObject } from '../kernel/json.js';
import type { Paint } from './paint.js';
import { tableLines } from './table.js';
import { cleanJson, oneLine, type Redact } from './visible.js';
import { yamlText } from './yaml-text.js';

export const formats = [
  'table',
  'wide',
  'json',
  'ndjson',
  'yaml',
  'csv',
  'junit',
  'html',
  'markdown',
] as const;
export type Format = (typeof formats)[number];

/** Is the result in this format one document for a machine, with nothing else on stdout? */
export function isDocument(format: Format): format is 'json' | 'yaml' {
  return format === 'json' || format === 'yaml';
}

/** One column of a list: `value` for machines, `text` for people. */
export interface Column<Row> {
  readonly key: string;
  /** Default: the key. */
  readonly title?: string;
  readonly value: (row: Row) => Json | undefined;
  /** Default: the value. */
  readonly text?: (row: Row) => string;
  readonly paint?: (row: Row, paint: Paint) => ((text: string) => string) | undefined;
  readonly right?: boolean;
  /** Goes on below where the terminal is too narrow, instead of being cut. */
  readonly flow?: boolean;
  /** Shown with `-o wide` and to machines only. */
  readonly wide?: boolean;
}

export interface ListOptions {
  readonly format: Format;
  readonly paint: Paint;
  /** Undefined where nobody looks: nothing is cut then. */
  readonly width: number | undefined;
  readonly redact: Redact;
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map((each: Json) => textOf(each)).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The rows as machines read them. */
export function recordsOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  redact: Redact,
): readonly JsonObject[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ key, value }) => [key, cleanJson(value(row), redact)])),
  );
}

/** RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe before it. */
function csvCell(value: Json | undefined): string {
  const plain = textOf(value);
  const guarded = typeof value === 'string' && /^[=+@\t\r-]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

function csvText(keys: readonly string[], records: readonly JsonObject[]): string {
  const lines = records.map((record) => keys.map((key) => csvCell(record[key])).join(','));
  return `${[keys.map(csvCell).join(','), ...lines].join('\r\n')}\r\n`;
}

function peopleText<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: ListOptions,
): string {
  const { paint, redact, format } = options;
  const shown = columns.filter((each) => format === 'wide' || each.wide !== true);
  const lines = tableLines({
    titles: shown.map((each) => each.title ?? each.key),
    rows: rows.map((row) =>
      shown.map((column) => {
        const text = oneLine(redact(column.text?.(row) ?? textOf(column.value(row))));
        const painted = column.paint?.(row, paint);
        return { text, ...(painted ? { paint: painted } : {}) };
      }),
    ),
    right: shown.map((each) => each.right === true),
    flow: shown.map((each) => each.flow === true),
    width: format === 'wide' ? undefined : options.width,
    paint,
  });
  return lines.map((each) => `${each}\n`).join('');
}

/** A list in the format asked for. Every text in it is redacted before it is laid out, escaped or cut. */
export function listText<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: ListOptions,
): string {
  const { format, redact } = options;
  const records = () => recordsOf(columns, rows, redact);
  if (format === 'csv') {
    return csvText(
      columns.map((each) => each.key),
      records(),
    );
  }
  if (format === 'ndjson') return valueText(records(), format);
  return peopleText(columns, rows, options);
}

/** One value for machines; a list as one line each with `ndjson`. */
export function valueText(value: Json, format: 'json' | 'ndjson' | 'yaml'): string {
  if (format === 'yaml') return yamlText(value);
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`;
  const rows: readonly Json[] = Array.isArray(value) ? value : [value];
  return rows.map((each) => `${JSON.stringify(each)}\n`).join('');
}
