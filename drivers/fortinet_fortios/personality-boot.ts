import type {
  SimBoot,
  SimContext,
  SimDevice,
  SimFile,
  SimMember,
  SimSeed,
} from '../../src/driver/personality.js';
import { factoryConfig, firstConfig, followConfig, hostnameIn } from './personality-config.js';
import { modelNamed } from './personality-models.js';
import {
  between,
  isAway,
  isCluster,
  isInSync,
  otherSlot,
  otherUnits,
  ownOf,
  type Partition,
  primaryUnit,
  runningPartition,
  type Unit,
  versionOf,
  withOwn,
  withPartition,
} from './personality-state.js';
import { isAtLeast, macOf, plainVersion } from './personality-text.js';
import {
  configOf,
  emptyNode,
  parseTree,
  quoted,
  renderTree,
  settingOf,
  withConfig,
  withoutSetting,
  withSetting,
} from './personality-tree.js';

export const PLATFORM = 'fortinet_fortios';

const FAILOVER_MS = [2000, 6000] as const;
const BOOT_MS = [130_000, 210_000] as const;
const SYNC_MS = [45_000, 110_000] as const;

/** An image as it lies in a partition. */
export function partitionFile(slot: 0 | 1, file: SimFile): SimFile {
  return { ...file, name: `${slot + 1}/${file.name}` };
}

function memberOf(seed: SimSeed, serial: string, index: number): SimMember {
  return {
    id: String(index + 1),
    role: index === 0 ? 'active' : 'standby',
    model: seed.model,
    serial,
    macAddress: macOf(`${seed.id}/${serial}`),
    flash: {
      fileSystem: 'flash',
      totalBytes: seed.flashBytes ?? modelNamed(seed.model).flashBytes,
      files: [partitionFile(0, seed.image), partitionFile(1, seed.image)],
    },
  };
}

function unitOf(seed: SimSeed, serial: string, index: number): Unit {
  const partition: Partition = {
    version: plainVersion(seed.version),
    fileName: seed.image.name,
    sizeBytes: seed.image.sizeBytes,
    config: '',
  };
  return {
    id: String(index + 1),
    serial,
    hostname: index === 0 ? seed.hostname : seed.hostname.replace(/-a$/, '-b'),
    priority: index === 0 ? 200 : 100,
    partitions: [partition, partition],
    active: 0,
    next: 0,
    bootedAtMs: seed.bootedAtMs + index * 40_000,
    awayUntilMs: 0,
    lostAtMs: 0,
    inSyncAtMs: 0,
    levelAtMs: 0,
    rebootReason: 'warm reboot',
  };
}

/** A FortiGate, or a cluster when there is more than one serial number; the first one is the primary. */
export function create(seed: SimSeed): SimDevice {
  const config = firstConfig(seed);
  const device: SimDevice = {
    id: seed.id,
    platform: PLATFORM,
    hostname: seed.hostname,
    model: seed.model,
    address: seed.address,
    members: seed.serials.map((serial, index) => memberOf(seed, serial, index)),
    power: 'up',
    powerSinceMs: seed.bootedAtMs,
    bootCount: 1,
    runningVersion: plainVersion(seed.version),
    runningImage: seed.image.name,
    runningConfig: config,
    startupConfig: config,
    own: {},
    ports: seed.ports,
    peers: seed.peers,
    redundancy: seed.redundancy,
    cpuPercent: 3,
    drained: false,
    faults: [],
    login: seed.login,
  };
  const [first = ''] = seed.serials;
  const reason = 'its override priority is larger than peer member';
  return followConfig(
    withOwn(device, {
      units: seed.serials.map((serial, index) => unitOf(seed, serial, index)),
      fetch: null,
      upgradingTo: '',
      pending: '',
      writingUntilMs: 0,
      revertAtMs: 0,
      changedAtMs: seed.bootedAtMs,
      elections: [{ atMs: seed.bootedAtMs + 60_000, serial: first, reason }],
      clusterSinceMs: seed.bootedAtMs + 60_000,
      configErrors: [],
    }),
  );
}

/** Settings that were renamed: 7.4.1 replaced `uninterruptible-upgrade` by `upgrade-mode`. */
export function converted(config: string, from: string, to: string): string {
  const tree = parseTree(config);
  const ha = configOf(tree, 'system ha') ?? emptyNode('config', 'system ha');
  const wasNew = isAtLeast(from, '7.4.1');
  const isNew = isAtLeast(to, '7.4.1');
  if (wasNew === isNew) return config;
  const [old, fresh] = isNew
    ? (['uninterruptible-upgrade', 'upgrade-mode'] as const)
    : (['upgrade-mode', 'uninterruptible-upgrade'] as const);
  if (settingOf(ha, old) === undefined) return config;
  const value = isNew ? 'simultaneous' : 'disable';
  const isPlain = !['simultaneous', 'disable'].includes(settingOf(ha, old) ?? '');
  const bare = withoutSetting(ha, old);
  return renderTree(withConfig(tree, isPlain ? bare : withSetting(bare, { name: fresh, value })));
}

/** The unit after a boot into its next partition. */
export function booted(unit: Unit, config: string, atMs: number, reason: string): Unit {
  const slot = unit.partitions[unit.next] === null ? unit.active : unit.next;
  const leaving = runningPartition(unit);
  const left =
    slot === unit.active ? unit : withPartition(unit, unit.active, { ...leaving, config });
  return { ...left, active: slot, next: slot, bootedAtMs: atMs, rebootReason: reason };
}

/** The unit with the boot that failed undone: what ran before runs again. */
function fallenBack(unit: Unit): Unit {
  const other = unit.partitions[otherSlot(unit.active)];
  const isOther = other !== null && other.version !== versionOf(unit);
  return isOther && unit.next !== unit.active ? { ...unit, next: unit.active } : unit;
}

/** The configuration that a unit comes up with: its partition's own, or the present one taken along. */
export function configAfter(before: Unit, after: Unit, saved: string, isUpgrade: boolean): string {
  if (after.active === before.active) return saved;
  const { config, version } = runningPartition(after);
  return config === '' || isUpgrade ? converted(saved, versionOf(before), version) : config;
}

interface Coming {
  readonly units: readonly Unit[];
  readonly active: string;
  readonly afterMs: number;
  readonly config: string;
  readonly reason: string | undefined;
}

function slowness(device: SimDevice): number {
  if (device.faults.includes('boot-overruns-window')) return 300;
  return device.faults.includes('slow-boot') ? 3 : 1;
}

/** A member that went down again before the primary's release was on it runs what it had booted. */
function unlevelled(unit: Unit, nowMs: number): Unit {
  if (unit.levelAtMs <= nowMs) return unit;
  const active = otherSlot(unit.active);
  return { ...unit, active, next: active, levelAtMs: 0 };
}

/** A unit that joins with another release gets the primary's: the cluster runs one. */
function levelled(unit: Unit, primary: Unit): Unit {
  const slot = otherSlot(unit.active);
  const image = { ...runningPartition(primary), config: '' };
  return { ...withPartition(unit, slot, image), active: slot, next: slot };
}

/** A member that is up at `upAtMs` and joins the cluster of `primary`: level first, then in sync. */
export function joining(unit: Unit, primary: Unit, upAtMs: number, context: SimContext): Unit {
  const isOdd = versionOf(unit) !== versionOf(primary);
  const backAtMs = isOdd ? upAtMs + between(context, ...BOOT_MS) : upAtMs;
  return {
    ...(isOdd ? levelled(unit, primary) : unit),
    awayUntilMs: backAtMs,
    levelAtMs: isOdd ? upAtMs : 0,
    inSyncAtMs: backAtMs + between(context, ...SYNC_MS),
  };
}

/** Everything goes down and comes up: a single unit, a power cut, an upgrade of all at once. */
function wholeBoot(device: SimDevice, context: SimContext): Coming {
  const own = ownOf(device);
  const isOld = device.faults.includes('boots-old-image');
  const afterMs = between(context, ...BOOT_MS) * slowness(device);
  const upAtMs = context.nowMs + afterMs;
  const reason = own.pending === '' ? 'power cycle' : 'warm reboot';
  const primary = primaryUnit(device);
  const before = own.units.map((unit) => unlevelled(unit, context.nowMs));
  const all = (isOld ? before.map(fallenBack) : before).map((unit) =>
    booted(unit, device.startupConfig, upAtMs, reason),
  );
  const up = all.find(({ id }) => id === primary.id) ?? primary;
  const units = all.map((unit) =>
    unit.id === primary.id
      ? { ...unit, awayUntilMs: 0, inSyncAtMs: 0 }
      : joining(unit, up, upAtMs, context),
  );
  const isUpgrade = own.pending === 'upgrade' && !isOld;
  const config = configAfter(primary, up, device.startupConfig, isUpgrade);
  return { units, active: primary.id, afterMs, config, reason: undefined };
}

/** The name that goes with a configuration is that of the unit that runs it. */
function named(config: string, hostname: string): string {
  const tree = parseTree(config);
  const global = configOf(tree, 'system global') ?? emptyNode('config', 'system global');
  const value = quoted(hostname);
  if (settingOf(global, 'hostname') === value) return config;
  return renderTree(withConfig(tree, withSetting(global, { name: 'hostname', value })));
}

/** The other unit takes over within seconds; the one that was primary boots behind it and joins again. */
function failover(device: SimDevice, heir: Unit, context: SimContext): Coming {
  const own = ownOf(device);
  const old = { ...primaryUnit(device), hostname: hostnameIn(device) };
  const afterMs = between(context, ...FAILOVER_MS) * slowness(device);
  const upAtMs = context.nowMs + afterMs;
  const isBooting = own.pending !== 'failover';
  const units = own.units.map((unit) => {
    if (unit.id === heir.id) return { ...unit, inSyncAtMs: 0 };
    if (unit.id !== old.id) return unit;
    if (!isBooting) return { ...old, inSyncAtMs: upAtMs + between(context, ...SYNC_MS) };
    const backAtMs = upAtMs + between(context, ...BOOT_MS) * slowness(device);
    const left = booted(old, device.startupConfig, backAtMs, 'warm reboot');
    return joining({ ...left, lostAtMs: context.nowMs }, heir, backAtMs, context);
  });
  const carried = converted(device.startupConfig, versionOf(old), versionOf(heir));
  const config = named(carried, heir.hostname);
  const reason = isBooting
    ? "it's the only member in the cluster"
    : 'its uptime is larger than peer member';
  return { units, active: heir.id, afterMs, config, reason };
}

function isBrokenUpgrade(device: SimDevice): boolean {
  return device.faults.includes('boots-old-image') && ownOf(device).pending === 'upgrade-failover';
}

/** The upgrade of the secondary did not take: both run what they ran, and the primary stays the primary. */
function failedUpgrade(device: SimDevice, context: SimContext): Coming {
  const afterMs = between(context, ...BOOT_MS);
  const upAtMs = context.nowMs + afterMs;
  const old = versionOf(primaryUnit(device));
  const units = ownOf(device).units.map((unit) => {
    const isNew = versionOf(unit) !== old;
    const active = isNew ? otherSlot(unit.active) : unit.active;
    return {
      ...unit,
      active,
      next: active,
      bootedAtMs: upAtMs,
      awayUntilMs: 0,
      inSyncAtMs: upAtMs,
    };
  });
  const active = primaryUnit(device).id;
  return { units, active, afterMs, config: device.startupConfig, reason: undefined };
}

function comingUp(device: SimDevice, context: SimContext): Coming {
  if (isBrokenUpgrade(device)) return failedUpgrade(device, context);
  const { pending } = ownOf(device);
  const isMove = pending === 'reboot' || pending === 'failover' || pending === 'upgrade-failover';
  const [heir] = otherUnits(device).filter((unit) => !isAway(unit, context.nowMs));
  return isMove && isCluster(device) && heir
    ? failover(device, heir, context)
    : wholeBoot(device, context);
}

function cameUp(device: SimDevice, coming: Coming, upAtMs: number): SimDevice {
  const own = ownOf(device);
  const { units, active, reason } = coming;
  const running = units.find(({ id }) => id === active) ?? primaryUnit(device);
  const { version, fileName } = runningPartition(running);
  const elections =
    reason === undefined
      ? own.elections
      : [{ atMs: upAtMs, serial: running.serial, reason }, ...own.elections].slice(0, 4);
  const config = device.faults.includes('config-lost')
    ? factoryConfig(device.model)
    : coming.config;
  const idle = {
    fetch: null,
    upgradingTo: '',
    pending: '',
    writingUntilMs: 0,
    revertAtMs: 0,
  } as const;
  return {
    ...withOwn(device, { ...idle, units, changedAtMs: upAtMs, elections }),
    members: device.members.map((member) => ({
      ...member,
      role: member.id === active ? 'active' : 'standby',
    })),
    runningVersion: version,
    runningImage: fileName,
    runningConfig: config,
    startupConfig: config,
  };
}

/** What a unit or cluster that went down comes up as, and when. */
export function boot(device: SimDevice, context: SimContext): SimBoot {
  if (device.faults.some((fault) => fault === 'never-returns' || fault === 'falls-to-loader')) {
    return { kind: 'never', device, why: 'boot loader: OPEN BOOT DEVICE FAILED' };
  }
  const coming = comingUp(device, context);
  const { afterMs } = coming;
  const up = cameUp(device, coming, context.nowMs + afterMs);
  return { kind: 'boots', device: followConfig(up), afterMs, effects: [] };
}

/** Are all units there and in step? */
export function isWhole(device: SimDevice, nowMs: number): boolean {
  return otherUnits(device).every((unit) => isInSync(unit, nowMs));
}
