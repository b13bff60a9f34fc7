import type { JsonObject } from '../kernel/json.js';

/** Short words for what a member holds; `?` after one: it may be null or absent. */
const words = {
  text: { type: 'string' },
  number: { type: 'number' },
  yes: { type: 'boolean' },
  texts: { type: 'array', items: { type: 'string' } },
  list: { type: 'array' },
  record: { type: 'object' },
  any: {},
} satisfies Readonly<Record<string, JsonObject>>;

type Word = keyof typeof words;
type Members = Readonly<Record<string, Word | `${Word}?`>>;

function isWord(text: string): text is Word {
  return Object.hasOwn(words, text);
}

function memberOf(given: string): JsonObject {
  const name = given.replace('?', '');
  const schema: JsonObject = isWord(name) ? words[name] : {};
  return given.endsWith('?') ? { anyOf: [schema, { type: 'null' }] } : schema;
}

function objectOf(members: Members, isClosed: boolean): JsonObject {
  return {
    type: 'object',
    required: Object.keys(members).filter((name) => !members[name]?.endsWith('?')),
    properties: Object.fromEntries(
      Object.entries(members).map(([name, word]) => [name, memberOf(word)]),
    ),
    ...(isClosed ? { additionalProperties: false } : {}),
  };
}

function documentOf(kind: string, title: string, schema: JsonObject): JsonObject {
  const { required, properties } = { required: [], properties: {}, ...schema };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:nightshift:result:${kind}`,
    title,
    ...schema,
    required: ['kind', ...(Array.isArray(required) ? required : [])],
    properties: { kind: { const: kind }, ...Object(properties) },
  };
}

/** Rows that hold exactly these members. */
export function rows(kind: string, title: string, members: Members): readonly [string, JsonObject] {
  const schema = {
    type: 'object',
    required: ['items'],
    properties: { items: { type: 'array', items: objectOf(members, true) } },
    additionalProperties: false,
  };
  return [kind, documentOf(kind, title, schema)];
}

/** A record that holds at least these members. */
export function record(
  kind: string,
  title: string,
  members: Members,
): readonly [string, JsonObject] {
  return [kind, documentOf(kind, title, objectOf(members, false))];
}
