import type { Driver } from '../driver/driver.js';
import type { Step } from '../driver/step.js';
import type { KeptConfig, Sighting } from '../fingerprint/fleet.js';
import type { Inventory, Unit } from '../inventory/inventory.js';
import type { Playbook } from '../playbook/playbook.js';
import type { LeftOut, PlannedConfig, PlannedHop, PlannedImage } from './plan.js';

/** Why nothing will be done. */
export type NoChange = Pick<LeftOut, 'why' | 'kind'>;

/** What is done to a unit, and what takes it back. */
export interface UnitChange {
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly images: readonly PlannedImage[];
  readonly config?: PlannedConfig;
  readonly hops: readonly PlannedHop[];
  readonly steps: readonly Step[];
  readonly rollback: readonly Step[];
}

/** One unit as the planner sees it. */
export interface Candidate {
  readonly inventory: Inventory;
  readonly playbook: Playbook;
  readonly unit: Unit;
  readonly seen: Extract<Sighting, { kind: 'seen' }>;
  readonly driver: Driver;
  /** The running config as last read; undefined: it was not kept. */
  readonly running: KeptConfig | undefined;
}

export function isChange(result: UnitChange | NoChange): result is UnitChange {
  return 'steps' in result;
}

export function isRefused(result: UnitChange | NoChange): result is NoChange {
  return !isChange(result) && result.kind === 'refused';
}

export function refused(why: string): NoChange {
  return { kind: 'refused', why };
}

/**
 * Firmware first, then the configuration, on the release that will run. The configuration is confirmed before the last
 * firmware is committed; what is taken back, is taken back in the opposite order.
 */
export function together(firmware: UnitChange, config: UnitChange): UnitChange {
  const known = new Set(firmware.steps.map((each) => each.id));
  const fresh = config.steps.filter((each) => !known.has(each.id));
  const early = fresh.filter((each) => each.phase === 'prepare');
  const late = fresh.filter((each) => each.phase !== 'prepare');
  const { hops } = firmware;
  const lastHop = hops.at(-1);
  // The commit of the last hop stands at the end; the configuration comes before it.
  const commits = firmware.steps.findIndex(
    (each, index) => index >= (lastHop?.firstStep ?? 0) && each.phase === 'commit',
  );
  const at = commits === -1 ? firmware.steps.length : commits;
  const back = lastHop?.rollback.from ?? 0;
  return {
    ...firmware,
    ...(config.config ? { config: config.config } : {}),
    hops: hops.map((hop, index) => ({
      ...hop,
      firstStep: index === 0 ? 0 : hop.firstStep + early.length,
      rollback:
        hop === lastHop
          ? { from: hop.rollback.from, to: hop.rollback.to + config.rollback.length }
          : hop.rollback,
    })),
    steps: [...early, ...firmware.steps.slice(0, at), ...late, ...firmware.steps.slice(at)],
    rollback: [
      ...firmware.rollback.slice(0, back),
      ...config.rollback,
      ...firmware.rollback.slice(back),
    ],
  };
}
