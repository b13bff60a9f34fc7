import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { Fault, messageOf } from '../../src/kernel/fault.js';
import { personalityLoaders } from './personality-loaders.js';
import { readLabFile, readState, statePath, writePrivate, type WireState } from './wire-folder.js';
import { openControl } from './wire-http.js';
import { openWireLab } from './wire-lab.js';
import { loadPersonalities } from './world.js';

const STOP_MS_MAX = 3000;

function log(text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function refuseSecondLab(folder: string): void {
  const state = readState(folder);
  if (state && isAlive(state.pid)) {
    throw new Fault('lab-fault', `process ${state.pid} runs a lab in ${folder} already`, {
      mend: 'Stop that lab first, or use another folder.',
    });
  }
  rmSync(statePath(folder), { force: true });
}

async function main(folder: string): Promise<void> {
  const file = readLabFile(folder);
  refuseSecondLab(folder);
  const personalities = await loadPersonalities(file.spec, personalityLoaders);
  const lab = await openWireLab({ folder, lab: file, personalities, log });
  const token = randomBytes(24).toString('hex');
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    log('stopping');
    lab.close();
    control.server.close();
    rmSync(statePath(folder), { force: true });
    setTimeout(() => process.exit(0), STOP_MS_MAX).unref();
  };
  const control = await openControl({ lab, token, stop: () => setImmediate(stop) });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', () => {});
  const state: WireState = {
    pid: process.pid,
    clock: lab.clock,
    devices: lab.devices(),
    jumpHosts: lab.jumpHosts(),
    control: { host: '127.0.0.1', port: control.port, token },
  };
  writePrivate(statePath(folder), `${JSON.stringify(state)}\n`);
  log(`${state.devices.length} devices listen`);
}

function fail(thrown: unknown): never {
  const mend = thrown instanceof Fault && thrown.mend !== undefined ? ` ${thrown.mend}` : '';
  log(`error: ${messageOf(thrown)}${mend}`);
  process.exit(1);
}

process.on('uncaughtException', (thrown) => {
  log(thrown.stack ?? thrown.message);
  fail(thrown);
});

const folder = process.argv[2];
if (folder === undefined) fail(new Fault('usage', 'the lab folder is missing'));
await main(folder).catch(fail);
