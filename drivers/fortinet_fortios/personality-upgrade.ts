import type {
  Personality,
  SimContext,
  SimDevice,
  SimEffect,
  SimFile,
  SimMember,
} from '../../src/driver/personality.js';
import { booted, partitionFile, PLATFORM } from './personality-boot.js';
import {
  between,
  type Fetch,
  freeBytes,
  isAway,
  isCluster,
  memberNamed,
  otherSlot,
  otherUnits,
  ownOf,
  type Partition,
  primaryUnit,
  type Reply,
  runningPartition,
  shellUnit,
  text,
  type Turn,
  type Unit,
  unitNamed,
  versionOf,
  withOwn,
  withPartition,
  withUnit,
} from './personality-state.js';
import { isAtLeast, plainVersion, releaseOf } from './personality-text.js';
import { configOf, parseTree, valueOf } from './personality-tree.js';

export const FAILOVER_TIMER = 'ha-upgrade';
export const WRITE_TIMER = 'image-write';
const PULL_TAG = 'firmware';
const SHARP = '#'.repeat(100);

const WARNINGS: Readonly<Record<Fetch['kind'], string>> = {
  image: 'This operation will replace the current firmware version!',
  'secondary-image': 'This operation will store the firmware to backup partition.',
};

function isBusy(device: SimDevice, nowMs: number): boolean {
  const { fetch, upgradingTo, writingUntilMs, pending } = ownOf(device);
  return fetch !== null || upgradingTo !== '' || pending !== '' || writingUntilMs > nowMs;
}

/** `execute restore image|secondary-image tftp FILE SERVER`. */
export function restore(turn: Turn, kind: Fetch['kind'], file: string, server: string): Reply {
  return {
    ask: `${WARNINGS[kind]}\r\nDo you want to continue? (y/n)`,
    shell: {
      ...turn.shell,
      question: { id: 'restore', takes: 'key', data: { kind, file, server } },
    },
  };
}

const SERVER = /^([A-Za-z0-9][\w.-]{0,252})(?::(\d{1,5}))?$/;

/** The download begins; the device says nothing more until it is over. */
export function answerRestore(turn: Turn, data: Readonly<Record<string, unknown>>): Reply {
  const kind: Fetch['kind'] = data['kind'] === 'image' ? 'image' : 'secondary-image';
  const [file, server] = [String(data['file']), String(data['server'])];
  const [, host, port] = SERVER.exec(server) ?? [];
  if (host === undefined) {
    return { lines: ['', `Invalid server address: ${server}`, 'Command fail. Return code -8', ''] };
  }
  if (isBusy(turn.device, turn.context.nowMs)) {
    return {
      lines: ['', 'A firmware upgrade is in progress.', 'Command fail. Return code -37', ''],
    };
  }
  const fetch: Fetch = { kind, unit: shellUnit(turn).id, server: host };
  const pull: SimEffect = {
    kind: 'pull',
    tag: PULL_TAG,
    method: 'tftp',
    host,
    path: file,
    ...(port !== undefined && { port: Number(port) }),
  };
  return {
    device: withOwn(turn.device, { fetch }),
    lines: ['', 'Please wait...', '', `Connect to tftp server ${host} ...`],
    effects: [pull],
    mutation: kind === 'image' ? 'restore-image' : 'stage-image',
  };
}

interface Answer {
  readonly device: SimDevice;
  readonly effects: readonly SimEffect[];
}

const printed = (
  device: SimDevice,
  lines: readonly string[],
  effects: readonly SimEffect[] = [],
): Answer => ({
  device,
  effects: [{ kind: 'print', text: text([...lines, '']) }, ...effects],
});

function whyFailed(why: string): string {
  return /not.?found|no such|404|unknown/i.test(why) ? 'File not found.' : 'Transfer timed out.';
}

/** The member with `file` in one of its partitions; undefined when it does not fit. */
function stored(member: SimMember, slot: 0 | 1, file: SimFile): SimMember | undefined {
  const files = member.flash.files.filter(({ name }) => !name.startsWith(`${slot + 1}/`));
  const bare = { ...member, flash: { ...member.flash, files } };
  if (freeBytes(bare) < file.sizeBytes) return undefined;
  return { ...bare, flash: { ...bare.flash, files: [...files, partitionFile(slot, file)] } };
}

/** The device with the image in the backup partition of a unit; undefined when there is no room. */
function withImage(device: SimDevice, unit: Unit, file: SimFile): SimDevice | undefined {
  const slot = otherSlot(unit.active);
  const member = stored(memberNamed(device, unit.id), slot, file);
  if (!member) return undefined;
  const partition: Partition = {
    version: plainVersion(file.image?.version ?? ''),
    fileName: file.name,
    sizeBytes: file.sizeBytes,
    config: '',
  };
  const { partitions } = withPartition(unit, slot, partition);
  const members = device.members.map((one) => (one.id === member.id ? member : one));
  return withUnit({ ...device, members }, unit.id, { partitions });
}

function noRoom(unit: Unit): readonly string[] {
  return [
    `Failed to save the image on ${unit.serial}: no space left on flash partition ${otherSlot(unit.active) + 1}.`,
    'Command fail. Return code -39',
  ];
}

function maturity(version: string): readonly string[] {
  if (!isAtLeast(version, '7.2.0')) return [];
  const name = releaseOf(version).label === 'GA.M' ? 'Mature' : 'Feature';
  return [`Warning: Upgrading to an image with ${name} maturity notation.`];
}

function isRefused(file: SimFile): boolean {
  return file.image?.platform !== PLATFORM;
}

/** A download is over: the image is checked, kept, and started when that was asked for. */
export const pulled: NonNullable<Personality['pulled']> = (device, tag, result, context) => {
  const { fetch } = ownOf(device);
  if (tag !== PULL_TAG || fetch === null) return { device, effects: [] };
  const idle = withOwn(device, { fetch: null });
  if (result.kind === 'failed') {
    const lines = ['', whyFailed(result.why), 'Command fail. Return code -28'];
    return printed(idle, lines);
  }
  const got = ['', SHARP, '', 'Get image from tftp server OK.'];
  if (isRefused(result.file)) {
    const lines = ['Check image error.', '', 'Command fail. File is not an update file.'];
    return printed(idle, [...got, 'Verifying the signature of the firmware image.', ...lines]);
  }
  const version = result.file.image?.version ?? '';
  const checked = [
    ...got,
    'Verifying the signature of the firmware image.',
    'Check image OK.',
    ...maturity(version),
  ];
  return fetch.kind === 'secondary-image'
    ? stage(idle, fetch, { file: result.file, said: checked }, context)
    : upgrade(idle, { file: result.file, said: checked }, context);
};

interface Image {
  readonly file: SimFile;
  readonly said: readonly string[];
}

function stage(device: SimDevice, fetch: Fetch, image: Image, context: SimContext): Answer {
  const unit = unitNamed(device, fetch.unit);
  const kept = withImage(device, unit, image.file);
  if (!kept) return printed(device, [...image.said, ...noRoom(unit)]);
  const delayMs = between(context, 8000, 20_000);
  const writing = withOwn(kept, { writingUntilMs: context.nowMs + delayMs });
  return printed(
    writing,
    [...image.said, 'Restore to backup partition.'],
    [{ kind: 'timer', name: WRITE_TIMER, delayMs }],
  );
}

type Mode = 'one' | 'all' | 'in-turn';

function modeOf(device: SimDevice, nowMs: number): Mode {
  const there = otherUnits(device).filter((unit) => !isAway(unit, nowMs));
  if (!isCluster(device) || there.length === 0) return 'one';
  const ha = configOf(parseTree(device.runningConfig), 'system ha');
  const isAll =
    valueOf(ha, 'upgrade-mode') === 'simultaneous' ||
    valueOf(ha, 'uninterruptible-upgrade') === 'disable';
  return isAll ? 'all' : 'in-turn';
}

const INTEGRITY = 'Checking new firmware integrity ... pass';
const RESTART = ['', 'Please wait for system to restart.', ''];

/** The unit boots its backup partition next. */
function armed(device: SimDevice, unit: Unit): SimDevice {
  return withUnit(device, unit.id, { next: otherSlot(unit.active) });
}

function upgrade(device: SimDevice, image: Image, context: SimContext): Answer {
  const mode = modeOf(device, context.nowMs);
  const targets = mode === 'one' ? [primaryUnit(device)] : ownOf(device).units;
  const said = [...image.said, '', INTEGRITY];
  let ready = device;
  for (const unit of targets) {
    const kept = withImage(ready, unit, image.file);
    if (!kept) return printed(device, [...said, ...noRoom(unit)]);
    ready = armed(kept, unit);
  }
  if (mode === 'in-turn') return secondaryFirst(ready, { ...image, said }, context);
  const delayMs = between(context, 15_000, 40_000);
  const going = withOwn(ready, { pending: 'upgrade' });
  return printed(
    going,
    [...said, ...RESTART],
    [{ kind: 'reload', delayMs, reason: 'firmware upgrade' }],
  );
}

/** The secondary takes the image and boots; the primary follows when that one is back. */
function secondaryFirst(device: SimDevice, image: Image, context: SimContext): Answer {
  const [unit] = otherUnits(device);
  if (!unit) return { device, effects: [] };
  const downAtMs = context.nowMs + between(context, 10_000, 25_000);
  const backAtMs = downAtMs + between(context, 130_000, 210_000);
  const after = booted(unit, device.startupConfig, backAtMs, 'warm reboot');
  const moved = withUnit(device, unit.id, {
    ...after,
    awayUntilMs: backAtMs,
    lostAtMs: downAtMs,
    inSyncAtMs: backAtMs + between(context, 15_000, 30_000),
  });
  const delayMs = backAtMs - context.nowMs + between(context, 35_000, 60_000);
  const going = withOwn(moved, { upgradingTo: runningPartition(after).version });
  return printed(
    going,
    [...image.said, `Send image to HA secondary (${unit.serial}).`, ...RESTART],
    [{ kind: 'timer', name: FAILOVER_TIMER, delayMs }],
  );
}

/** The secondary is back on the new release: the primary hands over and upgrades itself. */
export function handOver(device: SimDevice): Answer {
  if (ownOf(device).upgradingTo === '') return { device, effects: [] };
  const [unit] = otherUnits(device);
  const isDone = unit !== undefined && versionOf(unit) === ownOf(device).upgradingTo;
  if (!isDone) return { device: withOwn(device, { upgradingTo: '' }), effects: [] };
  return {
    device: withOwn(device, { pending: 'upgrade-failover' }),
    effects: [{ kind: 'reload', delayMs: 2000, reason: 'failover: firmware upgrade' }],
  };
}

/** A staged image is written. */
export function written(device: SimDevice): Answer {
  return {
    device: withOwn(device, { writingUntilMs: 0 }),
    effects: [{ kind: 'log', text: 'Firmware upgrade in progress ...\r\nDone.' }],
  };
}
