import { Ajv } from 'ajv';
import { resultSchemas } from '../../src/cli/result-schemas.js';

const ajv = new Ajv({ allErrors: true, strict: false });

/** What is wrong with the stdout of a command with -o json; empty: it is one document as its schema says. */
export function wrongWith(stdout: string): readonly string[] {
  let document: unknown;
  try {
    document = JSON.parse(stdout);
  } catch (thrown) {
    return [`stdout is not one JSON document: ${String(thrown)}: ${stdout.slice(0, 200)}`];
  }
  const { kind } = Object(document) as { kind?: unknown };
  if (typeof kind !== 'string' || !/^[a-z-]+@[1-9]\d*$/.test(kind)) {
    return [`the document has no kind@version: ${stdout.slice(0, 100)}`];
  }
  const schema = Object.hasOwn(resultSchemas, kind) ? resultSchemas[kind] : undefined;
  if (!schema) return [`no schema is published for ${kind}`];
  if (ajv.validate(schema, document)) return [];
  return (ajv.errors ?? []).map((each) => `${kind}${each.instancePath} ${each.message ?? ''}`);
}
