import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deviceState, strike } from '../../lab/world/wire-control.js';
import { exec, login, openShell, within } from './wire-client.js';
import { eosSwitch, iosSwitch, startLab, stopLabs, type RunningLab } from './wire-spec.js';

let lab: RunningLab;
beforeAll(async () => {
  lab = await startLab([
    eosSwitch('sw1'),
    iosSwitch('sw2', { address: '127.71.0.2' }),
    eosSwitch('old', { address: '127.71.0.3', legacyOnly: true }),
    eosSwitch('sw4', { address: '127.71.0.4' }),
  ]);
}, 60_000);
afterAll(stopLabs);

describe('a shell on the wire', () => {
  test.each([
    ['sw1', 'Arista', '4.28.3M'],
    ['sw2', 'Cisco IOS XE', '17.09.04a'],
  ])('shows the prompt of %s and answers show version', async (id, maker, version) => {
    const client = await login(lab.device(id));
    const shell = await openShell(client);
    await shell.until(new RegExp(`${id}[>#]`));
    shell.channel.write('terminal length 0\r');
    await shell.until(new RegExp(`${id}[>#]`));
    shell.channel.write('show version\r');
    const text = await shell.until(new RegExp(`\\n${id}[>#]`));
    expect(text).toContain(maker);
    expect(text).toContain(version);
    client.end();
  });

  test('ends the connection when the device ends the shell', async () => {
    const client = await login(lab.device('sw1'));
    const closed = new Promise<boolean>((resolve) => {
      client.once('close', () => resolve(true));
    });
    const shell = await openShell(client);
    await shell.until(/sw1[>#]/);
    shell.channel.write('exit\r');
    expect(await within(closed, 'end of the connection')).toBe(true);
  });

  test('runs a single command without banner, echo, pager and prompt', async () => {
    const client = await login(lab.device('sw2'));
    const { text, code } = await exec(client, 'show version');
    expect(code).toBe(0);
    expect(text).toMatch(/^Cisco IOS XE/);
    expect(text).not.toMatch(/More|sw2[>#]/);
    expect(text).toMatch(/\n$/);
    client.end();
  });
});

describe('a login on the wire', () => {
  test('takes the password by keyboard-interactive too', async () => {
    const client = await login(lab.device('sw1'), { keyboard: true });
    const { text } = await exec(client, 'show hostname');
    expect(text).toContain('sw1');
    client.end();
  });

  test.each([{ password: 'wrong' }, { username: 'nobody' }])('refuses %j', async (options) => {
    await expect(login(lab.device('sw1'), options)).rejects.toThrow('authentication');
  });

  test('offers a legacy device only what is old', async () => {
    await expect(login(lab.device('old'))).rejects.toThrow(/no matching/i);
  });

  test('resets the connection when a fault drops the session', async () => {
    await strike(lab.folder, {
      fault: 'session-dropped-after',
      device: 'sw4',
      params: { command: '^show clock' },
    });
    const client = await login(lab.device('sw4'));
    const shell = await openShell(client);
    const broken = new Promise<boolean>((resolve) => {
      client.once('close', () => resolve(true));
    });
    await shell.until(/sw4[>#]/);
    shell.channel.write('show clock\r');
    expect(await within(broken, 'reset')).toBe(true);
    expect((await deviceState(lab.folder, 'sw4')).power).toBe('up');
  });
});
