import type { InstantMs } from '../kernel/id.js';
import type { Json } from '../kernel/json.js';
import type { Phase } from '../driver/step.js';
import { hopNumber } from '../plan/hops.js';
import type { UnitPlan } from '../plan/plan.js';
import type { RunEvent, StepList } from './event.js';
import type { UnitKind, UnitState } from './unit-state.js';

type StepEvent = Extract<RunEvent, { readonly step: number }>;

const PHASE_KIND: Record<Phase, UnitKind> = {
  prepare: 'staging',
  stage: 'staging',
  drain: 'draining',
  arm: 'armed',
  activate: 'reloading',
  verify: 'settling',
  undrain: 'settling',
  configure: 'settling',
  commit: 'committed',
};

function merge(
  unit: UnitState,
  id: string,
  known: Readonly<Record<string, Json>>,
): UnitState['known'] {
  return { ...unit.known, [id]: { ...unit.known[id], ...known } };
}

function kindAt(plan: UnitPlan, list: StepList, step: number): UnitKind {
  if (list === 'rollback') return 'reverting';
  const phase = plan.steps[step]?.phase;
  if (phase !== undefined) return PHASE_KIND[phase];
  return 'committed';
}

/** The kind after step `done` of the forward list: `verified` between staging and the first disruption. */
function kindAfter(plan: UnitPlan, unit: UnitState, done: number): UnitKind {
  if (unit.list === 'rollback') return 'reverting';
  const before = plan.steps[done]?.phase;
  const next = plan.steps[done + 1]?.phase;
  const staged = before === 'stage' || before === 'prepare';
  if (staged && next !== 'stage' && next !== 'prepare') return 'verified';
  return kindAt(plan, 'forward', done + 1);
}

/** An attempt begins: what is tried anew keeps the number of its tries. */
function intended(
  unit: UnitState,
  event: Extract<StepEvent, { kind: 'step-intent' }>,
  at: { readonly atMs: InstantMs; readonly plan: UnitPlan },
): UnitState {
  const { attempt, list, step, asks, seen = '' } = event;
  const { atMs } = at;
  const tries = unit.intent?.tries ?? 0;
  const wasTouched = unit.intent?.wasTouched ?? unit.touched;
  const open = { attempt, tries, atMs, sinceMs: atMs, asks, seen, wasTouched };
  return {
    ...unit,
    kind: asks ? 'asking' : kindAt(at.plan, list, step),
    intent: { ...open, acted: undefined, why: '' },
    known: merge(unit, event.id, event.known),
    touched: unit.touched || !isStaging(at.plan, list, step),
  };
}

/** The attempt has an outcome. */
function acted(
  unit: UnitState,
  event: Extract<StepEvent, { kind: 'step-acted' }>,
  at: { readonly atMs: InstantMs; readonly plan: UnitPlan },
): UnitState {
  const { result, why, list, step, by } = event;
  const { intent } = unit;
  const kind = unit.kind === 'asking' ? kindAt(at.plan, list, step) : unit.kind;
  const left = result !== 'refused' && kind === 'reloading';
  const when = by === undefined ? {} : { atMs: at.atMs };
  return {
    ...unit,
    kind: left ? 'returning' : kind,
    intent: intent && { ...intent, ...when, tries: intent.tries + 1, acted: result, why },
    known: merge(unit, event.id, event.known),
  };
}

/** Nobody did it: as if it had never been asked for. */
function withdrawn(unit: UnitState, { list, step }: StepEvent, plan: UnitPlan): UnitState {
  const before = step === 0 ? 'checking' : kindAt(plan, list, step - 1);
  const kind = list === 'rollback' ? 'reverting' : before;
  return { ...unit, kind, intent: undefined, touched: unit.intent?.wasTouched ?? unit.touched };
}

/** The unit after one more event of a step. */
export function foldStep(
  unit: UnitState,
  event: StepEvent,
  atMs: InstantMs,
  plan: UnitPlan,
): UnitState {
  switch (event.kind) {
    case 'step-intent':
      return intended(unit, event, { atMs, plan });
    case 'step-acted':
      return acted(unit, event, { atMs, plan });
    case 'step-withdrawn':
      return withdrawn(unit, event, plan);
    case 'step-probed':
      return unit;
    case 'step-done':
      return {
        ...unit,
        ...hopAfter(unit, event, plan),
        kind: kindAfter(plan, unit, event.step),
        step: event.step + 1,
        stepSinceMs: atMs,
        intent: undefined,
        known: merge(unit, event.id, event.known),
      };
    case 'step-failed':
      return { ...unit, intent: undefined, failure: `${event.id}: ${event.why}` };
  }
}

/** What changes with the step that ends a hop: the next one has post-checks of its own. */
function hopAfter(
  unit: UnitState,
  { list, step }: StepEvent,
  plan: UnitPlan,
): Partial<Pick<UnitState, 'hop' | 'passedAfter'>> {
  if (list === 'rollback') return {};
  const hop = hopNumber(plan, step + 1);
  return hop === unit.hop ? {} : { hop, passedAfter: false };
}

function isStaging(plan: UnitPlan, list: StepList, step: number): boolean {
  const phase = plan.steps[step]?.phase;
  return list === 'forward' && (phase === 'stage' || phase === 'prepare');
}
