import { beforeAll, describe, expect, test } from '@jest/globals';
import { LAB_SECRET, rehearsalWorld } from '../../lab/rehearse/rehearsal-world.js';
import { twinOf } from '../../lab/rehearse/twin.js';
import { personalityLoaders } from '../../lab/world/personality-loaders.js';
import type { LabDevice } from '../../lab/world/lab-spec.js';
import { createSimWorld, loadPersonalities } from '../../lab/world/world.js';
import type { Driver } from '../../src/driver/driver.js';
import type { Device, Unit } from '../../src/inventory/inventory.js';
import type { World } from '../../src/ports/world.js';
import { fingerprint, type FingerprintOptions } from '../../src/fingerprint/fingerprint.js';
import { loadFleet, type Sighting } from '../../src/fingerprint/fleet.js';
import { acceptedHostKeys, acceptHostKey } from '../../src/fingerprint/pins.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { labInventory, loadDrivers, specs, START_MS, twinFacts } from '../rehearse/network.js';

const accept = { by: 'otto', reason: 'first contact' };
let drivers: ReadonlyMap<string, Driver>;
beforeAll(async () => {
  drivers = await loadDrivers();
});

interface Setting {
  readonly chosen?: typeof specs;
  readonly lab?: Partial<LabDevice>;
  readonly device?: (device: Device) => Device;
  readonly unit?: Partial<Unit>;
}

async function scene(setting: Setting = {}) {
  const chosen = setting.chosen ?? specs.slice(2, 3);
  const inventory = labInventory(chosen);
  const spec = twinOf({
    inventory,
    facts: twinFacts(chosen),
    images: [],
    secrets: { resolve: () => LAB_SECRET },
    seed: 'fingerprint',
    startMs: START_MS,
    faults: [],
  });
  const devices = spec.devices.map((each) => ({ ...each, ...setting.lab }));
  const sim = createSimWorld(
    { ...spec, devices },
    await loadPersonalities(spec, personalityLoaders),
  );
  const store = createMemoryStore(sim.ports.clock);
  const dials: string[] = [];
  const plain = rehearsalWorld(sim, store);
  const world: World = {
    ...plain,
    dialer: {
      dial(request) {
        dials.push(request.endpoint.host);
        return plain.dialer.dial(request);
      },
    },
  };
  const units = inventory.units.map((each) => ({
    ...each,
    ...setting.unit,
    device: setting.device?.(each.device) ?? each.device,
  }));
  const look = (change: Partial<FingerprintOptions> = { acceptFirst: accept }) =>
    sim.scheduler.drain(fingerprint({ world, drivers, units, parallel: 50, ...change }));
  return { sim, store, units, dials, look };
}

const bare = ({ platform: _platform, ...rest }: Device): Device => rest;
const withoutSnmp = ({ snmp: _snmp, ...rest }: Device): Device => rest;
const silent = { version: 'v2c', port: 9, community: 'env:LAB' } as const;
const first = (sightings: readonly Sighting[]) => sightings[0]!;
const codes = (sightings: readonly Sighting[]) =>
  sightings.map((each) => (each.kind === 'seen' ? 'seen' : each.code));

describe('a unit that answers', () => {
  test('is seen by SNMP and SSH, with the evidence of both', async () => {
    const { look } = await scene();
    const sighting = first(await look());
    expect(sighting).toMatchObject({
      kind: 'seen',
      facts: { platform: 'arista_eos', runningVersion: '4.28.3M', serials: ['JPE00000003'] },
    });
    expect(sighting.evidence.map((each) => each.how)).toEqual(['snmp sysDescr', 'ssh']);
  });

  test('is seen by SSH alone when SNMP is silent', async () => {
    const { look } = await scene({ device: (each) => ({ ...each, snmp: silent }) });
    const sighting = first(await look());
    expect(sighting.kind).toBe('seen');
    expect(sighting.evidence[0]).toEqual({ how: 'snmp', text: 'timeout' });
  });

  test.each([2, 3])('and is declared nowhere is recognised by its CLI (%#)', async (index) => {
    const chosen = specs.slice(index, index + 1);
    const { look } = await scene({ chosen, device: (each) => bare(withoutSnmp(each)) });
    const sighting = first(await look());
    expect(sighting).toMatchObject({ facts: { platform: chosen[0]?.platform } });
    expect(sighting.evidence[0]?.how).toMatch(/^ssh show/);
  });

  test('but is not what was declared is not logged in to', async () => {
    const { look, dials } = await scene({
      device: (each) => ({ ...each, platform: 'cisco_iosxe' }),
    });
    const sighting = first(await look());
    expect(sighting).toMatchObject({
      code: 'platform-unknown',
      why: expect.stringContaining('acc1 is declared cisco_iosxe, but'),
    });
    expect(dials).toEqual([]);
  });

  test('and is declared as a platform without a driver is told so', async () => {
    const { look } = await scene({
      device: (each) => ({ ...withoutSnmp(each), platform: 'nokia_sros' }),
    });
    expect(first(await look())).toMatchObject({
      code: 'platform-unknown',
      why: 'acc1: no driver for platform nokia_sros',
    });
  });

  test('with the serial of a stranger is not taken for the unit', async () => {
    const { look } = await scene({ unit: { serials: ['JPE99999999'] } });
    expect(first(await look())).toMatchObject({
      code: 'plan-stale',
      why: 'acc1 answers with serial JPE00000003, not among its own',
    });
  });
});

describe('a wrong password', () => {
  const wrong = { login: { username: 'nightshift', password: 'another' } };

  test('is tried exactly once on a device', async () => {
    const { look, dials } = await scene({ lab: wrong });
    expect(codes(await look())).toEqual(['auth-refused']);
    expect(dials).toHaveLength(1);
  });

  test('is tried once also when the CLI is to tell the platform', async () => {
    const { look, dials } = await scene({ lab: wrong, device: (each) => bare(withoutSnmp(each)) });
    expect(codes(await look())).toEqual(['auth-refused']);
    expect(dials).toHaveLength(1);
  });

  test('is tried on three devices at most, even when all are asked at once', async () => {
    const { look, dials } = await scene({ chosen: specs, lab: wrong });
    const sightings = await look();
    expect(codes(sightings)).toEqual(specs.map(() => 'auth-refused'));
    expect(dials).toHaveLength(3);
    const whys = sightings.map((each) => (each.kind === 'seen' ? '' : each.why));
    expect(whys.filter((each) => each.includes('was not asked'))).toHaveLength(1);
  });
});

describe('a host key', () => {
  test('that nobody accepted ends the contact before the login', async () => {
    const { look, store, units } = await scene();
    expect(codes(await look({}))).toEqual(['host-key-unknown']);
    expect(await acceptedHostKeys(store, units[0]!.id)).toEqual([]);
  });

  test('is pinned at first contact with name and reason, and known from then on', async () => {
    const { look, store, units } = await scene();
    await look();
    const row = await store.latest('host-key', units[0]!.id);
    expect(row?.value).toMatchObject(accept);
    expect(codes(await look({}))).toEqual(['seen']);
  });

  test('other than the pinned one is refused, even where first contact is accepted', async () => {
    const { look, store, units } = await scene();
    const pin = { fingerprint: 'SHA256:other', by: 'otto', reason: 'x', atMs: START_MS };
    await acceptHostKey(store, units[0]!.id, pin);
    expect(codes(await look())).toEqual(['host-key-changed']);
    expect(await acceptedHostKeys(store, units[0]!.id)).toEqual(['SHA256:other']);
  });

  test('may be kept beside another one of the same unit', async () => {
    const { store, units } = await scene();
    const pin = { by: 'otto', reason: 'two members', atMs: START_MS };
    await acceptHostKey(store, units[0]!.id, { ...pin, fingerprint: 'a' });
    await acceptHostKey(store, units[0]!.id, { ...pin, fingerprint: 'b', keepOld: true });
    expect(await acceptedHostKeys(store, units[0]!.id)).toEqual(['a', 'b']);
    await acceptHostKey(store, units[0]!.id, { ...pin, fingerprint: 'c' });
    expect(await acceptedHostKeys(store, units[0]!.id)).toEqual(['c']);
  });
});

describe('a sighting', () => {
  test('is stored also when it failed, and the newest one counts', async () => {
    const { look, store, units } = await scene();
    await look({});
    const ids = units.map((each) => each.id);
    expect((await loadFleet(store, ids)).sightings).toMatchObject([{ kind: 'not-seen' }]);
    await look();
    expect((await loadFleet(store, ids)).sightings).toMatchObject([{ kind: 'seen' }]);
    expect(await store.rows('facts')).toHaveLength(2);
  });

  test('that failed stands beside the last good one and takes nothing of it away', async () => {
    const { look, store, units } = await scene();
    await look();
    const ids = units.map((each) => each.id);
    const [good] = (await loadFleet(store, ids)).sightings;
    const pin = { fingerprint: 'SHA256:other', by: 'otto', reason: 'x', atMs: START_MS };
    await acceptHostKey(store, units[0]!.id, pin);
    expect(codes(await look())).toEqual(['host-key-changed']);
    const failure = { code: 'host-key-changed', atMs: expect.any(Number) };
    expect((await loadFleet(store, ids)).sightings).toMatchObject([{ ...good, failure }]);
  });
});
