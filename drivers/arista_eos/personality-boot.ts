import type { SimBoot, SimContext, SimDevice, SimFile } from '../../src/driver/personality.js';
import { followConfig, keepPhysical, wantsQuiesce } from './personality-config-mode.js';
import { parseConfig, renderConfig } from './personality-config.js';
import { RELOAD_DELAY_TIMER, reloadDelayMs } from './personality-mlag.js';
import { between, chassis, POWER_LOSS, readOwn, withLog, withOwn } from './personality-state.js';

export const PLATFORM = 'arista_eos';

const BOOT_MIN_MS = 150_000;
const BOOT_MAX_MS = 300_000;
const SLOW_BOOT = 3;
const OVERRUN_BOOT = 200;
const KEPT_RELOADS = 10;

/** What every EOS release writes into a configuration that says nothing. */
export function defaultConfig(device: SimDevice): string {
  const ports = device.ports.map((port) => `interface ${port.name}`);
  const lines = ['no aaa root', 'spanning-tree mode mstp', ...ports];
  return renderConfig(parseConfig(lines.join('\n')));
}

/** The device has gone down: Aboot reads boot-config and starts what it names. */
export function bootDevice(device: SimDevice, context: SimContext): SimBoot {
  const image = imageToBoot(device);
  const why = stuck(device, image);
  if (image === undefined || why !== undefined) {
    return { kind: 'never', device: dead(device, context), why: why ?? '' };
  }
  const factor = slowness(device);
  const afterMs = between(context, BOOT_MIN_MS, BOOT_MAX_MS) * factor;
  return comeUp(device, image, { nowMs: context.nowMs, afterMs });
}

function slowness({ faults }: SimDevice): number {
  if (faults.includes('boot-overruns-window')) return OVERRUN_BOOT;
  return faults.includes('slow-boot') ? SLOW_BOOT : 1;
}

/** Why nothing comes up; undefined when something does. */
function stuck(device: SimDevice, image: BootImage | undefined): string | undefined {
  if (device.faults.includes('never-returns')) return 'no sign of life after the reset';
  if (image !== undefined && !device.faults.includes('falls-to-loader')) return undefined;
  const { bootImage } = readOwn(device);
  return `Aboot: flash:/${bootImage} is no bootable image; the switch waits at the prompt Aboot#`;
}

function dead(device: SimDevice, context: SimContext): SimDevice {
  return { ...device, power: 'dead', powerSinceMs: context.nowMs };
}

interface BootImage {
  readonly name: string;
  readonly version: string;
}

function imageToBoot(device: SimDevice): BootImage | undefined {
  if (device.faults.includes('boots-old-image')) {
    return { name: device.runningImage, version: device.runningVersion };
  }
  const { bootImage } = readOwn(device);
  const file: SimFile | undefined = chassis(device).flash.files.find(
    (candidate) => candidate.name === bootImage,
  );
  if (file?.image === undefined || file.image.platform !== PLATFORM) return undefined;
  return { name: file.name, version: file.image.version };
}

function bootConfiguration(device: SimDevice): { running: string; startup: string } {
  const startup = device.faults.includes('config-lost') ? '' : device.startupConfig;
  if (startup === '') return { running: defaultConfig(device), startup };
  return { running: renderConfig(keepPhysical(device, parseConfig(startup))), startup };
}

function comeUp(
  device: SimDevice,
  image: BootImage,
  when: { readonly nowMs: number; readonly afterMs: number },
): SimBoot {
  const own = readOwn(device);
  const upAtMs = when.nowMs + when.afterMs;
  const { running, startup } = bootConfiguration(device);
  const isQuiesced = wantsQuiesce(running);
  const cause = own.pendingReload === '' ? POWER_LOSS : own.pendingReload;
  const delayMs = reloadDelayMs({ ...device, runningConfig: running });
  const booted: SimDevice = followConfig({
    ...device,
    power: 'up',
    powerSinceMs: upAtMs,
    bootCount: device.bootCount + 1,
    runningImage: image.name,
    runningVersion: image.version,
    runningConfig: running,
    startupConfig: startup,
    drained: isQuiesced,
  });
  const kept = withOwn(booted, {
    bootedAtMs: upAtMs,
    pendingReload: '',
    maintenance: isQuiesced ? 'maintenance' : 'active',
    maintenanceSinceMs: isQuiesced ? upAtMs : 0,
    reloadDelayUntilMs: delayMs === 0 ? 0 : upAtMs + delayMs,
    reloads: [{ atMs: when.nowMs, cause }, ...own.reloads].slice(0, KEPT_RELOADS),
    log: [],
    sessions: [],
  });
  const said = 'Fru: %SYS-5-SYSTEM_RESTARTED: System restarted';
  const logged = withLog(kept, said, upAtMs);
  const text = readOwn(logged).log.at(-1) ?? said;
  return {
    kind: 'boots',
    device: logged,
    afterMs: when.afterMs,
    effects: [
      { kind: 'log', text },
      ...(delayMs === 0 ? [] : [{ kind: 'timer' as const, name: RELOAD_DELAY_TIMER, delayMs }]),
    ],
  };
}
