import type { JsonObject } from '../kernel/json.js';
import { DURATION, SECRET_REF } from '../document/document.js';
import { noticeKinds } from './notice.js';

const NAME = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';
const CRITICALITY = ['low', 'normal', 'high', 'critical'];

const secret = (description: string, example: string): JsonObject => ({
  type: 'string',
  format: SECRET_REF,
  writeOnly: true,
  description: `${description}, by reference: env:NAME, file:PATH or exec:COMMAND`,
  examples: [example],
});

const duration = (description: string, example: string): JsonObject => ({
  type: 'string',
  format: DURATION,
  maxLength: 40,
  description: `${description}; an ISO 8601 duration`,
  examples: [example],
});

const listOf = (items: JsonObject, description: string): JsonObject => ({
  type: 'array',
  uniqueItems: true,
  minItems: 1,
  maxItems: 200,
  description,
  items,
});

const nameItem: JsonObject = { type: 'string', pattern: NAME };

const where: Readonly<Record<string, JsonObject>> = {
  criticality: listOf({ type: 'string', enum: CRITICALITY }, 'of the units concerned'),
  sites: listOf(nameItem, 'sites of sites.yaml'),
  groups: listOf(nameItem, 'groups of groups.yaml'),
};

const filter = (properties: Readonly<Record<string, JsonObject>>): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  description: 'only these; left out: all',
  properties,
});

const ca: JsonObject = {
  type: 'string',
  minLength: 1,
  maxLength: 1000,
  description: 'PEM file of an authority of your own, from the inventory folder',
  examples: ['ca.pem'],
};

const webhook: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['url', 'keyId', 'secret'],
  description: 'a POST of JSON, signed',
  properties: {
    url: {
      type: 'string',
      pattern: '^https?://[^\\s/?#@]+([/?][^\\s#]*)?$',
      maxLength: 2000,
      description: 'http only where the way there is your own; no password in it',
      examples: ['https://hooks.example.net/nightshift'],
    },
    keyId: { type: 'string', pattern: NAME, description: 'which key it is signed with' },
    secret: secret('the key of the signature', 'env:NIGHTSHIFT_HOOK_KEY'),
    ca,
  },
};

const address: JsonObject = { type: 'string', format: 'email', maxLength: 254 };

const mail: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['host', 'from'],
  description: 'mail, to the people who must act and to the addresses of `to`',
  properties: {
    host: {
      type: 'string',
      pattern: '^[A-Za-z0-9.:_-]{1,253}$',
      examples: ['mail.example.net'],
    },
    port: { type: 'integer', minimum: 1, maximum: 65_535, default: 587 },
    security: {
      type: 'string',
      enum: ['starttls', 'tls', 'none'],
      default: 'starttls',
      description: '`none`: clear text, without a login, to a relay of your own',
    },
    user: { type: 'string', minLength: 1, maxLength: 200 },
    password: secret('the password', 'env:NIGHTSHIFT_SMTP_PASSWORD'),
    ca,
    from: { ...address, examples: ['nightshift@example.net'] },
    to: listOf({ ...address, examples: ['noc@example.net'] }, 'who gets every one of them too'),
  },
};

const level: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['to'],
  properties: {
    after: duration('so long after the notice, unless somebody acknowledged it', 'PT15M'),
    to: listOf(nameItem, '`author` of the plan, a role, or people by id'),
  },
};

const levels: JsonObject = { type: 'array', minItems: 1, maxItems: 10, items: level };

const named = (entry: JsonObject, description: string): JsonObject => ({
  type: 'object',
  description,
  propertyNames: { pattern: NAME },
  maxProperties: 50,
  additionalProperties: entry,
});

/** The JSON Schema of `notices.yaml`, a file of the inventory folder. */
export const noticesSchema: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:nightshift:schema:notices',
  title: 'Nightshift notices',
  description: 'Whom to tell what, how, and who is next when nobody answers.',
  type: 'object',
  additionalProperties: false,
  properties: {
    channels: named(
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          mail,
          webhook,
          for: filter({
            events: listOf({ type: 'string', enum: [...noticeKinds] }, 'kinds of notices'),
            ...where,
          }),
        },
      },
      'ways to tell people, each with `mail` or `webhook`',
    ),
    mutes: named(
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          webhook,
          exec: {
            type: 'string',
            minLength: 1,
            maxLength: 1000,
            description: 'program and arguments, no shell; gets the JSON on its standard input',
            examples: ['/usr/local/bin/silence'],
          },
          for: filter(where),
        },
      },
      'who is told to expect the outage of a unit while it is changed',
    ),
    escalation: {
      type: 'object',
      additionalProperties: false,
      description: 'who is told when, by criticality',
      properties: { low: levels, normal: levels, high: levels, critical: levels },
    },
    silentAfter: duration('a runner without a sign of life for so long is told of', 'PT5M'),
  },
};
