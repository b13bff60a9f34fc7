import type { InstantMs } from '../kernel/id.js';
import type { Step } from '../driver/step.js';
import type { UnitPlan } from '../plan/plan.js';
import type { RunEvent } from './event.js';
import type { FenceAnswer } from './window-fence.js';

/** What may be done ahead of the change: all up to the first step that is more than copying and verifying. */
export function stagingSteps(plan: UnitPlan): readonly Step[] {
  const end = plan.steps.findIndex((each) => each.phase !== 'prepare' && each.phase !== 'stage');
  return end < 0 ? plan.steps : plan.steps.slice(0, end);
}

/** May something that is expected to take `needMs` start now, as far as the staging windows go? */
export function stagingFence(plan: UnitPlan, nowMs: InstantMs, needMs: number): FenceAnswer {
  const windows = plan.stagingWindows;
  const changeEndMs = Math.max(0, ...plan.windows.map((each) => each.endMs));
  if (!windows)
    return nowMs < changeEndMs ? { kind: 'open', endMs: changeEndMs } : { kind: 'never' };
  // A copy that is longer than any window begins with one, and goes on in the next.
  const longestMs = Math.max(0, ...windows.map((each) => each.endMs - each.startMs));
  const wantedMs = Math.min(needMs, longestMs / 2);
  const open = windows.find((each) => each.startMs <= nowMs && nowMs + wantedMs <= each.endMs);
  if (open) return { kind: 'open', endMs: open.endMs };
  const later = windows.find(
    (each) => each.startMs > nowMs && each.endMs - each.startMs >= wantedMs,
  );
  return later ? { kind: 'later', atMs: later.startMs } : { kind: 'never' };
}

/** What keeps a unit from being copied to now; undefined when nothing does. */
export function stagingWait(plan: UnitPlan, step: Step, nowMs: InstantMs): RunEvent | undefined {
  const answer = stagingFence(plan, nowMs, step.transfer ? step.expectedMs : 0);
  const { unit } = plan;
  if (answer.kind === 'open') return undefined;
  if (answer.kind === 'later') {
    const why = 'its staging window is not open';
    return { kind: 'unit-waiting', unit, untilMs: answer.atMs, why };
  }
  return {
    kind: 'unit-ended',
    unit,
    as: 'dropped',
    why: 'no staging window is left before its change',
    next: 'the run copies what is missing in the change window, if there is time',
    code: 'outside-window',
    failure: false,
    healthy: true,
  };
}

/** The images are there and verified: all that staging is for. */
export function stagedUnit({ unit }: UnitPlan): RunEvent {
  return {
    kind: 'unit-ended',
    unit,
    as: 'done',
    why: 'staged and verified',
    next: '',
    code: '',
    failure: false,
    healthy: true,
  };
}
