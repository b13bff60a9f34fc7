import type { JsonObject } from '../../kernel/json.js';
import { DURATION } from '../../document/document.js';
import { attachmentsSchema, flowsSchema, linkProperties } from './network.js';
import { NAME_PATTERN, name, names, port, settings, ssh } from './settings.js';

type Properties = Readonly<Record<string, JsonObject>>;

interface Texts {
  readonly title: string;
  readonly description: string;
}

const serials: JsonObject = {
  type: 'array',
  uniqueItems: true,
  maxItems: 32,
  description: 'serial numbers that may answer; left out, pinned from the first fingerprint',
  examples: [['FOC2401L0AB']],
  items: { type: 'string', minLength: 1, maxLength: 64, examples: ['FOC2401L0AB'] },
};

const outOfBand: JsonObject = {
  type: 'object',
  additionalProperties: false,
  required: ['address', 'kind'],
  description: 'a way in that does not need the network of the unit, for when it does not return',
  properties: {
    address: {
      type: 'string',
      minLength: 1,
      maxLength: 253,
      description: 'an IP address or a host name',
      examples: ['192.0.2.250'],
    },
    port: port(22),
    kind: { type: 'string', enum: ['console', 'oob'], examples: ['console'] },
    note: {
      type: 'string',
      maxLength: 300,
      description: 'for the person who types there; no secrets',
      examples: ['line 7, escape with Ctrl-^ x'],
    },
  },
};

const anyPort = (preset: number, description: string): JsonObject => ({
  type: 'integer',
  minimum: 0,
  maximum: 65_535,
  default: preset,
  description,
});

const imageServer: JsonObject = {
  type: 'object',
  additionalProperties: false,
  description: 'where the devices of the site fetch images from, if they fetch',
  properties: {
    address: {
      type: 'string',
      anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }],
      description: 'our own address as the devices reach it; left out, the one that leads there',
      examples: ['192.0.2.10'],
    },
    httpPort: anyPort(0, 'where HTTP listens while a file is offered; 0: any free port'),
    tftpPort: anyPort(69, 'where TFTP listens while a file is offered'),
  },
};

const transfer: JsonObject = {
  type: 'object',
  additionalProperties: false,
  description: 'limits that all image transfers to the site share',
  properties: {
    bytesPerSecond: { type: 'integer', minimum: 1000, maximum: 10_000_000_000, examples: [500000] },
    parallel: { type: 'integer', minimum: 1, maximum: 1000, examples: [4] },
  },
};

const INSTANT = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?(Z|[+-]\\d{2}:\\d{2})$';

const instant = (description: string): JsonObject => ({
  type: 'string',
  pattern: INSTANT,
  description: `${description}, with its offset`,
  examples: ['2027-01-16T22:00+01:00'],
});

const zone = (description: string): JsonObject => ({
  type: 'string',
  minLength: 1,
  maxLength: 64,
  description,
  examples: ['Europe/Amsterdam'],
});

function head(file: string, texts: Texts): JsonObject {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:nightshift:schema:${file}`,
    ...texts,
  };
}

/** A file that maps names to entries. `required` empty: an entry may be left empty. */
function mapOf(
  file: string,
  texts: Texts,
  properties: Properties,
  required: readonly string[] = [],
): JsonObject {
  return {
    ...head(file, texts),
    type: 'object',
    propertyNames: { pattern: NAME_PATTERN },
    additionalProperties: {
      type: required.length > 0 ? 'object' : ['object', 'null'],
      additionalProperties: false,
      properties,
      ...(required.length > 0 ? { required } : {}),
    },
  };
}

const end = (example: string): JsonObject => ({
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}:\\S{1,64}$',
  description: 'device:port, the port as the device prints it',
  examples: [example],
});

/** The JSON Schemas of the files of an inventory folder, by file name without its ending. */
export const inventorySchemas = {
  devices: mapOf(
    'devices',
    { title: 'Nightshift devices', description: 'Every managed address, by name.' },
    {
      host: {
        type: 'string',
        minLength: 1,
        maxLength: 253,
        description: 'an IP address or a host name',
        examples: ['192.0.2.10'],
      },
      site: name('a site of sites.yaml', 'ams'),
      groups: names('groups, the nearest first', 'access'),
      serials,
      outOfBand,
      ...settings,
    },
    ['host'],
  ),
  groups: mapOf(
    'groups',
    { title: 'Nightshift groups', description: 'Settings shared by devices; groups have parents.' },
    {
      parents: names('groups that this one inherits from, the nearest first', 'campus'),
      site: name('a site of sites.yaml', 'ams'),
      ...settings,
    },
  ),
  sites: mapOf(
    'sites',
    { title: 'Nightshift sites', description: 'Places with their time zone.' },
    {
      timeZone: zone('the IANA time zone that windows are meant in'),
      imageServer,
      transfer,
      ...settings,
    },
    ['timeZone'],
  ),
  units: mapOf(
    'units',
    {
      title: 'Nightshift units',
      description: 'Units of change other than one device: stacks and clusters.',
    },
    {
      device: name(
        'the device by whose address the unit is driven; default is the same name',
        'st1',
      ),
      serials,
      outOfBand,
      windows: names('maintenance windows of this unit', 'campus-weekend'),
      drain: { type: 'boolean' },
    },
  ),
  links: {
    ...head('links', { title: 'Nightshift links', description: 'Cables between devices.' }),
    type: 'array',
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['a', 'b'],
      properties: { a: end('dist1a:Ethernet1'), b: end('acc1:Ethernet49'), ...linkProperties },
    },
  },
  redundancy: mapOf(
    'redundancy',
    {
      title: 'Nightshift redundancy groups',
      description: 'Units that must never be down together.',
    },
    {
      units: {
        type: 'array',
        minItems: 2,
        maxItems: 1000,
        uniqueItems: true,
        items: name('a unit', 'dist1a'),
        examples: [['dist1a', 'dist1b']],
      },
      minHealthy: {
        type: 'integer',
        minimum: 1,
        maximum: 1000,
        description: 'so many stay up; default is all but one',
      },
    },
    ['units'],
  ),
  attachments: attachmentsSchema,
  flows: flowsSchema,
  windows: mapOf(
    'windows',
    {
      title: 'Nightshift maintenance windows',
      description: 'Recurring: rrule, at, duration. Once: start and end.',
    },
    {
      rrule: {
        type: 'string',
        maxLength: 500,
        pattern: '^[A-Z]+=[A-Za-z0-9,+-]+(;[A-Z]+=[A-Za-z0-9,+-]+)*$',
        description: 'an RFC 5545 rule without DTSTART',
        examples: ['FREQ=WEEKLY;BYDAY=SU'],
      },
      at: {
        type: 'string',
        pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
        description: 'start in site time',
        examples: ['22:00'],
      },
      duration: { type: 'string', format: DURATION, maxLength: 40, examples: ['PT4H'] },
      dst: {
        type: 'string',
        enum: ['skip', 'shift', 'fail'],
        default: 'shift',
        description: 'when the clocks skip the start',
      },
      timeZone: zone('a fixed zone; default is that of the unit’s site'),
      for: {
        type: 'string',
        enum: ['change', 'staging'],
        default: 'change',
        description: 'in a staging window images are copied, and nothing else happens',
      },
      start: instant('begin of a window that comes once'),
      end: instant('end of a window that comes once'),
    },
  ),
  freezes: mapOf(
    'freezes',
    { title: 'Nightshift change freezes', description: 'Nothing may change in them.' },
    {
      start: instant('begin'),
      end: instant('end'),
      sites: names('where; left out, everywhere', 'ams'),
      reason: { type: 'string', minLength: 1, maxLength: 500, examples: ['end of the year'] },
    },
    ['start', 'end', 'reason'],
  ),
  images: mapOf(
    'images',
    { title: 'Nightshift images', description: 'Firmware files with the hashes people vouch for.' },
    {
      platform: settings['platform'] ?? {},
      models: {
        type: 'array',
        maxItems: 200,
        description: 'globs over the model; left out, any model of the platform',
        items: { type: 'string', minLength: 1, maxLength: 64, examples: ['C9300-*'] },
      },
      version: { type: 'string', minLength: 1, maxLength: 64, examples: ['17.12.04'] },
      path: { type: 'string', minLength: 1, maxLength: 1000, examples: ['images/firmware.bin'] },
      fileName: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$' },
      sizeBytes: { type: 'integer', minimum: 1, maximum: 1_000_000_000_000 },
      sha512: { type: 'string', pattern: '^[0-9a-fA-F]{128}$', description: '128 hex digits' },
      md5: { type: 'string', pattern: '^[0-9a-fA-F]{32}$', description: '32 hex digits' },
      from: {
        type: 'array',
        maxItems: 200,
        description:
          'globs over the running version that it may be installed on directly; left out, any. The planner goes by the ' +
          'images in between when there is no direct way',
        items: { type: 'string', minLength: 1, maxLength: 64, examples: ['17.9.*'] },
      },
      golden: { type: 'boolean', default: false },
    },
    ['platform', 'version', 'path', 'sizeBytes', 'sha512', 'md5'],
  ),
  'jump-hosts': mapOf(
    'jump-hosts',
    {
      title: 'Nightshift jump hosts',
      description: 'Machines on the way to devices. They inherit nothing; `trust` pins their keys.',
    },
    {
      host: {
        type: 'string',
        minLength: 1,
        maxLength: 253,
        description: 'an IP address or a host name, as seen from the jump host before it',
        examples: ['192.0.2.5'],
      },
      ssh,
    },
    ['host', 'ssh'],
  ),
  people: mapOf(
    'people',
    { title: 'Nightshift people', description: 'Who writes plans and who approves them.' },
    {
      name: { type: 'string', minLength: 1, maxLength: 200, examples: ['Ada Lovelace'] },
      role: { type: 'string', enum: ['engineer', 'supervisor', 'vice-president'] },
      publicKey: {
        type: 'string',
        maxLength: 500,
        pattern: '^ssh-ed25519 [A-Za-z0-9+/]{68}( .*)?$',
        description: '`ssh-ed25519` and the key, as in an .pub file',
      },
      mail: {
        type: 'string',
        format: 'email',
        maxLength: 254,
        description: 'where notices reach this person',
        examples: ['ada@example.net'],
      },
      mayApprove: {
        type: 'boolean',
        description: 'default: supervisors and vice-presidents may, engineers may not',
      },
    },
    ['name', 'role'],
  ),
  defaults: {
    ...head('defaults', {
      title: 'Nightshift defaults',
      description: 'Settings of every device that nothing nearer sets.',
    }),
    type: 'object',
    additionalProperties: false,
    properties: { site: name('a site of sites.yaml', 'ams'), ...settings },
  },
} as const satisfies Readonly<Record<string, JsonObject>>;

/** A file of an inventory folder, without its ending. */
export type InventoryFile = keyof typeof inventorySchemas;
