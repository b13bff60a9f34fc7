import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import type { JsonObject } from '../kernel/json.js';
import { parseDurationMs } from '../kernel/duration.js';

/** A secret by reference. Findings about such a value never repeat it. */
export const SECRET_REF = 'secret-ref';
/** An ISO 8601 duration in days, hours, minutes, seconds. */
export const DURATION = 'iso-duration';

const SECRET_FORM = /^(env:[A-Za-z_][A-Za-z0-9_]*|file:\S.*|exec:\S.*|agent)$/;

/** True for `env:NAME`, `file:PATH`, `agent` and `exec:COMMAND ARG ...`. */
export function isSecretRef(text: string): boolean {
  return text.length <= 1000 && SECRET_FORM.test(text);
}

function makeAjv(): Ajv {
  const made = new Ajv({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    verbose: true,
    ownProperties: true,
    addUsedSchema: false,
  });
  ajvFormats.default(made, ['date-time', 'date', 'time', 'email', 'ipv4', 'ipv6']);
  made.addFormat(SECRET_REF, isSecretRef);
  made.addFormat(DURATION, (text: string) => parseDurationMs(text) !== undefined);
  return made;
}

const ajv = makeAjv();
const compiled = new WeakMap<JsonObject, ValidateFunction>();

/** What `schema` says against `value`; compiled once for each schema object. */
export function schemaErrors(schema: JsonObject, value: unknown): readonly ErrorObject[] {
  let validate = compiled.get(schema);
  if (!validate) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  return validate(value) ? [] : [...(validate.errors ?? [])];
}
