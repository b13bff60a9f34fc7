import { changedWord } from '../kernel/change-words.js';
import type { InstantMs } from '../kernel/id.js';
import type { Probe, Step } from '../driver/step.js';
import { hopOf } from '../plan/hops.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import { nextSoakCheckMs } from './decide.js';
import type { RunEvent } from './event.js';
import { isAtSafePoint, isOver, type OpenIntent, type RunState, type UnitState } from './state.js';
import { stagingSteps } from './staging.js';
import { fence, isFenced, worstFrom } from './window-fence.js';

/** What a unit's worker does next. */
export type UnitTask =
  | { readonly kind: 'stop' }
  | { readonly kind: 'check-before' }
  | { readonly kind: 'check-after' }
  | { readonly kind: 'check-reverted' }
  | { readonly kind: 'check-soak' }
  | { readonly kind: 'observe' }
  | { readonly kind: 'staged' }
  | { readonly kind: 'probe'; readonly step: Step }
  | { readonly kind: 'record'; readonly events: readonly RunEvent[] };

const STOP: UnitTask = { kind: 'stop' };

function record(...events: RunEvent[]): UnitTask {
  return { kind: 'record', events };
}

function afterFailure(unit: UnitState, plan: Plan): UnitTask {
  const base = { kind: 'unit-ended', unit: unit.unit, why: unit.failure, failure: true } as const;
  if (unit.list === 'rollback') {
    return record({
      ...base,
      as: 'quarantined',
      why: `${unit.failure} (while rolling back: ${unit.cause})`,
      next: 'the rollback failed: log in by the console and bring it back by hand',
      healthy: false,
      code: '',
    });
  }
  if (!unit.touched) {
    return record({
      ...base,
      as: 'dropped',
      next: 'nothing was changed on it; mend the cause and make a new plan',
      healthy: true,
      code: '',
    });
  }
  if (plan.body.rollback === 'automatic') {
    return record({ kind: 'rollback-started', unit: unit.unit, why: unit.failure });
  }
  return record({
    ...base,
    as: 'held',
    next: 'decide by hand: the playbook says not to roll back by itself',
    healthy: false,
    code: '',
  });
}

function afterLastStep(unit: UnitState, { plan, unitPlan, nowMs }: UnitScene): UnitTask {
  const base = { kind: 'unit-ended', unit: unit.unit, code: '' } as const;
  if (unit.list === 'rollback') return { kind: 'check-reverted' };
  if (!unit.passedAfter) return { kind: 'check-after' };
  const soakMs = plan.body.strategy.soakMs;
  if (soakMs > 0) {
    return record({ kind: 'unit-soaking', unit: unit.unit, untilMs: nowMs + soakMs });
  }
  return record({
    ...base,
    as: 'done',
    why: `${changedWord([unitPlan])} and checked`,
    next: '',
    failure: false,
    healthy: true,
  });
}

/** Does the disruptive part still fit? Asked before each of its steps that has no intent yet. */
function fenceTask(
  unit: UnitState,
  step: Step,
  { unitPlan, nowMs, wallMs }: UnitScene,
): UnitTask | undefined {
  if (unit.list === 'rollback' || unit.intent || !isFenced(step)) return undefined;
  const needMs = worstFrom(unitPlan, unit.step) + unitPlan.rollbackWorstMs;
  // Of two clocks that disagree nobody knows which is right: it must fit by both.
  const answers = [nowMs, wallMs].map((each) => fence(unitPlan, each, needMs));
  const answer = answers.find((each) => each.kind !== 'open');
  if (!answer) return undefined;
  const why = 'the rest of the change and its rollback no longer fit the window';
  if (unit.touched) {
    const at = { list: unit.list, step: unit.step, id: step.id };
    return record({ kind: 'step-failed', unit: unit.unit, ...at, why });
  }
  // Nothing was done yet, and the run is about to stop: the window is judged when a person has looked.
  if (answers.some((each) => each.kind === 'open')) return STOP;
  if (answer.kind === 'later') {
    return record({ kind: 'unit-waiting', unit: unit.unit, untilMs: answer.atMs, why });
  }
  return record({
    kind: 'unit-ended',
    unit: unit.unit,
    as: 'dropped',
    why,
    next: 'the image is staged; make a new plan for the next window',
    failure: false,
    healthy: true,
    code: 'outside-window',
  });
}

function atSafePoint(unit: UnitState, run: RunState): UnitTask | undefined {
  if (!isAtSafePoint(unit)) return undefined;
  if (run.aborted) {
    return record({
      kind: 'unit-ended',
      unit: unit.unit,
      as: 'dropped',
      why: 'the run was aborted before anything was changed on it',
      next: 'make a new plan when it is to be changed',
      failure: false,
      healthy: true,
      code: '',
    });
  }
  return run.paused || run.stopped ? STOP : undefined;
}

/** What a unit is judged by, beside its own state. */
export interface UnitScene {
  readonly run: RunState;
  readonly plan: Plan;
  readonly unitPlan: UnitPlan;
  readonly nowMs: InstantMs;
  /** What the wall clock says; another time than `nowMs` once it was set while the runner worked. */
  readonly wallMs: InstantMs;
}

function whileSoaking(unit: UnitState, { plan, nowMs }: UnitScene): UnitTask {
  const dueMs = nextSoakCheckMs(unit, plan.body.strategy.soakMs);
  return dueMs !== undefined && dueMs <= nowMs ? { kind: 'check-soak' } : STOP;
}

/** The step that the unit is at; undefined behind the last one, of the list or of the hop that is taken back. */
function stepAt(unit: UnitState, unitPlan: UnitPlan): Step | undefined {
  if (unit.list === 'forward') return unitPlan.steps[unit.step];
  const { rollback } = hopOf(unitPlan, unit.hop);
  return unit.step < rollback.to ? unitPlan.rollback[unit.step] : undefined;
}

function nextStep(unit: UnitState, scene: UnitScene): UnitTask {
  const { unitPlan } = scene;
  const step = stepAt(unit, unitPlan);
  if (!step) return afterLastStep(unit, scene);
  if (unit.list === 'forward' && step.phase === 'commit' && !unit.passedAfter) {
    return { kind: 'check-after' };
  }
  return fenceTask(unit, step, scene) ?? { kind: 'probe', step };
}

/** Windows are asked for before each act, not here: what was begun may be probed at any time. */
function nextStaging(unit: UnitState, unitPlan: UnitPlan): UnitTask {
  const step = stagingSteps(unitPlan)[unit.step];
  return step ? { kind: 'probe', step } : { kind: 'staged' };
}

/** The next move of one unit. Pure. */
export function decideUnit(unit: UnitState, scene: UnitScene): UnitTask {
  if (isOver(unit) || !unit.admitted) return STOP;
  if (unit.kind === 'soaking') return whileSoaking(unit, scene);
  const safe = atSafePoint(unit, scene.run);
  if (safe) return safe;
  if (unit.failure !== '') return afterFailure(unit, scene.plan);
  if (!unit.checkedBefore) return { kind: 'check-before' };
  if (scene.run.mode === 'observe') return { kind: 'observe' };
  if (scene.run.mode === 'stage') return nextStaging(unit, scene.unitPlan);
  return nextStep(unit, scene);
}

/** What a probe's answer leads to. */
export type ProbeVerdict =
  | { readonly kind: 'act'; readonly attempt: number }
  | { readonly kind: 'again'; readonly afterMs: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'held'; readonly why: string };

const UNKNOWN_MS = 90_000;
/** Tries with an outcome. What a crash of ours cut off is repeated beyond that, within bounds. */
const TRIES_MAX = 3;
const ATTEMPTS_MAX = 100;

/** Polling slows down as the wait grows: 2 s at first, 30 s at most. */
export function pollAfterMs(sinceMs: InstantMs, nowMs: InstantMs): number {
  return Math.min(30_000, Math.max(2000, (nowMs - sinceMs) / 4));
}

interface ProbeCase {
  readonly unit: UnitState;
  readonly step: Step;
  /** Does this kind of step change the device? */
  readonly changes: boolean;
  readonly probe: Probe;
  readonly nowMs: InstantMs;
}

function beforeIntent(each: ProbeCase): ProbeVerdict {
  const { unit, step, changes, probe, nowMs } = each;
  const sinceMs = unit.stepSinceMs;
  if (probe.answer === 'absent' || (probe.answer === 'partial' && changes)) {
    return { kind: 'act', attempt: 1 };
  }
  if (nowMs - sinceMs >= step.maxMs)
    return { kind: 'failed', why: `${probe.why}, until its limit` };
  return { kind: 'again', afterMs: pollAfterMs(sinceMs, nowMs) };
}

/** An intent whose outcome is not known: the device decides, and only after it has had time to show. */
function undecided(each: ProbeCase, intent: OpenIntent): ProbeVerdict {
  const { step, probe, nowMs } = each;
  const again: ProbeVerdict = { kind: 'again', afterMs: pollAfterMs(intent.atMs, nowMs) };
  if (nowMs < intent.atMs + step.settleMs) return again;
  // Half a reload is waited for; half a configuration is sent again.
  const mayRepeat = probe.answer === 'absent' || step.disrupts !== 'whole device';
  if (mayRepeat) {
    return intent.tries < TRIES_MAX && intent.attempt < ATTEMPTS_MAX
      ? { kind: 'act', attempt: intent.attempt + 1 }
      : { kind: 'failed', why: `${probe.why}, after ${intent.attempt} tries` };
  }
  if (nowMs < intent.atMs + step.maxMs) return again;
  return { kind: 'held', why: `begun and not finished: ${probe.why}` };
}

/** The device's state cannot be told: it gets a little time, then a person decides. */
function untold({ unit, step, probe, nowMs }: ProbeCase): ProbeVerdict {
  const { intent } = unit;
  const sinceMs = Math.max(unit.stepSinceMs, intent ? intent.atMs + step.settleMs : 0);
  return nowMs - sinceMs < UNKNOWN_MS
    ? { kind: 'again', afterMs: pollAfterMs(sinceMs, nowMs) }
    : { kind: 'held', why: `the state cannot be told: ${probe.why}` };
}

/** Pure: from the probe's answer and what is journaled of the step to the next move. */
export function judgeProbe(each: ProbeCase): ProbeVerdict {
  const { unit, step, probe, nowMs } = each;
  const { intent } = unit;
  if (probe.answer === 'done') return { kind: 'done' };
  if (probe.answer === 'failed') return { kind: 'failed', why: probe.why };
  if (probe.answer === 'unknown') return untold(each);
  if (!intent) return beforeIntent(each);
  if (intent.acted === 'refused') return { kind: 'failed', why: intent.why };
  // What disrupts nothing is simply done again, after its time to settle; anything else is given its full time.
  if (intent.acted !== 'acted' || step.disrupts === 'nothing') return undecided(each, intent);
  if (nowMs < intent.atMs + step.maxMs) {
    return { kind: 'again', afterMs: pollAfterMs(intent.atMs, nowMs) };
  }
  return { kind: 'failed', why: `no effect within the limit: ${probe.why}` };
}
