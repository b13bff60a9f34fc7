import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { Fault, messageOf } from '../../src/kernel/fault.js';
import type { LabSpec } from './lab-spec.js';
import { SPEED_MAX, SPEED_MIN, type WireClock } from './wire-scheduler.js';

/** What `lab.json` holds. */
export interface LabFile {
  readonly spec: LabSpec;
  readonly speed: number;
}

export interface WireDevice {
  readonly id: string;
  readonly host: string;
  readonly sshPort: number;
  /** Absent when the device has no SNMP. */
  readonly snmpPort?: number;
  /** `SHA256:<base64>` when the lab started. */
  readonly hostKey: string;
}

/** What `lab-state.json` holds while the lab runs. */
export interface WireState {
  readonly pid: number;
  readonly clock: WireClock;
  readonly devices: readonly WireDevice[];
  readonly jumpHosts?: readonly WireDevice[];
  readonly control: { readonly host: string; readonly port: number; readonly token: string };
}

const LAB_BYTES_MAX = 128 * 1024 * 1024;
const PORT_MAX = 65_535;

export const labFilePath = (folder: string) => join(folder, 'lab.json');
export const statePath = (folder: string) => join(folder, 'lab-state.json');
export const truthPath = (folder: string) => join(folder, 'truth.ndjson');
export const logPath = (folder: string) => join(folder, 'lab.log');

type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON of a file; undefined when there is none. Fault `lab-fault` when it cannot be read. */
function readJson(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    const { size } = statSync(path);
    if (size > LAB_BYTES_MAX) throw new Error(`it is larger than ${LAB_BYTES_MAX} bytes`);
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Fault('lab-fault', `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/** Whole or not at all, readable by the owner only. Fault `lab-fault` when the disk refuses. */
export function writePrivate(path: string, text: string): void {
  const beside = `${path}.new`;
  try {
    rmSync(beside, { force: true });
    writeFileSync(beside, text, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(beside, path);
  } catch (cause) {
    throw new Fault('lab-fault', `${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

/** The content of a private file, made by `make` the first time. */
export function keepFile(path: string, make: () => string): string {
  if (!existsSync(path)) writePrivate(path, make());
  return readFileSync(path, 'utf8');
}

const isPort = (value: unknown) =>
  value === undefined ||
  (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= PORT_MAX);

const isText = (value: unknown) => typeof value === 'string' && value !== '';

function addressProblem(address: unknown): string | undefined {
  if (typeof address !== 'string' || !isIPv4(address)) return 'address is no IPv4 address';
  if (address.startsWith('127.')) return undefined;
  return `address ${address} is not a loopback address (127.x.y.z)`;
}

function isLogin(value: unknown): boolean {
  return isFields(value) && isText(value['username']) && typeof value['password'] === 'string';
}

const isAgent = (value: unknown) =>
  value === undefined || (isFields(value) && isPort(value['port']));

function deviceProblem(device: unknown): string | undefined {
  if (!isFields(device)) return 'a device is no object';
  const { id, platform, login, serials, image, ports, peers } = device;
  if (!isText(id)) return 'a device has no id';
  const areThere = [serials, ports, peers].every(Array.isArray) && isFields(image);
  const checks: readonly (readonly [boolean, string])[] = [
    [isText(platform), 'platform is missing'],
    [isLogin(login), 'login needs username and password'],
    [areThere, 'serials, ports, peers or image is missing'],
    [isPort(device['sshPort']), 'sshPort is no port number'],
    [isAgent(device['snmp']), 'snmp is no SNMP access'],
  ];
  const problem = addressProblem(device['address']) ?? checks.find(([isRight]) => !isRight)?.[1];
  return problem === undefined ? undefined : `device ${String(id)}: ${problem}`;
}

function jumpHostProblem(jump: unknown): string | undefined {
  if (!isFields(jump) || !isText(jump['id'])) return 'a jump host has no id';
  const checks: readonly (readonly [boolean, string])[] = [
    [isLogin(jump['login']), 'login needs username and password'],
    [isPort(jump['sshPort']), 'sshPort is no port number'],
  ];
  const problem = addressProblem(jump['address']) ?? checks.find(([isRight]) => !isRight)?.[1];
  return problem === undefined ? undefined : `jump host ${String(jump['id'])}: ${problem}`;
}

/** What keeps `spec` from being put on the wire; undefined when nothing does. */
export function specProblem(spec: unknown): string | undefined {
  if (!isFields(spec)) return 'spec is missing';
  const { seed, startMs, devices, passive, links, images, faults } = spec;
  if (!isText(seed)) return 'spec.seed is missing';
  if (!Number.isFinite(startMs)) return 'spec.startMs is no number';
  const lists = Object.entries({ passive, links, images, faults });
  const missing = lists.find(([, list]) => !Array.isArray(list));
  if (missing) return `spec.${missing[0]} is no list`;
  if (!Array.isArray(devices) || devices.length === 0) return 'spec.devices is empty';
  const jumpHosts: unknown = spec['jumpHosts'] ?? [];
  if (!Array.isArray(jumpHosts)) return 'spec.jumpHosts is no list';
  const problems = [...devices.map(deviceProblem), ...jumpHosts.map(jumpHostProblem)];
  return problems.find((problem) => problem !== undefined);
}

function isLabFile(value: unknown): value is LabFile {
  return isFields(value) && specProblem(value['spec']) === undefined;
}

/** Reads `lab.json`. Fault `lab-fault` names what is wrong in it. */
export function readLabFile(folder: string): LabFile {
  const path = labFilePath(folder);
  const value = readJson(path);
  const refuse = (problem: string) => new Fault('lab-fault', `${path}: ${problem}`);
  if (value === undefined) throw refuse('there is no such file');
  if (!isLabFile(value)) {
    throw refuse(isFields(value) ? (specProblem(value['spec']) ?? '') : 'it is no object');
  }
  const { speed } = value;
  if (!(typeof speed === 'number' && speed >= SPEED_MIN && speed <= SPEED_MAX)) {
    throw refuse(`speed must be a number from ${SPEED_MIN} to ${SPEED_MAX}`);
  }
  return value;
}

function isState(value: unknown): value is WireState {
  if (!isFields(value)) return false;
  const { pid, clock, devices, control } = value;
  if (typeof pid !== 'number' || !isFields(clock) || !Array.isArray(devices)) return false;
  return isFields(control) && typeof control['port'] === 'number' && isText(control['token']);
}

/** Reads `lab-state.json`; undefined when there is none. Fault `lab-fault` when it is damaged. */
export function readState(folder: string): WireState | undefined {
  const path = statePath(folder);
  const value = readJson(path);
  if (value === undefined) return undefined;
  if (isState(value)) return value;
  throw new Fault('lab-fault', `${path} is damaged`, {
    mend: 'Remove the file, and end the lab process if it still runs.',
  });
}

/** Puts the truth of an earlier lab aside and opens a new file, which every record reaches at once. */
export function openTruth(folder: string, nowMs: number): { fd: number; close: () => void } {
  const path = truthPath(folder);
  if (existsSync(path)) renameSync(path, join(folder, `truth-before-${nowMs}.ndjson`));
  const fd = openSync(path, 'a', 0o600);
  return { fd, close: () => closeSync(fd) };
}
