import type { InstantMs, UnitId } from '../kernel/id.js';
import type { Json } from '../kernel/json.js';
import type { AskedLine, Ending, StepList } from './event.js';

export type UnitKind =
  | 'queued'
  | 'checking'
  | 'waiting'
  | 'asking'
  | 'staging'
  | 'verified'
  | 'draining'
  | 'armed'
  | 'reloading'
  | 'returning'
  | 'settling'
  | 'committed'
  | 'soaking'
  | 'reverting'
  | Ending;

/** An intent whose step is not over. `acted` is undefined while no outcome is journaled: after a crash, only probe. */
export interface OpenIntent {
  readonly attempt: number;
  /** Of these attempts, how many had an outcome. One that a crash cut off was no try of the device's. */
  readonly tries: number;
  /** From when the step's times count: the intent, or a person's word that it was done. */
  readonly atMs: InstantMs;
  /** When the effect can have begun at the earliest. */
  readonly sinceMs: InstantMs;
  /** What a person is asked to type; undefined where we act. */
  readonly asks: readonly AskedLine[] | undefined;
  /** What the device showed when a person was asked. */
  readonly seen: string;
  /** Was the unit touched before this step? */
  readonly wasTouched: boolean;
  readonly acted: 'acted' | 'refused' | 'ambiguous' | undefined;
  readonly why: string;
}

export interface UnitState {
  readonly unit: UnitId;
  readonly kind: UnitKind;
  readonly list: StepList;
  /** Position of the current step in `list`. */
  readonly step: number;
  readonly stepSinceMs: InstantMs;
  readonly intent: OpenIntent | undefined;
  readonly known: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly admitted: boolean;
  readonly checkedBefore: boolean;
  /** Have the post-checks of the present hop passed? */
  readonly passedAfter: boolean;
  /** The hop that it is in, from 0; while it goes back: the one that is taken back. */
  readonly hop: number;
  /** Has anything beyond staging been intended? Then a failure needs the rollback. */
  readonly touched: boolean;
  /** What went wrong in the current list; empty while nothing did. */
  readonly failure: string;
  /** Why the unit is being, or was, rolled back. */
  readonly cause: string;
  readonly waitUntilMs: InstantMs | undefined;
  readonly soakSinceMs: InstantMs | undefined;
  readonly soakUntilMs: InstantMs | undefined;
  readonly lastSoakCheckMs: InstantMs;
  readonly ended:
    | { readonly as: Ending; readonly why: string; readonly next: string; readonly code: string }
    | undefined;
  readonly healthy: boolean;
  readonly admittedAtMs: InstantMs | undefined;
  readonly endedAtMs: InstantMs | undefined;
}
