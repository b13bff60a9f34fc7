import type { SimDevice, SimEffect } from '../../src/driver/personality.js';
import { followConfig, globalValue, versionNow } from './personality-config.js';
import { withOwn } from './personality-state.js';
import { isAtLeast } from './personality-text.js';
import { renderTree, type Tree } from './personality-tree.js';

export const REVERT_TIMER = 'cfg-revert';
const DAY_MS = 86_400_000;

export interface Change {
  readonly device: SimDevice;
  readonly effects: readonly SimEffect[];
}

/** How long unsaved changes live in revert mode; zero in the others. */
export function revertMs(device: SimDevice): number {
  if (globalValue(device, 'cfg-save') !== 'revert') return 0;
  return Number(globalValue(device, 'cfg-revert-timeout') ?? '600') * 1000;
}

/** Starts the revert timer anew while there is something to go back from. */
export function watchUnsaved(device: SimDevice, nowMs: number): Change {
  const delayMs = revertMs(device);
  if (delayMs === 0 || device.runningConfig === device.startupConfig) {
    const isIdle = device.own['revertAtMs'] === 0;
    if (isIdle) return { device, effects: [] };
    const effects: readonly SimEffect[] = [{ kind: 'cancel-timer', name: REVERT_TIMER }];
    return { device: withOwn(device, { revertAtMs: 0 }), effects };
  }
  const waitMs = Math.min(delayMs, 365 * DAY_MS);
  return {
    device: withOwn(device, { revertAtMs: nowMs + waitMs }),
    effects: [{ kind: 'timer', name: REVERT_TIMER, delayMs: waitMs }],
  };
}

const savesItself = (device: SimDevice) =>
  (globalValue(device, 'cfg-save') ?? 'automatic') === 'automatic';

/** Puts a new running configuration in force; it is saved at once unless the device is told otherwise. */
export function changeConfig(device: SimDevice, tree: Tree, nowMs: number): Change {
  const runningConfig = renderTree(tree);
  if (runningConfig === device.runningConfig) return { device, effects: [] };
  const changed = withOwn(followConfig({ ...device, runningConfig }), { changedAtMs: nowMs });
  const isSaved = savesItself(device) || savesItself(changed);
  return watchUnsaved(isSaved ? { ...changed, startupConfig: runningConfig } : changed, nowMs);
}

/**
 * The time for unsaved changes is over. Up to 7.0.3 the device reboots into the saved configuration; later releases load it
 * without a reboot (administration guides 7.0.3 and 7.0.6, "Using configuration save mode").
 */
export function revertNow(device: SimDevice, nowMs: number): Change {
  const idle = withOwn(device, { revertAtMs: 0 });
  if (device.runningConfig === device.startupConfig) return { device: idle, effects: [] };
  if (!isAtLeast(versionNow(device), '7.0.4')) {
    const reason = 'unsaved configuration changes timed out';
    return {
      device: withOwn(idle, { pending: 'reload-config' }),
      effects: [{ kind: 'reload', delayMs: 10_000, reason }],
    };
  }
  const reverted = followConfig({ ...idle, runningConfig: device.startupConfig });
  return { device: withOwn(reverted, { changedAtMs: nowMs }), effects: [] };
}
