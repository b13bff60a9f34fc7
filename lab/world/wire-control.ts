import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Fault, messageOf } from '../../src/kernel/fault.js';
import type { SimDevice } from '../../src/driver/personality.js';
import type { FlowLoss } from '../../src/topology/flow-meter.js';
import type { TruthRecord } from './event-log.js';
import type { FaultStrike } from './fault.js';
import type { LabSpec } from './lab-spec.js';
import {
  isFields,
  labFilePath,
  logPath,
  readLabFile,
  readState,
  specProblem,
  statePath,
  truthPath,
  writePrivate,
  type WireState,
} from './wire-folder.js';

export interface StartOptions {
  /** Made if it is not there; holds everything of this lab. */
  readonly folder: string;
  readonly spec: LabSpec;
  /** Lab milliseconds in one real millisecond; default 1. */
  readonly speed?: number;
  /** The Node that runs the lab; default this one. */
  readonly execPath?: string;
  /** Arguments of that Node before the program. */
  readonly execArgs?: readonly string[];
  /** The program; default the one beside this module. */
  readonly program?: string;
  /** Default 60 s. */
  readonly timeoutMs?: number;
}

const POLL_MS = 30;
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;
const ANSWER_MS_MAX = 5000;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/**
 * Starts the lab of `spec` in a process of its own that outlives this one, and gives its state when every port is open.
 * Fault `lab-fault` with the lab's own words when it cannot start, or when one runs in this folder already.
 */
export async function startWire(options: StartOptions): Promise<WireState> {
  const { folder, spec, speed = 1 } = options;
  const problem = specProblem(spec);
  if (problem !== undefined)
    throw new Fault('lab-fault', `the lab cannot go on the wire: ${problem}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const running = await wireState(folder);
  if (running) {
    throw new Fault('lab-fault', `process ${running.pid} runs a lab in ${folder} already`, {
      mend: 'Run `nightshift lab down` first.',
    });
  }
  rmSync(statePath(folder), { force: true });
  writePrivate(labFilePath(folder), `${JSON.stringify({ spec, speed })}\n`);
  readLabFile(folder);
  return await launch(options);
}

function spawnLab(options: StartOptions): ChildProcess {
  const { folder, execArgs = [], execPath = process.execPath } = options;
  const program = options.program ?? fileURLToPath(new URL('./wire-main.js', import.meta.url));
  const log = openSync(logPath(folder), 'a', 0o600);
  try {
    return spawn(execPath, [...execArgs, program, folder], {
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

async function launch(options: StartOptions): Promise<WireState> {
  const { folder, timeoutMs = START_MS_MAX } = options;
  const logFrom = existsSync(logPath(folder)) ? statSync(logPath(folder)).size : 0;
  const child = spawnLab(options);
  let failed: string | undefined;
  child.once('error', (error) => {
    failed = error.message;
  });
  child.once('exit', () => {
    failed ??= lastWords(folder, logFrom);
  });
  const untilMs = Date.now() + timeoutMs;
  while (failed === undefined && Date.now() < untilMs) {
    await pause(POLL_MS);
    const state = readState(folder);
    if (state?.pid !== undefined && state.pid === child.pid) {
      child.unref();
      return state;
    }
  }
  child.kill('SIGKILL');
  throw new Fault('lab-fault', `the lab did not start: ${failed ?? 'it took too long'}`, {
    mend: `Look at ${logPath(folder)}.`,
  });
}

/** What the lab logged last in this attempt. */
function lastWords(folder: string, from: number): string {
  const lines = readFileSync(logPath(folder)).subarray(from).toString('utf8').split('\n');
  const error = lines.findLast((line) => line.includes(' error: '));
  return error?.replace(/^.*? error: /, '') ?? lines.filter(Boolean).at(-1) ?? 'it said nothing';
}

/** The state of the lab that runs in `folder`; undefined when none does. */
export async function wireState(folder: string): Promise<WireState | undefined> {
  const state = readState(folder);
  if (!state || !isAlive(state.pid)) return undefined;
  const answer = await call(state, 'GET', '/clock').catch(() => undefined);
  return answer === undefined ? undefined : state;
}

/** Stops the lab of `folder`. True when one ran. Fault `lab-fault` when it does not end. */
export async function stopWire(folder: string): Promise<boolean> {
  const state = await wireState(folder);
  if (!state) {
    rmSync(statePath(folder), { force: true });
    return false;
  }
  await call(state, 'POST', '/stop', {}).catch(() => undefined);
  const untilMs = Date.now() + STOP_MS_MAX;
  while (Date.now() < untilMs) {
    if (!isAlive(state.pid)) {
      rmSync(statePath(folder), { force: true });
      return true;
    }
    await pause(POLL_MS);
  }
  throw new Fault('lab-fault', `the lab process ${state.pid} does not end`, {
    mend: `End it with: kill ${state.pid}`,
  });
}

/** What really happened in the lab after record `after`; from its file when the lab is gone. */
export async function truth(folder: string, after = 0): Promise<readonly TruthRecord[]> {
  const state = await wireState(folder);
  if (state) return recordsOf(await call(state, 'GET', `/truth?after=${after}`));
  if (!existsSync(truthPath(folder))) return [];
  return recordsOf(readFileSync(truthPath(folder), 'utf8')).slice(after);
}

/** Every dial, typed line and truth of the lab, in order, as `<lab ms> <device> <what>`. Fault `lab-fault` when no lab runs. */
export async function wireLog(folder: string): Promise<readonly string[]> {
  return (await ask(folder, 'GET', '/log')).split('\n').filter((line) => line !== '');
}

/** The device as the lab holds it now. Fault `lab-fault` when lab or device is not there. */
export async function deviceState(folder: string, device: string): Promise<SimDevice> {
  const text = await ask(folder, 'GET', `/state/${encodeURIComponent(device)}`);
  const value: unknown = JSON.parse(text);
  if (!isDevice(value)) throw new Fault('lab-fault', `the lab gave no state of ${device}`);
  return value;
}

/** What becomes of every declared flow at this instant. Fault `lab-fault` when no lab runs. */
export async function wireFlows(folder: string): Promise<readonly FlowLoss[]> {
  const value: unknown = JSON.parse(await ask(folder, 'GET', '/flows'));
  if (Array.isArray(value) && value.every(isFlowLoss)) return value;
  throw new Fault('lab-fault', 'the lab gave no losses of flows');
}

function isFlowLoss(value: unknown): value is FlowLoss {
  return (
    isFields(value) && typeof value['name'] === 'string' && typeof value['lossPercent'] === 'number'
  );
}

/** Gives a fault its place in the lab. Fault `lab-fault` when the lab does not know it. */
export async function strike(folder: string, order: FaultStrike): Promise<void> {
  await ask(folder, 'POST', '/strike', order);
}

/** Takes a fault away, from one device or all. */
export async function clear(folder: string, fault: string, device?: string): Promise<void> {
  await ask(folder, 'POST', '/clear', { fault, ...(device !== undefined && { device }) });
}

/** Mains off and on. */
export async function powerCycle(folder: string, device: string): Promise<void> {
  await ask(folder, 'POST', '/power-cycle', { device });
}

function isDevice(value: unknown): value is SimDevice {
  return isFields(value) && typeof value['id'] === 'string' && Array.isArray(value['members']);
}

function isRecord(value: unknown): value is TruthRecord {
  return isFields(value) && typeof value['seq'] === 'number' && typeof value['kind'] === 'string';
}

/** A last line that is not complete was never written: the lab died in it. */
function recordsOf(text: string): readonly TruthRecord[] {
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isRecord(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}

type Method = 'GET' | 'POST';

async function ask(folder: string, method: Method, path: string, body?: object): Promise<string> {
  const state = await wireState(folder);
  if (!state) throw new Fault('lab-fault', `no lab runs in ${folder}`);
  return await call(state, method, path, body);
}

function call(state: WireState, method: Method, path: string, body?: object): Promise<string> {
  const { host, port, token } = state.control;
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const fail = (thrown: unknown) =>
      reject(new Fault('lab-fault', `the lab does not answer: ${messageOf(thrown)}`));
    const timeout = ANSWER_MS_MAX;
    const out = request({ host, port, method, path, headers, timeout, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        text += piece;
        if (text.length > ANSWER_BYTES_MAX) answer.destroy(new Error('the answer is too long'));
      });
      answer.on('error', fail);
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(text);
        else reject(new Fault('lab-fault', errorIn(text)));
      });
    });
    out.on('error', fail);
    out.on('timeout', () => out.destroy(new Error('no answer in time')));
    out.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function errorIn(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? String(value['error']) : text;
  } catch {
    return text;
  }
}
