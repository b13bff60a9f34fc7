import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createNodeFiles } from '../../src/adapters/node-files.js';
import { createSecrets } from '../../src/adapters/secrets.js';
import { createSigner } from '../../src/adapters/signer.js';
import { createApp, type App } from '../../src/app.js';
import { driverLoaders } from '../../src/driver-loaders.js';
import { personId } from '../../src/kernel/id.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import type { Plan } from '../../src/plan/plan.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { labFacts, readLabPlan } from '../../lab/rehearse/lab-plan.js';
import { LAB_ENVIRONMENT, prepareLab } from '../../lab/rehearse/prepare.js';
import { rehearseAndRecord } from '../../lab/rehearse/record.js';
import { rehearsalWorld } from '../../lab/rehearse/rehearsal-world.js';
import { twinOf } from '../../lab/rehearse/twin.js';
import { personalityLoaders } from '../../lab/world/personality-loaders.js';
import { createSimWorld, loadPersonalities, type SimWorld } from '../../lab/world/world.js';

const START_MS = Date.UTC(2027, 0, 9, 20);
const folder = mkdtempSync(join(tmpdir(), 'nightshift-night-'));
const night = join(folder, 'night');
let sim: SimWorld;
let app: App;
let inventory: Inventory;
let plan: Plan;

const key = (person: string) => ({
  kind: 'file' as const,
  path: join(night, 'keys', `${person}.pem`),
  passphrase: 'env:NIGHTSHIFT_KEY_PASSPHRASE',
});

beforeAll(async () => {
  const secrets = createSecrets({ env: LAB_ENVIRONMENT });
  const signer = createSigner(secrets);
  const files = createNodeFiles();
  const clock = { now: () => START_MS } as Parameters<typeof prepareLab>[1]['clock'];
  await prepareLab(night, { signer, clock });
  const lab = readLabPlan(join(night, 'inventory'));
  const facts = labFacts(lab);
  const bare = { signer, files, secrets } as unknown as Parameters<typeof createApp>[0];
  inventory = await createApp(bare, driverLoaders).inventory(join(night, 'inventory'));
  const spec = twinOf({
    inventory,
    facts,
    images: inventory.images,
    secrets: { resolve: (reference) => LAB_ENVIRONMENT[reference.replace('env:', '')] ?? '' },
    seed: lab.seed,
    startMs: START_MS,
    faults: [],
  });
  sim = createSimWorld(spec, await loadPersonalities(spec, personalityLoaders));
  const store = createMemoryStore(sim.ports.clock);
  const world = { ...rehearsalWorld(sim, store), signer, secrets, files: sim.files(files) };
  app = createApp(world, driverLoaders);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a night on the example network', () => {
  test('begins with the fingerprint of every unit', async () => {
    const acceptFirst = { by: 'otto', reason: 'first contact' };
    const sightings = await sim.scheduler.drain(
      app.fingerprint({ units: inventory.units, parallel: 20, acceptFirst }),
    );
    expect(sightings.map((each) => (each.kind === 'seen' ? 'seen' : each.why))).toEqual(
      inventory.units.map(() => 'seen'),
    );
  });

  test('plans every unit, no two of a pair in one wave', async () => {
    const playbook = await app.playbook(join(night, 'playbooks', 'campus-firmware.yaml'));
    plan = await app.plan({ inventory, playbook, limit: '', author: personId('otto') });
    expect(plan.body.leftOut).toEqual([]);
    expect(plan.body.units).toHaveLength(inventory.units.length);
    for (const { units } of plan.body.waves) {
      expect(units.filter((each) => each.startsWith('dist1'))).not.toHaveLength(2);
    }
  });

  test('may not run before it was rehearsed, signed and approved', async () => {
    await expect(app.run({ inventory, plan, by: 'otto', mode: 'run' })).rejects.toThrow(
      /has not signed.*0 of 2 approvals.*no passed rehearsal/,
    );
  });

  test('is rehearsed with 48 hours of soak among twins made of the fingerprints', async () => {
    const record = await rehearseAndRecord(app, plan, inventory, {
      faults: [],
      soakMs: 48 * 3_600_000,
    });
    expect(record.units.filter((each) => each.ended !== 'done' || !each.isTrue)).toEqual([]);
    expect(record.passed).toBe(true);
  }, 60_000);

  test('is approved by two people who are not its author', async () => {
    const sign = (by: string, decision: 'author' | 'approve') =>
      app.decide(plan, inventory, {
        by: personId(by),
        decision,
        reason: 'looked at it',
        key: key(by),
      });
    await sign('otto', 'author');
    await expect(sign('otto', 'approve')).rejects.toThrow('is the author');
    await sign('anna', 'approve');
    await sign('bea', 'approve');
    expect((await app.standing(plan, inventory)).obstacles).toEqual([]);
  });

  test('stops at the unit that boots its old image, and goes on after a reason was given', async () => {
    sim.strike({ fault: 'boots-old-image', device: 'acc-ams-2' });
    const first = await app.run({ inventory, plan, by: 'otto', mode: 'run' });
    const stopped = await sim.scheduler.drain(first.result);
    expect(stopped.stopped?.why).toContain('1 unit failed, and the playbook stops after 1');
    const reverted = [...stopped.units.values()].filter((each) => each.kind === 'reverted');
    expect(reverted.map((each) => each.unit)).toEqual(['acc-ams-2']);
    const row = await app.findRun('last');
    const again = await app.resume({ inventory, by: 'otto' }, row, 'medium replaced');
    const state = await sim.scheduler.drain(again.result);
    const ends = new Map([...state.units.values()].map((each) => [each.unit, each.kind]));
    expect(ends.get(reverted[0]!.unit)).toBe('reverted');
    expect([...ends.values()].filter((each) => each === 'done')).toHaveLength(ends.size - 1);
    expect(state.finished).toBe(true);
    for (const unit of inventory.units) {
      const { runningConfig, startupConfig } = sim.deviceState(unit.device.id);
      const isChanged = ends.get(unit.id) === 'done';
      expect([unit.id, runningConfig.includes('192.0.2.11')]).toEqual([unit.id, isChanged]);
      expect([unit.id, startupConfig.includes('192.0.2.11')]).toEqual([unit.id, isChanged]);
    }
  }, 60_000);

  test('runs a plan once only', async () => {
    await expect(app.run({ inventory, plan, by: 'otto', mode: 'run' })).rejects.toThrow(
      'was run already',
    );
  });
});
