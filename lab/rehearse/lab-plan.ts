import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DiagnosticsError } from '../../src/kernel/diagnostic.js';
import { Fault } from '../../src/kernel/fault.js';
import { readDocument } from '../../src/document/document.js';
import type { TwinFacts } from './twin.js';

/** An image that the lab makes: a stand-in of this size under its vendor's kind of name. */
export interface PlannedImageFile {
  readonly platform: string;
  readonly version: string;
  readonly fileName: string;
  readonly sizeBytes: number;
}

export interface LabUnit {
  readonly platform: string;
  readonly model: string;
  readonly version: string;
  readonly image: string;
  readonly serials: readonly string[];
  readonly config?: string;
  readonly flashBytes?: number;
  readonly uploadBps?: number;
  readonly logins?: 'keyboard-interactive' | 'code';
  readonly algorithms?: 'modern' | 'legacy';
}

/** `lab.yaml` of an inventory folder: what its devices are when the lab plays them. */
export interface LabPlan {
  readonly seed: string;
  readonly units: Readonly<Record<string, LabUnit>>;
  readonly images: readonly PlannedImageFile[];
}

const text = { type: 'string', minLength: 1, maxLength: 200 } as const;

/** The JSON Schema of `lab.yaml`. */
export const labSchema = {
  $id: 'urn:nightshift:schema:lab',
  title: 'Nightshift lab',
  description: 'What the devices of an inventory are when the lab plays them.',
  type: 'object',
  additionalProperties: false,
  required: ['seed', 'units', 'images'],
  properties: {
    seed: text,
    units: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['platform', 'model', 'version', 'image', 'serials'],
        properties: {
          platform: text,
          model: text,
          version: text,
          image: text,
          serials: { type: 'array', minItems: 1, maxItems: 16, items: text },
          config: { type: 'string', maxLength: 1_000_000 },
          flashBytes: { type: 'integer', minimum: 1 },
          uploadBps: { type: 'integer', minimum: 1 },
          logins: {
            type: 'string',
            enum: ['keyboard-interactive', 'code'],
            description: 'takes the password by questions alone; code: and asks for a code then',
          },
          algorithms: { type: 'string', enum: ['modern', 'legacy'], default: 'modern' },
        },
      },
    },
    images: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['platform', 'version', 'fileName', 'sizeBytes'],
        properties: {
          platform: text,
          version: text,
          fileName: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$' },
          sizeBytes: { type: 'integer', minimum: 1, maximum: 100_000_000 },
        },
      },
    },
  },
} as const;

/** Reads `lab.yaml`. DiagnosticsError with its findings; Fault `lab-fault` when the folder has none. */
export function readLabPlan(inventoryDirectory: string): LabPlan {
  const file = join(inventoryDirectory, 'lab.yaml');
  if (!existsSync(file)) {
    throw new Fault('lab-fault', `${file} is missing: the lab does not know what to play`, {
      mend: 'nightshift lab init DIRECTORY makes a folder that has one',
    });
  }
  const read = readDocument<LabPlan>({ text: readFileSync(file, 'utf8'), file, schema: labSchema });
  if (!read.ok) throw new DiagnosticsError(read.diagnostics);
  return read.value;
}

export function labImages(inventoryDirectory: string): readonly PlannedImageFile[] {
  return readLabPlan(inventoryDirectory).images;
}

/** By unit, what the lab plays. */
export function labFacts(plan: LabPlan): ReadonlyMap<string, TwinFacts> {
  return new Map(
    Object.entries(plan.units).map(([unit, { image, config, ...rest }]) => [
      unit,
      { ...rest, imageFileName: image, config: config ?? '' },
    ]),
  );
}
