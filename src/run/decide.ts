import type { InstantMs, UnitId } from '../kernel/id.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import type { RunEvent } from './event.js';
import {
  isActive,
  isAtSafePoint,
  isOver,
  unitPlanOf,
  type RunState,
  type UnitState,
} from './state.js';
import { copyOf, stagingSteps, stagingWait } from './staging.js';
import { fence, worstFrom } from './window-fence.js';

/** What the conductor is to do next. Decided from state, plan and time alone. */
export interface Decision {
  readonly events: readonly RunEvent[];
  /** Units whose worker should run now. */
  readonly work: readonly UnitId[];
  /** The next instant at which time alone changes the decision. */
  readonly wakeAtMs: InstantMs | undefined;
  /** Nothing is left for this runner to do. */
  readonly leave: boolean;
}

const IDLE: Decision = { events: [], work: [], wakeAtMs: undefined, leave: false };

function ended(
  unit: UnitId,
  why: string,
  rest: { readonly as: 'dropped' | 'done'; readonly code: string; readonly next: string },
): RunEvent {
  return { kind: 'unit-ended', unit, why, failure: false, healthy: true, ...rest };
}

/** Why a unit may not be changed now: a linked unit is, or its redundancy group needs it; `for-good`: waiting is vain. */
export function othersBlock(
  state: RunState,
  plan: Plan,
  unit: UnitPlan,
): { readonly kind: 'wait' | 'for-good'; readonly why: string } | undefined {
  const linked = unit.neighbours.find((each) => {
    const other = state.units.get(each);
    return other !== undefined && isActive(other);
  });
  if (linked !== undefined)
    return { kind: 'wait', why: `${linked}, linked to it, is being changed` };
  const group = plan.body.redundancyGroups.find((each) => each.name === unit.redundancyGroup);
  if (!group) return undefined;
  const mates = group.units.filter((each) => each !== unit.unit);
  const states = mates.flatMap((each) => state.units.get(each) ?? []);
  const busy = states.find(isActive);
  if (busy) return { kind: 'wait', why: `${busy.unit} of ${group.name} is being changed` };
  const sick = states.filter((each) => !each.healthy);
  if (mates.length - sick.length >= group.minHealthy) return undefined;
  const names = sick.map((each) => `${each.unit} (${each.kind})`).join(', ');
  return { kind: 'for-good', why: `${group.name} would be left without cover: ${names}` };
}

/** Copying disturbs nobody: neither neighbours nor waves matter, only the staging windows. */
function admitToStage(
  state: RunState,
  unitPlan: UnitPlan,
  unit: UnitState,
  nowMs: InstantMs,
): Decision {
  const [step] = stagingSteps(unitPlan).filter((each) => each.transfer);
  const wait = step && stagingWait(unitPlan, copyOf(step, 0), nowMs);
  if (!wait) {
    const event: RunEvent = { kind: 'unit-admitted', unit: unit.unit, wave: state.wave };
    return { ...IDLE, events: [event], work: [unit.unit] };
  }
  if (wait.kind !== 'unit-waiting') return { ...IDLE, events: [wait] };
  const told = unit.kind === 'waiting' && unit.waitUntilMs === wait.untilMs;
  return { ...IDLE, events: told ? [] : [wait], wakeAtMs: wait.untilMs };
}

function admit(state: RunState, plan: Plan, unit: UnitState, nowMs: InstantMs): Decision {
  const unitPlan = unitPlanOf(plan, unit.unit);
  if (!unitPlan) return IDLE;
  return state.mode === 'stage'
    ? admitToStage(state, unitPlan, unit, nowMs)
    : admitToChange({ state, plan, unitPlan, unit, nowMs });
}

interface Candidate {
  readonly state: RunState;
  readonly plan: Plan;
  readonly unitPlan: UnitPlan;
  readonly unit: UnitState;
  readonly nowMs: InstantMs;
}

function admitToChange({ state, plan, unitPlan, unit, nowMs }: Candidate): Decision {
  const blocked = othersBlock(state, plan, unitPlan);
  if (blocked?.kind === 'wait') return IDLE;
  if (blocked) {
    const next = 'mend the other member first, then make a new plan';
    return {
      ...IDLE,
      events: [ended(unit.unit, blocked.why, { as: 'dropped', code: 'plan-stale', next })],
    };
  }
  const begins: Decision = {
    ...IDLE,
    events: [{ kind: 'unit-admitted', unit: unit.unit, wave: state.wave }],
    work: [unit.unit],
  };
  // Looking changes nothing: it needs no window.
  if (state.mode === 'observe') return begins;
  const needMs = worstFrom(unitPlan, 0) + unitPlan.rollbackWorstMs;
  const answer = fence(unitPlan, nowMs, needMs);
  if (answer.kind === 'open') return begins;
  if (answer.kind === 'never') {
    const why = 'no window of the plan is left that holds the change and its rollback';
    const next = 'make a new plan for the next window';
    return {
      ...IDLE,
      events: [ended(unit.unit, why, { as: 'dropped', code: 'outside-window', next })],
    };
  }
  const told = unit.kind === 'waiting' && unit.waitUntilMs === answer.atMs;
  const event: RunEvent = {
    kind: 'unit-waiting',
    unit: unit.unit,
    untilMs: answer.atMs,
    why: 'its window is not open yet',
  };
  return { ...IDLE, events: told ? [] : [event], wakeAtMs: answer.atMs };
}

function waveUnits(state: RunState, plan: Plan): readonly UnitState[] {
  if (state.mode === 'stage') return [...state.units.values()];
  const wave = plan.body.waves[state.wave];
  return (wave?.units ?? []).flatMap((each) => state.units.get(each) ?? []);
}

function earliest(a: InstantMs | undefined, b: InstantMs | undefined): InstantMs | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}

/** When a soaking unit is looked at next: eight times in its soak, at most every six hours, and at its end. */
export function nextSoakCheckMs(unit: UnitState, soakMs: number): InstantMs | undefined {
  if (unit.soakUntilMs === undefined) return undefined;
  const everyMs = Math.min(6 * 3_600_000, Math.max(1000, soakMs / 8));
  return Math.min(unit.soakUntilMs, unit.lastSoakCheckMs + everyMs);
}

/** Paused or stopped: nothing is begun on units at their safe point. An abort ends them instead. */
function isHalted(state: RunState): boolean {
  return (state.paused || state.stopped !== undefined) && !state.aborted;
}

/** Units that were admitted and can go on now: after a restart, or for a look while soaking. */
function resumable(state: RunState, plan: Plan, nowMs: InstantMs): Decision {
  const work: UnitId[] = [];
  let wakeAtMs: InstantMs | undefined;
  for (const unit of state.units.values()) {
    if (!unit.admitted || isOver(unit)) continue;
    if (isHalted(state) && isAtSafePoint(unit)) continue;
    let dueMs: InstantMs | undefined = nowMs;
    if (unit.kind === 'soaking') dueMs = nextSoakCheckMs(unit, plan.body.strategy.soakMs);
    if (dueMs === undefined || dueMs <= nowMs) work.push(unit.unit);
    else wakeAtMs = earliest(wakeAtMs, dueMs);
  }
  return { ...IDLE, work, wakeAtMs };
}

function admitWave(state: RunState, plan: Plan, nowMs: InstantMs): Decision {
  let places = plan.body.strategy.parallel - [...state.units.values()].filter(isActive).length;
  let wakeAtMs: InstantMs | undefined;
  for (const unit of waveUnits(state, plan)) {
    if (unit.admitted || isOver(unit) || places <= 0) continue;
    const decision = admit(state, plan, unit, nowMs);
    // One change at a time: the state that the next unit is judged by must hold this one.
    if (decision.events.length > 0) return decision;
    wakeAtMs = earliest(wakeAtMs, decision.wakeAtMs);
    if (decision.work.length > 0) places -= 1;
  }
  return { ...IDLE, wakeAtMs };
}

function waveProgress(state: RunState, plan: Plan, nowMs: InstantMs): Decision {
  if (state.mode === 'stage') return admitWave(state, plan, nowMs);
  const wave = plan.body.waves[state.wave];
  if (!wave) return IDLE;
  if (!state.waveStarted) {
    return { ...IDLE, events: [{ kind: 'wave-started', wave: state.wave }] };
  }
  const pending = waveUnits(state, plan).some((each) => !isOver(each) && each.kind !== 'soaking');
  if (pending) return admitWave(state, plan, nowMs);
  const isLast = state.wave === plan.body.waves.length - 1;
  if (wave.soakMs > 0 && !isLast && state.waveSoakUntilMs === undefined) {
    const untilMs = nowMs + wave.soakMs;
    return { ...IDLE, events: [{ kind: 'wave-soaking', wave: state.wave, untilMs }] };
  }
  if (state.waveSoakUntilMs !== undefined && nowMs < state.waveSoakUntilMs) {
    return { ...IDLE, wakeAtMs: state.waveSoakUntilMs };
  }
  return { ...IDLE, events: [{ kind: 'wave-done', wave: state.wave }] };
}

function budgetSpent(state: RunState, plan: Plan): Decision | undefined {
  const most = plan.body.strategy.stopAfterFailures;
  if (state.stopped || state.failures < most) return undefined;
  const failed = `${state.failures} ${state.failures === 1 ? 'unit' : 'units'} failed`;
  const why = `${failed}, and the playbook stops after ${most}: no further unit is started`;
  return { ...IDLE, events: [{ kind: 'run-stopped', why, code: 'too-many-failures' }] };
}

function aborting(state: RunState, plan: Plan, atWork: ReadonlySet<UnitId>): Decision | undefined {
  if (!state.aborted) return undefined;
  const events: RunEvent[] = [];
  for (const unit of state.units.values()) {
    // Whose worker is in the middle of a look is ended after it: two would write of one unit.
    if (isOver(unit) || atWork.has(unit.unit)) continue;
    const why = 'the run was aborted';
    if (!unit.admitted) {
      const next = 'make a new plan when it is to be changed';
      events.push(ended(unit.unit, why, { as: 'dropped', code: '', next }));
    }
    if (unit.kind === 'soaking') {
      const rest = { as: 'done', code: '', next: 'watch it: its soak was cut short' } as const;
      events.push(
        ended(unit.unit, `${why} while it soaked; ${plan.body.playbook.name} is on`, rest),
      );
    }
  }
  return events.length > 0 ? { ...IDLE, events } : undefined;
}

function isMidway(unit: UnitState): boolean {
  return isActive(unit) && !isAtSafePoint(unit);
}

function finishing(atWork: ReadonlySet<UnitId>): Decision {
  return atWork.size > 0 ? IDLE : { ...IDLE, events: [{ kind: 'run-finished' }] };
}

const NOBODY: ReadonlySet<UnitId> = new Set();

/**
 * The next move of the whole run. Pure: the same state, plan, time and workers give the same decision. A unit whose worker
 * is at work is not ended here, and the run is not finished before the last worker is.
 */
export function decide(
  state: RunState,
  plan: Plan,
  nowMs: InstantMs,
  atWork: ReadonlySet<UnitId> = NOBODY,
): Decision {
  if (state.finished) return { ...IDLE, leave: true };
  const units = [...state.units.values()];
  const first = aborting(state, plan, atWork) ?? budgetSpent(state, plan);
  if (first) return first;
  if (units.every(isOver)) return finishing(atWork);
  const going = resumable(state, plan, nowMs);
  if (state.stopped || state.aborted) {
    return { ...going, leave: going.work.length + atWork.size === 0 && !units.some(isMidway) };
  }
  if (state.paused) return going;
  const wave = waveProgress(state, plan, nowMs);
  return {
    events: wave.events,
    work: [...going.work, ...wave.work],
    wakeAtMs: earliest(going.wakeAtMs, wave.wakeAtMs),
    leave: false,
  };
}
