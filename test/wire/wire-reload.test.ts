import { afterAll, beforeAll, expect, test } from '@jest/globals';
import snmp from 'net-snmp';
import { deviceState, powerCycle, strike, truth } from '../../lab/world/wire-control.js';
import type { WireDevice } from '../../lab/world/wire-folder.js';
import { eventually, exec, isListening, login, openShell, within } from './wire-client.js';
import { eosSwitch, startLab, stopLabs, type RunningLab } from './wire-spec.js';

const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
const SPEED = 60;

let lab: RunningLab;
beforeAll(async () => {
  const agent = { community: 'lab' };
  lab = await startLab(
    [
      eosSwitch('sw1', { address: '127.74.0.1', snmp: agent }),
      eosSwitch('sw2', { address: '127.74.0.2' }),
      eosSwitch('sw3', { address: '127.74.0.3' }),
    ],
    {
      speed: SPEED,
      links: [{ a: { device: 'sw1', port: 'Ethernet1' }, b: { device: 'sw2', port: 'Ethernet2' } }],
    },
  );
}, 60_000);
afterAll(stopLabs);

function upTicks(device: WireDevice): Promise<number | undefined> {
  const session = snmp.createSession(device.host, 'lab', {
    port: device.snmpPort ?? 0,
    version: snmp.Version2c,
    timeout: 200,
    retries: 0,
  });
  session.on('error', () => {});
  return new Promise((resolve) => {
    session.get([SYS_UP_TIME], (error, varbinds) => {
      session.close();
      resolve(error ? undefined : Number(varbinds?.[0]?.value));
    });
  });
}

const neighbours = async () => {
  const client = await login(lab.device('sw2'));
  const { text } = await exec(client, 'show lldp neighbors');
  client.end();
  return text;
};

const isShut = async () => !(await isListening(lab.device('sw1')));
const isBack = () => isListening(lab.device('sw1'));

test('a reload resets the session, shuts the port, silences SNMP, and all comes back', async () => {
  const device = lab.device('sw1');
  expect(await neighbours()).toContain('sw1');
  const before = (await upTicks(device)) ?? 0;
  const client = await login(device);
  const broken = new Promise<boolean>((resolve) => {
    client.once('close', () => resolve(true));
  });
  const shell = await openShell(client);
  await shell.until(/sw1>/);
  shell.channel.write('enable\r');
  await shell.until(/sw1#/);
  shell.channel.write('reload now\r');
  expect(await within(broken, 'reset')).toBe(true);
  expect(await eventually(isShut, 'shut port')).toBe(true);
  expect(await upTicks(device)).toBeUndefined();
  const gone = await eventually(
    async () => !(await neighbours()).includes('sw1'),
    'lost neighbour',
  );
  expect(gone).toBe(true);
  expect(await eventually(isBack, 'open port')).toBe(true);
  expect(await upTicks(device)).toBeLessThan(before);
  expect((await deviceState(lab.folder, 'sw1')).bootCount).toBeGreaterThan(1);
  const back = await eventually(async () => (await neighbours()).includes('sw1'), 'neighbour');
  expect(back).toBe(true);
  const kinds = (await truth(lab.folder)).filter((r) => r.device === 'sw1').map((r) => r.kind);
  expect(kinds).toEqual(expect.arrayContaining(['reload-requested', 'went-down', 'boot']));
}, 60_000);

test('a device that never returns has no port until its mains are cycled', async () => {
  const device = lab.device('sw3');
  await strike(lab.folder, { fault: 'never-returns', device: 'sw3' });
  await powerCycle(lab.folder, 'sw3');
  const dead = async () => (await deviceState(lab.folder, 'sw3')).power === 'dead';
  expect(await eventually(dead, 'dead device')).toBe(true);
  expect(await isListening(device)).toBe(false);
  await powerCycle(lab.folder, 'sw3');
  expect(await eventually(() => isListening(device), 'open port')).toBe(true);
}, 60_000);
