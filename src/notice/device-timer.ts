import type { InstantMs, UnitId } from '../kernel/id.js';
import type { UnitPlan } from '../plan/plan.js';
import type { RunEvent } from '../run/event.js';
import type { Deadline } from './notice.js';

/** Timers that run on devices: what a device does by itself unless it is told otherwise in time. */
export interface DeviceTimers {
  see(event: UnitEvent, atMs: InstantMs, unitPlan: UnitPlan): void;
  /** Those that may still run at `nowMs`. */
  of(unit: UnitId, nowMs: InstantMs): readonly Deadline[];
}

type UnitEvent = Extract<RunEvent, { readonly unit: UnitId }>;
type StepIntent = Extract<RunEvent, { kind: 'step-intent' }>;

/** Confirmation of the configuration stands before the commit of the firmware; the last one ends both. */
function settles(event: UnitEvent, unitPlan: UnitPlan): boolean {
  if (event.kind === 'unit-ended') return event.as === 'reverted' || event.as === 'done';
  if (event.kind !== 'step-done' || event.list === 'rollback') return false;
  return unitPlan.steps[event.step]?.phase === 'commit';
}

interface Armed {
  readonly install?: InstantMs;
  readonly config?: InstantMs;
}

/**
 * Told from the journal: armed by the intent of the step that arms it, stopped by the step that confirms it. After a
 * failed or broken-off rollback it is not known whether it still runs; then it is named, as it may.
 */
export function deviceTimers(
  commitTimerMs: (platform: string) => number | undefined,
): DeviceTimers {
  const armed = new Map<UnitId, Armed>();
  const arm = (event: StepIntent, atMs: InstantMs, unitPlan: UnitPlan) => {
    const { unit, step } = event;
    const before = armed.get(unit) ?? {};
    const phase = unitPlan.steps[step]?.phase;
    const installMs = commitTimerMs(unitPlan.material.platform);
    const revertMs = unitPlan.config?.revertAfterMs;
    if (phase === 'activate' && installMs !== undefined)
      armed.set(unit, { ...before, install: atMs + installMs });
    if (phase === 'configure' && revertMs !== undefined)
      armed.set(unit, { config: atMs + revertMs, ...before });
  };
  return {
    see(event, atMs, unitPlan) {
      if (event.kind === 'step-intent') {
        if (event.list === 'forward' && event.attempt === 1) arm(event, atMs, unitPlan);
      } else if (settles(event, unitPlan)) armed.delete(event.unit);
    },
    of(unit, nowMs) {
      const { install, config } = armed.get(unit) ?? {};
      return [
        ...(config === undefined
          ? []
          : [{ what: 'the device takes its configuration change back by itself', atMs: config }]),
        ...(install === undefined
          ? []
          : [{ what: 'the device goes back to its old release by itself', atMs: install }]),
      ].filter((each) => each.atMs > nowMs);
    },
  };
}
