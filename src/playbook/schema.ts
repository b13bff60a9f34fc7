import type { JsonObject } from '../kernel/json.js';
import { DURATION } from '../document/document.js';

const duration = (description: string, example: string): JsonObject => ({
  type: 'string',
  format: DURATION,
  maxLength: 40,
  description: `${description}; an ISO 8601 duration in days, hours, minutes, seconds`,
  examples: [example],
});

const check = (names: string, example: string, more: JsonObject): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  required: ['name', 'that'],
  properties: {
    name: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'what holds when the check passes, as a sentence for the report',
      examples: ['cpu is calm'],
    },
    that: {
      type: 'string',
      minLength: 1,
      maxLength: 2000,
      description: `a CEL condition over ${names}`,
      examples: [example],
    },
    ...more,
  },
});

const checks: JsonObject = {
  type: 'object',
  additionalProperties: false,
  description: 'what must hold on each unit before its change and after it',
  properties: {
    before: {
      type: 'array',
      maxItems: 100,
      description: 'a unit that fails one of these is not changed',
      items: check('`state` and `unit`', 'state.cpu.percent < 80', {}),
    },
    after: {
      type: 'array',
      maxItems: 100,
      description: 'a unit that fails one of these is rolled back',
      items: check('`before`, `after` and `unit`', 'after.routes.total >= before.routes.total', {
        within: duration('asked again until it holds, for this long', 'PT10M'),
      }),
    },
  },
};

const strategy: JsonObject = {
  type: 'object',
  additionalProperties: false,
  description: 'how fast, and when to stop',
  properties: {
    canary: {
      type: 'object',
      additionalProperties: false,
      description: 'some units of each platform and model go first',
      properties: {
        perModel: { type: 'integer', minimum: 1, maximum: 100, default: 1, examples: [1] },
        soak: duration('how long the canaries are watched', 'PT30M'),
      },
    },
    waves: {
      type: 'array',
      minItems: 1,
      maxItems: 50,
      default: ['rest'],
      examples: [['10%', '30%', 'rest']],
      description: 'how many units go together, one wave after the other',
      items: {
        type: ['string', 'integer'],
        minimum: 1,
        maximum: 100_000,
        pattern: '^(rest|(100|[1-9][0-9]?)%)$',
        description: 'a percentage, a number of units, or `rest`',
        examples: ['10%'],
      },
    },
    parallel: {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 10,
      description: 'units at work at the same time',
    },
    stopAfter: {
      type: 'object',
      additionalProperties: false,
      required: ['failures'],
      properties: {
        failures: {
          type: 'integer',
          minimum: 1,
          maximum: 100_000,
          default: 1,
          description: 'the run stops when so many units failed or could not be reached',
        },
      },
    },
    soak: duration('how long each unit is watched after the commit', 'PT48H'),
  },
};

const PATCH_NAME = {
  minLength: 1,
  maxLength: 300,
  pattern: '^[A-Za-z0-9_][A-Za-z0-9 _./-]*[.]hbs$',
} as const;

const patch: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['patch'],
  description: 'lines of configuration, written for each unit from a Handlebars template',
  properties: {
    patch: {
      description: 'a template for every platform, or one by platform',
      examples: ['patches/ntp.hbs'],
      type: ['string', 'object'],
      ...PATCH_NAME,
      minProperties: 1,
      maxProperties: 50,
      additionalProperties: { type: 'string', ...PATCH_NAME, description: 'a file ending in .hbs' },
    },
    vars: {
      type: 'object',
      maxProperties: 200,
      description: 'values for the template; variables of the inventory of the same name win',
      examples: [{ ntp: ['10.0.0.1', '10.0.0.2'] }],
    },
  },
};

const change: JsonObject = {
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  description: 'what is changed',
  properties: {
    firmware: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      examples: [{ golden: true }],
      description: 'either `golden: true` or a `version`',
      properties: {
        golden: { type: 'boolean', const: true, description: 'the golden image of each model' },
        version: {
          type: 'string',
          minLength: 1,
          maxLength: 64,
          description: 'one version, as the images of the inventory name it',
          examples: ['17.12.04'],
        },
      },
    },
    config: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      description: 'configuration patches, applied in order as one change',
      items: patch,
    },
  },
};

const approval: JsonObject = {
  type: 'object',
  additionalProperties: false,
  properties: {
    quorum: { type: 'integer', minimum: 1, maximum: 20, default: 2 },
    lab: {
      type: 'string',
      enum: ['required', 'optional'],
      default: 'required',
      description: 'must the plan have passed the lab before it may run?',
    },
    evidence: {
      type: 'string',
      enum: ['none', 'observed', 'staged', 'upgraded'],
      default: 'none',
      description:
        'what the journal must show of each platform and model on real devices before this plan may run',
    },
    expires: duration('how long an approval counts', 'P30D'),
  },
};

/** JSON Schema of a playbook. */
export const playbookSchema: JsonObject = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:nightshift:schema:playbook',
  title: 'Nightshift playbook',
  description: 'What to change where, how fast, and what must hold before and after.',
  type: 'object',
  additionalProperties: false,
  required: ['kind', 'name', 'summary', 'limit', 'change', 'window'],
  properties: {
    kind: { type: 'string', const: 'playbook', examples: ['playbook'] },
    name: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      description: '1 to 64 of letters, digits, dot, dash and underscore',
      examples: ['campus-access-17.12'],
    },
    summary: {
      type: 'string',
      minLength: 1,
      maxLength: 500,
      description: 'what the change board reads first',
      examples: ['Campus access switches to 17.12.4'],
    },
    limit: {
      type: 'string',
      minLength: 1,
      maxLength: 2000,
      description: 'a host pattern',
      examples: ['access:&site_ams'],
    },
    change,
    window: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
      description: 'a window of the inventory; units with windows of their own use those',
      examples: ['campus-weekend'],
    },
    staging: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      description: 'when `nightshift stage` copies images ahead; left out, at any time',
      properties: {
        window: {
          type: 'string',
          pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
          description: 'a window of the inventory, best one that says `for: staging`',
          examples: ['nightly-copies'],
        },
        before: duration('not earlier than so long before the first change window', 'P2D'),
      },
    },
    strategy,
    checks,
    rollback: {
      type: 'string',
      enum: ['automatic', 'hold'],
      default: 'automatic',
      description: 'when a check after the change fails: go back, or hold for a person',
    },
    proof: {
      type: 'string',
      enum: ['strict', 'warn'],
      default: 'warn',
      description:
        'a plan that takes down what must hold is refused; strict: also one in which units down together make one further failure worse, or that could not be proven',
    },
    approval,
  },
};
