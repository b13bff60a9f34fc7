import type { UnitId } from '../../src/kernel/id.js';
import type { Driver } from '../../src/driver/driver.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import type { BookName, BookRow } from '../../src/ports/store.js';
import type { Plan } from '../../src/plan/plan.js';
import type { RunEvent } from '../../src/run/event.js';
import type { RunState } from '../../src/run/state.js';
import type { outcomesOf } from '../rehearse/rehearse.js';
import type { TruthRecord } from '../world/event-log.js';
import type { SimWorld } from '../world/world.js';

/** What an invariant may look at: what was approved, and the lab itself. */
export interface Scene {
  /** As approved, whatever the engine was given. */
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly drivers: ReadonlyMap<string, Driver>;
  readonly sim: SimWorld;
}

/** One durable event of the journal, and the run's state on both sides of it. */
export interface Step {
  readonly event: RunEvent;
  readonly before: RunState;
  readonly after: RunState;
  /** The true time of the lab, whatever the journal says. */
  readonly atMs: number;
}

export interface NightEnd {
  readonly state: RunState;
  readonly outcomes: ReturnType<typeof outcomesOf>;
  /** Nothing was done to it: no fault, no crash, no request of a person. */
  readonly isQuiet: boolean;
  /** Nothing was done to it but that its runner died, once or more often. */
  readonly onlyDeaths: boolean;
  /** Why the run came to no end; undefined when it did. */
  readonly stuck: string | undefined;
}

/** Follows one night, event by event. Changes nothing. */
export interface Witness {
  journaled?(step: Step): void;
  /** Something really happened to a device; `state` is what the journal says at that instant. */
  happened?(truth: TruthRecord, state: RunState): void;
  /** A device received this line whole. */
  typed?(device: string, line: string): void;
  /** A row was put into a book of the store. */
  kept?(book: BookName, row: BookRow): void;
  /** A second runner was let in beside one that lives. */
  intruded?(): void;
  ended?(end: NightEnd): void;
}

/** What must hold at every event of every night. One file each. */
export interface Invariant {
  /** The number in the list of what a night must keep. */
  readonly number: number;
  readonly id: string;
  readonly title: string;
  witness(scene: Scene, violated: (why: string) => void): Witness;
}

/** The unit that a device of the lab belongs to. */
export function unitOf(scene: Scene, device: string): UnitId | undefined {
  return scene.inventory.units.find((each) => each.device.id === device)?.id;
}
