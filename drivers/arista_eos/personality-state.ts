import { createHash } from 'node:crypto';
import type {
  SimAnswer,
  SimContext,
  SimDevice,
  SimEffect,
  SimFile,
  SimMember,
  SimShell,
} from '../../src/driver/personality.js';
import { assert } from '../../src/kernel/assert.js';

export type MaintenanceState = 'active' | 'entering' | 'maintenance' | 'exiting';

/** What EOS keeps besides what every simulated device has; lives in `SimDevice.own`. */
export interface EosOwn {
  /** File name that boot-config points at; empty when unset. */
  readonly bootImage: string;
  readonly bootConfigAtMs: number;
  readonly bootedAtMs: number;
  readonly maintenance: MaintenanceState;
  /** Zero: never changed since boot. */
  readonly maintenanceSinceMs: number;
  /** MLAG holds its ports errdisabled until then; zero: no delay runs. */
  readonly reloadDelayUntilMs: number;
  readonly savedAtMs: number;
  readonly savedBy: string;
  readonly savedBootImage: string;
  /** Newest first. */
  readonly reloads: readonly { readonly atMs: number; readonly cause: string }[];
  /** Why the device is going down; empty when nobody asked for it. */
  readonly pendingReload: string;
  readonly log: readonly string[];
  /** In the order in which they were opened. */
  readonly sessions: readonly EosSession[];
}

/** A configuration session: a candidate of its own beside the running configuration. */
export interface EosSession {
  readonly name: string;
  readonly state: 'pending' | 'timed' | 'completed';
  /** The candidate; of a session with a running timer, what the device goes back to. */
  readonly config: string;
  /** When a running timer is over; else when the session was completed. */
  readonly atMs: number;
}

/** One line from one shell, with all it may look at. */
export interface Turn {
  readonly device: SimDevice;
  readonly shell: SimShell;
  readonly context: SimContext;
}

export const USER_RELOAD = 'Reload requested by the user.';
export const POWER_LOSS = 'The system rebooted due to a Power Loss';
const LOG_LINES = 50;
const MAINTENANCE: readonly MaintenanceState[] = ['active', 'entering', 'maintenance', 'exiting'];

export function readOwn(device: SimDevice): EosOwn {
  const own = device.own;
  return {
    bootImage: textOf(own['bootImage']),
    bootConfigAtMs: numberOf(own['bootConfigAtMs']),
    bootedAtMs: numberOf(own['bootedAtMs']),
    maintenance: MAINTENANCE.find((state) => state === own['maintenance']) ?? 'active',
    maintenanceSinceMs: numberOf(own['maintenanceSinceMs']),
    reloadDelayUntilMs: numberOf(own['reloadDelayUntilMs']),
    savedAtMs: numberOf(own['savedAtMs']),
    savedBy: textOf(own['savedBy']),
    savedBootImage: textOf(own['savedBootImage']),
    reloads: reloadsOf(own['reloads']),
    pendingReload: textOf(own['pendingReload']),
    log: listOf(own['log']).map(textOf),
    sessions: sessionsOf(own['sessions']),
  };
}

export function withOwn(device: SimDevice, patch: Partial<EosOwn>): SimDevice {
  return { ...device, own: { ...device.own, ...patch } };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function reloadsOf(value: unknown): EosOwn['reloads'] {
  return listOf(value).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const atMs: unknown = 'atMs' in entry ? entry.atMs : undefined;
    const cause: unknown = 'cause' in entry ? entry.cause : undefined;
    return [{ atMs: numberOf(atMs), cause: textOf(cause) }];
  });
}

const SESSION_STATES: readonly EosSession['state'][] = ['pending', 'timed', 'completed'];

function sessionsOf(value: unknown): EosOwn['sessions'] {
  return listOf(value).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const name: unknown = 'name' in entry ? entry.name : undefined;
    const said: unknown = 'state' in entry ? entry.state : undefined;
    const config: unknown = 'config' in entry ? entry.config : undefined;
    const atMs: unknown = 'atMs' in entry ? entry.atMs : undefined;
    const state = SESSION_STATES.find((each) => each === said) ?? 'pending';
    return [{ name: textOf(name), state, config: textOf(config), atMs: numberOf(atMs) }];
  });
}

/** The one member of an EOS switch. */
export function chassis(device: SimDevice): SimMember {
  const member = device.members[0];
  assert(member !== undefined, `simulated device ${device.id} has no member`);
  return member;
}

export function withFiles(device: SimDevice, files: readonly SimFile[]): SimDevice {
  const member = chassis(device);
  const changed: SimMember = { ...member, flash: { ...member.flash, files } };
  return { ...device, members: [changed, ...device.members.slice(1)] };
}

/** A full flash has no block left, whatever its files add up to. */
export function freeBytes(device: SimDevice): number {
  if (device.faults.includes('flash-full')) return 0;
  const { flash } = chassis(device);
  return Math.max(0, flash.totalBytes - flash.files.reduce((sum, file) => sum + file.sizeBytes, 0));
}

/** How long the switch has been up, as its own commands and SNMP agent count it. */
export function uptimeMs(device: SimDevice, nowMs: number): number {
  const since = device.power === 'up' ? device.powerSinceMs : readOwn(device).bootedAtMs;
  return Math.max(0, nowMs - since);
}

/** Sales names end in the airflow letter; most of EOS prints the model without it. */
export function baseModel(device: SimDevice): string {
  return device.model.replace(/-[FR]$/, '');
}

export function textFile(name: string, text: string, nowMs: number): SimFile {
  return {
    name,
    sizeBytes: Buffer.byteLength(text),
    sha512: createHash('sha512').update(text).digest('hex'),
    md5: createHash('md5').update(text).digest('hex'),
    modifiedAtMs: nowMs,
  };
}

export function print(lines: readonly string[], delayMs?: number): SimEffect {
  const text = lines.map((line) => `${line}\r\n`).join('');
  return delayMs === undefined ? { kind: 'print', text } : { kind: 'print', text, delayMs };
}

/** The question's text stays on its line, without a line end. */
export function ask(text: string): SimEffect {
  return { kind: 'print', text };
}

export function reply(turn: Turn, lines: readonly string[]): SimAnswer {
  return {
    device: turn.device,
    shell: turn.shell,
    effects: lines.length === 0 ? [] : [print(lines)],
  };
}

/** A whole number in [low, high], from the device's own stream. */
export function between(context: SimContext, low: number, high: number): number {
  return low + Math.floor(context.chance() * (high - low + 1));
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function two(value: number): string {
  return String(value).padStart(2, '0');
}

export function clockTime(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
}

/** `Mon Nov 23 20:22:33 2026`, days padded with a blank as ctime does. */
export function longTime(ms: number): string {
  const at = new Date(ms);
  const day = `${DAYS[at.getUTCDay()] ?? ''} ${MONTHS[at.getUTCMonth()] ?? ''}`;
  return `${day} ${String(at.getUTCDate()).padStart(2)} ${clockTime(ms)} ${at.getUTCFullYear()}`;
}

/** `Nov 23 20:22:33`, as in log lines. */
export function logTime(ms: number): string {
  const at = new Date(ms);
  const month = MONTHS[at.getUTCMonth()] ?? '';
  return `${month} ${String(at.getUTCDate()).padStart(2)} ${clockTime(ms)}`;
}

const HALF_YEAR_MS = 15_778_800_000;

/** The date column of `dir`: with the hour when recent, with the year when old. */
export function fileTime(ms: number, nowMs: number): string {
  const at = new Date(ms);
  const day = `${MONTHS[at.getUTCMonth()] ?? ''} ${at.getUTCDate()}`;
  const recent = nowMs - ms < HALF_YEAR_MS;
  return recent ? `${day} ${clockTime(ms).slice(0, 5)}` : `${day}  ${at.getUTCFullYear()}`;
}

/** `0:04:09` or `68 days, 0:11:28`. */
export function ageText(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const clock = `${hours}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  if (days === 0) return clock;
  return `${days} ${days === 1 ? 'day' : 'days'}, ${clock}`;
}

export function withLog(device: SimDevice, line: string, nowMs: number): SimDevice {
  const entry = `${logTime(nowMs)} ${device.hostname} ${line}`;
  return withOwn(device, { log: [...readOwn(device).log, entry].slice(-LOG_LINES) });
}
