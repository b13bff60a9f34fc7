import { describe, expect, test } from '@jest/globals';
import { loadInventory } from '../../src/inventory/load.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import { filesIn } from './disk.js';

const BASE = {
  'inv/devices.yaml': 'sw1: { host: 192.0.2.1 }\nsw2: { host: 192.0.2.2, groups: [far] }\n',
  'inv/groups.yaml': 'far: { jump: [bastion, inner] }\n',
  'inv/sites.yaml': 'ams: { timeZone: Europe/Amsterdam }\n',
  'inv/defaults.yaml': 'site: ams\nssh: { username: ns, password: env:PW, port: 2222 }\n',
  'inv/jump-hosts.yaml':
    'bastion: { host: 198.51.100.1, ssh: { username: jump, key: file:/k } }\n' +
    'inner: { host: 10.0.0.1, ssh: { username: in, password: env:IN, port: 2022 } }\n',
};

const load = (change: Readonly<Record<string, string>>) =>
  loadInventory(filesIn({ ...BASE, ...change }), 'inv');

async function loaded(change: Readonly<Record<string, string>> = {}): Promise<Inventory> {
  const made = await load(change);
  if (!made.ok) throw new Error(JSON.stringify(made.diagnostics, null, 1));
  return made.value;
}

async function findings(change: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { diagnostics } = await load(change);
  return diagnostics.map(({ place, message }) => `${place?.file}:${place?.line} ${message}`);
}

const unit = (inventory: Inventory, id: string) => inventory.units.find((each) => each.id === id);

describe('jump hosts', () => {
  test('are inherited as a whole, in their order, and inherit nothing themselves', async () => {
    const inventory = await loaded();
    expect(unit(inventory, 'sw1')?.device.jump).toBeUndefined();
    expect(unit(inventory, 'sw2')?.device.jump).toEqual([
      {
        name: 'bastion',
        host: '198.51.100.1',
        ssh: { username: 'jump', key: 'file:/k', port: 22, agent: false },
      },
      {
        name: 'inner',
        host: '10.0.0.1',
        ssh: { username: 'in', password: 'env:IN', port: 2022, agent: false },
      },
    ]);
    expect(inventory.jumpHosts?.map((each) => each.name)).toEqual(['bastion', 'inner']);
  });

  test('are left out by a device that is reached directly', async () => {
    const devices = 'sw2: { host: 192.0.2.2, groups: [far], jump: [] }\n';
    expect(unit(await loaded({ 'inv/devices.yaml': devices }), 'sw2')?.device.jump).toBeUndefined();
  });

  test('tell two devices of one private address apart', async () => {
    const devices =
      'sw1: { host: 192.0.2.1, jump: [inner] }\nsw2: { host: 192.0.2.1, jump: [bastion] }\n';
    expect((await loaded({ 'inv/devices.yaml': devices })).units).toHaveLength(2);
  });

  test.each([
    ['a name that is not declared', { 'inv/groups.yaml': 'far: { jump: [bastoin] }\n' }, 'bastion'],
    [
      'the name of a device',
      {
        'inv/jump-hosts.yaml': `${BASE['inv/jump-hosts.yaml']}sw1: { host: a, ssh: { username: u, agent: true } }\n`,
      },
      'has the name of a device or unit',
    ],
    [
      'no login',
      {
        'inv/jump-hosts.yaml': `${BASE['inv/jump-hosts.yaml']}third: { host: a, ssh: { username: u } }\n`,
      },
      'has no way to log in',
    ],
    [
      'no user',
      {
        'inv/jump-hosts.yaml': `${BASE['inv/jump-hosts.yaml']}third: { host: a, ssh: { agent: true } }\n`,
      },
      'has no `ssh.username`',
    ],
    [
      'no address',
      {
        'inv/jump-hosts.yaml': `${BASE['inv/jump-hosts.yaml']}third: { host: 10.1.1, ssh: { username: u, agent: true } }\n`,
      },
      'is not four numbers',
    ],
  ])('with %s are refused, with the place', async (_what, change, said) => {
    const [first, ...others] = await findings(change);
    expect(first).toContain(said);
    expect(first).toMatch(/^inv\/(groups|jump-hosts)\.yaml:\d/);
    expect(others).toEqual([]);
  });
});

describe('a way in out of band', () => {
  test('is that of the unit, else that of its device, on port 22 unless said', async () => {
    const inventory = await loaded({
      'inv/devices.yaml':
        'sw1: { host: 192.0.2.1, outOfBand: { address: 192.0.2.250, kind: console, port: 2007, note: line 7 } }\n' +
        'sw2: { host: 192.0.2.2, outOfBand: { address: 192.0.2.251, kind: console } }\n' +
        'sw3: { host: 192.0.2.3 }\n',
      'inv/units.yaml': 'sw2: { outOfBand: { address: oob.example, kind: oob } }\n',
    });
    expect(inventory.units.map((each) => each.outOfBand)).toEqual([
      { address: '192.0.2.250', kind: 'console', port: 2007, note: 'line 7' },
      { address: 'oob.example', kind: 'oob', port: 22 },
      undefined,
    ]);
  });

  test.each([
    ['192.0.2.1', 'is its own address'],
    ['192.0.2.300', 'is not an IPv4 address'],
  ])('%s is refused', async (address, said) => {
    const devices = `sw1: { host: 192.0.2.1, outOfBand: { address: ${address}, kind: oob } }\n`;
    expect(await findings({ 'inv/devices.yaml': devices })).toEqual([
      expect.stringContaining(said),
    ]);
  });
});
