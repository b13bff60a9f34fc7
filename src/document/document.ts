import type { Checked, Diagnostic, Place } from '../kernel/diagnostic.js';
import { Fault } from '../kernel/fault.js';
import type { Json, JsonObject } from '../kernel/json.js';
import type { Files } from '../ports/files.js';
import { objections } from './objections.js';
import { DOCUMENT_BYTES_MAX, readTree } from './tree.js';
import type { Spot, Tree } from './tree.js';

export { DURATION, SECRET_REF, isSecretRef } from './schema.js';

export interface DocumentSource {
  readonly text: string;
  /** The name that findings give. */
  readonly file: string;
  /** JSON Schema, draft 7. Formats `secret-ref` and `iso-duration` are known as well. */
  readonly schema: JsonObject;
  /** Stands for a file that holds nothing but comments. */
  readonly whenEmpty?: Json;
}

export type DocumentPath = readonly (string | number)[];

/** Where things stand in a document. A path that is not there gives the nearest place around it. */
export interface Locator {
  /** The place of a value. */
  readonly locate: (path: DocumentPath) => Place;
  /** The place of the key that holds a value; of a list's entry, its value. */
  readonly locateKey: (path: DocumentPath) => Place;
}

/** A document's value or everything that is wrong with it, and where each part of it stands. */
export type ReadDocument<T> = Checked<T> & Locator;

/** More than this nobody reads; the rest is counted. */
const DIAGNOSTICS_MAX = 200;

function spotAt(root: Spot, path: DocumentPath): Spot {
  let spot = root;
  for (const key of path) {
    const child = spot.children.get(String(key));
    if (!child) return spot;
    spot = child;
  }
  return spot;
}

function locatorOf(tree: Tree): Locator {
  return {
    locate: (path) => tree.at(spotAt(tree.root, path).start),
    locateKey: (path) => {
      const spot = spotAt(tree.root, path);
      return tree.at(spot.key ?? spot.start);
    },
  };
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [left, right] = [a.place, b.place];
  if (!left || !right) return 0;
  return left.line - right.line || left.column - right.column;
}

/** In the order of the text, each once, no more than anybody reads. */
function settled(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const unique = new Map(
    found.map((each) => [
      `${each.place?.line ?? 0}:${each.place?.column ?? 0}:${each.message}`,
      each,
    ]),
  );
  const sorted = [...unique.values()].sort(byPlace);
  if (sorted.length <= DIAGNOSTICS_MAX) return sorted;
  const rest = sorted.length - DIAGNOSTICS_MAX;
  const last: Diagnostic = {
    code: 'document-invalid',
    severity: 'error',
    message: `and ${rest} more findings in this file`,
    mend: 'mend the first ones and try again',
  };
  return [...sorted.slice(0, DIAGNOSTICS_MAX), last];
}

function schemaDiagnostics(source: DocumentSource, tree: Tree, value: Json): Diagnostic[] {
  const sourceAt = (path: readonly string[]) => {
    const { start, end } = spotAt(tree.root, path);
    return source.text.slice(start, end);
  };
  const { locate, locateKey } = locatorOf(tree);
  return objections(source.schema, value, sourceAt).map((each) => ({
    code: 'document-invalid',
    severity: 'error',
    place: each.atKey ? locateKey(each.path) : locate(each.path),
    message: each.message,
    ...(each.mend === undefined ? {} : { mend: each.mend }),
  }));
}

/**
 * Reads a YAML 1.2 or JSON text and holds it against a schema. `T` is the type that the schema describes: the caller
 * keeps the two together. All findings come at once, each with its place; secrets are never repeated in them.
 */
export function readDocument<T>(source: DocumentSource): ReadDocument<T> {
  const tree = readTree(source.text, source.file);
  const locator = locatorOf(tree);
  if (tree.broken) return { ok: false, diagnostics: settled(tree.diagnostics), ...locator };
  const value = tree.value === null ? (source.whenEmpty ?? null) : tree.value;
  const found = [...tree.diagnostics, ...schemaDiagnostics(source, tree, value)];
  if (found.length > 0) return { ok: false, diagnostics: settled(found), ...locator };
  return { ok: true, value: value as T, diagnostics: [], ...locator };
}

function notRead<T>(file: string, message: string, mend: string | undefined): ReadDocument<T> {
  const place = { file, line: 1, column: 1 };
  const found: Diagnostic = {
    code: 'document-unreadable',
    severity: 'error',
    place,
    message,
    ...(mend === undefined ? {} : { mend }),
  };
  return { ok: false, diagnostics: [found], locate: () => place, locateKey: () => place };
}

/** Reads a document from a file. A missing or unreadable file is a finding like any other. */
export async function loadDocument<T>(
  files: Files,
  source: Omit<DocumentSource, 'text'>,
): Promise<ReadDocument<T>> {
  try {
    const text = await files.readText(source.file, DOCUMENT_BYTES_MAX);
    if (text === undefined) return notRead(source.file, 'there is no such file', 'check the name');
    return readDocument<T>({ ...source, text });
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return notRead(source.file, thrown.message, thrown.mend);
  }
}
