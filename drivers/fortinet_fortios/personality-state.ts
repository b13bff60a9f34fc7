import type {
  SimAnswer,
  SimContext,
  SimDevice,
  SimEffect,
  SimMember,
  SimShell,
} from '../../src/driver/personality.js';
import { assert } from '../../src/kernel/assert.js';
import { recall } from '../../src/kernel/recall.js';
import type { Node } from './personality-tree.js';

/** One of a unit's two places for firmware. The configuration beside it is that of the last time it ran. */
export interface Partition {
  readonly version: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** Empty: staged, never run. */
  readonly config: string;
}

/** One FortiGate of the cluster, or the only one. Times are epoch ms. */
export interface Unit {
  /** That of its SimMember. */
  readonly id: string;
  readonly serial: string;
  /** Its own name: the members of a cluster do not share it. */
  readonly hostname: string;
  readonly priority: number;
  readonly partitions: readonly [Partition | null, Partition | null];
  readonly active: 0 | 1;
  /** Which partition the next boot takes. */
  readonly next: 0 | 1;
  readonly bootedAtMs: number;
  /** Down for a boot until then; zero: it never was. */
  readonly awayUntilMs: number;
  readonly lostAtMs: number;
  /** Its configuration agrees with the primary's from then on. */
  readonly inSyncAtMs: number;
  /** Until then it runs what it booted; then the primary's release, when that is another. Zero: nothing to level. */
  readonly levelAtMs: number;
  readonly rebootReason: string;
}

/** A download that the device waits for. */
export interface Fetch {
  readonly kind: 'image' | 'secondary-image';
  /** Which unit it is for. */
  readonly unit: string;
  readonly server: string;
}

export interface Election {
  readonly atMs: number;
  readonly serial: string;
  readonly reason: string;
}

/** What FortiOS keeps besides what every simulated device has; lives in `SimDevice.own`. */
export interface Own {
  readonly units: readonly Unit[];
  readonly fetch: Fetch | null;
  /** A cluster upgrade is under way: the secondary is done first. */
  readonly upgradingTo: string;
  /** Why the device is going down; empty when nobody asked for it. */
  readonly pending: '' | 'reboot' | 'reload-config' | 'upgrade' | 'failover' | 'upgrade-failover';
  /** A staged image is still being written until then. */
  readonly writingUntilMs: number;
  /** When unsaved changes go back by themselves; zero: they do not. */
  readonly revertAtMs: number;
  readonly changedAtMs: number;
  /** Newest first. */
  readonly elections: readonly Election[];
  readonly clusterSinceMs: number;
  readonly configErrors: readonly string[];
}

/** Where a shell stands in the configuration. */
export interface Frame {
  readonly kind: 'config' | 'edit';
  readonly name: string;
}

/** What `SimShell.mode` says. */
export interface Place {
  /** The unit whose shell this is, when it is not the primary's: `execute ha manage`. */
  readonly unit?: string;
  /** `global` or a virtual domain's name: where the commands at home apply. */
  readonly scope?: string;
  readonly frames: readonly Frame[];
  /** The object that is being edited, as it will be: kept apart until `next` or `end`. */
  readonly draft?: Node;
  /** A line that goes on: a quote is open. */
  readonly open?: string;
}

/** One line from one shell, with all it may look at. */
export interface Turn {
  readonly device: SimDevice;
  readonly shell: SimShell;
  readonly context: SimContext;
}

/** `lines` go through grep and the pager; `ask` stays on its line. */
export interface Reply {
  readonly device?: SimDevice;
  readonly shell?: SimShell;
  readonly lines?: readonly string[];
  readonly ask?: string;
  readonly effects?: readonly SimEffect[];
  readonly mutation?: string;
}

export const HOME = 'home';

export function placeOf(shell: SimShell): Place {
  return shell.mode === HOME ? { frames: [] } : recall<Place>(JSON.parse(shell.mode));
}

export function withPlace(shell: SimShell, place: Place): SimShell {
  const { frames, unit, open, scope } = place;
  const isHome = frames.length === 0 && [unit, open, scope].every((one) => one === undefined);
  return { ...shell, mode: isHome ? HOME : JSON.stringify(place) };
}

export function ownOf(device: SimDevice): Own {
  return recall<Own>(device.own);
}

export function withOwn(device: SimDevice, patch: Partial<Own>): SimDevice {
  return { ...device, own: { ...device.own, ...patch } };
}

export function withUnit(device: SimDevice, id: string, patch: Partial<Unit>): SimDevice {
  const units = ownOf(device).units.map((unit) => (unit.id === id ? { ...unit, ...patch } : unit));
  return withOwn(device, { units });
}

export function isCluster(device: SimDevice): boolean {
  return device.members.length > 1;
}

export function primaryMember(device: SimDevice): SimMember {
  const member = device.members.find(({ role }) => role === 'active') ?? device.members[0];
  assert(member !== undefined, `simulated device ${device.id} has no member`);
  return member;
}

export function memberNamed(device: SimDevice, id: string): SimMember {
  return device.members.find((member) => member.id === id) ?? primaryMember(device);
}

export function unitNamed(device: SimDevice, id: string): Unit {
  const unit = ownOf(device).units.find((one) => one.id === id);
  assert(unit !== undefined, `simulated device ${device.id} has no unit ${id}`);
  return unit;
}

export function primaryUnit(device: SimDevice): Unit {
  return unitNamed(device, primaryMember(device).id);
}

export function otherUnits(device: SimDevice): readonly Unit[] {
  const { id } = primaryUnit(device);
  return ownOf(device).units.filter((unit) => unit.id !== id);
}

/** The unit that a shell is on. */
export function shellUnit({ device, shell }: Pick<Turn, 'device' | 'shell'>): Unit {
  const { unit } = placeOf(shell);
  return unit === undefined ? primaryUnit(device) : unitNamed(device, unit);
}

export function isAway(unit: Unit, nowMs: number): boolean {
  return unit.awayUntilMs > nowMs;
}

export function isInSync(unit: Unit, nowMs: number): boolean {
  return !isAway(unit, nowMs) && unit.inSyncAtMs <= nowMs;
}

export function runningPartition(unit: Unit): Partition {
  const partition = unit.partitions[unit.active];
  assert(partition !== null, `unit ${unit.serial} runs an empty partition`);
  return partition;
}

export function versionOf(unit: Unit): string {
  return runningPartition(unit).version;
}

export const otherSlot = (slot: 0 | 1): 0 | 1 => (slot === 0 ? 1 : 0);

export function withPartition(unit: Unit, slot: 0 | 1, partition: Partition | null): Unit {
  const [first, second] = unit.partitions;
  return { ...unit, partitions: slot === 0 ? [partition, second] : [first, partition] };
}

export function freeBytes(member: SimMember): number {
  const used = member.flash.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return Math.max(0, member.flash.totalBytes - used);
}

/** A whole number in [low, high], from the device's own stream. */
export function between(context: SimContext, low: number, high: number): number {
  return low + Math.floor(context.chance() * (high - low + 1));
}

export function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join('');
}

export function answerOf(turn: Turn, reply: Reply): SimAnswer {
  const shown = text(reply.lines ?? []) + (reply.ask ?? '');
  const prints: readonly SimEffect[] = shown === '' ? [] : [{ kind: 'print', text: shown }];
  return {
    device: reply.device ?? turn.device,
    shell: reply.shell ?? turn.shell,
    effects: [...prints, ...(reply.effects ?? [])],
    ...(reply.mutation !== undefined && { mutation: reply.mutation }),
  };
}
