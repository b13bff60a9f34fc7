import { posix } from 'node:path';
import { DURATION, loadDocument } from '../document/document.js';
import type { Checked, Diagnostic } from '../kernel/diagnostic.js';
import { parseDurationMs } from '../kernel/duration.js';
import type { JsonObject } from '../kernel/json.js';
import type { Files } from '../ports/files.js';
import type { Inventory } from '../inventory/inventory.js';
import { ageings, type RetentionAges } from './retention.js';

const age = {
  type: 'string',
  format: DURATION,
  maxLength: 40,
  examples: ['P400D'],
  description: 'Kept at least so long: P400D.',
};

/** `retention.yaml` of the inventory folder. */
export const retentionSchema: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:nightshift:retention',
  title: 'Retention',
  description: 'How long the state directory keeps what. What has no age here is kept for good.',
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(ageings.map((each) => [each, age])),
};

const LEAST_MS = 86_400_000;

/** Reads `retention.yaml` of the inventory folder; without it nothing has an age. All findings come at once. */
export async function loadRetention(
  files: Files,
  inventory: Inventory,
): Promise<Checked<RetentionAges>> {
  const file = posix.join(inventory.directory, 'retention.yaml');
  if (!(await files.stat(file))) return { ok: true, value: {}, diagnostics: [] };
  const source = { file, schema: retentionSchema, whenEmpty: {} };
  const document = await loadDocument<Readonly<Record<string, string>>>(files, source);
  if (!document.ok) return document;
  const found: Diagnostic[] = [];
  const ages = ageings.flatMap((each) => {
    const text = document.value[each];
    if (text === undefined) return [];
    const ms = parseDurationMs(text);
    if (ms !== undefined && ms >= LEAST_MS) return [[each, ms] as const];
    const message = `${text} is no duration of a day or more`;
    const place = document.locate([each]);
    found.push({ code: 'document-invalid', severity: 'error', place, message, mend: 'P400D' });
    return [];
  });
  if (found.length > 0) return { ok: false, diagnostics: found };
  return { ok: true, value: Object.fromEntries(ages), diagnostics: [] };
}
