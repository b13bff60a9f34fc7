import type { Json } from '../kernel/json.js';

const PLAIN = /^[A-Za-z_][A-Za-z0-9_./@ -]*[A-Za-z0-9_./@]$|^[A-Za-z_]$/;
const RESERVED = /^(true|false|null|yes|no|on|off|y|n|~)$/i;

/** Plain where no reader could take it for something else; else in double quotes, which YAML shares with JSON. */
function scalar(value: null | boolean | number | string): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return PLAIN.test(value) && !RESERVED.test(value) ? value : JSON.stringify(value);
}

function block(value: Json | undefined, indent: string): readonly string[] {
  if (value === undefined || value === null || typeof value !== 'object') {
    return [scalar(value ?? null)];
  }
  if (isList(value)) {
    if (value.length === 0) return ['[]'];
    return value.flatMap((each) => nested('-', block(each, `${indent}  `), false));
  }
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  if (members.length === 0) return ['{}'];
  return members.flatMap(([key, each]) =>
    nested(`${scalar(key)}:`, block(each, `${indent}  `), isBlock(each)),
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isBlock(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (isList(value) ? value : Object.keys(value)).length > 0;
}

function nested(head: string, lines: readonly string[], below: boolean): readonly string[] {
  const [first = '', ...rest] = lines;
  const moved = (each: string) => `  ${each}`;
  return below ? [head, ...lines.map(moved)] : [`${head} ${first}`, ...rest.map(moved)];
}

/** A JSON value as YAML in block style, ending in a newline. */
export function yamlText(value: Json): string {
  return `${block(value, '').join('\n')}\n`;
}
