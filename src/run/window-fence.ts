import type { InstantMs } from '../kernel/id.js';
import type { Step } from '../driver/step.js';
import { aheadOf, hopNumber } from '../plan/hops.js';
import type { UnitPlan } from '../plan/plan.js';

/** May something that takes `needMs` start now? */
export type FenceAnswer =
  | { readonly kind: 'open'; readonly endMs: InstantMs }
  | { readonly kind: 'later'; readonly atMs: InstantMs }
  | { readonly kind: 'never' };

/** Phases whose steps must not begin unless they and the rollback still fit the window. */
const FENCED: ReadonlySet<Step['phase']> = new Set(['drain', 'arm', 'activate', 'configure']);

export function isFenced(step: Step): boolean {
  return FENCED.has(step.phase);
}

/** Worst case, in ms, of all from step `from` on that must happen inside the window, post-checks included. */
export function worstFrom(plan: UnitPlan, from: number): number {
  const first = Math.max(from, aheadOf(plan.steps));
  const steps = plan.steps.slice(first).reduce((sum, step) => sum + step.maxMs, 0);
  const hopsLeft = Math.max(1, plan.hops.length) - hopNumber(plan, from);
  return steps + hopsLeft * plan.checksWorstMs;
}

/** Is there room for `needMs` before the end of a window that is open now; else when does the next one with room open? */
export function fence(plan: UnitPlan, nowMs: InstantMs, needMs: number): FenceAnswer {
  const open = plan.windows.find((each) => each.startMs <= nowMs && nowMs + needMs <= each.endMs);
  if (open) return { kind: 'open', endMs: open.endMs };
  const later = plan.windows.find(
    (each) => each.startMs > nowMs && each.endMs - each.startMs >= needMs,
  );
  return later ? { kind: 'later', atMs: later.startMs } : { kind: 'never' };
}
