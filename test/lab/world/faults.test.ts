import { describe, expect, test } from '@jest/globals';
import { faultSheets } from '../../../lab/faults/catalogue.js';
import { loadPersonalities } from '../../../lab/world/world.js';
import type { FaultStrike } from '../../../lab/world/fault.js';
import {
  connect,
  dialRequest,
  labDevice,
  labSpec,
  labWorld,
  newImage,
  openTerminal,
  personalities,
  reload,
} from '../lab-network.js';
import { testPersonality } from '../test-personality.js';

const HOST = '127.1.0.1';
const HOUR_MS = 3_600_000;
const struckBy = (fault: string, params?: FaultStrike['params']) =>
  labWorld({ faults: [{ fault, device: 'r1', ...(params && { params }) }] });
const dial = async (world: ReturnType<typeof labWorld>) =>
  (await world.scheduler.drain(world.ports.dialer.dial(dialRequest(HOST)))).kind;
const kinds = (world: ReturnType<typeof labWorld>) => world.truth().map(({ kind }) => kind);

test('every fault has an id and a file of its own, in order', () => {
  const ids = faultSheets.map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(ids.length);
});

describe('a session fault', () => {
  test('drops the session before the command takes effect, once', async () => {
    const world = struckBy('session-dropped-before', { command: '^drain' });
    const terminal = await openTerminal(world, HOST);
    await terminal.type('drain\r');
    expect(terminal.closedBy()).toBe('connection reset by peer');
    expect(world.deviceState('r1').drained).toBe(false);
    const again = await openTerminal(world, HOST);
    await again.type('drain\r');
    expect(world.deviceState('r1').drained).toBe(true);
  });

  test('drops the session after the command took effect, without its answer', async () => {
    const world = struckBy('session-dropped-after', { command: '^drain' });
    const terminal = await openTerminal(world, HOST);
    expect(await terminal.type('drain\r')).toBe('drain\r\n');
    expect(terminal.closedBy()).toBe('connection reset by peer');
    expect(world.deviceState('r1').drained).toBe(true);
    expect(kinds(world)).toEqual(['fault-struck', 'mutation']);
  });

  test('hangs one shell at the second matching line while another answers', async () => {
    const faults = [{ fault: 'hung-session', device: 'r1', nth: 2 }];
    const world = labWorld({ faults });
    const terminal = await openTerminal(world, HOST);
    expect(await terminal.type('version\r')).toContain('version 1.0');
    expect(await terminal.type('version\r', HOUR_MS)).not.toContain('version 1.0');
    expect(terminal.connection.isOpen).toBe(true);
    expect(await (await openTerminal(world, HOST)).type('version\r')).toContain('version 1.0');
  });

  test('garbles all output until it is cleared', async () => {
    const world = struckBy('garbled-output');
    const terminal = await openTerminal(world, HOST);
    expect(terminal.text()).not.toContain('r1#');
    world.clear('garbled-output');
    expect(await terminal.type('version\r')).toContain('version 1.0\r\nr1#');
  });
});

describe('a boot fault', () => {
  test('boots the old version once', async () => {
    const world = struckBy('boots-old-image');
    world.model.receiveFile('r1', '1', {
      ...newImage,
      name: 'new.bin',
      image: { platform: 'lab_test', version: '2.0' },
      modifiedAtMs: 0,
    });
    await (await openTerminal(world, HOST)).type('boot new.bin\r');
    await reload(world, HOST, 400_000);
    expect(world.deviceState('r1')).toMatchObject({ runningVersion: '1.0', faults: [] });
    await reload(world, HOST, 400_000);
    expect(world.deviceState('r1').runningVersion).toBe('2.0');
  });

  test('makes one boot three times as long', async () => {
    const world = struckBy('slow-boot');
    await reload(world, HOST, 500_000);
    expect(world.deviceState('r1').power).toBe('booting');
    await world.scheduler.advance(100_000);
    expect(world.deviceState('r1').power).toBe('up');
    await reload(world, HOST, 200_000);
    expect(world.deviceState('r1').power).toBe('up');
  });

  test('keeps the device dead until its power is cycled', async () => {
    const world = struckBy('never-returns');
    await reload(world, HOST, 48 * HOUR_MS);
    expect(world.deviceState('r1').power).toBe('dead');
    expect(await dial(world)).toBe('timeout');
    world.powerCycle('r1');
    await world.scheduler.advance(200_000);
    expect(world.deviceState('r1').power).toBe('up');
    expect(kinds(world)).toContain('never-returned');
  });

  test('stays for every boot when it is sticky, until it is cleared', async () => {
    const world = struckBy('never-returns', { sticky: true });
    await reload(world, HOST, HOUR_MS);
    world.powerCycle('r1');
    await world.scheduler.advance(HOUR_MS);
    expect(world.deviceState('r1').power).toBe('dead');
    world.clear('never-returns', 'r1');
    world.powerCycle('r1');
    await world.scheduler.advance(HOUR_MS);
    expect(world.deviceState('r1').power).toBe('up');
  });

  test('shows another host key from the next boot on', async () => {
    const world = struckBy('host-key-changed');
    const before = (await connect(world, HOST)).hostKey;
    await reload(world, HOST, HOUR_MS);
    const after = (await connect(world, HOST)).hostKey;
    expect(after).not.toBe(before);
    expect((await connect(world, HOST)).hostKey).toBe(after);
  });

  test('refuses every login until it is cleared', async () => {
    const world = struckBy('auth-refused-after-reload');
    await reload(world, HOST, HOUR_MS);
    expect([await dial(world), await dial(world)]).toEqual(['auth-refused', 'auth-refused']);
    world.clear('auth-refused-after-reload');
    expect(await dial(world)).toBe('connected');
  });

  test('puts a wrong name into the prompt until it is cleared', async () => {
    const world = struckBy('wrong-hostname', { hostname: 'stranger' });
    await reload(world, HOST, HOUR_MS);
    const terminal = await openTerminal(world, HOST);
    expect(terminal.text()).toMatch(/stranger#$/);
    await reload(world, HOST, HOUR_MS);
    expect(world.deviceState('r1').hostname).toBe('stranger');
    world.clear('wrong-hostname');
    expect(world.deviceState('r1').hostname).toBe('r1');
  });

  test('keeps one port or one peer away until it is cleared', async () => {
    const byPort = struckBy('neighbour-missing');
    await reload(byPort, HOST, HOUR_MS);
    for (const id of ['r1', 'r2']) {
      expect(byPort.deviceState(id).ports[0]).toMatchObject({ oper: 'down' });
      expect(byPort.deviceState(id).peers.map(({ up }) => up)).toEqual([false, false]);
    }
    expect(byPort.deviceState('r1').ports[1]?.oper).toBe('up');
    byPort.clear('neighbour-missing');
    await byPort.scheduler.advance(HOUR_MS);
    expect(byPort.deviceState('r2').peers.map(({ up }) => up)).toEqual([true, true]);

    const byPeer = struckBy('neighbour-missing', { peer: '127.2.0.2' });
    await reload(byPeer, HOST, HOUR_MS);
    expect(byPeer.deviceState('r1').ports[0]?.oper).toBe('up');
    expect(byPeer.deviceState('r1').peers.map(({ up }) => up)).toEqual([false, false]);
  });
});

describe('a full flash', () => {
  const used = (world: ReturnType<typeof labWorld>, index: number) => {
    const member = world.deviceState('r1').members[index];
    const bytes = member?.flash.files.reduce((sum, file) => sum + file.sizeBytes, 0) ?? 0;
    return (member?.flash.totalBytes ?? 0) - bytes;
  };
  const stack = (faults: readonly FaultStrike[]) =>
    labWorld({
      devices: [labDevice('r1', HOST, { serials: ['A', 'B', 'C'] })],
      links: [],
      passive: [],
      faults,
    });

  test('is that of the active member, of the last other one, or of the one named', () => {
    const free = (fault: string, member?: string) => {
      const world = stack([{ fault, device: 'r1', ...(member && { params: { member } }) }]);
      return [0, 1, 2].map((index) => used(world, index) === 1_000_000);
    };
    expect(free('flash-full')).toEqual([true, false, false]);
    expect(free('flash-full-member')).toEqual([false, false, true]);
    expect(free('flash-full-member', '2')).toEqual([false, true, false]);
  });

  test('given or cleared during a boot is so when the device is back', async () => {
    const world = stack([]);
    world.powerCycle('r1');
    world.strike({ fault: 'flash-full', device: 'r1' });
    await world.scheduler.advance(HOUR_MS);
    expect(used(world, 0)).toBe(1_000_000);
    world.powerCycle('r1');
    world.clear('flash-full');
    await world.scheduler.advance(HOUR_MS);
    expect(used(world, 0)).toBeGreaterThan(1_000_000_000);
    expect(world.deviceState('r1').faults).toEqual([]);
  });
});

describe('a strike', () => {
  test('is refused for an unknown fault or device, a bad count or pattern', () => {
    const world = labWorld();
    const strike = (more: Partial<FaultStrike>) => () =>
      world.strike({ fault: 'slow-boot', device: 'r1', ...more });
    expect(strike({ fault: 'slow-bot' })).toThrow(/did you mean "slow-boot"/);
    expect(strike({ device: 'r9' })).toThrow(/no device "r9"/);
    expect(strike({ nth: 0 })).toThrow(/nth/);
    expect(strike({ fault: 'hung-session', params: { command: '(' } })).toThrow(/regular/);
  });

  test('that is cleared before its moment never strikes', async () => {
    const world = struckBy('never-returns');
    world.clear('never-returns', 'r2');
    world.clear('never-returns', 'r1');
    await reload(world, HOST, HOUR_MS);
    expect(world.deviceState('r1').power).toBe('up');
    expect(kinds(world)).not.toContain('fault-struck');
  });
});

test('the catalogued images are files without a byte on the disk', async () => {
  const rejected = () => Promise.reject(new Error('asked the disk'));
  const base = {
    readText: rejected,
    stat: rejected,
    list: rejected,
    writeText: rejected,
    hash: rejected,
  };
  const files = labWorld().files(base);
  const { sizeBytes, sha512, md5 } = newImage;
  expect(await files.hash(newImage.path)).toEqual({ sizeBytes, sha512, md5 });
  expect(await files.stat(newImage.path)).toMatchObject({ sizeBytes, isDirectory: false });
  await expect(files.stat('/else')).rejects.toThrow('asked the disk');
});

test('only the personalities that a network needs are loaded', async () => {
  let others = 0;
  const load = (isOther: boolean) => async () => {
    if (isOther) others += 1;
    return { personality: testPersonality };
  };
  const loaded = await loadPersonalities(labSpec(), { lab_test: load(false), other: load(true) });
  expect(loaded).toEqual(personalities);
  expect(others).toBe(0);
});
