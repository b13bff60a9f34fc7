import type { InstantMs, PlanDigest, UnitId } from '../kernel/id.js';
import { KeptMap } from '../kernel/kept-map.js';
import { hopOf } from '../plan/hops.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import type { RunEvent, RunMode } from './event.js';
import { foldStep } from './step-fold.js';
import type { OpenIntent, UnitState } from './unit-state.js';

export type { OpenIntent, UnitKind, UnitState } from './unit-state.js';

export interface RunState {
  readonly plan: PlanDigest | undefined;
  readonly mode: RunMode;
  readonly startedAtMs: InstantMs;
  readonly paused: boolean;
  readonly aborted: boolean;
  readonly stopped: { readonly why: string; readonly code: string } | undefined;
  readonly finished: boolean;
  readonly wave: number;
  readonly waveStarted: boolean;
  readonly waveSoakUntilMs: InstantMs | undefined;
  /** Since the start or the last resume. */
  readonly failures: number;
  readonly lastRequest: number;
  readonly units: KeptMap<UnitId, UnitState>;
}

export function queuedUnit(unit: UnitId): UnitState {
  return {
    unit,
    kind: 'queued',
    list: 'forward',
    step: 0,
    stepSinceMs: 0,
    intent: undefined,
    known: {},
    admitted: false,
    checkedBefore: false,
    passedAfter: false,
    hop: 0,
    touched: false,
    failure: '',
    cause: '',
    waitUntilMs: undefined,
    soakSinceMs: undefined,
    soakUntilMs: undefined,
    lastSoakCheckMs: 0,
    ended: undefined,
    healthy: true,
    admittedAtMs: undefined,
    endedAtMs: undefined,
  };
}

export function initialState(plan: Plan): RunState {
  return {
    plan: undefined,
    mode: 'run',
    startedAtMs: 0,
    paused: false,
    aborted: false,
    stopped: undefined,
    finished: false,
    wave: 0,
    waveStarted: false,
    waveSoakUntilMs: undefined,
    failures: 0,
    lastRequest: 0,
    units: KeptMap.of(plan.body.units.map((each) => [each.unit, queuedUnit(each.unit)])),
  };
}

const requeued = { kind: 'queued', admitted: false, checkedBefore: false } as const;

/** Units that rested at their safe point begin again from the queue: much may have happened meanwhile. */
function requeueResting(units: RunState['units']): RunState['units'] {
  return KeptMap.of(
    [...units].map(([id, unit]) =>
      unit.admitted && isAtSafePoint(unit) ? [id, { ...unit, ...requeued }] : [id, unit],
    ),
  );
}

type UnitEvent = Extract<RunEvent, { readonly unit: UnitId }>;

function foldUnit(unit: UnitState, event: UnitEvent, atMs: InstantMs, plan: UnitPlan): UnitState {
  if ('step' in event) return foldStep(unit, event, atMs, plan);
  switch (event.kind) {
    case 'unit-admitted':
      return { ...unit, kind: 'checking', admitted: true, admittedAtMs: atMs, stepSinceMs: atMs };
    case 'unit-waiting':
      // Back in the queue: by then others may have its place, and it must be looked at again. A copy that its window
      // cut off begins with fresh tries.
      return {
        ...unit,
        ...requeued,
        kind: 'waiting',
        intent: undefined,
        waitUntilMs: event.untilMs,
      };
    case 'unit-observed':
      return unit;
    case 'unit-checked':
      return foldChecked(unit, event, atMs);
    case 'rollback-started':
      return {
        ...unit,
        kind: 'reverting',
        list: 'rollback',
        step: hopOf(plan, unit.hop).rollback.from,
        stepSinceMs: atMs,
        intent: undefined,
        failure: '',
        cause: event.why,
      };
    case 'unit-soaking':
      return {
        ...unit,
        kind: 'soaking',
        soakSinceMs: atMs,
        soakUntilMs: event.untilMs,
        lastSoakCheckMs: atMs,
      };
    case 'unit-ended':
      return {
        ...unit,
        kind: event.as,
        intent: undefined,
        ended: { as: event.as, why: event.why, next: event.next, code: event.code },
        healthy: event.healthy,
        endedAtMs: atMs,
      };
  }
}

function foldChecked(
  unit: UnitState,
  event: Extract<UnitEvent, { kind: 'unit-checked' }>,
  atMs: InstantMs,
): UnitState {
  const failure = event.passed
    ? unit.failure
    : event.outcomes
        .flatMap((each) => (each.kind === 'passed' ? [] : [`${each.name}: ${each.why}`]))
        .join('; ');
  if (event.when === 'before') return { ...unit, checkedBefore: event.passed, failure };
  if (event.when === 'after') return { ...unit, passedAfter: event.passed, failure };
  return { ...unit, lastSoakCheckMs: atMs, failure };
}

type RunWide = Exclude<RunEvent, UnitEvent>;
type ByPeople = Extract<RunWide, { readonly request: number }>;

function foldRequest(state: RunState, event: ByPeople): RunState {
  const asked = { ...state, lastRequest: Math.max(state.lastRequest, event.request) };
  switch (event.kind) {
    case 'run-paused':
      return { ...asked, paused: true };
    case 'run-resumed':
      return {
        ...asked,
        paused: false,
        aborted: false,
        stopped: undefined,
        failures: 0,
        units: requeueResting(asked.units),
      };
    case 'run-aborted':
      return { ...asked, aborted: true };
  }
}

function foldRun(state: RunState, event: RunWide, atMs: InstantMs): RunState {
  if ('request' in event) return foldRequest(state, event);
  switch (event.kind) {
    case 'run-started':
      return { ...state, plan: event.plan, mode: event.mode, startedAtMs: atMs };
    case 'runner-took-over':
      return state;
    case 'run-stopped':
      return { ...state, stopped: { why: event.why, code: event.code } };
    case 'run-finished':
      return { ...state, finished: true };
    case 'wave-started':
      return { ...state, wave: event.wave, waveStarted: true, waveSoakUntilMs: undefined };
    case 'wave-soaking':
      return { ...state, waveSoakUntilMs: event.untilMs };
    case 'wave-done':
      return { ...state, wave: event.wave + 1, waveStarted: false, waveSoakUntilMs: undefined };
  }
}

const indexes = new WeakMap<Plan, ReadonlyMap<UnitId, UnitPlan>>();

/** The plan's unit of that name; looked up once per plan, since every event asks. */
export function unitPlanOf(plan: Plan, unit: UnitId): UnitPlan | undefined {
  let index = indexes.get(plan);
  if (!index) {
    index = new Map(plan.body.units.map((each) => [each.unit, each]));
    indexes.set(plan, index);
  }
  return index.get(unit);
}

/** The state after one more event. Pure; the only way state ever changes. */
export function fold(state: RunState, event: RunEvent, atMs: InstantMs, plan: Plan): RunState {
  if (!('unit' in event)) return foldRun(state, event, atMs);
  const before = state.units.get(event.unit);
  const unitPlan = unitPlanOf(plan, event.unit);
  if (!before || !unitPlan) return state;
  const units = state.units.with(event.unit, foldUnit(before, event, atMs, unitPlan));
  const failed = event.kind === 'unit-ended' && event.failure ? 1 : 0;
  return { ...state, units, failures: state.failures + failed };
}

/** Is there work that only a runner can do for this unit now or later? */
export function isOver(unit: UnitState): boolean {
  return unit.ended !== undefined;
}

/**
 * Nothing was changed on it and nothing is under way: where it stays while the run is paused or stopped. It is queued
 * again, and looked at again, when the run goes on.
 */
export function isAtSafePoint(unit: UnitState): boolean {
  return !unit.touched && unit.intent === undefined && !isOver(unit) && unit.kind !== 'soaking';
}

/** The step that a person is asked for and has not spoken of yet. */
export function openAsk(unit: UnitState): OpenIntent | undefined {
  const { intent } = unit;
  return intent?.asks && intent.acted === undefined ? intent : undefined;
}

/** Between admission and soak: it takes one of the parallel places. */
export function isActive(unit: UnitState): boolean {
  return unit.admitted && !isOver(unit) && unit.kind !== 'soaking';
}
