import type { Plan } from '../../src/plan/plan.js';
import { faultSheets } from '../faults/catalogue.js';
import type { CrashPoint } from '../../src/store/memory-store.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import type { FaultStrike } from '../world/fault.js';
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

/** What befalls one night. */
export interface DrawnNight {
  readonly seed: string;
  readonly faults: readonly FaultStrike[];
  readonly crashes: readonly DrawnCrash[];
  readonly requests: readonly DrawnRequest[];
}

/** About as many appends as a unit has in an undisturbed night. */
const APPENDS_OF_UNIT = 45;
const NIGHT_MS = 4 * 3_600_000;
const DAYS_MS = 50 * 3_600_000;

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
  if (stream.below(5) === 0) return { seed, faults: [], crashes: [], requests: [] };
  const ids = new Set(plan.body.units.map((each) => each.unit));
  const units = inventory.units.filter((each) => ids.has(each.id));
  const faults = times(3, (): FaultStrike | undefined => {
    const [sheet, unit] = [one(faultSheets), one(units)];
    return sheet && unit && { fault: sheet.id, device: unit.device.id, nth: between(stream, 1, 2) };
  });
  const crashes = times(3, (): DrawnCrash => {
    const nth = between(stream, 1, units.length * APPENDS_OF_UNIT);
    return { nth, point: stream.below(2) === 0 ? 'crash-before' : 'crash-after' };
  });
  return { seed, faults, crashes, requests: drawRequests() };

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
