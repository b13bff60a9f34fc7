import { afterAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { landOnLoopback } from '../../lab/rehearse/lab-landing.js';
import { planFor } from '../../lab/rehearse/stand-in.js';
import { startFolder } from '../../lab/rehearse/start-folder.js';
import { readDetour } from '../../src/adapters/lab-detour.js';
import { createNodeFiles } from '../../src/adapters/node-files.js';
import { createSigner } from '../../src/adapters/signer.js';
import { createSecrets } from '../../src/adapters/secrets.js';
import { createSystemClock } from '../../src/adapters/system-clock.js';
import { valueOrThrow } from '../../src/kernel/diagnostic.js';
import { loadInventory } from '../../src/inventory/load.js';
import { loadPlaybook } from '../../src/playbook/load.js';

const root = mkdtempSync(join(tmpdir(), 'nightshift-start-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const world = { clock: createSystemClock(), signer: createSigner(createSecrets({ env: {} })) };
const bare = { groups: [], port: undefined, site: undefined };
const request = {
  fetching: new Set(['fortinet_fortios']),
  hosts: [
    { ...bare, name: 'core-1', host: '10.20.0.1', platform: 'cisco_iosxe', site: 'new york' },
    { ...bare, name: 'fw-1', host: '10.20.0.2', platform: 'fortinet_fortios', port: 2022 },
    { ...bare, name: 'thing', host: 'thing.example', platform: undefined, groups: ['a b'] },
  ],
};

describe('a folder that is begun for own devices', () => {
  const folder = join(root, 'mine');

  test('is a sound inventory with two sound playbooks, and its secrets are private', async () => {
    await startFolder(folder, request, world);
    const files = createNodeFiles();
    const inventory = valueOrThrow(await loadInventory(files, join(folder, 'inventory')));
    expect(inventory.units.map(({ id, device }) => [id, device.platform])).toEqual([
      ['core-1', 'cisco_iosxe'],
      ['fw-1', 'fortinet_fortios'],
      ['thing', undefined],
    ]);
    for (const name of ['firmware', 'time-servers']) {
      const playbook = valueOrThrow(
        await loadPlaybook(files, join(folder, 'playbooks', `${name}.yaml`)),
      );
      expect(playbook.name).toBe(name);
    }
    expect(statSync(join(folder, 'lab.env')).mode & 0o077).toBe(0);
    expect(existsSync(join(folder, '.nightshift-lab', 'lab'))).toBe(true);
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).toContain('lab.env');
    for (const name of ['devices', 'playbook', 'lab']) {
      expect(existsSync(join(folder, 'schemas', `${name}.json`))).toBe(true);
    }
  });

  test('is never written over', async () => {
    await expect(startFolder(folder, request, world)).rejects.toThrow('is there already');
  });

  test('is played by the lab on loopback, where its addresses lead and nothing else does', async () => {
    const declared = valueOrThrow(
      await loadInventory(createNodeFiles(), join(folder, 'inventory')),
    );
    const plan = planFor(declared, join(folder, 'inventory'));
    expect(Object.keys(plan.units)).toEqual(['core-1', 'fw-1']);
    const { inventory, landings } = landOnLoopback(declared, plan.seed);
    for (const { device } of inventory.units) expect(device.host).toMatch(/^127\./);
    expect(new Set(inventory.units.map(({ device }) => device.host)).size).toBe(3);
    expect(landings[1]?.from).toEqual({ host: '10.20.0.2', port: 2022 });
  });

  test('leads nowhere when no lab is up', () => {
    const detour = readDetour(join(folder, 'none.json'));
    expect(() => detour({ host: '10.20.0.1', port: 22 })).toThrow('no loopback address');
    expect(detour({ host: '127.0.0.1', port: 22 })).toEqual({ host: '127.0.0.1', port: 22 });
  });
});
