import { describe, expect, test } from '@jest/globals';
import type { FaultStrike } from '../../../lab/world/fault.js';
import { connect, dialRequest, labWorld, openTerminal, reload } from '../lab-network.js';

const HOST = '127.1.0.1';
const NEIGHBOUR = '127.1.0.2';
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
type World = ReturnType<typeof labWorld>;

async function reloadedUnder(fault: string, more: Partial<FaultStrike> = {}): Promise<World> {
  const world = labWorld({ faults: [{ fault, device: 'r1', ...more }] });
  await reload(world, HOST, HOUR_MS);
  return world;
}

async function healed(world: World, fault: string): Promise<World> {
  world.clear(fault);
  await world.scheduler.advance(HOUR_MS);
  return world;
}

const dial = async (world: World, host = HOST) =>
  (await world.scheduler.drain(world.ports.dialer.dial(dialRequest(host)))).kind;

const readSnmp = async (world: World) => {
  const access = { version: 'v2c', community: 'public' } as const;
  const about = { host: HOST, port: 161, access, timeoutMs: 1000, retries: 0 };
  return (await world.scheduler.drain(world.ports.snmp.get({ ...about, oids: ['1.3'] }))).kind;
};

describe('a fault of routing', () => {
  const peersOf = (world: World, id: string) => world.deviceState(id).peers;

  test('holds one OSPF adjacency in EXSTART at both ends, and BGP is as before', async () => {
    const world = await reloadedUnder('ospf-stuck-in-exstart');
    for (const id of ['r1', 'r2']) {
      const [ospf, bgp] = peersOf(world, id);
      expect(ospf).toMatchObject({ up: false, stuck: 'exstart', prefixes: 0 });
      expect(bgp).toMatchObject({ up: true, prefixes: 12 });
    }
    await healed(world, 'ospf-stuck-in-exstart');
    expect(peersOf(world, 'r2')[0]).toMatchObject({ up: true, prefixes: 12 });
    expect(peersOf(world, 'r2')[0]).not.toHaveProperty('stuck');
  });

  test('keeps a BGP peer away, and OSPF is as before', async () => {
    const world = await reloadedUnder('bgp-peer-not-established');
    expect(peersOf(world, 'r1').map(({ up }) => up)).toEqual([true, false]);
  });

  test('takes fewer routes from peers that are up, on this device alone', async () => {
    const world = await reloadedUnder('fewer-routes');
    expect(peersOf(world, 'r1').map(({ up, prefixes }) => [up, prefixes])).toEqual([
      [true, 4],
      [true, 4],
    ]);
    expect(peersOf(world, 'r2').map(({ prefixes }) => prefixes)).toEqual([12, 12]);
    await healed(world, 'fewer-routes');
    expect(peersOf(world, 'r1').map(({ prefixes }) => prefixes)).toEqual([12, 12]);
  });
});

describe('a fault of a port', () => {
  test('takes one out of service, or every one that feeds a host', async () => {
    const ports = (world: World) => world.deviceState('r1').ports.map(({ oper }) => oper);
    const refused = await reloadedUnder('optic-refused');
    expect(ports(refused).slice(0, 2)).toEqual(['down', 'up']);
    expect(refused.deviceState('r1').ports[0]).toMatchObject({ isErrDisabled: true });
    await healed(refused, 'optic-refused');
    expect(refused.deviceState('r1').ports[0]).not.toHaveProperty('isErrDisabled');
    expect(ports(refused).slice(0, 2)).toEqual(['up', 'up']);
    expect(ports(await reloadedUnder('power-off-for-hosts')).slice(0, 2)).toEqual(['up', 'down']);
  });
});

describe('a pair', () => {
  const rolesOf = (world: World) =>
    ['r1', 'r2'].map((id) => {
      const { role, peerUp } = world.deviceState(id).redundancy;
      return [role, peerUp];
    });

  test('changes places when its primary reloads, and not when its secondary does', async () => {
    const world = labWorld();
    await reload(world, NEIGHBOUR, HOUR_MS);
    expect(rolesOf(world)).toEqual([
      ['primary', true],
      ['secondary', true],
    ]);
    await reload(world, HOST, HOUR_MS);
    expect(rolesOf(world)).toEqual([
      ['secondary', true],
      ['primary', true],
    ]);
  });

  test('changes places behind the back of everybody', () => {
    const world = labWorld({ faults: [{ fault: 'roles-swapped', device: 'r2' }] });
    expect(rolesOf(world)).toEqual([
      ['secondary', true],
      ['primary', true],
    ]);
  });

  test('has two that act alone until the fault is cleared', async () => {
    const world = await reloadedUnder('split-brain');
    expect(rolesOf(world)).toEqual([
      ['primary', false],
      ['primary', false],
    ]);
    await healed(world, 'split-brain');
    expect(rolesOf(world)).toEqual([
      ['secondary', true],
      ['primary', true],
    ]);
  });
});

describe('a fault of the way in', () => {
  test('leaves no common algorithm, or no SNMP, until it is cleared', async () => {
    const ssh = await reloadedUnder('no-common-cipher');
    expect([await dial(ssh), await readSnmp(ssh)]).toEqual(['no-common-algorithm', 'answer']);
    expect(await dial(await healed(ssh, 'no-common-cipher'))).toBe('connected');
    const snmp = await reloadedUnder('snmp-lost');
    expect([await dial(snmp), await readSnmp(snmp)]).toEqual(['connected', 'timeout']);
    expect(await readSnmp(await healed(snmp, 'snmp-lost'))).toBe('answer');
  });

  test('refuses the login for two minutes after the boot', async () => {
    const world = labWorld({ faults: [{ fault: 'aaa-late-after-reload', device: 'r1' }] });
    world.powerCycle('r1');
    while (world.deviceState('r1').power !== 'up') await world.scheduler.advance(1000);
    expect(await dial(world)).toBe('auth-refused');
    await world.scheduler.advance(2 * MINUTE_MS);
    expect(await dial(world)).toBe('connected');
  });

  test('leads through a device whose boot cuts off its neighbours as well', async () => {
    const world = labWorld({ faults: [{ fault: 'management-through-it', device: 'r1' }] });
    const open = await connect(world, NEIGHBOUR);
    world.powerCycle('r1');
    expect(await dial(world, NEIGHBOUR)).toBe('timeout');
    await world.scheduler.advance(HOUR_MS);
    expect(open.isOpen).toBe(false);
    expect(world.deviceState('r2')).toMatchObject({ power: 'up', bootCount: 1 });
    expect(await dial(world, NEIGHBOUR)).toBe('connected');
  });
});

describe('a fault of the session', () => {
  const shown = async (fault: string) =>
    (await openTerminal(await reloadedUnder(fault), HOST)).text();

  test('asks before the first prompt, or shows what looks like prompts', async () => {
    expect(await shown('question-after-login')).toMatch(/Change it now\? \[yes\/no\]: $/);
    expect(await shown('other-banner')).toMatch(/legal#\r\nlegal # \r\n.*r1#$/s);
  });

  test('refuses every line that would change the device, and only those', async () => {
    const terminal = await openTerminal(await reloadedUnder('privilege-lost'), HOST);
    expect(await terminal.type('drain\r')).toContain('permission denied');
    expect(await terminal.type('version\r')).toContain('version 1.0');
  });
});
