import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { WireScheduler } from '../../lab/world/wire-scheduler.js';
import { checkFileLimit } from '../../lab/world/wire-lab.js';
import {
  clear,
  powerCycle,
  startWire,
  stopWire,
  strike,
  truth,
  wireFlows,
  wireState,
} from '../../lab/world/wire-control.js';
import { attached, describedBy, flow, unitAt } from '../topology/network.js';
import { eventually, exec, isListening, login } from './wire-client.js';
import {
  eosSwitch,
  fromSource,
  newFolder,
  onFreePorts,
  specOf,
  startLab,
  stopLabs,
} from './wire-spec.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(stopLabs);

const isGone = (pid: number) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

describe('the lab process', () => {
  test('shows the same host keys after a restart in the same folder', async () => {
    const folder = newFolder();
    const spec = specOf([await onFreePorts(eosSwitch('sw1', { address: '127.75.0.1' }))]);
    const first = await startWire({ folder, spec, ...fromSource });
    await stopWire(folder);
    const second = await startWire({ folder, spec, ...fromSource });
    expect(second.pid).not.toBe(first.pid);
    expect(second.devices).toEqual(first.devices);
    expect(second.devices[0]?.hostKey).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });

  test('outlives the process that started it', async () => {
    const folder = newFolder();
    const spec = specOf([await onFreePorts(eosSwitch('sw1', { address: '127.75.0.2' }))]);
    const order = join(folder, 'order.json');
    writeFileSync(order, JSON.stringify({ folder, spec, ...fromSource }));
    const starter = fileURLToPath(new URL('./wire-starter.ts', import.meta.url));
    const started = spawnSync(process.execPath, [...fromSource.execArgs!, starter, order], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(started.stderr).toBe('');
    const state = await wireState(folder);
    expect(started.stdout.trim()).toBe(String(state?.pid));
    const client = await login(state!.devices[0]!);
    expect((await exec(client, 'show hostname')).text).toContain('sw1');
    client.end();
  });

  test('stops when asked, closes its ports and leaves the truth', async () => {
    const network = describedBy({
      units: [unitAt('sw1')],
      attachments: [attached('servers', ['sw1']), attached('desks', ['sw1'])],
      flows: [flow('work', 'desks>servers')],
    });
    const sw1 = eosSwitch('sw1', { address: '127.75.0.3' });
    const lab = await startLab([sw1], { speed: 60, network });
    const lossOf = async () => (await wireFlows(lab.folder)).map((each) => each.lossPercent);
    expect(await lossOf()).toEqual([0]);
    await powerCycle(lab.folder, 'sw1');
    expect(await lossOf()).toEqual([100]);
    await eventually(
      async () => (await truth(lab.folder)).some(({ kind }) => kind === 'boot'),
      'boot',
    );
    const known = await truth(lab.folder);
    expect(await stopWire(lab.folder)).toBe(true);
    expect(isGone(lab.state.pid)).toBe(true);
    expect(await isListening(lab.device('sw1'))).toBe(false);
    expect(await wireState(lab.folder)).toBeUndefined();
    expect(await truth(lab.folder)).toEqual(known);
    expect(await truth(lab.folder, 1)).toEqual(known.slice(1));
    expect(await stopWire(lab.folder)).toBe(false);
  });

  test('ends on SIGTERM, and its truth is on the disk even after SIGKILL', async () => {
    const lab = await startLab([eosSwitch('sw1', { address: '127.75.0.4' })]);
    process.kill(lab.state.pid, 'SIGTERM');
    expect(await eventually(async () => isGone(lab.state.pid), 'end')).toBe(true);
    const other = await startLab([eosSwitch('sw1', { address: '127.75.0.5' })]);
    await powerCycle(other.folder, 'sw1');
    process.kill(other.state.pid, 'SIGKILL');
    expect(await eventually(async () => isGone(other.state.pid), 'end')).toBe(true);
    const [first] = await truth(other.folder);
    expect(first).toMatchObject({ seq: 1, device: 'sw1', kind: 'went-down' });
  });

  test('keeps its state file to its owner and answers nobody without the token', async () => {
    const lab = await startLab([eosSwitch('sw1', { address: '127.75.0.6' })]);
    expect(statSync(join(lab.folder, 'lab-state.json')).mode & 0o777).toBe(0o600);
    const { host, port } = lab.state.control;
    for (const authorization of ['', 'Bearer ', `Bearer ${'0'.repeat(48)}`]) {
      const answer = await fetch(`http://${host}:${port}/clock`, { headers: { authorization } });
      expect(answer.status).toBe(401);
    }
  });

  test('counts time by the published clock', async () => {
    const lab = await startLab([eosSwitch('sw1', { address: '127.75.0.7' })], { speed: 20 });
    const { host, port, token } = lab.state.control;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`http://${host}:${port}/clock`, { headers });
    const clock: unknown = await answer.json();
    expect(clock).toMatchObject({ ...lab.state.clock, speed: 20 });
  });

  test('tells which fault or device it does not know', async () => {
    const lab = await startLab([eosSwitch('sw1', { address: '127.75.0.8' })]);
    await expect(strike(lab.folder, { fault: 'flash-ful', device: 'sw1' })).rejects.toThrow(
      'did you mean "flash-full"?',
    );
    await expect(powerCycle(lab.folder, 'sw9')).rejects.toThrow('no device "sw9"');
    await strike(lab.folder, { fault: 'flash-full', device: 'sw1' });
    await clear(lab.folder, 'flash-full');
    expect((await truth(lab.folder)).map(({ kind }) => kind)).toEqual([
      'fault-struck',
      'fault-cleared',
    ]);
  });
});

describe('a lab that cannot start', () => {
  test('names device, address and port when a port is taken', async () => {
    const device = await onFreePorts(eosSwitch('sw1', { address: '127.75.0.20' }));
    const taker = createServer();
    servers.push(taker);
    await new Promise<void>((resolve) => {
      taker.listen(device.sshPort, device.address, resolve);
    });
    await expect(
      startWire({ folder: newFolder(), spec: specOf([device]), ...fromSource }),
    ).rejects.toThrow(
      `sw1: cannot listen on TCP 127.75.0.20:${device.sshPort}: another process uses it`,
    );
  });

  test('refuses an address outside loopback', async () => {
    const spec = specOf([eosSwitch('sw1', { address: '10.0.0.1', sshPort: 2200 })]);
    await expect(startWire({ folder: newFolder(), spec, ...fromSource })).rejects.toThrow(
      'device sw1: address 10.0.0.1 is not a loopback address',
    );
  });

  test('refuses a second lab in the same folder', async () => {
    const lab = await startLab([eosSwitch('sw1', { address: '127.75.0.21' })]);
    const spec = specOf([await onFreePorts(eosSwitch('sw1', { address: '127.75.0.21' }))]);
    await expect(startWire({ folder: lab.folder, spec, ...fromSource })).rejects.toThrow(
      `process ${lab.state.pid} runs a lab`,
    );
    expect(readFileSync(join(lab.folder, 'lab.log'), 'utf8')).toContain('1 devices listen');
  });

  test('says how many open files it needs', () => {
    expect(() => checkFileLimit(500, 1024)).toThrow(
      '500 devices need 2064 open files, this process may have 1024',
    );
    expect(() => checkFileLimit(500, 4096)).not.toThrow();
  });
});

describe('the scheduler on real timers', () => {
  test('runs in order of lab time, first come first run, and leaves out what was cancelled', async () => {
    const errors: string[] = [];
    const clock = { realStartMs: Date.now(), virtualStartMs: 1_000_000, speed: 1000 };
    const scheduler = new WireScheduler(clock, (text) => errors.push(text));
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      scheduler.schedule(20_000, resolve);
      scheduler.schedule(9000, () => order.push('late'));
      scheduler.schedule(3000, () => order.push('early'));
      scheduler.schedule(6000, () => order.push('cancelled'))();
      scheduler.schedule(4000, () => {
        throw new Error('broken action');
      });
      scheduler.schedule(0, () => order.push('now'));
      scheduler.schedule(0, () => order.push('now, second'));
    });
    expect(order).toEqual(['now', 'now, second', 'early', 'late']);
    expect(errors).toEqual([expect.stringContaining('broken action')]);
    expect(scheduler.nowMs()).toBeGreaterThanOrEqual(1_020_000);
  });
});
