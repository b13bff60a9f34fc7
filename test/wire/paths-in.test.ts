import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSecrets } from '../../src/adapters/secrets.js';
import { createSshDialer } from '../../src/adapters/ssh-dialer.js';
import { createSystemClock } from '../../src/adapters/system-clock.js';
import { Contact, type ContactOptions } from '../../src/fingerprint/contact.js';
import { LoginBudget } from '../../src/fingerprint/login-budget.js';
import type { Device, JumpHost, SshAccess } from '../../src/inventory/inventory.js';
import { deviceId } from '../../src/kernel/id.js';
import { platform } from '../../drivers/arista_eos/platform.js';
import { stopWire, startWire } from '../../lab/world/wire-control.js';
import type { LabDevice, LabJumpHost } from '../../lab/world/lab-spec.js';
import type { WireDevice, WireState } from '../../lab/world/wire-folder.js';
import { hasProgram } from '../foreign.js';
import { eosSwitch, freePort, fromSource, newFolder, onFreePorts, specOf } from './wire-spec.js';
import { tryLogin } from './wire-client.js';

const run = promisify(execFile);
const whenThere = (program: string) => (hasProgram(program) ? test : test.skip);
const env = { DEVICE: 'secret', ONE: 'one-password', TWO: 'two-password' };
const world = {
  dialer: createSshDialer(),
  clock: createSystemClock(),
  secrets: createSecrets({ env }),
};

let folder: string;
let state: WireState;

async function jumpHost(id: string, address: string): Promise<LabJumpHost> {
  const sshPort = await freePort(address);
  return { id, address, sshPort, login: { username: id, password: `${id}-password` } };
}

beforeAll(async () => {
  folder = newFolder();
  const patches: readonly Partial<LabDevice>[] = [
    { id: 'open', address: '127.76.0.1' },
    { id: 'far', address: '127.76.0.2', behind: 'two' },
    { id: 'asks', address: '127.76.0.3', logins: 'keyboard-interactive' },
    { id: 'code', address: '127.76.0.4', logins: 'code' },
    { id: 'old', address: '127.76.0.5', legacyOnly: true },
  ];
  const devices: LabDevice[] = [];
  for (const patch of patches) devices.push(await onFreePorts(eosSwitch(patch.id ?? '', patch)));
  const jumpHosts = [await jumpHost('one', '127.76.1.1'), await jumpHost('two', '127.76.1.2')];
  state = await startWire({ folder, spec: specOf(devices, { jumpHosts }), ...fromSource });
}, 60_000);
afterAll(() => stopWire(folder));

function found(list: readonly WireDevice[] | undefined, id: string): WireDevice {
  const each = list?.find((one) => one.id === id);
  if (!each) throw new Error(`the lab has no ${id}`);
  return each;
}

function access(port: number, username: string, password: string): SshAccess {
  return { username, port, password, agent: false };
}

function jump(name: string, host = found(state.jumpHosts, name)): JumpHost {
  return { name, host: host.host, ssh: access(host.sshPort, name, `env:${name.toUpperCase()}`) };
}

function device(id: string, change: Partial<Device> = {}): Device {
  const { host, sshPort } = found(state.devices, id);
  return {
    id: deviceId(id),
    host,
    site: 'ams',
    groups: [],
    criticality: 'normal',
    ssh: access(sshPort, 'ops', 'env:DEVICE'),
    vars: {},
    place: { file: 'devices.yaml', line: 1, column: 1 },
    ...change,
  };
}

/** Logs in and reads the version, with the keys that are right unless others are given. */
async function look(target: Device, pins: Partial<ContactOptions> = {}): Promise<string> {
  const contact = new Contact({
    world,
    device: target,
    platform,
    budget: new LoginBudget(),
    hostKeys: [found(state.devices, target.id).hostKey],
    hopKeys: new Map((state.jumpHosts ?? []).map((each) => [each.id, [each.hostKey]])),
    ...pins,
  });
  try {
    return await (await contact.session()).read('show version');
  } finally {
    contact.close();
  }
}

const twoHops = () => [jump('one'), jump('two')];

describe('a device behind two jump hosts', () => {
  test('is not reached directly', async () => {
    await expect(look(device('far'))).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/^far: /),
    });
  });

  test('is reached through both', async () => {
    expect(await look(device('far', { jump: twoHops() }))).toContain('4.28.3M');
  });

  test('is not reached when the second shows another key than the pinned one', async () => {
    const hopKeys = new Map([
      ['one', [found(state.jumpHosts, 'one').hostKey]],
      ['two', ['SHA256:other']],
    ]);
    await expect(look(device('far', { jump: twoHops() }), { hopKeys })).rejects.toMatchObject({
      code: 'host-key-changed',
      message: `far: jump host two answers with host key ${found(state.jumpHosts, 'two').hostKey}`,
      mend: expect.stringContaining('nightshift trust two'),
    });
  });

  test('is not reached when nobody accepted the key of the first yet', async () => {
    const hopKeys = new Map<string, readonly string[]>();
    await expect(look(device('far', { jump: twoHops() }), { hopKeys })).rejects.toMatchObject({
      code: 'host-key-unknown',
      message: expect.stringMatching(/^far: jump host one answers with host key SHA256:/),
    });
  });

  test('is reached at first contact, and the keys of both are told', async () => {
    const contact = new Contact({
      world,
      platform,
      device: device('far', { jump: twoHops() }),
      budget: new LoginBudget(),
      hostKeys: [],
      acceptFirst: true,
    });
    await contact.connection();
    contact.close();
    const told = (state.jumpHosts ?? []).map((each) => [each.id, each.hostKey] as const);
    expect(new Map(contact.newHopKeys)).toEqual(new Map(told));
  });

  test('costs no account of its own when the jump host refuses', async () => {
    const budget = new LoginBudget();
    const stranger = { ...jump('one'), ssh: { ...jump('one').ssh, password: 'env:TWO' } };
    const wrong = device('far', { jump: [stranger, jump('two')] });
    for (const _try of [1, 2, 3]) {
      await expect(look(wrong, { budget })).rejects.toMatchObject({
        code: 'auth-refused',
        message: expect.stringContaining('far: jump host one: '),
      });
    }
    await expect(look(wrong, { budget })).rejects.toMatchObject({
      message: expect.stringContaining('account one on jump host one was refused too often'),
    });
    expect(await look(device('open'), { budget })).toContain('4.28.3M');
  });

  whenThere('ssh')('is reached by OpenSSH as well', async () => {
    const config = join(folder, 'ssh-config');
    const askpass = join(folder, 'askpass');
    const [one, two] = [found(state.jumpHosts, 'one'), found(state.jumpHosts, 'two')];
    const far = found(state.devices, 'far');
    const entry = (name: string, at: WireDevice, user: string, via: string) =>
      `Host ${name}\n HostName ${at.host}\n Port ${at.sshPort}\n User ${user}\n ProxyJump ${via}\n`;
    const any =
      'Host *\n StrictHostKeyChecking no\n UserKnownHostsFile /dev/null\n LogLevel ERROR\n';
    const entries = [entry('one', one, 'one', 'none'), entry('two', two, 'two', 'one')];
    writeFileSync(config, [...entries, entry('far', far, 'ops', 'two'), any].join(''));
    const answers = 'case "$1" in one@*) echo one-password;; two@*) echo two-password;;';
    writeFileSync(askpass, `#!/bin/sh\n${answers} *) echo secret;; esac\n`, { mode: 0o700 });
    const env = { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' };
    const { stdout } = await run('ssh', ['-F', config, 'far', 'show version'], { env });
    expect(stdout).toContain('4.28.3M');
  });

  test('a jump host leads to machines of the lab only', async () => {
    const port = state.control.port;
    const out = device('open', { host: '127.0.0.1', jump: [jump('one')] });
    const target = { ...out, ssh: { ...out.ssh, port } };
    await expect(look(target)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(`jump host one opens no way to 127.0.0.1:${port}`),
    });
  });
});

describe('a login by keyboard-interactive', () => {
  test('answers the question for the password', async () => {
    expect(await look(device('asks'))).toContain('4.28.3M');
  });

  test('leaves a question for a one-time code alone', async () => {
    await expect(look(device('code'))).rejects.toMatchObject({
      code: 'login-question',
      message: 'code asks: One-time code:',
    });
  });

  test('is the only one: a client that offers the password alone is refused', async () => {
    const seen = await tryLogin(found(state.devices, 'asks'), {
      username: 'ops',
      password: 'secret',
    });
    expect(seen.refused).toMatch(/authentication methods failed/);
  });
});

describe('a device with old algorithms only', () => {
  const withAlgorithms = (algorithms: NonNullable<SshAccess['algorithms']>) => {
    const old = device('old');
    return { ...old, ssh: { ...old.ssh, algorithms } };
  };

  test('is refused, with what it offers and the key to set', async () => {
    await expect(look(device('old'))).rejects.toMatchObject({
      code: 'no-common-algorithm',
      message: expect.stringMatching(
        /^old: key exchange: it offers only diffie-hellman-group14-sha1, diffie-hellman-group1-sha1 \(`ssh.algorithms: legacy` takes it\)$/,
      ),
      mend: expect.stringContaining('ssh: { algorithms: legacy }'),
    });
  });

  test('is reached where the inventory asks for them', async () => {
    expect(await look(withAlgorithms('legacy'))).toContain('4.28.3M');
  });

  test('is reached by the need of its platform only where the inventory says so', async () => {
    const old = { platform: { ...platform, algorithms: 'legacy' as const } };
    await expect(look(device('old'), old)).rejects.toMatchObject({ code: 'no-common-algorithm' });
    expect(await look(withAlgorithms('platform'), old)).toContain('4.28.3M');
  });
});
