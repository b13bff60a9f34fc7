import { expect, test } from '@jest/globals';
import { LAB_SECRET } from '../../lab/rehearse/rehearsal-world.js';
import { twinOf } from '../../lab/rehearse/twin.js';
import type { JumpHost } from '../../src/inventory/inventory.js';
import { labInventory, specs, START_MS, twinFacts } from './network.js';

const jumpHost = (name: string, host: string): JumpHost => ({
  name,
  host,
  ssh: { username: 'jump', port: 2022, password: `env:${name}`, agent: false },
});

test('a twin stands behind the last jump host of its device, and logs in as the lab file says', () => {
  const chosen = specs.slice(2, 3);
  const jumpHosts = [jumpHost('one', '127.20.9.101'), jumpHost('two', '127.20.9.102')];
  const plain = labInventory(chosen);
  const units = plain.units.map((unit) => ({
    ...unit,
    device: { ...unit.device, jump: jumpHosts },
  }));
  const facts = new Map(
    [...twinFacts(chosen)].map(([id, each]) => [
      id,
      { ...each, logins: 'keyboard-interactive', algorithms: 'legacy' } as const,
    ]),
  );
  const spec = twinOf({
    inventory: { ...plain, units, jumpHosts },
    facts,
    images: [],
    secrets: { resolve: (reference) => `${LAB_SECRET} ${reference}` },
    seed: 'twin',
    startMs: START_MS,
    faults: [],
  });
  expect(spec.devices).toMatchObject([
    { id: 'acc1', behind: 'two', logins: 'keyboard-interactive', legacyOnly: true },
  ]);
  expect(spec.jumpHosts).toEqual([
    {
      id: 'one',
      address: '127.20.9.101',
      sshPort: 2022,
      login: { username: 'jump', password: `${LAB_SECRET} env:one` },
      keyLogin: false,
    },
    expect.objectContaining({ id: 'two', address: '127.20.9.102' }),
  ]);
});
