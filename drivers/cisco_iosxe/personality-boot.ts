import type {
  SimBoot,
  SimContext,
  SimDevice,
  SimEffect,
  SimMember,
  SimSeed,
} from '../../src/driver/personality.js';
import {
  configOf,
  factoryConfig,
  isDrained,
  onStartupMs,
  portsOf,
  withRelease,
} from './personality-config.js';
import { packageFiles, packageNames, packagesConfFile } from './personality-files.js';
import { abortTimer } from './personality-install-script.js';
import type { Join } from './personality-state.js';
import { activeMember, isManual, ownOf, withFiles, withOwn } from './personality-state.js';
import { hexOf, sameVersion } from './personality-text.js';

/** Usable flash of a C9300 (16 GB part, as dir shows it). */
const flashBytes = 11_353_194_496;

/** Timer that ends `max-metric router-lsa on-startup`. */
export const metricTimer = 'ospf-max-metric';

function member(seed: SimSeed, serial: string, index: number): SimMember {
  const id = String(index + 1);
  const blank: SimMember = {
    id,
    role: index === 0 ? 'active' : index === 1 ? 'standby' : 'member',
    model: seed.model,
    serial,
    macAddress: `00b670${hexOf(`${seed.id}/${serial}`, 4)}00`,
    flash: {
      fileSystem: index === 0 ? 'flash:' : `flash-${id}:`,
      totalBytes: seed.flashBytes ?? flashBytes,
      files: [],
    },
  };
  return withFiles(blank, [
    ...packageFiles(seed.version, seed.image.sizeBytes, seed.image.modifiedAtMs),
    packagesConfFile(seed.version, seed.image.modifiedAtMs),
    ...(index === 0 ? [seed.image] : []),
  ]);
}

/** A stack in install mode, its first image committed. */
export function create(seed: SimSeed): SimDevice {
  const config = configOf(seed);
  const device: SimDevice = {
    id: seed.id,
    platform: 'cisco_iosxe',
    hostname: seed.hostname,
    model: seed.model,
    address: seed.address,
    members: seed.serials.map((serial, index) => member(seed, serial, index)),
    power: 'up',
    powerSinceMs: seed.bootedAtMs,
    bootCount: 1,
    runningVersion: seed.version,
    runningImage: 'flash:packages.conf',
    runningConfig: config,
    startupConfig: config,
    own: {},
    ports: seed.ports,
    peers: seed.peers,
    redundancy: seed.redundancy,
    cpuPercent: 4,
    drained: isDrained(config),
    faults: [],
    login: seed.login,
  };
  return withOwn(device, {
    images: [{ version: seed.version, state: 'C' }],
    packagesConf: seed.version,
    rollbacks: [{ id: 1, version: seed.version, createdAtMs: seed.image.modifiedAtMs }],
    abortAtMs: 0,
    operation: null,
    joins: [],
    reloadReason: 'Reload Command',
    changedAtMs: seed.bootedAtMs,
    savedAtMs: seed.bootedAtMs,
    revert: null,
    scheduled: null,
    archives: 0,
  });
}

/** A member in its loader waits for a person. */
const NEVER_MS = 10 * 365 * 86_400_000;

/** Members come one after the other, long after the active one answers. */
function joinsOf(device: SimDevice, upAtMs: number, context: SimContext): readonly Join[] {
  const active = activeMember(device);
  const others = device.members.filter((one) => one !== active);
  return others.map((one, index): Join => {
    const lateMs = isManual(device, one.id) ? NEVER_MS : 0;
    const usualMs = 30_000 + index * 45_000 + Math.floor(context.chance() * 20_000);
    const syncAtMs = upAtMs + usualMs + lateMs;
    const readyAtMs = syncAtMs + 40_000 + Math.floor(context.chance() * 30_000);
    const isOdd = one === others.at(-1) && device.faults.includes('member-version-mismatch');
    return { id: one.id, syncAtMs, readyAtMs, isOdd };
  });
}

/** The version that comes up: what packages.conf names, unless the boot falls back to the one before. */
function bootedImage(device: SimDevice): SimDevice {
  const own = ownOf(device);
  const fallsBack =
    device.faults.includes('boots-old-image') &&
    !sameVersion(own.packagesConf, device.runningVersion) &&
    own.images.some((image) => image.state === 'U');
  if (!fallsBack) return { ...device, runningVersion: own.packagesConf };
  return withOwn(device, {
    images: own.images.map((image) => (image.state === 'U' ? { ...image, state: 'I' } : image)),
    packagesConf: device.runningVersion,
    abortAtMs: 0,
  });
}

/** Why nothing comes up at all; undefined when something does. */
function stuck(device: SimDevice): string | undefined {
  if (device.faults.includes('never-returns')) {
    return 'boot loader: the switch stays in ROMMON (switch:)';
  }
  if (device.faults.includes('falls-to-loader')) {
    return 'boot: error executing boot command; the switch waits in its loader (switch:)';
  }
  if (/^boot manual/m.test(device.startupConfig)) {
    return 'manual boot is set: the switch waits in ROMMON (switch:)';
  }
  const files = new Set(activeMember(device)?.flash.files.map((file) => file.name));
  const missing = packageNames(ownOf(device).packagesConf).find((name) => !files.has(name));
  return missing === undefined ? undefined : `boot: cannot open "flash:${missing}"`;
}

function slowness({ faults }: SimDevice): number {
  if (faults.includes('boot-overruns-window')) return 150;
  return faults.includes('slow-boot') ? 3 : 1;
}

/** What a stack that went down comes up as, and when. */
export function boot(device: SimDevice, context: SimContext): SimBoot {
  const why = stuck(device);
  const idle = withOwn(device, { operation: null, revert: null, scheduled: null });
  if (why !== undefined) return { kind: 'never', device: idle, why };
  const slow = slowness(device);
  const afterMs = Math.floor(300_000 + context.chance() * 180_000) * slow;
  const upAtMs = context.nowMs + afterMs;
  const loaded = withTimer(bootedImage(idle), upAtMs);
  const lost = device.faults.includes('config-lost') || device.startupConfig === '';
  const startup = lost ? '' : device.startupConfig;
  const config = withRelease(lost ? factoryConfig() : startup, loaded.runningVersion);
  const startupMetricMs = onStartupMs(config);
  const up: SimDevice = {
    ...withOwn(loaded, { joins: joinsOf(device, upAtMs, context), changedAtMs: upAtMs }),
    runningImage: 'flash:packages.conf',
    runningConfig: config,
    startupConfig: startup,
    hostname: /^hostname (\S+)/m.exec(config)?.[1] ?? 'Switch',
    ports: portsOf(device, config),
    drained: isDrained(config) || startupMetricMs > 0,
  };
  return { kind: 'boots', device: up, afterMs, effects: bootEffects(up, upAtMs, startupMetricMs) };
}

/** The abort timer as it runs on behind the boot. */
function withTimer(device: SimDevice, upAtMs: number): SimDevice {
  const isEarly = device.faults.includes('auto-abort-before-commit');
  return isEarly && ownOf(device).abortAtMs > 0
    ? withOwn(device, { abortAtMs: upAtMs + 100_000 })
    : device;
}

function bootEffects(
  device: SimDevice,
  upAtMs: number,
  startupMetricMs: number,
): readonly SimEffect[] {
  const { abortAtMs } = ownOf(device);
  const effects: SimEffect[] = [];
  if (abortAtMs > 0) {
    const delayMs = Math.max(1000, abortAtMs - upAtMs);
    effects.push({ kind: 'timer', name: abortTimer, delayMs });
  }
  if (startupMetricMs > 0) {
    effects.push({ kind: 'timer', name: metricTimer, delayMs: startupMetricMs });
  }
  return effects;
}
