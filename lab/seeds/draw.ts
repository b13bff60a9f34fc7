import type { Plan, UnitPlan } from '../../src/plan/plan.js';
import { faultSheets } from '../faults/catalogue.js';
import type { CrashPoint } from '../../src/store/memory-store.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import type { FaultSheet, FaultStrike } from '../world/fault.js';
import { between, createRandom } from '../world/random.js';

export interface DrawnCrash {
  /** Append of the journal, counted from 1 over all runners. */
  readonly nth: number;
  readonly point: CrashPoint;
}

export interface DrawnRequest {
  readonly kind: 'pause' | 'resume' | 'abort';
  /** After the night began. */
  readonly afterMs: number;
}

/** What befalls the controller's side, but for its death. */
export type Mishap =
  /** The process stands still and wakes late. */
  | { readonly kind: 'frozen'; readonly afterMs: number; readonly forMs: number }
  /** Somebody starts another runner beside the one at work. */
  | { readonly kind: 'second-runner'; readonly afterMs: number }
  /** The wall clock of the machine is set; a person puts it right before the run is resumed. */
  | { readonly kind: 'clock-set'; readonly afterMs: number; readonly byMs: number }
  /** The disk takes this append of the journal no more; a person makes room. */
  | { readonly kind: 'full-disk'; readonly nth: number }
  /** The board takes its approval back; what has not begun is aborted. */
  | { readonly kind: 'withdrawn'; readonly afterMs: number }
  /** The run is started so late, perhaps with little of the window left. */
  | { readonly kind: 'late'; readonly byMs: number };

/** What befalls one night. */
export interface DrawnNight {
  readonly seed: string;
  readonly faults: readonly FaultStrike[];
  readonly crashes: readonly DrawnCrash[];
  readonly requests: readonly DrawnRequest[];
  readonly mishaps: readonly Mishap[];
}

/** About as many appends as a unit has in an undisturbed night. */
const APPENDS_OF_UNIT = 45;
const NIGHT_MS = 4 * 3_600_000;
const DAYS_MS = 50 * 3_600_000;

/** A night in which nothing happens but the work. */
export function quietNight(seed: string): DrawnNight {
  return { seed, faults: [], crashes: [], requests: [], mishaps: [] };
}

/** Is there anything about this unit that the fault could strike? */
function canStrike({ absentOn = {}, needs }: FaultSheet, { material, redundancyGroup }: UnitPlan) {
  if (material.platform in absentOn) return false;
  if (needs === 'members') return material.serials.length > 1;
  return needs === undefined || redundancyGroup !== undefined;
}

/** Draws what befalls the night of this seed. Pure: the same plan and seed give the same. */
export function drawNight(plan: Plan, inventory: Inventory, seed: string): DrawnNight {
  const random = createRandom(`${seed}\nwhat befalls the night`);
  const stream = random.stream('draw');
  const one = <T>(all: readonly T[]): T | undefined => all[stream.below(all.length)];
  const times = <T>(most: number, make: () => T | undefined): readonly T[] => {
    const drawn = Array.from({ length: stream.below(most + 1) }, make);
    return drawn.flatMap((each) => (each === undefined ? [] : [each]));
  };
  // A fifth of the nights is quiet: in them nothing may fail.
  if (stream.below(5) === 0) return quietNight(seed);
  const ids = new Set(plan.body.units.map((each) => each.unit));
  const units = inventory.units.filter((each) => ids.has(each.id));
  const faults = times(3, (): FaultStrike | undefined => {
    const unit = one(units);
    const planned = plan.body.units.find((each) => each.unit === unit?.id);
    const sheet = planned && one(faultSheets.filter((each) => canStrike(each, planned)));
    return sheet && unit && { fault: sheet.id, device: unit.device.id, nth: between(stream, 1, 2) };
  });
  const crashes = times(3, (): DrawnCrash => {
    const nth = between(stream, 1, units.length * APPENDS_OF_UNIT);
    return { nth, point: stream.below(2) === 0 ? 'crash-before' : 'crash-after' };
  });
  return { seed, faults, crashes, requests: drawRequests(), mishaps: drawMishaps() };

  function drawMishaps(): readonly Mishap[] {
    const mishap = (make: () => Mishap) => (stream.below(8) === 0 ? [make()] : []);
    const afterMs = () => between(stream, 0, stream.below(4) === 0 ? DAYS_MS : NIGHT_MS);
    const signedMs = () => between(stream, 60_000, 3 * NIGHT_MS) * (stream.below(2) === 0 ? 1 : -1);
    return [
      ...mishap(() => ({
        kind: 'frozen',
        afterMs: afterMs(),
        forMs: between(stream, 1000, 3 * NIGHT_MS),
      })),
      ...mishap(() => ({ kind: 'second-runner', afterMs: afterMs() })),
      ...mishap(() => ({ kind: 'clock-set', afterMs: afterMs(), byMs: signedMs() })),
      ...mishap(() => ({
        kind: 'full-disk',
        nth: between(stream, 1, units.length * APPENDS_OF_UNIT),
      })),
      ...mishap(() => ({ kind: 'withdrawn', afterMs: afterMs() })),
      ...mishap(() => ({ kind: 'late', byMs: between(stream, 0, 3 * NIGHT_MS) })),
    ];
  }

  function drawRequests(): readonly DrawnRequest[] {
    const afterMs = between(stream, 0, stream.below(4) === 0 ? DAYS_MS : NIGHT_MS);
    const pauses = stream.below(4) === 0;
    const aborts = stream.below(6) === 0;
    const resumeMs = afterMs + between(stream, 60_000, NIGHT_MS);
    const abortMs = resumeMs + between(stream, 0, NIGHT_MS);
    return [
      ...(pauses ? [{ kind: 'pause', afterMs } as const] : []),
      ...(pauses ? [{ kind: 'resume', afterMs: resumeMs } as const] : []),
      ...(aborts ? [{ kind: 'abort', afterMs: pauses ? abortMs : afterMs } as const] : []),
    ];
  }
}
