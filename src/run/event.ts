import type { InstantMs, PlanDigest, UnitId } from '../kernel/id.js';
import type { Json } from '../kernel/json.js';
import type { CheckOutcome } from '../check/outcome.js';
import type { Probe } from '../driver/step.js';

/**
 * `observe`: nothing is changed. `stage`: only what comes before the first disruption, images copied and verified.
 * `manual`: a person does what changes a device; the run asks for it, and looks.
 */
export type RunMode = 'run' | 'observe' | 'stage' | 'manual';

/** A line that a person is asked to type: its position in the step, and its text with the holes filled. */
export interface AskedLine {
  readonly index: number;
  readonly send: string;
}

export type StepList = 'forward' | 'rollback';

/** How a unit's run ended. Everything but `done` tells a person what to do next. */
export type Ending = 'done' | 'dropped' | 'reverted' | 'held' | 'quarantined' | 'lost';

interface OfUnit {
  readonly unit: UnitId;
}

interface OfStep extends OfUnit {
  readonly list: StepList;
  /** Position in the list, from 0, and the step's id for people. */
  readonly step: number;
  readonly id: string;
}

/** Something that happened, in the past tense. The journal holds nothing else; all state is folded from these. */
export type RunEvent =
  | {
      readonly kind: 'run-started';
      readonly plan: PlanDigest;
      readonly by: string;
      readonly mode: RunMode;
    }
  | { readonly kind: 'runner-took-over'; readonly by: string; readonly epoch: number }
  | {
      readonly kind: 'run-paused';
      readonly by: string;
      readonly reason: string;
      readonly request: number;
    }
  | {
      readonly kind: 'run-resumed';
      readonly by: string;
      readonly reason: string;
      readonly request: number;
    }
  | {
      readonly kind: 'run-aborted';
      readonly by: string;
      readonly reason: string;
      readonly request: number;
    }
  | { readonly kind: 'run-stopped'; readonly why: string; readonly code: string }
  | { readonly kind: 'run-finished' }
  | { readonly kind: 'wave-started'; readonly wave: number }
  | { readonly kind: 'wave-soaking'; readonly wave: number; readonly untilMs: InstantMs }
  | { readonly kind: 'wave-done'; readonly wave: number }
  | ({ readonly kind: 'unit-admitted'; readonly wave: number } & OfUnit)
  | ({ readonly kind: 'unit-waiting'; readonly untilMs: InstantMs; readonly why: string } & OfUnit)
  | ({
      readonly kind: 'unit-observed';
      readonly when: 'before' | 'after' | 'soak' | 'reverted';
      /** Digest of the snapshot, kept in the snapshot book. */
      readonly snapshot: string;
    } & OfUnit)
  | ({
      readonly kind: 'unit-checked';
      readonly when: 'before' | 'after' | 'soak';
      readonly outcomes: readonly CheckOutcome[];
      readonly passed: boolean;
    } & OfUnit)
  | ({
      readonly kind: 'step-intent';
      readonly attempt: number;
      /** What the probe before it saw. */
      readonly known: Readonly<Record<string, Json>>;
      /** A person is asked to do it, with these lines: nothing is sent. */
      readonly asks?: readonly AskedLine[];
      /** With `asks`: why, in the words of the probe. */
      readonly seen?: string;
      /** Who was asked to do it and let Nightshift do it instead. */
      readonly letBy?: string;
    } & OfStep)
  | ({
      readonly kind: 'step-acted';
      readonly result: 'acted' | 'refused' | 'ambiguous';
      readonly why: string;
      readonly known: Readonly<Record<string, Json>>;
      /** Whose word this is, where a person was asked to do it. */
      readonly by?: string;
    } & OfStep)
  /** A person is asked no more, and the device shows that nothing was done. */
  | ({ readonly kind: 'step-withdrawn'; readonly why: string } & OfStep)
  | ({
      readonly kind: 'step-probed';
      readonly answer: Probe['answer'];
      readonly why: string;
    } & OfStep)
  | ({
      readonly kind: 'step-done';
      /** The effect was there already: nothing was sent. */
      readonly skipped: boolean;
      readonly why: string;
      readonly known: Readonly<Record<string, Json>>;
    } & OfStep)
  | ({ readonly kind: 'step-failed'; readonly why: string } & OfStep)
  | ({ readonly kind: 'rollback-started'; readonly why: string } & OfUnit)
  | ({ readonly kind: 'unit-soaking'; readonly untilMs: InstantMs } & OfUnit)
  | ({
      readonly kind: 'unit-ended';
      readonly as: Ending;
      readonly why: string;
      /** The next action for a person; empty when there is none. */
      readonly next: string;
      /** Does it count against the failure budget? */
      readonly failure: boolean;
      /** May its redundancy group rely on it? */
      readonly healthy: boolean;
      /** A fault code where one fits. */
      readonly code: string;
    } & OfUnit);

/** When the event waits for something: the instant at which it is due. */
export function dueAtMs(event: RunEvent): InstantMs | undefined {
  return 'untilMs' in event ? event.untilMs : undefined;
}
