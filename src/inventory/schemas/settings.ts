import { SECRET_REF } from '../../document/document.js';
import type { JsonObject } from '../../kernel/json.js';

export const NAME_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';

export const name = (description: string, example: string): JsonObject => ({
  type: 'string',
  pattern: NAME_PATTERN,
  description: `${description}: 1 to 64 of letters, digits, dot, dash, underscore`,
  examples: [example],
});

export const names = (description: string, example: string): JsonObject => ({
  type: 'array',
  uniqueItems: true,
  maxItems: 1000,
  description,
  examples: [[example]],
  items: name('a name', example),
});

const secret = (description: string, example: string): JsonObject => ({
  type: 'string',
  format: SECRET_REF,
  writeOnly: true,
  description: `${description}, by reference: env:NAME, file:PATH, exec:COMMAND or agent`,
  examples: [example],
});

export const port = (preset: number): JsonObject => ({
  type: 'integer',
  minimum: 1,
  maximum: 65_535,
  default: preset,
});

export const ssh: JsonObject = {
  type: 'object',
  additionalProperties: false,
  description: 'how to log in; each key is inherited by itself',
  properties: {
    username: { type: 'string', minLength: 1, maxLength: 128, examples: ['nightshift'] },
    port: port(22),
    password: secret('the password', 'env:NIGHTSHIFT_PASSWORD'),
    key: secret('the private key', 'file:/etc/nightshift/id_ed25519'),
    keyPassphrase: secret('the passphrase of the key', 'env:NIGHTSHIFT_KEY_PASSPHRASE'),
    agent: { type: 'boolean', default: false, description: 'use the keys of the ssh-agent' },
    enable: secret('the enable password', 'env:NIGHTSHIFT_ENABLE'),
    algorithms: {
      type: 'string',
      enum: ['modern', 'legacy', 'platform'],
      default: 'modern',
      description:
        'legacy: old algorithms too, last in the list; platform: those only where its driver says that it needs them',
    },
  },
};

const snmp: JsonObject = {
  type: 'object',
  additionalProperties: false,
  description: 'v2c needs community; v3 needs user, authKey and privKey; each key is inherited',
  properties: {
    version: { type: 'string', enum: ['v2c', 'v3'], examples: ['v3'] },
    port: port(161),
    community: secret('the read community', 'env:NIGHTSHIFT_SNMP_COMMUNITY'),
    user: { type: 'string', minLength: 1, maxLength: 32, examples: ['nightshift'] },
    authProtocol: {
      type: 'string',
      enum: ['sha', 'sha256', 'sha512', 'md5'],
      default: 'sha256',
    },
    authKey: secret('the authentication key', 'env:NIGHTSHIFT_SNMP_AUTH'),
    privProtocol: {
      type: 'string',
      enum: ['aes', 'aes256b', 'aes256r', 'des'],
      default: 'aes',
    },
    privKey: secret('the privacy key', 'env:NIGHTSHIFT_SNMP_PRIV'),
  },
};

/** What defaults, sites, groups and devices may set; the nearest to the device wins. */
export const settings: Readonly<Record<string, JsonObject>> = {
  platform: {
    type: 'string',
    pattern: '^[a-z][a-z0-9_]{1,40}$',
    description: 'a platform id; left out, fingerprinting finds it',
    examples: ['vendor_os'],
  },
  role: name('what it does in the network', 'access'),
  criticality: {
    type: 'string',
    enum: ['low', 'normal', 'high', 'critical'],
    default: 'normal',
  },
  ssh,
  jump: {
    type: 'array',
    uniqueItems: true,
    maxItems: 8,
    description:
      'jump hosts on the way, the nearest to us first; [] for a device reached directly. SNMP goes directly always: leave `snmp` out where it cannot',
    examples: [['bastion', 'ams-jump']],
    items: name('a jump host of jump-hosts.yaml', 'bastion'),
  },
  snmp,
  windows: names('maintenance windows; left out, the playbook’s', 'campus-weekend'),
  drain: {
    type: 'boolean',
    default: true,
    description: 'lead traffic away first, where the platform can',
  },
  vars: {
    type: 'object',
    maxProperties: 500,
    propertyNames: { type: 'string', minLength: 1, maxLength: 64 },
    description: 'free values for conditions and patches; no secrets',
    additionalProperties: true,
  },
};
