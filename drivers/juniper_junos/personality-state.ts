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

export const PLATFORM = 'juniper_junos';

/** A Junos release and the package that it came in. */
export interface Release {
  readonly version: string;
  readonly file: string;
}

/** One routing engine with the software sets on its disk. */
export interface Engine {
  readonly id: string;
  readonly running: Release;
  /** Becomes the running one with the next boot. */
  readonly pending: Release | null;
  /** What `request system software rollback` goes back to. */
  readonly previous: Release | null;
  readonly bootedAtMs: number;
  /** While it boots on its own, the other one being master: when it is back. Zero: it is up. */
  readonly backAtMs: number;
  readonly reason: string;
  /** An installation under way and when its package is in place; zero: none. */
  readonly installing: Release | null;
  readonly installedAtMs: number;
  /** Only the guest boots next time, not its host: what waits goes on waiting. */
  readonly guestOnly: boolean;
}

export interface Commit {
  readonly atMs: number;
  readonly user: string;
  readonly via: string;
  readonly comment: string;
  readonly config: string;
}

/** What is going to happen to the chassis when it goes down. */
export type Going = 'reboot' | 'reboot-master' | 'switch' | 'halt' | '';

/** What Junos keeps besides what every simulated device has; lives in `SimDevice.own`. Times are epoch ms, 0 is never. */
export interface JunosOwn {
  readonly engines: readonly Engine[];
  readonly master: string;
  /** The shared candidate when it differs from what is committed; else empty. */
  readonly candidate: string;
  /** The last number given to a session that holds the configuration for itself. */
  readonly ticket: number;
  /** Number of the session that holds it now; zero: nobody. */
  readonly holder: number;
  readonly heldCandidate: string;
  /** Newest first; the first is what runs. */
  readonly commits: readonly Commit[];
  readonly rescue: string;
  readonly confirmByMs: number;
  /** What is committed again when nobody confirms. */
  readonly confirmBack: string;
  readonly going: Going;
  readonly goingReason: string;
  readonly rebootAtMs: number;
  readonly rebootScope: string;
  readonly switchedAtMs: number;
}

/** One line from one shell, with all it may look at. */
export interface Turn {
  readonly device: SimDevice;
  readonly shell: SimShell;
  readonly context: SimContext;
}

type Values = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function records(value: unknown): readonly Values[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function releaseOf(value: unknown): Release | null {
  if (!isRecord(value)) return null;
  return { version: textOf(value['version']), file: textOf(value['file']) };
}

function engineOf(value: Values): Engine {
  return {
    id: textOf(value['id']),
    running: releaseOf(value['running']) ?? { version: '', file: '' },
    pending: releaseOf(value['pending']),
    previous: releaseOf(value['previous']),
    bootedAtMs: numberOf(value['bootedAtMs']),
    backAtMs: numberOf(value['backAtMs']),
    reason: textOf(value['reason']),
    installing: releaseOf(value['installing']),
    installedAtMs: numberOf(value['installedAtMs']),
    guestOnly: value['guestOnly'] === true,
  };
}

function commitOf(value: Values): Commit {
  return {
    atMs: numberOf(value['atMs']),
    user: textOf(value['user']),
    via: textOf(value['via']),
    comment: textOf(value['comment']),
    config: textOf(value['config']),
  };
}

const GOING: readonly Going[] = ['reboot', 'reboot-master', 'switch', 'halt', ''];

/** The personality's own part of the state. Anything unreadable in it reads as absent. */
export function readOwn(device: SimDevice): JunosOwn {
  const own = device.own;
  return {
    engines: records(own['engines']).map(engineOf),
    master: textOf(own['master']),
    candidate: textOf(own['candidate']),
    ticket: numberOf(own['ticket']),
    holder: numberOf(own['holder']),
    heldCandidate: textOf(own['heldCandidate']),
    commits: records(own['commits']).map(commitOf),
    rescue: textOf(own['rescue']),
    confirmByMs: numberOf(own['confirmByMs']),
    confirmBack: textOf(own['confirmBack']),
    going: GOING.find((each) => each === own['going']) ?? '',
    goingReason: textOf(own['goingReason']),
    rebootAtMs: numberOf(own['rebootAtMs']),
    rebootScope: textOf(own['rebootScope']),
    switchedAtMs: numberOf(own['switchedAtMs']),
  };
}

export function withOwn(device: SimDevice, patch: Partial<JunosOwn>): SimDevice {
  return { ...device, own: { ...device.own, ...patch } };
}

export function withEngine(device: SimDevice, id: string, patch: Partial<Engine>): SimDevice {
  const engines = readOwn(device).engines.map((engine) =>
    engine.id === id ? { ...engine, ...patch } : engine,
  );
  return withOwn(device, { engines });
}

export function isDual(device: SimDevice): boolean {
  return device.members.length > 1;
}

export function masterEngine(device: SimDevice): Engine {
  const { engines, master } = readOwn(device);
  const engine = engines.find(({ id }) => id === master) ?? engines[0];
  assert(engine !== undefined, `simulated device ${device.id} has no routing engine`);
  return engine;
}

export function otherEngine(device: SimDevice): Engine | undefined {
  const { engines, master } = readOwn(device);
  return engines.find(({ id }) => id !== master);
}

export function engineNamed(device: SimDevice, id: string): Engine | undefined {
  return readOwn(device).engines.find((engine) => engine.id === id);
}

export function isUp(engine: Engine, nowMs: number): boolean {
  return nowMs >= engine.backAtMs;
}

export function memberOf(device: SimDevice, id: string): SimMember {
  const member = device.members.find((each) => each.id === id) ?? device.members[0];
  assert(member !== undefined, `simulated device ${device.id} has no member`);
  return member;
}

/** Installations and boots of single engines that are over by now have taken effect. */
export function settle(device: SimDevice, nowMs: number): SimDevice {
  const { engines } = readOwn(device);
  const settled = engines.map((engine) => settledEngine(engine, nowMs));
  const isSame = settled.every((engine, at) => engine === engines[at]);
  return isSame ? device : withOwn(device, { engines: settled });
}

function settledEngine(engine: Engine, nowMs: number): Engine {
  const isInstalled = engine.installing !== null && engine.installedAtMs <= nowMs;
  const ready: Engine = isInstalled
    ? { ...engine, pending: engine.installing, installing: null, installedAtMs: 0 }
    : engine;
  const isBack = ready.backAtMs > 0 && ready.backAtMs <= nowMs;
  return isBack ? booted(ready, ready.backAtMs) : ready;
}

/** The engine after a boot: what was pending runs, what ran can be gone back to, what was half installed is lost. */
export function booted(engine: Engine, atMs: number): Engine {
  const fresh = { backAtMs: 0, installing: null, installedAtMs: 0, guestOnly: false };
  const up: Engine = { ...engine, ...fresh, bootedAtMs: atMs };
  if (engine.pending === null || engine.guestOnly) return up;
  return { ...up, running: engine.pending, pending: null, previous: engine.running };
}

/** Roles and running version follow the mastership. */
export function withMaster(device: SimDevice, id: string): SimDevice {
  const moved = withOwn(device, { master: id });
  const engine = masterEngine(moved);
  return {
    ...moved,
    runningVersion: engine.running.version,
    runningImage: engine.running.file,
    members: moved.members.map((member) => ({
      ...member,
      role: member.id === id ? 'active' : 'standby',
    })),
  };
}

export function withFiles(
  device: SimDevice,
  memberId: string,
  files: readonly SimFile[],
): SimDevice {
  return {
    ...device,
    members: device.members.map((member) =>
      member.id === memberId ? { ...member, flash: { ...member.flash, files } } : member,
    ),
  };
}

export function freeBytes(member: SimMember): number {
  const used = member.flash.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return Math.max(0, member.flash.totalBytes - used);
}

export function print(lines: readonly string[], delayMs?: number): SimEffect {
  const text = lines.map((line) => `${line}\r\n`).join('');
  return delayMs === undefined ? { kind: 'print', text } : { kind: 'print', text, delayMs };
}

export function reply(turn: Turn, lines: readonly string[]): SimAnswer {
  const effects = lines.length === 0 ? [] : [print(lines)];
  return { device: turn.device, shell: turn.shell, effects };
}

/** Opens a question; its text stays on the line. */
export function asking(
  turn: Turn,
  question: NonNullable<SimShell['question']>,
  text: string,
): SimAnswer {
  return {
    device: turn.device,
    shell: { ...turn.shell, question },
    effects: [{ kind: 'print', text }],
  };
}

export function answered(shell: SimShell): SimShell {
  return { mode: shell.mode, paging: shell.paging };
}

/** A whole number in [low, high], from the device's own stream. */
export function between(context: SimContext, low: number, high: number): number {
  return low + Math.floor(context.chance() * (high - low + 1));
}

/** A stable number below `limit` from any text. */
export function stable(text: string, limit: number): number {
  let hash = 2_166_136_261;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return hash % limit;
}
