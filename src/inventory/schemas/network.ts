import type { JsonObject } from '../../kernel/json.js';
import { DURATION } from '../../document/document.js';
import { BIT_RATE_PATTERN } from '../bit-rate.js';
import { NAME_PATTERN, name, names } from './settings.js';

const rate = (description: string, example: string): JsonObject => ({
  type: 'string',
  pattern: BIT_RATE_PATTERN,
  description: `${description}, in bits a second: 400M, 10G`,
  examples: [example],
});

const member = (example: number): JsonObject => ({
  type: 'integer',
  minimum: 1,
  maximum: 32,
  examples: [example],
});

/** What a link may say beside its ends. */
export const linkProperties = {
  capacity: rate('what it carries each way; left out, it is never too narrow', '10G'),
  cost: {
    type: 'integer',
    minimum: 1,
    maximum: 65_535,
    default: 1,
    description: 'traffic takes the ways of the least sum, shared evenly among equals',
  },
  members: {
    type: 'object',
    additionalProperties: false,
    description: 'the member of a stack or chassis that the cable ends in; left out, any',
    properties: { a: member(2), b: member(1) },
  },
} as const satisfies Readonly<Record<string, JsonObject>>;

function document(file: string, title: string, description: string, entry: JsonObject): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:nightshift:schema:${file}`,
    title,
    description,
    type: 'object',
    propertyNames: { pattern: NAME_PATTERN },
    additionalProperties: entry,
  };
}

/** `attachments.yaml`. */
export const attachmentsSchema = document(
  'attachments',
  'Nightshift attachments',
  'What hangs on the network and is none of its units: providers, servers, our own desk.',
  {
    type: 'object',
    additionalProperties: false,
    required: ['units'],
    properties: {
      units: {
        type: 'array',
        minItems: 1,
        maxItems: 1000,
        uniqueItems: true,
        description: 'the units it is cabled to: any of them will do',
        items: name('a unit', 'core1'),
        examples: [['core1', 'core2']],
      },
      capacity: rate('what each of its cables carries; left out, never too narrow', '10G'),
      services: {
        type: 'array',
        uniqueItems: true,
        maxItems: 5,
        description:
          'what the change itself needs of it. desk: where we sit; jump-host: bears the name it has in jump-hosts.yaml',
        items: { type: 'string', enum: ['desk', 'jump-host', 'aaa', 'image-server', 'dns'] },
        examples: [['aaa', 'dns']],
      },
      sites: names('the sites that it serves; left out, all', 'ams'),
    },
  },
);

/** `flows.yaml`. */
export const flowsSchema = document(
  'flows',
  'Nightshift flows',
  'Traffic that must get through while we work. An end is a unit, a site (each of its units) or an attachment.',
  {
    type: 'object',
    additionalProperties: false,
    required: ['from', 'to'],
    properties: {
      from: name('a unit, site or attachment', 'acc1'),
      to: name('a unit, site or attachment', 'internet'),
      demand: rate('how much; left out, it asks for a way and no room', '200M'),
      loss: {
        type: 'number',
        minimum: 0,
        maximum: 100,
        default: 0,
        description: 'so many percent may be lost at any time',
      },
      outage: {
        type: 'string',
        format: DURATION,
        maxLength: 40,
        description: 'while a unit is changed it may be lost altogether, for so long at worst',
        examples: ['PT20M'],
      },
      probe: {
        type: 'string',
        pattern: '^exec:\\S.{0,500}$',
        description:
          'a command, run without a shell, that prints the loss in percent; checks may then ask for it',
        examples: ['exec:/usr/local/bin/flow-loss theatres'],
      },
    },
  },
);
