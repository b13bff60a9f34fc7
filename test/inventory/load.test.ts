import { Buffer } from 'node:buffer';
import { describe, expect, test } from '@jest/globals';
import type { Inventory } from '../../src/inventory/inventory.js';
import { loadInventory } from '../../src/inventory/load.js';
import { inventorySchemas } from '../../src/inventory/schemas/schemas.js';
import { filesIn } from './disk.js';

type Folder = Readonly<Record<string, string>>;

const SMALL: Folder = {
  'devices.yaml': 'sw1: { host: 192.0.2.1 }\nsw2: { host: 192.0.2.2 }\nsw3: { host: 192.0.2.3 }\n',
  'sites.yaml': 'ams: { timeZone: Europe/Amsterdam }\n',
  'defaults.yaml': 'site: ams\nssh: { username: ns, password: env:PW }\n',
};

function publicKey(fill: number): string {
  const head = Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from('ssh-ed25519'),
    Buffer.from([0, 0, 0, 32]),
  ]);
  return `ssh-ed25519 ${Buffer.concat([head, Buffer.alloc(32, fill)]).toString('base64')} me@here`;
}

const load = (folder: Folder, directory = 'inv') => {
  const entries = Object.entries({ ...SMALL, ...folder });
  const contents = Object.fromEntries(
    entries.map(([name, text]) => [`${directory}/${name}`, text]),
  );
  return loadInventory(filesIn(contents), directory);
};

async function loaded(folder: Folder, directory = 'inv'): Promise<Inventory> {
  const made = await load(folder, directory);
  if (!made.ok) throw new Error(JSON.stringify(made.diagnostics, null, 1));
  return made.value;
}

async function findings(folder: Folder): Promise<readonly string[]> {
  const { diagnostics } = await load(folder);
  return diagnostics.map(({ place, message }) =>
    place ? `${place.file.replace('inv/', '')}:${place.line}:${place.column} ${message}` : message,
  );
}

const unit = (inventory: Inventory, id: string) => {
  const found = inventory.units.find((each) => each.id === id);
  if (!found) throw new Error(`no unit ${id}`);
  return found;
};

describe('a good inventory', () => {
  test('needs devices, a site and a login', async () => {
    const inventory = await loaded({});
    expect(inventory.units.map((each) => each.id)).toEqual(['sw1', 'sw2', 'sw3']);
    expect(unit(inventory, 'sw2')).toMatchObject({
      serials: [],
      windows: [],
      drain: true,
      device: {
        host: '192.0.2.2',
        site: 'ams',
        groups: [],
        criticality: 'normal',
        ssh: { username: 'ns', port: 22, agent: false, password: 'env:PW' },
        vars: {},
        place: { file: 'inv/devices.yaml', line: 2, column: 1 },
      },
    });
  });

  test('takes own settings over groups in order, over their parents, over site, over defaults', async () => {
    const layer = (n: number, keys: readonly string[]) =>
      `{ vars: { ${keys.map((key) => `${key}: ${n}`).join(', ')} } }`.slice(2, -2);
    const inventory = await loaded({
      'devices.yaml': `sw1: { host: 192.0.2.1, groups: [near, far], ${layer(1, ['a'])} }\n`,
      'groups.yaml': [
        `near: { parents: [up], ${layer(2, ['a', 'b'])} }`,
        `far: { parents: [top], ${layer(3, ['a', 'b', 'c'])} }`,
        `up: { parents: [top], ${layer(4, ['a', 'b', 'c', 'd'])} }`,
        `top: { ${layer(5, ['a', 'b', 'c', 'd', 'e'])} }`,
      ].join('\n'),
      'sites.yaml': `ams: { timeZone: UTC, ${layer(6, ['a', 'b', 'c', 'd', 'e', 'f'])} }\n`,
      'defaults.yaml': `${layer(7, ['a', 'b', 'c', 'd', 'e', 'f', 'g'])}\nsite: ams\nssh: { username: ns }\n`,
    });
    const { device } = unit(inventory, 'sw1');
    expect(device.groups).toEqual(['near', 'far', 'up', 'top']);
    expect(device.vars).toEqual({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 });
  });

  test('inherits ssh and snmp key by key, other settings whole', async () => {
    const inventory = await loaded({
      'devices.yaml':
        'sw1: { host: 192.0.2.1, groups: [g], ssh: { port: 2022 }, windows: [w2], drain: false }\n',
      'groups.yaml':
        'g: { snmp: { version: v2c, community: env:C }, ssh: { enable: "file:/e" }, windows: [w1], platform: some_os, role: edge, criticality: high }\n',
      'windows.yaml':
        'w1: { rrule: FREQ=DAILY, at: "22:00", duration: PT1H }\nw2: { start: 2027-01-16T22:00+01:00, end: 2027-01-17T04:00Z }\n',
      'defaults.yaml':
        'site: ams\nssh: { username: ns, port: 22, agent: true }\nsnmp: { port: 1161 }\n',
    });
    const found = unit(inventory, 'sw1');
    expect(found.device.ssh).toEqual({
      username: 'ns',
      port: 2022,
      agent: true,
      enable: 'file:/e',
    });
    expect(found.device.snmp).toEqual({ version: 'v2c', port: 1161, community: 'env:C' });
    expect(found.device).toMatchObject({ platform: 'some_os', role: 'edge', criticality: 'high' });
    expect(found).toMatchObject({ windows: ['w2'], drain: false });
    expect(inventory.windows).toEqual([
      {
        kind: 'recurring',
        name: 'w1',
        rrule: 'FREQ=DAILY',
        at: '22:00',
        durationMs: 3_600_000,
        dst: 'shift',
      },
      {
        kind: 'once',
        name: 'w2',
        startMs: Date.UTC(2027, 0, 16, 21),
        endMs: Date.UTC(2027, 0, 17, 4),
      },
    ]);
  });

  test('reads devices.d beside devices.yaml and empty files', async () => {
    const inventory = await loaded({
      'devices.d/b.yaml': 'sw9: { host: 192.0.2.9 }\n',
      'devices.d/a.yaml': 'sw8: { host: "2001:db8::8" }\n',
      'groups.yaml': '# none yet\n',
      'links.yaml': '',
      'lab-faults.yaml': 'anything: [goes\n',
      'notes.txt': 'not ours',
    });
    expect(inventory.units.map((each) => each.id)).toEqual(['sw1', 'sw2', 'sw3', 'sw8', 'sw9']);
  });

  test('makes a stack one unit and knows its redundancy group', async () => {
    const inventory = await loaded({
      'units.yaml': 'stack: { device: sw3, serials: [B2, A1] }\n',
      'redundancy.yaml': 'pair: { units: [sw2, sw1] }\n',
    });
    expect(inventory.units.map((each) => each.id)).toEqual(['stack', 'sw1', 'sw2']);
    expect(unit(inventory, 'stack').serials).toEqual(['A1', 'B2']);
    expect(unit(inventory, 'sw1').redundancyGroup).toBe('pair');
    expect(inventory.redundancyGroups).toEqual([
      { name: 'pair', units: ['sw1', 'sw2'], minHealthy: 1 },
    ]);
  });

  test('resolves image paths from its folder and keeps the digest the same elsewhere', async () => {
    const images = `img: { platform: some_os, version: "1.0", path: images/x.bin, sizeBytes: 1, sha512: ${'A'.repeat(128)}, md5: ${'b'.repeat(32)}, golden: true }\n`;
    const one = await loaded({ 'images.yaml': images });
    const two = await loaded({ 'images.yaml': `# moved\n\n${images}` }, 'other/place');
    expect(one.images[0]).toMatchObject({
      path: 'inv/images/x.bin',
      fileName: 'x.bin',
      sha512: 'a'.repeat(128),
    });
    expect(two.images[0]?.path).toBe('other/place/images/x.bin');
    expect(two.digest).toBe(one.digest);
    expect((await loaded({})).digest).not.toBe(one.digest);
  });

  test('knows where a site fetches from, what its transfers share, and windows that are for staging', async () => {
    const { sites, windows } = await loaded({
      'sites.yaml':
        'ams: { timeZone: UTC, imageServer: { address: 192.0.2.9 }, transfer: { parallel: 2 } }\n' +
        'rtm: { timeZone: UTC, imageServer: { httpPort: 8080, tftpPort: 6969 } }\n',
      'windows.yaml':
        'copies: { rrule: FREQ=DAILY, at: "01:00", duration: PT2H, for: staging }\n' +
        'night: { rrule: FREQ=DAILY, at: "23:00", duration: PT2H, for: change }\n',
    });
    expect(sites).toEqual([
      {
        name: 'ams',
        timeZone: 'UTC',
        windows: [],
        imageServer: { address: '192.0.2.9', httpPort: 0, tftpPort: 69 },
        transfer: { parallel: 2 },
      },
      {
        name: 'rtm',
        timeZone: 'UTC',
        windows: [],
        imageServer: { httpPort: 8080, tftpPort: 6969 },
      },
    ]);
    expect(windows.map(({ name, stagingOnly }) => [name, stagingOnly])).toEqual([
      ['copies', true],
      ['night', undefined],
    ]);
  });

  test('reads people with their keys', async () => {
    const people = `ada: { name: Ada, role: supervisor, publicKey: "${publicKey(1)}" }\nbob: { name: Bob, role: engineer }\n`;
    const inventory = await loaded({ 'people.yaml': people });
    expect(inventory.people).toEqual([
      { id: 'ada', name: 'Ada', role: 'supervisor', publicKey: publicKey(1), mayApprove: true },
      { id: 'bob', name: 'Bob', role: 'engineer', mayApprove: false },
    ]);
  });
});

describe('a wrong inventory', () => {
  test.each<[string, Folder, string]>([
    [
      'an unknown group',
      { 'devices.yaml': 'sw1: { host: 192.0.2.1, groups: [acess] }\n', 'groups.yaml': 'access:\n' },
      'devices.yaml:1:34 there is no group `acess`; did you mean `access`?',
    ],
    [
      'an unknown parent',
      { 'groups.yaml': 'a: { parents: [b] }\n' },
      'groups.yaml:1:16 there is no group `b`; did you mean `a`?',
    ],
    [
      'an unknown site',
      { 'defaults.yaml': 'site: asm\nssh: { username: n }\n' },
      'defaults.yaml:1:7 there is no site `asm`; did you mean `ams`?',
    ],
    [
      'an unknown window',
      { 'groups.yaml': 'a:\n  windows:\n    - night\n' },
      'groups.yaml:3:7 there is no window `night`',
    ],
    [
      'an unknown window of a unit',
      { 'units.yaml': 'sw1: { windows: [x] }\n' },
      'units.yaml:1:18 there is no window `x`',
    ],
    [
      'groups in a ring',
      { 'groups.yaml': 'a: { parents: [b] }\nb: { parents: [c] }\nc: { parents: [a] }\n' },
      'groups.yaml:1:15 groups inherit from each other: a -> b -> c -> a',
    ],
    [
      'a group with a name patterns need',
      { 'groups.yaml': 'site_x: {}\n' },
      'groups.yaml:1:1 `site_x` cannot name a group: patterns give it a meaning of its own',
    ],
    [
      'a missing site',
      { 'defaults.yaml': 'ssh: { username: n }\n' },
      'devices.yaml:1:1 device `sw1` has no `site`, neither its own nor inherited',
    ],
    [
      'a missing user name',
      { 'defaults.yaml': 'site: ams\n' },
      'devices.yaml:2:1 device `sw2` has no `ssh.username`, neither its own nor inherited',
    ],
    [
      'half an SNMP user',
      { 'devices.yaml': 'sw1: { host: 192.0.2.1, snmp: { version: v3, user: x } }\n' },
      'devices.yaml:1:1 device `sw1` speaks SNMP v3 but lacks `user`, `authKey` or `privKey`',
    ],
    [
      'SNMP without version',
      { 'devices.yaml': 'sw1: { host: 192.0.2.1, snmp: { port: 1 } }\n' },
      'devices.yaml:1:1 device `sw1` has SNMP settings but no `snmp.version`',
    ],
    [
      'an address twice',
      { 'devices.yaml': 'sw1: { host: 192.0.2.1 }\nsw2: { host: 192.0.2.1 }\n' },
      'devices.yaml:2:14 `sw2` has the address of `sw1`: 192.0.2.1 port 22',
    ],
    [
      'a device in two files',
      { 'devices.d/x.yaml': '\nsw2: { host: 192.0.2.9 }\n' },
      'devices.d/x.yaml:2:1 `sw2` is declared twice',
    ],
    [
      'a unit without its device',
      { 'units.yaml': 'st: { device: sw9 }\n' },
      'units.yaml:1:15 there is no device `sw9`; did you mean `sw1`?',
    ],
    [
      'a device with two units',
      { 'units.yaml': 'a: { device: sw1 }\nb: { device: sw1 }\n' },
      'units.yaml:2:1 the device `sw1` already drives the unit `a`',
    ],
    [
      'a unit called like another device',
      { 'units.yaml': 'sw2: { device: sw1 }\n' },
      'units.yaml:1:1 the unit `sw2` has the name of another device',
    ],
    [
      'a serial of two units',
      { 'units.yaml': 'sw1: { serials: [A] }\nsw2: { serials: [B, A] }\n' },
      'units.yaml:2:21 the serial `A` is also that of `sw1`',
    ],
    [
      'a link to nowhere',
      { 'links.yaml': '- { a: sw1:Et1, b: sw9:Et1 }\n' },
      'links.yaml:1:20 there is no device `sw9`; did you mean `sw1`?',
    ],
    [
      'a port with two links',
      { 'links.yaml': '- { a: sw1:Et1, b: sw2:Et1 }\n- { a: sw3:Et1, b: sw1:Et1 }\n' },
      'links.yaml:2:20 the port `sw1:Et1` is already linked',
    ],
    [
      'a link to itself',
      { 'links.yaml': '- { a: sw1:Et1, b: sw1:Et1 }\n' },
      'links.yaml:1:20 the port `sw1:Et1` is already linked',
    ],
    [
      'a link end without port',
      { 'links.yaml': '- { a: sw1, b: sw2:Et1 }\n' },
      'links.yaml:1:8 `sw1` does not have the right form',
    ],
    [
      'an unknown unit in a redundancy group',
      { 'redundancy.yaml': 'p: { units: [sw1, sw7] }\n' },
      'redundancy.yaml:1:19 there is no unit `sw7`; did you mean `sw1`?',
    ],
    [
      'a unit in two redundancy groups',
      { 'redundancy.yaml': 'p: { units: [sw1, sw2] }\nq: { units: [sw3, sw1] }\n' },
      'redundancy.yaml:2:19 the unit `sw1` is already in the redundancy group `p`',
    ],
    [
      'a redundancy group that can never change',
      { 'redundancy.yaml': 'p: { units: [sw1, sw2], minHealthy: 2 }\n' },
      'redundancy.yaml:1:37 minHealthy 2 of 2 units: none could ever be upgraded',
    ],
    [
      'an unknown time zone',
      { 'sites.yaml': 'ams: { timeZone: Europe/Amsterdm }\n' },
      'sites.yaml:1:18 there is no time zone `Europe/Amsterdm`; did you mean `Europe/Amsterdam`?',
    ],
    [
      'an offset as time zone',
      { 'sites.yaml': 'ams: { timeZone: "+01:00" }\n' },
      'sites.yaml:1:18 there is no time zone `+01:00`',
    ],
    [
      'a freeze that ends before it begins',
      { 'freezes.yaml': 'f: { start: 2027-01-02T00:00Z, end: 2027-01-01T00:00Z, reason: x }\n' },
      'freezes.yaml:1:37 `f` ends before it begins',
    ],
    [
      'a freeze at an unknown site',
      {
        'freezes.yaml':
          'f: { start: 2027-01-01T00:00Z, end: 2027-01-02T00:00Z, reason: x, sites: [lon] }\n',
      },
      'freezes.yaml:1:75 there is no site `lon`',
    ],
    [
      'a day that does not exist',
      { 'freezes.yaml': 'f: { start: 2027-02-30T00:00Z, end: 2027-03-03T00:00Z, reason: x }\n' },
      'freezes.yaml:1:13 `2027-02-30T00:00Z` is no day and time of the calendar',
    ],
    [
      'an instant without offset',
      { 'freezes.yaml': 'f: { start: 2027-02-03T00:00, end: 2027-03-03T00:00Z, reason: x }\n' },
      'freezes.yaml:1:13 `2027-02-03T00:00` does not have the right form',
    ],
    [
      'a window of both kinds',
      {
        'windows.yaml':
          'w: { rrule: FREQ=DAILY, at: "22:00", duration: PT1H, start: 2027-02-03T00:00Z }\n',
      },
      'windows.yaml:1:1 the window `w` is neither recurring nor one-off',
    ],
    [
      'a window of half a kind',
      { 'windows.yaml': 'w: { rrule: FREQ=DAILY }\n' },
      'windows.yaml:1:1 the window `w` is neither recurring nor one-off',
    ],
    [
      'a rule with its own start',
      {
        'windows.yaml': 'w: { rrule: DTSTART=20270101;FREQ=DAILY, at: "22:00", duration: PT1H }\n',
      },
      'windows.yaml:1:13 `DTSTART` is no part of a recurrence rule here',
    ],
    [
      'a rule every second',
      { 'windows.yaml': 'w: { rrule: FREQ=SECONDLY, at: "22:00", duration: PT1H }\n' },
      'windows.yaml:1:13 `FREQ=SECONDLY` is not possible here',
    ],
    [
      'a window of no length',
      { 'windows.yaml': 'w: { rrule: FREQ=DAILY, at: "22:00", duration: PT0S }\n' },
      'windows.yaml:1:48 this duration cannot be used',
    ],
    [
      'a start that is no time',
      { 'windows.yaml': 'w: { rrule: FREQ=DAILY, at: "25:00", duration: PT1H }\n' },
      'windows.yaml:1:29 `25:00` does not have the right form',
    ],
    [
      'a key that is none',
      {
        'people.yaml': `a: { name: A, role: engineer, publicKey: "ssh-ed25519 ${'A'.repeat(68)}" }\n`,
      },
      'people.yaml:1:42 this is not an ssh-ed25519 public key',
    ],
    [
      'one key for two people',
      {
        'people.yaml': `a: { name: A, role: engineer, publicKey: "${publicKey(1)}" }\nb: { name: B, role: engineer, publicKey: "${publicKey(1)}" }\n`,
      },
      'people.yaml:2:42 this is also the key of `a`',
    ],
    [
      'an image name no device takes',
      {
        'images.yaml': `i: { platform: some_os, version: "1", path: "x y.bin", sizeBytes: 1, sha512: ${'a'.repeat(128)}, md5: ${'b'.repeat(32)} }\n`,
      },
      'images.yaml:1:45 the file name cannot be used on a device',
    ],
    [
      'a file with a wrong name',
      { 'grups.yaml': 'a:\n' },
      'grups.yaml:1:1 no part of an inventory is called grups.yaml; did you mean groups.yaml?',
    ],
    [
      'a file with another ending',
      { 'links.yml': '' },
      'links.yml:1:1 no part of an inventory is called links.yml; did you mean links.yaml?',
    ],
    [
      'a name that cannot be one',
      { 'devices.yaml': 'sw 1: { host: 192.0.2.1 }\n' },
      'devices.yaml:1:1 `sw 1` cannot be used as a name',
    ],
  ])('%s is found at its place', async (_what, folder, expected) => {
    expect(await findings(folder)).toContain(expected);
  });

  test.each([
    ['192.0.2.300', 'is not an IPv4 address'],
    ['192.0.2', 'is not four numbers without leading zeros'],
    ['010.0.0.1', 'is not four numbers without leading zeros'],
    ['192.0.2.0/24', 'is a network, not an address'],
    ['224.0.0.5', 'is a multicast address'],
    ['255.255.255.255', 'is a reserved or broadcast address'],
    ['0.0.0.0', 'is an address of "this network"'],
    ['2001:db8::zz', 'is not an IPv6 address'],
    ['ff02::1', 'is a multicast address'],
    ['sw1_.-example', 'is neither an address nor a host name'],
    ['two words', 'is neither an address nor a host name'],
  ])('the host %s is refused: %s', async (host, why) => {
    expect(await findings({ 'devices.yaml': `sw1: { host: "${host}" }\n` })).toEqual([
      `devices.yaml:1:14 \`${host}\` ${why}`,
    ]);
  });

  test.each([
    '192.0.2.1',
    '127.20.1.1',
    '2001:db8::1',
    '::ffff:192.0.2.1',
    'sw1',
    'sw1.example.org.',
    '3com-1.example',
  ])('the host %s is taken', async (host) => {
    expect(await findings({ 'devices.yaml': `sw1: { host: "${host}" }\n` })).toEqual([]);
  });

  test.each([
    ['defaults.yaml', 'site: ams\nssh: { username: n, password: hunter2 }\n', 2, 31],
    [
      'defaults.yaml',
      'site: ams\nssh: { username: n }\nsnmp: { version: v2c, community: hunter2 }\n',
      3,
      34,
    ],
    ['groups.yaml', 'a: { ssh: { enable: hunter2 } }\n', 1, 21],
    ['groups.yaml', 'a: { vars: { tacacs_secret: hunter2 } }\n', 1, 29],
    ['devices.yaml', 'sw1: { host: 192.0.2.1, vars: { bgp: [{ password: hunter2 }] } }\n', 1, 51],
    ['devices.yaml', 'sw1: { host: 192.0.2.1, vars: { passwords: [hunter2] } }\n', 1, 45],
  ])('a secret in %s is found and not told back: %j', async (file, text, line, column) => {
    const { diagnostics } = await load({ [file]: text });
    expect(diagnostics[0]?.place).toEqual({ file: `inv/${file}`, line, column });
    expect(diagnostics[0]?.message).toBe(
      'a secret stands here as it is; only a reference to it may',
    );
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
  });

  test('has everything found at once, by file and line', async () => {
    const found = await findings({
      'devices.yaml': 'sw1: { host: 192.0.2.1, groups: [x], site: y }\nsw2: { host: 192.0.2.1 }\n',
      'links.yaml': '- { a: sw1:Et1, b: sw7:Et1 }\n',
    });
    expect(found.map((each) => each.split(' ')[0])).toEqual([
      'devices.yaml:1:34',
      'devices.yaml:1:44',
      'devices.yaml:2:14',
      'links.yaml:1:20',
    ]);
  });

  test('says when there is no folder or no devices', async () => {
    expect((await loadInventory(filesIn({}), 'gone')).diagnostics[0]?.message).toBe(
      'there is no inventory folder gone',
    );
    const files = filesIn({ 'inv/sites.yaml': 'a: { timeZone: UTC }\n' });
    expect((await loadInventory(files, 'inv')).diagnostics[0]?.message).toBe(
      'there is no devices.yaml',
    );
  });
});

describe('the schemas for editors', () => {
  test.each(Object.entries(inventorySchemas))(
    '%s has an id, a title and a description',
    (name, schema) => {
      expect(schema).toMatchObject({
        $schema: 'http://json-schema.org/draft-07/schema#',
        $id: `urn:nightshift:schema:${name}`,
        title: expect.stringMatching(/^Nightshift /),
        description: expect.any(String),
      });
    },
  );
});
