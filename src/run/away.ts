import { Fault } from '../kernel/fault.js';
import type { UnitId } from '../kernel/id.js';
import type { Step } from '../driver/step.js';
import type { UnitPlan } from '../plan/plan.js';
import type { RunEvent } from './event.js';
import type { UnitState } from './state.js';
import { pollAfterMs } from './unit-decide.js';

/** What it means that a unit cannot be asked. */
export type AwayVerdict =
  | { readonly kind: 'again'; readonly afterMs: number }
  | { readonly kind: 'held' }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'lost' };

const UNTOUCHED_PATIENCE_MS = 120_000;
const TOUCHED_PATIENCE_MS = 600_000;
/** A device that has just booted may not reach its AAA servers yet; three tries, spread out, lock no account. */
const LOGIN_PATIENCE_MS = 180_000;
const LOGIN_RETRY_MS = 60_000;

/** Faults that no waiting mends: another machine may be answering, or we may not log in. */
const FINAL: ReadonlySet<string> = new Set([
  'host-key-changed',
  'host-key-unknown',
  'no-common-algorithm',
  'login-question',
  'secret-unavailable',
  'line-not-permitted',
  'unknown-dialog',
]);

/** A refused login after a boot may pass; a fault with a mend says that no further try is allowed. */
function judgeRefusal(step: Step, fault: Fault, passedMs: number): AwayVerdict {
  const returning = step.disrupts === 'whole device' || step.phase === 'verify';
  const patient = returning && passedMs < step.maxMs + LOGIN_PATIENCE_MS;
  return patient && fault.mend === undefined
    ? { kind: 'again', afterMs: LOGIN_RETRY_MS }
    : { kind: 'held' };
}

/** How long a look at a unit may fail before that is believed: a way to it may come back, and so may an answer. */
export const BLIND_PATIENCE_MS = 300_000;

/** One that is silent may have restarted: it gets the time of a boot. */
export function blindPatienceMs({ steps }: UnitPlan, fault: Fault): number {
  if (fault.code !== 'unreachable') return BLIND_PATIENCE_MS;
  const boots = steps.filter((each) => each.disrupts === 'whole device');
  return Math.max(BLIND_PATIENCE_MS, ...boots.map((each) => each.maxMs));
}

/** What the outside did to this unit, as against a failing state directory or a bug of ours. */
export function isDevicesFault(thrown: unknown): thrown is Fault {
  return thrown instanceof Fault && !thrown.code.startsWith('state-');
}

/** A unit that did not come back. */
export function lostUnit(unit: UnitId, fault: Fault): RunEvent {
  return {
    kind: 'unit-ended',
    unit,
    as: 'lost',
    why: `it did not come back: ${fault.message}`,
    next: 'go to its console with its recovery card; look at the loader prompt and at its power',
    failure: true,
    healthy: false,
    code: fault.code,
  };
}

function mayWait(fault: Fault, passedMs: number): boolean {
  return fault.retry === 'safe' && passedMs < UNTOUCHED_PATIENCE_MS;
}

/** Pure: a probe could not be made; what follows depends on what had been begun. */
export function judgeAway(each: {
  readonly unit: UnitState;
  readonly step: Step;
  readonly fault: Fault;
  readonly nowMs: number;
  /** When it last answered in this step. */
  readonly heardAtMs: number;
}): AwayVerdict {
  const { unit, step, fault, nowMs, heardAtMs } = each;
  const sinceMs = Math.max(unit.stepSinceMs, unit.intent?.atMs ?? 0);
  const passedMs = nowMs - sinceMs;
  const again: AwayVerdict = { kind: 'again', afterMs: pollAfterMs(sinceMs, nowMs) };
  if (!unit.touched) return mayWait(fault, passedMs) ? again : { kind: 'dropped' };
  if (FINAL.has(fault.code)) return { kind: 'held' };
  if (fault.code === 'auth-refused') return judgeRefusal(step, fault, passedMs);
  if (passedMs < Math.max(step.maxMs, TOUCHED_PATIENCE_MS)) return again;
  // Silence is a lost unit; an answer that cannot be read is one for a person.
  if (fault.code !== 'unreachable') return { kind: 'held' };
  // One that comes and goes is not lost: the next time that it answers decides.
  return nowMs - heardAtMs < TOUCHED_PATIENCE_MS ? again : { kind: 'lost' };
}
