import { describe, expect, test } from '@jest/globals';
import {
  connect,
  dialRequest,
  labDevice,
  labSpec,
  labWorld,
  openTerminal,
  reload,
} from '../lab-network.js';

const HOUR_MS = 3_600_000;
const portOf = (world: ReturnType<typeof labWorld>, id: string, name: string) =>
  world.deviceState(id).ports.find((port) => port.name === name);
const peersUp = (world: ReturnType<typeof labWorld>, id: string) =>
  world.deviceState(id).peers.map(({ protocol, up }) => `${protocol} ${up ? 'up' : 'down'}`);

describe('a shell', () => {
  test('greets, echoes, answers and prompts', async () => {
    const terminal = await openTerminal(labWorld(), '127.1.0.1');
    expect(terminal.text()).toBe('Welcome\r\nr1#');
    expect(await terminal.type('version\r')).toBe('version\r\nversion 1.0\r\nr1#');
  });

  test('edits a line and takes CR, LF and CRLF as one line end each', async () => {
    const terminal = await openTerminal(labWorld(), '127.1.0.1');
    expect(await terminal.type('verx\bsion\r\n')).toBe('verx\b \bsion\r\nversion 1.0\r\nr1#');
    expect(await terminal.type('\n')).toBe('\r\nr1#');
    expect(await terminal.type('nonsense\u0003')).toBe('nonsense^C\r\nr1#');
  });

  test('does not echo a hidden answer', async () => {
    const terminal = await openTerminal(labWorld(), '127.1.0.1');
    expect(await terminal.type('enable\r')).toBe('enable\r\nPassword: ');
    expect(await terminal.type('enable-word\r')).toBe('\r\ngranted\r\nr1#');
  });

  test('takes one key for a key question', async () => {
    const terminal = await openTerminal(labWorld(), '127.1.0.1');
    await terminal.type('reload\r');
    expect(await terminal.type('n')).toBe('\r\nr1#');
  });

  test('pages long output until paging is off', async () => {
    const terminal = await openTerminal(labWorld(), '127.1.0.1');
    const first = await terminal.type('long\r');
    expect(first).toContain('line 22\r\n --More-- ');
    expect(first).not.toContain('line 23');
    expect(await terminal.type(' ')).toContain('line 45\r\n --More-- ');
    expect(await terminal.type(' ')).toMatch(/line 59\r\nr1#$/);
    await terminal.type('nopaging\r');
    expect(await terminal.type('long\r', 2000)).toMatch(/line 59\r\nr1#$/);
  });

  test('keeps what is typed ahead until a slow command is over', async () => {
    const terminal = await openTerminal(labWorld(), '127.1.0.1');
    expect(await terminal.type('slow\rversion\r')).toBe('slow\r\nbegun\r\n');
    const rest = await terminal.type('', 6000);
    expect(rest).toBe('finished\r\nr1#version\r\nversion 1.0\r\nr1#');
  });

  test('shows log lines in the middle and the prompt again', async () => {
    const terminal = await openTerminal(labWorld(), '127.1.0.1');
    await terminal.type('alarm\r');
    await terminal.type('ver');
    expect(await terminal.type('', 11_000)).toBe('\r\n%TIMER: alarm\r\nr1#ver');
  });

  test('ends when the device closes it', async () => {
    const terminal = await openTerminal(labWorld(), '127.1.0.1');
    await terminal.type('exit\r');
    expect(terminal.closedBy()).toBe('the device closed the session');
    expect(terminal.connection.isOpen).toBe(true);
  });

  test('takes a flood of line ends without losing its prompt', async () => {
    const world = labWorld();
    const terminal = await openTerminal(world, '127.1.0.1');
    await terminal.type('\r'.repeat(3000), 60_000);
    expect(await terminal.type('version\r')).toContain('version 1.0');
  });
});

describe('a dial', () => {
  const dial = (world: ReturnType<typeof labWorld>, request: ReturnType<typeof dialRequest>) =>
    world.scheduler.drain(world.ports.dialer.dial(request));

  test('is refused for a wrong password, user or host key', async () => {
    const world = labWorld();
    const wrong = dialRequest('127.1.0.1', { auth: [{ kind: 'password', password: 'wrong' }] });
    expect((await dial(world, wrong)).kind).toBe('auth-refused');
    expect((await dial(world, dialRequest('127.1.0.1', { username: 'x' }))).kind).toBe(
      'auth-refused',
    );
    const picky = dialRequest('127.1.0.1', { acceptHostKey: () => false });
    expect((await dial(world, picky)).kind).toBe('host-key-refused');
  });

  test('shows a host key of its own for each device', async () => {
    const world = labWorld();
    const one = await connect(world, '127.1.0.1');
    const two = await connect(world, '127.1.0.2');
    const again = await connect(world, '127.1.0.1');
    expect(one.hostKey).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(two.hostKey).not.toBe(one.hostKey);
    expect(again.hostKey).toBe(one.hostKey);
  });

  test('times out where nobody answers, and meets no common algorithm on an old device', async () => {
    const old = labDevice('old', '127.1.0.9', { legacyOnly: true });
    const far = labDevice('far', '127.1.0.8', { unreachable: true });
    const world = labWorld({ devices: [old, far], links: [], passive: [] });
    expect((await dial(world, dialRequest('127.1.0.7'))).kind).toBe('timeout');
    expect((await dial(world, dialRequest('127.1.0.8'))).kind).toBe('timeout');
    expect((await dial(world, dialRequest('127.1.0.9'))).kind).toBe('no-common-algorithm');
    const legacy = dialRequest('127.1.0.9', { algorithms: 'legacy' });
    expect((await dial(world, legacy)).kind).toBe('connected');
  });
});

describe('a reload', () => {
  test('breaks every connection and comes back with the version that was booted', async () => {
    const world = labWorld();
    const other = await openTerminal(world, '127.1.0.1');
    await reload(world, '127.1.0.1', 10_000);
    expect(other.closedBy()).toBe('connection reset by peer');
    expect(other.connection.isOpen).toBe(false);
    const away = world.ports.dialer.dial(dialRequest('127.1.0.1'));
    expect((await world.scheduler.drain(away)).kind).toBe('timeout');
    await world.scheduler.advance(300_000);
    const back = await openTerminal(world, '127.1.0.1');
    expect(await back.type('version\r')).toContain('version 1.0');
    expect(world.deviceState('r1')).toMatchObject({ power: 'up', bootCount: 2 });
    const kinds = world.truth().map(({ kind }) => kind);
    expect(kinds).toEqual(['reload-requested', 'went-down', 'boot']);
  });

  test('is seen by the neighbours: port, LLDP, OSPF, BGP and the MLAG peer go and come back', async () => {
    const world = labWorld();
    expect(portOf(world, 'r2', 'e1')).toMatchObject({ oper: 'up', remote: { system: 'r1' } });
    await reload(world, '127.1.0.1', 10_000);
    expect(portOf(world, 'r2', 'e1')).toMatchObject({ oper: 'down', remote: { system: 'r1' } });
    expect(world.deviceState('r2').redundancy.peerUp).toBe(false);
    expect(peersUp(world, 'r2')).toEqual(['ospf up', 'bgp up']);
    await world.scheduler.advance(40_000);
    expect(peersUp(world, 'r2')).toEqual(['ospf down', 'bgp up']);
    await world.scheduler.advance(90_000);
    expect(portOf(world, 'r2', 'e1')?.remote).toBeUndefined();
    await world.scheduler.advance(50_000);
    expect(world.deviceState('r1').power).toBe('up');
    expect(peersUp(world, 'r1')).toEqual(['ospf down', 'bgp down']);
    await world.scheduler.advance(60_000);
    for (const id of ['r1', 'r2']) {
      expect(peersUp(world, id)).toEqual(['ospf up', 'bgp up']);
      expect(portOf(world, id, 'e1')).toMatchObject({ oper: 'up' });
      expect(portOf(world, id, 'e1')?.remote).toBeDefined();
      expect(world.deviceState(id).peers.map(({ prefixes }) => prefixes)).toEqual([12, 12]);
      expect(world.deviceState(id).redundancy.peerUp).toBe(false);
    }
    await world.scheduler.advance(300_000);
    expect(world.deviceState('r1').redundancy.peerUp).toBe(true);
    expect(world.deviceState('r2').redundancy.peerUp).toBe(true);
  });

  test('does not disturb a device that is not its neighbour', async () => {
    const spec = labSpec();
    const devices = [...spec.devices, labDevice('r3', '127.1.0.3')];
    const world = labWorld({ devices });
    const before = world.deviceState('r3');
    await reload(world, '127.1.0.1', HOUR_MS);
    expect(world.deviceState('r3')).toBe(before);
  });
});

describe('the network', () => {
  test('follows a port that is shut, and the routes of a drained neighbour', async () => {
    const world = labWorld();
    const terminal = await openTerminal(world, '127.1.0.1');
    await terminal.type('drain\r', 10_000);
    expect(world.deviceState('r2').peers.map(({ up, prefixes }) => [up, prefixes])).toEqual([
      [true, 12],
      [true, 0],
    ]);
    await terminal.type('undrain\r', 10_000);
    expect(world.deviceState('r2').peers[1]?.prefixes).toBe(12);
    await terminal.type('shut e1\r', 200_000);
    expect(portOf(world, 'r2', 'e1')).toMatchObject({ oper: 'down', admin: 'up' });
    expect(peersUp(world, 'r1')).toEqual(['ospf down', 'bgp down']);
  });
});

describe('SNMP', () => {
  const get = (world: ReturnType<typeof labWorld>, access: { community: string }) =>
    world.scheduler.drain(
      world.ports.snmp.get({
        host: '127.1.0.1',
        port: 161,
        access: { version: 'v2c', ...access },
        oids: ['1.3.6.1.2.1.1.1.0', '1.3.6.1.9.9.9'],
        timeoutMs: 1000,
        retries: 1,
      }),
    );

  test('answers what the device has, and is silent for a wrong community or while it is down', async () => {
    const world = labWorld();
    const value = [{ oid: '1.3.6.1.2.1.1.1.0', value: 'test 1.0' }];
    expect(await get(world, { community: 'public' })).toEqual({ kind: 'answer', varbinds: value });
    expect(await get(world, { community: 'wrong' })).toEqual({ kind: 'timeout' });
    await reload(world, '127.1.0.1', 10_000);
    expect(await get(world, { community: 'public' })).toEqual({ kind: 'timeout' });
  });

  test('checks the user and keys of v3', async () => {
    const user = {
      version: 'v3',
      user: 'ops',
      authProtocol: 'sha',
      authKey: 'auth-word',
      privProtocol: 'aes',
      privKey: 'priv-word',
    } as const;
    const device = labDevice('r1', '127.1.0.1', { snmp: { users: [user] } });
    const world = labWorld({ devices: [device], links: [], passive: [] });
    const ask = (
      access:
        typeof user | (Omit<typeof user, 'user' | 'authKey'> & { user: string; authKey: string }),
    ) =>
      world.scheduler.drain(
        world.ports.snmp.get({
          host: '127.1.0.1',
          port: 161,
          access,
          oids: ['1.3.6.1.2.1.1.1.0'],
          timeoutMs: 1000,
          retries: 0,
        }),
      );
    expect((await ask(user)).kind).toBe('answer');
    expect(await ask({ ...user, user: 'x' })).toMatchObject({ detail: 'unknown user name' });
    expect(await ask({ ...user, authKey: 'x' })).toMatchObject({ detail: 'wrong digest' });
  });
});

describe('the world', () => {
  const story = async (seed: string) => {
    const world = labWorld({ seed, faults: [{ fault: 'slow-boot', device: 'r2' }] });
    const terminal = await openTerminal(world, '127.1.0.1');
    await terminal.type('version\r');
    await reload(world, '127.1.0.2', HOUR_MS);
    return { lines: world.log(), digest: world.logDigest(), text: terminal.text() };
  };

  test('tells the same story for the same seed, byte for byte, and another for another', async () => {
    const first = await story('one');
    expect(await story('one')).toEqual(first);
    expect((await story('two')).digest).not.toBe(first.digest);
    expect(first.lines.length).toBeGreaterThan(20);
  });

  test('has nothing to do while it is idle for two days', async () => {
    const world = labWorld();
    await world.scheduler.advance(48 * HOUR_MS);
    expect(world.scheduler.eventCount).toBe(1);
  });

  test('lets nothing reach a controller that died, while the devices go on', async () => {
    const world = labWorld();
    const terminal = await openTerminal(world, '127.1.0.1');
    let late = 0;
    world.ports.clock.timer(1000, () => (late += 1));
    void world.ports.dialer.dial(dialRequest('127.1.0.2')).then(() => (late += 1));
    const before = terminal.text();
    world.replaceController();
    expect(await terminal.type('version\r', 60_000)).toBe('');
    expect(terminal.text()).toBe(before);
    expect(late).toBe(0);
    expect((await openTerminal(world, '127.1.0.1')).text()).toBe('Welcome\r\nr1#');
  });

  test('refuses two devices of one name and a platform without a personality', () => {
    const twice = [labDevice('r1', '127.1.0.1'), labDevice('r1', '127.1.0.2')];
    expect(() => labWorld({ devices: twice })).toThrow(/two devices called "r1"/);
    const odd = [labDevice('r1', '127.1.0.1', { platform: 'odd' })];
    expect(() => labWorld({ devices: odd })).toThrow(/no personality for "odd"/);
  });
});
