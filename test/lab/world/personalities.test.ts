import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Personality } from '../../../src/driver/personality.js';
import { faultSheets } from '../../../lab/faults/catalogue.js';
import type { FaultStrike } from '../../../lab/world/fault.js';
import type { LabDevice } from '../../../lab/world/lab-spec.js';
import { personalityLoaders } from '../../../lab/world/personality-loaders.js';
import { createSimWorld, loadPersonalities, type SimWorld } from '../../../lab/world/world.js';
import { dialRequest, labDevice, labSpec, openTerminal } from '../lab-network.js';

const HOUR_MS = 3_600_000;
const HOST = '127.1.0.1';
const SYS_DESCR = '1.3.6.1.2.1.1.1.0';
const SYS_UPTIME = '1.3.6.1.2.1.1.3.0';
const SYS_NAME = '1.3.6.1.2.1.1.5.0';

const platforms = [
  {
    platform: 'arista_eos',
    model: 'DCS-7050SX3-48YC8',
    version: '4.28.3M',
    ports: ['Ethernet1', 'Ethernet2'],
    serials: ['JPE00000001'],
    imageFile: 'EOS-4.28.3M.swi',
    newVersion: '4.30.1F',
    newFile: 'EOS-4.30.1F.swi',
    activate: ['configure terminal', 'boot system flash:EOS-4.30.1F.swi', 'end'],
  },
  {
    platform: 'cisco_iosxe',
    model: 'C9300-48P',
    version: '17.9.4a',
    ports: ['GigabitEthernet1/0/1', 'GigabitEthernet1/0/2'],
    serials: ['FOC0000001A', 'FOC0000002A'],
    imageFile: 'cat9k_iosxe.17.09.04a.SPA.bin',
    newVersion: '17.12.4',
    newFile: 'cat9k_iosxe.17.12.04.SPA.bin',
    activate: [
      'install add file flash:cat9k_iosxe.17.12.04.SPA.bin',
      'install activate prompt-level none',
    ],
  },
] as const;

let personalities: Readonly<Record<string, Personality>> = {};

function deviceOf(kind: (typeof platforms)[number], id: string, address: string): LabDevice {
  const { platform, version } = kind;
  const plain = labDevice(id, address);
  return {
    ...plain,
    ...kind,
    ports: kind.ports.map((name) => ({ name, description: '', admin: 'up', oper: 'down' })),
    image: { ...plain.image, name: kind.imageFile, image: { platform, version } },
  };
}

beforeAll(async () => {
  const devices = platforms.map((kind, index) =>
    deviceOf(kind, `d${index}`, `127.1.1.${index + 1}`),
  );
  personalities = await loadPersonalities(labSpec({ devices }), personalityLoaders);
});

async function read(world: SimWorld, oid: string): Promise<string | undefined> {
  const outcome = await world.scheduler.drain(
    world.ports.snmp.get({
      host: HOST,
      port: 161,
      access: { version: 'v2c', community: 'public' },
      oids: [oid],
      timeoutMs: 1000,
      retries: 0,
    }),
  );
  return outcome.kind === 'answer' ? outcome.varbinds[0]?.value : outcome.kind;
}

const dialled = async (world: SimWorld) =>
  world.scheduler.drain(world.ports.dialer.dial(dialRequest(HOST)));

describe.each(platforms)('$platform', (kind) => {
  const [first] = kind.ports;
  const worldWith = (faults: readonly FaultStrike[] = []) =>
    createSimWorld(
      labSpec({
        devices: [deviceOf(kind, 'r1', HOST), deviceOf(kind, 'r2', '127.1.0.2')],
        links: [{ a: { device: 'r1', port: first }, b: { device: 'r2', port: first } }],
        passive: [],
        faults,
      }),
      personalities,
    );
  const struckBy = (fault: string, params?: FaultStrike['params']) =>
    worldWith([{ fault, device: 'r1', ...(params && { params }) }]);

  async function enabled(world: SimWorld) {
    const terminal = await openTerminal(world, HOST);
    await terminal.type('enable\r');
    await terminal.type('terminal length 0\r');
    return terminal;
  }
  async function ask(world: SimWorld, line: string) {
    return (await enabled(world)).type(`${line}\r`, 2000);
  }
  async function reboot(world: SimWorld, forMs = HOUR_MS) {
    const terminal = await enabled(world);
    await terminal.type('write memory\r', 5000);
    await terminal.type('reload\r', 2000);
    await terminal.type('\r', 2000);
    await terminal.type('\r', 2000);
    await world.scheduler.advance(forMs);
  }

  test('tells by SSH and SNMP the same of a healthy device, before and after a reload', async () => {
    const world = worldWith();
    for (const bootCount of [1, 2]) {
      expect(world.deviceState('r1')).toMatchObject({ power: 'up', bootCount });
      expect(await read(world, SYS_DESCR)).toContain(kind.version);
      expect(await read(world, SYS_NAME)).toBe('r1');
      expect(await ask(world, 'show version')).toContain(kind.version);
      if (bootCount === 1) await reboot(world);
    }
    expect(Number(await read(world, SYS_UPTIME))).toBeLessThan(HOUR_MS / 10);
    expect(world.deviceState('r1').ports[0]).toMatchObject({
      oper: 'up',
      remote: { system: 'r2' },
    });
  });

  test('cannot have a fault that is not of its kind', () => {
    expect(() => struckBy('cluster-split-brain')).toThrow(/r1 cannot have fault.*: A s/);
  });

  test('never-returns: no login, no SNMP, and the neighbour is gone', async () => {
    const world = struckBy('never-returns');
    await reboot(world);
    expect((await dialled(world)).kind).toBe('timeout');
    expect(await read(world, SYS_NAME)).toBe('timeout');
    expect(world.deviceState('r2').ports[0]?.remote).toBeUndefined();
  });

  test('slow-boot: away three times as long, then all is well', async () => {
    const normal = worldWith();
    const slow = struckBy('slow-boot');
    await reboot(normal);
    await reboot(slow);
    const tookMs = (world: SimWorld) => {
      const at = (wanted: string) => world.truth().find((one) => one.kind === wanted)?.atMs ?? 0;
      return at('boot') - at('went-down');
    };
    expect(tookMs(slow)).toBeGreaterThan(2.9 * tookMs(normal));
    expect(await read(slow, SYS_NAME)).toBe('r1');
  });

  test('boots-old-image: up again, with the old version on both faces', async () => {
    for (const faults of [[], [{ fault: 'boots-old-image', device: 'r1' }]]) {
      const world = worldWith(faults);
      const image = { platform: kind.platform, version: kind.newVersion };
      const content = { sizeBytes: 500_000_000, sha512: 'ef'.repeat(64), md5: 'ef'.repeat(16) };
      const file = { name: kind.newFile, ...content, image, modifiedAtMs: 0 };
      world.model.receiveFile('r1', '1', file);
      const terminal = await enabled(world);
      await terminal.type('write memory\r', 5000);
      for (const line of kind.activate) await terminal.type(`${line}\r`, HOUR_MS / 4);
      await world.scheduler.advance(HOUR_MS / 4);
      if (world.deviceState('r1').bootCount === 1) await reboot(world);
      const version = faults.length > 0 ? kind.version : kind.newVersion;
      expect(world.deviceState('r1')).toMatchObject({ power: 'up', runningVersion: version });
      expect(await ask(world, 'show version')).toContain(version);
      expect(await read(world, SYS_DESCR)).toContain(version);
      expect(Number(await read(world, SYS_UPTIME))).toBeLessThan(HOUR_MS / 10);
    }
  });

  test('config-lost: default name in the prompt and in SNMP', async () => {
    const world = struckBy('config-lost');
    await reboot(world);
    expect(world.deviceState('r1').hostname).not.toBe('r1');
    expect(await read(world, SYS_NAME)).toBe(world.deviceState('r1').hostname);
  });

  test('wrong-hostname: another name on both faces, even after a line of configuration', async () => {
    const world = struckBy('wrong-hostname', { hostname: 'stranger' });
    await reboot(world);
    const terminal = await enabled(world);
    await terminal.type('configure terminal\r');
    await terminal.type(`interface ${first}\r`);
    await terminal.type('description new\r');
    expect(await terminal.type('end\r')).toMatch(/stranger#\s*$/);
    expect(await read(world, SYS_NAME)).toBe('stranger');
  });

  test('neighbour-missing: the port is down at both ends', async () => {
    const world = struckBy('neighbour-missing');
    await reboot(world);
    expect(world.deviceState('r1').ports[0]?.oper).toBe('down');
    expect(world.deviceState('r2').ports[0]?.oper).toBe('down');
  });

  test('host-key-changed and auth-refused-after-reload: SNMP is well, SSH is not', async () => {
    const world = worldWith([
      { fault: 'host-key-changed', device: 'r1' },
      { fault: 'auth-refused-after-reload', device: 'r1' },
    ]);
    const before = await dialled(world);
    await reboot(world);
    let seen = '';
    const request = dialRequest(HOST, {
      acceptHostKey: (key) => {
        seen = key;
        return true;
      },
    });
    const after = await world.scheduler.drain(world.ports.dialer.dial(request));
    expect(after.kind).toBe('auth-refused');
    expect(before.kind === 'connected' && before.connection.hostKey).not.toBe(seen);
    expect(await read(world, SYS_NAME)).toBe('r1');
  });

  test('flash-full: the directory shows almost no room', async () => {
    const free = (text: string) => Number(/\(?(\d+) bytes free/.exec(text)?.[1] ?? NaN);
    expect(free(await ask(worldWith(), 'dir flash:'))).toBeGreaterThan(100_000_000);
    expect(free(await ask(struckBy('flash-full'), 'dir flash:'))).toBeLessThanOrEqual(1_000_000);
  });

  test('garbled-output, hung-session and dropped sessions spoil the CLI and not SNMP', async () => {
    const garbled = struckBy('garbled-output');
    expect(await ask(garbled, 'show version')).not.toContain(kind.version);
    expect(await read(garbled, SYS_NAME)).toBe('r1');
    const hung = struckBy('hung-session', { command: '^show version' });
    expect(await ask(hung, 'show version')).not.toContain(kind.version);
    expect(await read(hung, SYS_NAME)).toBe('r1');
    for (const fault of ['session-dropped-before', 'session-dropped-after']) {
      const world = struckBy(fault, { command: '^show version' });
      const terminal = await enabled(world);
      await terminal.type('show version\r', 2000);
      expect(terminal.closedBy()).toBe('connection reset by peer');
    }
  });

  test.each(['corrupt-copy', 'truncated-copy', 'transfer-dropped', 'transfer-stalls'])(
    '%s: the file on the flash is not the file of the catalogue',
    async (fault) => {
      const world = struckBy(fault);
      const source = { path: '/x', sizeBytes: 50_000_000, sha512: 'cd'.repeat(64), md5: '' };
      const outcome = await dialled(world);
      if (outcome.kind !== 'connected') throw new Error(outcome.kind);
      await world.scheduler.drain(
        outcome.connection.upload({
          source,
          remotePath: '/mnt/flash/new.bin'.slice(kind.platform === 'arista_eos' ? 0 : 4),
          method: 'scp',
          resumeFromBytes: 0,
          onProgress: () => {},
          stallMs: 60_000,
          totalMs: HOUR_MS,
        }),
      );
      const file = world
        .deviceState('r1')
        .members[0]?.flash.files.find((one) => one.name === 'new.bin');
      expect(file).toBeDefined();
      expect(file?.sha512).not.toBe(source.sha512);
      const verified = await ask(world, 'verify /sha512 flash:new.bin');
      await world.scheduler.advance(60_000);
      expect(verified).not.toContain(source.sha512);
      expect(await ask(world, 'dir flash:')).toMatch(new RegExp(`${file?.sizeBytes} .*new\\.bin`));
    },
  );

  test('flash-full-member: the last member is full, if there is one', () => {
    const device = struckBy('flash-full-member').deviceState('r1');
    const member = device.members.at(-1);
    const bytes = member?.flash.files.reduce((sum, file) => sum + file.sizeBytes, 0) ?? 0;
    expect((member?.flash.totalBytes ?? 0) - bytes).toBe(1_000_000);
  });

  test('every fault leaves the same log for the same seed', async () => {
    const digest = async () => {
      const sheets = faultSheets.filter(({ absentOn = {} }) => !(kind.platform in absentOn));
      const world = worldWith(sheets.map(({ id }) => ({ fault: id, device: 'r1' })));
      world.powerCycle('r1');
      await world.scheduler.advance(HOUR_MS);
      return world.logDigest();
    };
    expect(await digest()).toBe(await digest());
  });
});
