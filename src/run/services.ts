import type { Digest, InstantMs, RunId, UnitId } from '../kernel/id.js';
import type { World } from '../ports/world.js';
import type { LoginBudget } from '../fingerprint/login-budget.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import type { Driver } from '../driver/driver.js';
import type { Unit } from '../inventory/inventory.js';
import type { RunEvent } from './event.js';
import type { SiteTransfer } from './site-transfers.js';
import type { RunState, UnitState } from './state.js';
import type { Progress } from './step-context.js';

/** What a unit's worker gets from the conductor. */
export interface RunServices {
  /** Its clock is the runner's: nobody sets it. */
  readonly world: World;
  /** What the wall clock says, whatever was done to it. */
  wallMs(): InstantMs;
  readonly run: RunId;
  readonly plan: Plan;
  readonly budget: LoginBudget;
  /** What the transfers to a site share, by its name. */
  readonly transfers: (site: string) => SiteTransfer;
  /** The digest of the inventory entries that a unit's plan rests on, as they are now. */
  basisOf(unit: UnitId): Digest;
  runState(): RunState;
  /** Is this runner about to go, with the run to be gone on with later? */
  isLeaving(): boolean;
  unitState(unit: UnitId): UnitState;
  /** Durable when it resolves; the state has the events folded in then. */
  record(events: readonly RunEvent[]): Promise<void>;
  onProgress(progress: Progress): void;
}

/** What one unit's worker and its gates work with. */
export interface WorkerOptions {
  readonly services: RunServices;
  readonly unit: Unit;
  readonly unitPlan: UnitPlan;
  readonly driver: Driver;
}
