import type {
  SimContext,
  SimDevice,
  SimEffect,
  SimFile,
  SimMember,
  SimShell,
} from '../../src/driver/personality.js';

/** An image as the installer knows it: Inactive, Uncommitted (activated), Committed. */
export interface InstalledImage {
  readonly version: string;
  readonly state: 'I' | 'U' | 'C';
}

export interface RollbackPoint {
  readonly id: number;
  readonly version: string;
  readonly createdAtMs: number;
}

export type OperationName =
  'install_add' | 'install_activate' | 'install_commit' | 'install_abort' | 'install_rollback';

/** An install operation between its command and the moment its effect is there. */
export interface Operation {
  readonly name: OperationName;
  readonly version: string;
  /** `install_add`: the image file's name. */
  readonly fileName: string;
  readonly untilMs: number;
  readonly autoAbortMs: number;
}

/** When a stack member that is not the active one joins again after a boot. */
export interface Join {
  readonly id: string;
  readonly syncAtMs: number;
  readonly readyAtMs: number;
  /** It runs another version, and is kept out of the stack. */
  readonly isOdd: boolean;
}

/** A change that goes back to `config` unless it is confirmed. */
export interface PendingRevert {
  readonly atMs: number;
  readonly minutes: number;
  /** The copy's name in the archive. */
  readonly file: string;
  readonly config: string;
}

export interface ScheduledReload {
  readonly atMs: number;
  readonly dueAtMs: number;
  readonly reason: string;
}

/** What `SimDevice.own` holds. Times are epoch ms; 0 means never or none. */
export interface Own {
  readonly images: readonly InstalledImage[];
  /** The version that packages.conf names on every member. */
  readonly packagesConf: string;
  readonly rollbacks: readonly RollbackPoint[];
  readonly abortAtMs: number;
  readonly operation: Operation | null;
  readonly joins: readonly Join[];
  readonly reloadReason: string;
  readonly changedAtMs: number;
  readonly savedAtMs: number;
  readonly revert: PendingRevert | null;
  readonly scheduled: ScheduledReload | null;
  /** Copies of the configuration made so far. */
  readonly archives: number;
}

/** A command as it came, for its handler. */
export interface Ask {
  readonly device: SimDevice;
  readonly shell: SimShell;
  readonly context: SimContext;
  readonly args: Readonly<Record<string, string>>;
}

/** `lines` are paged and piped; `text` follows them raw, without a line end (a question). */
export interface Reply {
  readonly device?: SimDevice;
  readonly shell?: SimShell;
  readonly lines?: readonly string[];
  readonly text?: string;
  readonly effects?: readonly SimEffect[];
  readonly mutation?: string;
}

export type Handler = (ask: Ask) => Reply;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numeric(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

const operationNames: readonly OperationName[] = [
  'install_add',
  'install_activate',
  'install_commit',
  'install_abort',
  'install_rollback',
];

function readOperation(value: unknown): Operation | null {
  if (!isRecord(value)) return null;
  const name = operationNames.find((known) => known === value['name']);
  if (name === undefined) return null;
  return {
    name,
    version: text(value['version']),
    fileName: text(value['fileName']),
    untilMs: numeric(value['untilMs']),
    autoAbortMs: numeric(value['autoAbortMs']),
  };
}

function readRevert(value: unknown): PendingRevert | null {
  if (!isRecord(value)) return null;
  return {
    atMs: numeric(value['atMs']),
    minutes: numeric(value['minutes']),
    file: text(value['file']),
    config: text(value['config']),
  };
}

function readScheduled(value: unknown): ScheduledReload | null {
  if (!isRecord(value)) return null;
  return {
    atMs: numeric(value['atMs']),
    dueAtMs: numeric(value['dueAtMs']),
    reason: text(value['reason']),
  };
}

function readState(value: unknown): InstalledImage['state'] {
  return value === 'U' || value === 'C' ? value : 'I';
}

/** The personality's own part of the state. Anything unreadable in it reads as absent. */
export function ownOf(device: SimDevice): Own {
  const own = device.own;
  return {
    images: records(own['images']).map((image) => ({
      version: text(image['version']),
      state: readState(image['state']),
    })),
    packagesConf: text(own['packagesConf']),
    rollbacks: records(own['rollbacks']).map((point) => ({
      id: numeric(point['id']),
      version: text(point['version']),
      createdAtMs: numeric(point['createdAtMs']),
    })),
    abortAtMs: numeric(own['abortAtMs']),
    operation: readOperation(own['operation']),
    joins: records(own['joins']).map((join) => ({
      id: text(join['id']),
      syncAtMs: numeric(join['syncAtMs']),
      readyAtMs: numeric(join['readyAtMs']),
      isOdd: join['isOdd'] === true,
    })),
    reloadReason: text(own['reloadReason']) || 'Reload Command',
    changedAtMs: numeric(own['changedAtMs']),
    savedAtMs: numeric(own['savedAtMs']),
    revert: readRevert(own['revert']),
    scheduled: readScheduled(own['scheduled']),
    archives: numeric(own['archives']),
  };
}

export function withOwn(device: SimDevice, patch: Partial<Own>): SimDevice {
  return { ...device, own: { ...device.own, ...patch } };
}

export function activeMember(device: SimDevice): SimMember | undefined {
  return device.members.find((member) => member.role === 'active') ?? device.members[0];
}

/** The member that a file system name means: `flash:` is the active's, `flash-2:` is member 2's. */
export function memberOfFileSystem(device: SimDevice, fileSystem: string): SimMember | undefined {
  if (fileSystem === 'flash:' || fileSystem === 'bootflash:') return activeMember(device);
  const numbered = /^flash-(\d{1,2}):$/.exec(fileSystem);
  return device.members.find((member) => member.id === numbered?.[1]);
}

/** Does this member wait in its loader after a reload? */
export function isManual(device: SimDevice, memberId: string): boolean {
  const isLast = device.members.at(-1)?.id === memberId;
  return isLast && device.faults.includes('manual-boot-member');
}

export type MemberState = 'Provisioned' | 'Sync Started' | 'V-Mismatch' | 'Ready';

export function memberState(device: SimDevice, memberId: string, nowMs: number): MemberState {
  const join = ownOf(device).joins.find((one) => one.id === memberId);
  if (join?.isOdd === true && nowMs >= join.syncAtMs) return 'V-Mismatch';
  if (join === undefined || nowMs >= join.readyAtMs) return 'Ready';
  return nowMs >= join.syncAtMs ? 'Sync Started' : 'Provisioned';
}

function usedBytes(member: SimMember): number {
  return member.flash.files.reduce((sum, file) => sum + file.sizeBytes, 0);
}

export function freeBytes(member: SimMember): number {
  return Math.max(0, member.flash.totalBytes - usedBytes(member));
}

/** `member` with these files; one of the same name is replaced. */
export function withFiles(member: SimMember, added: readonly SimFile[]): SimMember {
  const names = new Set(added.map((file) => file.name));
  const kept = member.flash.files.filter((file) => !names.has(file.name));
  return { ...member, flash: { ...member.flash, files: [...kept, ...added] } };
}

export function withoutFiles(member: SimMember, names: ReadonlySet<string>): SimMember {
  const files = member.flash.files.filter((file) => !names.has(file.name));
  return { ...member, flash: { ...member.flash, files } };
}

/** Does the running config differ from the saved one, release line aside? */
export function isUnsaved(device: SimDevice): boolean {
  const strip = (config: string): string => config.replace(/^version .*$/m, '').trim();
  return strip(device.runningConfig) !== strip(device.startupConfig);
}

/** A command that only shows. */
export function shows(render: (ask: Ask) => readonly string[]): Handler {
  return (ask) => ({ lines: render(ask) });
}
