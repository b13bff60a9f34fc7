/**
 * What devices and people wrote may hold escape sequences, control characters and marks that turn text round. Readers
 * shall see that they were there, and nothing that shows the text shall act on them.
 */
const UNSAFE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function shown(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** The text with every control, bidirectional and invisible character made visible; line ends and tabs stay. */
export function visible(text: string): string {
  return text.replace(/\r+\n/g, '\n').replace(UNSAFE, shown);
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleaned(each)]));
}

/** The same value with every text in it made visible, whoever wrote it. */
export function allVisible<T extends object>(value: T): T {
  const same = (each: unknown): each is T => typeof each === 'object';
  const result = cleaned(value);
  return same(result) ? result : value;
}
