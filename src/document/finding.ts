import type { ErrorObject } from 'ajv';
import { suggest } from '../kernel/suggest.js';
import { SECRET_REF } from './schema.js';

/** A schema's objection in words a person can act on. */
export interface Objection {
  /** Keys from the root to the place. */
  readonly path: readonly string[];
  /** Point at the key rather than at its value. */
  readonly atKey: boolean;
  readonly message: string;
  readonly mend?: string;
}

const SHOWN_CHARACTERS_MAX = 60;
const SHOWN_WORDS_MAX = 25;

const kindNames: Readonly<Record<string, string>> = {
  object: 'a map of keys',
  array: 'a list',
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
};

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  return Array.isArray(value) ? 'a list' : (kindNames[typeof value] ?? 'something else');
}

/** `one`, `two`: as many as are readable. */
function listed(words: readonly unknown[]): string {
  const shown = words.slice(0, SHOWN_WORDS_MAX).map((word) => `\`${String(word)}\``);
  return words.length > SHOWN_WORDS_MAX ? `${shown.join(', ')} ...` : shown.join(', ');
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const cut =
    text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}...` : text;
  return `\`${cut}\``;
}

interface Parent {
  readonly description?: string;
  readonly format?: string;
  readonly writeOnly?: boolean;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Parent>>;
}

function parentOf(error: ErrorObject): Parent {
  return (error.parentSchema ?? {}) as Parent;
}

/** May the value be repeated in a message? */
function isSecret(error: ErrorObject): boolean {
  const parent = parentOf(error);
  return parent.format === SECRET_REF || parent.writeOnly === true;
}

function example(parent: Parent): string | undefined {
  const first = parent.examples?.[0];
  if (first === undefined) return undefined;
  return `for example ${typeof first === 'string' ? `\`${first}\`` : JSON.stringify(first)}`;
}

function withMend(base: Objection, mend: string | undefined): Objection {
  return mend === undefined ? base : { ...base, mend };
}

/** Keys of an instance path. */
export function pathOf(pointer: string): readonly string[] {
  const keys = pointer.split('/').slice(1);
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function unknownKey(error: ErrorObject, path: readonly string[]): Objection {
  const params = error.params as Readonly<Record<string, string>>;
  const key = params['additionalProperty'] ?? params['unevaluatedProperty'] ?? '';
  const known = Object.keys(parentOf(error).properties ?? {});
  const near = suggest(key, known);
  const base = { path: [...path, key], atKey: true };
  if (near !== undefined) {
    const message = `unknown key ${shown(key)}; did you mean \`${near}\`?`;
    return { ...base, message, mend: `write \`${near}\`` };
  }
  const mend = known.length > 0 ? `known here: ${listed(known)}` : 'remove it';
  return { ...base, message: `unknown key ${shown(key)}`, mend };
}

function missingKey(error: ErrorObject, path: readonly string[]): Objection {
  const key = (error.params as { missingProperty: string }).missingProperty;
  const property = parentOf(error).properties?.[key];
  const hint = property === undefined ? undefined : (example(property) ?? property.description);
  const mend = hint === undefined ? `add \`${key}\`` : `add \`${key}\`: ${hint}`;
  return { path, atKey: true, message: `the key \`${key}\` is missing`, mend };
}

function wrongKind(error: ErrorObject, path: readonly string[], source: string): Objection {
  const type: unknown = (error.params as { type: unknown }).type;
  const kinds = Array.isArray(type) ? type : String(type).split(',');
  const wanted = kinds.map((kind) => kindNames[String(kind)] ?? String(kind)).join(' or ');
  const base = {
    path,
    atKey: false,
    message: `must be ${wanted}, but is ${kindOf(error.data)}`,
  };
  const scalar = typeof error.data === 'number' || typeof error.data === 'boolean';
  if (kinds.includes('string') && scalar) {
    const quoted = isSecret(error) ? '' : `: "${source.slice(0, SHOWN_CHARACTERS_MAX)}"`;
    return { ...base, mend: `put it in quotes${quoted}` };
  }
  return withMend(base, example(parentOf(error)));
}

function notOneOf(error: ErrorObject, path: readonly string[]): Objection {
  const params = error.params as { allowedValues?: readonly unknown[]; allowedValue?: unknown };
  const allowed = params.allowedValues ?? [params.allowedValue];
  const value: unknown = error.data;
  const near = typeof value === 'string' ? suggest(value, allowed.map(String)) : undefined;
  const told = isSecret(error) ? 'this value' : shown(value);
  const message = `${told} is not allowed here${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
  return { path, atKey: false, message, mend: `one of: ${listed(allowed)}` };
}

function wrongForm(error: ErrorObject, path: readonly string[]): Objection {
  const parent = parentOf(error);
  if (parent.format === SECRET_REF) {
    const message = 'a secret stands here as it is; only a reference to it may';
    const mend = 'write `env:NAME`, `file:PATH`, `exec:COMMAND` or `agent`, and change the secret';
    return { path, atKey: false, message, mend };
  }
  const told = isSecret(error) ? 'the value' : shown(error.data);
  const message = `${told} does not have the right form`;
  const hints = [parent.description, example(parent)].filter((hint) => hint !== undefined);
  return withMend({ path, atKey: false, message }, hints.join('; ') || undefined);
}

function wrongName(error: ErrorObject, path: readonly string[]): Objection {
  const key = String((error.params as { propertyName: unknown }).propertyName);
  const message = `${shown(key)} cannot be used as a name`;
  const mend =
    '1 to 64 of letters, digits, dot, dash and underscore, beginning with a letter or digit';
  return { path: [...path, key], atKey: true, message, mend };
}

function wrongSize(error: ErrorObject, path: readonly string[]): Objection {
  const limit = String((error.params as { limit: unknown }).limit);
  const said: Readonly<Record<string, string>> = {
    minimum: `must be at least ${limit}`,
    maximum: `must be at most ${limit}`,
    exclusiveMinimum: `must be more than ${limit}`,
    exclusiveMaximum: `must be less than ${limit}`,
    minLength: limit === '1' ? 'must not be empty' : `must have at least ${limit} characters`,
    maxLength: `must have at most ${limit} characters`,
    minItems: `must have at least ${limit} entries`,
    maxItems: `must have at most ${limit} entries`,
    minProperties: `must have at least ${limit} keys`,
    maxProperties: `must have at most ${limit} keys`,
  };
  const base = {
    path,
    atKey: false,
    message: said[error.keyword] ?? error.message ?? 'wrong size',
  };
  return withMend(base, example(parentOf(error)));
}

function twice(error: ErrorObject, path: readonly string[]): Objection {
  const { i, j } = error.params as { i: number; j: number };
  const index = Math.max(i, j);
  const message = `the same entry is there twice (entries ${Math.min(i, j) + 1} and ${index + 1})`;
  return { path: [...path, String(index)], atKey: false, message, mend: 'remove one of them' };
}

type Wording = (error: ErrorObject, path: readonly string[], source: string) => Objection;

const wordings: ReadonlyMap<string, Wording> = new Map<string, Wording>([
  ['additionalProperties', unknownKey],
  ['unevaluatedProperties', unknownKey],
  ['required', missingKey],
  ['type', wrongKind],
  ['enum', notOneOf],
  ['const', notOneOf],
  ['pattern', wrongForm],
  ['format', wrongForm],
  ['propertyNames', wrongName],
  ['uniqueItems', twice],
]);

/** The objection in words. `source` is the text of the value as it stands in the file. */
export function objectionOf(error: ErrorObject, source: string): Objection {
  return (wordings.get(error.keyword) ?? wrongSize)(error, pathOf(error.instancePath), source);
}
