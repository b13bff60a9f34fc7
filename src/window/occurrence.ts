import type { InstantMs } from '../kernel/id.js';

/** One concrete opening of a maintenance window, freezes already cut out. */
export interface WindowOccurrence {
  readonly window: string;
  readonly startMs: InstantMs;
  readonly endMs: InstantMs;
  readonly timeZone: string;
  /** What the reader should know: DST shifts, a freeze that shortened it. */
  readonly notes: readonly string[];
}
