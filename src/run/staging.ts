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

/** What is about to be copied, as far as windows are concerned. */
export interface Copy {
  /** As long as it is expected to take. */
  readonly needMs: number;
  /** Can it be cut off and gone on with later? */
  readonly resumes: boolean;
}

/** The copy that a step makes; one that makes none takes no time. `extraMs`: for bandwidth that is shared. */
export function copyOf({ transfer, expectedMs }: Step, extraMs: number): Copy {
  if (!transfer) return { needMs: 0, resumes: true };
  return { needMs: expectedMs + extraMs, resumes: transfer.method === 'sftp' };
}

/**
 * May it start now, as far as the staging windows go? What can be gone on with begins in the first half of a window, even
 * if it is longer than any; everything else has to fit.
 */
export function stagingFence(plan: UnitPlan, nowMs: InstantMs, copy: Copy): FenceAnswer {
  const windows = plan.stagingWindows;
  const changeEndMs = Math.max(0, ...plan.windows.map((each) => each.endMs));
  if (!windows)
    return nowMs < changeEndMs ? { kind: 'open', endMs: changeEndMs } : { kind: 'never' };
  const lengths = windows.map((each) => each.endMs - each.startMs);
  const longestMs = Math.max(0, ...lengths);
  const wantedMs = copy.resumes ? Math.min(copy.needMs, longestMs / 2) : copy.needMs;
  const open = windows.find((each) => each.startMs <= nowMs && nowMs + wantedMs < each.endMs);
  if (open) return { kind: 'open', endMs: open.endMs };
  const later = windows.find(
    (each) => each.startMs > nowMs && each.endMs - each.startMs >= wantedMs,
  );
  return later ? { kind: 'later', atMs: later.startMs } : { kind: 'never' };
}

/** What keeps a unit from being copied to now; undefined when nothing does. */
export function stagingWait(plan: UnitPlan, copy: Copy, nowMs: InstantMs): RunEvent | undefined {
  const answer = stagingFence(plan, nowMs, copy);
  const { unit } = plan;
  if (answer.kind === 'open') return undefined;
  if (answer.kind === 'later') {
    const why = 'the copy waits for a staging window in which it fits';
    return { kind: 'unit-waiting', unit, untilMs: answer.atMs, why };
  }
  return {
    kind: 'unit-ended',
    unit,
    as: 'dropped',
    why: 'no staging window is left in which the copy fits',
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
