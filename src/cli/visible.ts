import type { Json } from '../kernel/json.js';

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

// C0 and C1 controls, and the marks that turn the direction of writing: text from devices must not drive a terminal.
// oxlint-disable-next-line no-control-regex
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** `text` with control characters shown as `\xNN`; line ends and tabs stay. */
export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(HIDDEN, (each) => `\\x${each.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** One line: line ends and tabs become spaces. */
export function oneLine(text: string): string {
  return visible(text)
    .replace(/[\n\t ]+/g, ' ')
    .trim();
}

/** A value with every text in it redacted, keys too; functions and undefined members are left out. */
export function cleanJson(value: unknown, redact: Redact): Json {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((each: unknown) => cleanJson(each, redact));
  if (value instanceof Map) return cleanJson(Object.fromEntries(value), redact);
  if (typeof value !== 'object') return null;
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(members.map(([key, each]) => [redact(key), cleanJson(each, redact)]));
}
