import type { InstantMs, UnitId } from '../kernel/id.js';
import { KeptMap } from '../kernel/kept-map.js';
import { recall } from '../kernel/recall.js';
import type { JournalRecord } from '../ports/journal.js';
import type { Step } from '../driver/step.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import type { RunEvent, StepList } from '../run/event.js';
import { fold, initialState, queuedUnit, type RunState, type UnitState } from '../run/state.js';
import type {
  ReportedChecks,
  ReportedStep,
  StepNote,
  StepOutcome,
  Stretch,
} from './report-form.js';

/** An event and when it was journaled. */
export interface TimedEvent {
  readonly atMs: InstantMs;
  readonly event: RunEvent;
}

type UnitEvent = Extract<RunEvent, { readonly unit: UnitId }>;
type StepEvent = Extract<UnitEvent, { readonly step: number }>;

interface TimedUnitEvent {
  readonly atMs: InstantMs;
  readonly event: UnitEvent;
}

/** What became of one unit, told from its events alone. */
export interface UnitHistory {
  readonly state: UnitState;
  readonly path: readonly Stretch[];
  readonly steps: readonly ReportedStep[];
  readonly checks: readonly ReportedChecks[];
  readonly rollbackMs: InstantMs | undefined;
}

export interface RunHistory {
  readonly events: readonly TimedEvent[];
  readonly state: RunState;
  readonly units: ReadonlyMap<UnitId, UnitHistory>;
}

const NOTES_MAX = 50;

function pathOf(changes: readonly Stretch[], ended: boolean): readonly Stretch[] {
  return changes.map((each, index) => {
    const next = changes[index + 1];
    if (next) return { ...each, untilMs: next.fromMs };
    return ended ? { ...each, untilMs: each.fromMs } : each;
  });
}

function outcomeOf(events: readonly StepEvent[]): StepOutcome {
  const last = events.findLast((each) => each.kind === 'step-done' || each.kind === 'step-failed');
  if (last?.kind === 'step-failed') return 'failed';
  if (last?.kind === 'step-done') return last.skipped ? 'skipped' : 'done';
  return events.length > 0 ? 'under way' : 'not reached';
}

function intentNote(
  atMs: InstantMs,
  { attempt, asks, letBy }: Extract<StepEvent, { kind: 'step-intent' }>,
): readonly StepNote[] {
  const again = attempt > 1 ? `attempt ${attempt}` : '';
  if (asks) return [{ atMs, what: 'a person was asked to do it', why: again }];
  if (letBy !== undefined) return [{ atMs, what: `done for ${letBy}`, why: again }];
  return again === '' ? [] : [{ atMs, what: again, why: '' }];
}

function actedNote(
  atMs: InstantMs,
  { result, why, by }: Extract<StepEvent, { kind: 'step-acted' }>,
): readonly StepNote[] {
  if (by !== undefined) return [{ atMs, what: by === '' ? 'nobody spoke' : `by ${by}`, why }];
  return result === 'acted' ? [] : [{ atMs, what: result, why }];
}

function noteOf(atMs: InstantMs, event: StepEvent): readonly StepNote[] {
  switch (event.kind) {
    case 'step-intent':
      return intentNote(atMs, event);
    case 'step-acted':
      return actedNote(atMs, event);
    case 'step-withdrawn':
      return [{ atMs, what: 'asked for no more', why: event.why }];
    case 'step-probed':
      return [{ atMs, what: `probe: ${event.answer}`, why: event.why }];
    case 'step-done':
    case 'step-failed':
      return [];
  }
}

interface TimedStepEvent {
  readonly atMs: InstantMs;
  readonly event: StepEvent;
}

function stepOf(list: StepList, step: Step, about: readonly TimedStepEvent[]): ReportedStep {
  const { id, title, phase, disrupts, pointOfNoReturn, expectedMs, maxMs } = step;
  const over = about.findLast(
    ({ event }) => event.kind === 'step-done' || event.kind === 'step-failed',
  );
  const last = about.at(-1)?.event;
  const why = over?.event ?? last;
  const startMs = about[0]?.atMs;
  const attempts = about.map(({ event }) => (event.kind === 'step-intent' ? event.attempt : 0));
  return {
    list,
    id,
    title,
    phase,
    disrupts,
    pointOfNoReturn,
    expectedMs,
    maxMs,
    outcome: outcomeOf(about.map(({ event }) => event)),
    ...(startMs === undefined ? {} : { startMs }),
    ...(over ? { endMs: over.atMs } : {}),
    attempts: Math.max(0, ...attempts),
    why: why && 'why' in why ? why.why : '',
    notes: about.flatMap(({ atMs, event }) => noteOf(atMs, event)).slice(-NOTES_MAX),
  };
}

function stepsOf(plan: UnitPlan, events: readonly TimedUnitEvent[]): readonly ReportedStep[] {
  const byStep = new Map<string, TimedStepEvent[]>();
  for (const { atMs, event } of events) {
    if (!('step' in event)) continue;
    const key = `${event.list}/${event.step}`;
    const known = byStep.get(key) ?? [];
    known.push({ atMs, event });
    byStep.set(key, known);
  }
  const listed = (list: StepList, steps: readonly Step[]) =>
    steps.map((step, index) => stepOf(list, step, byStep.get(`${list}/${index}`) ?? []));
  const rolledBack = events.some(({ event }) => event.kind === 'rollback-started');
  return [
    ...listed('forward', plan.steps),
    ...(rolledBack ? listed('rollback', plan.rollback) : []),
  ];
}

function checksOf(events: readonly TimedUnitEvent[]): readonly ReportedChecks[] {
  return events.flatMap(({ atMs, event }) => {
    if (event.kind !== 'unit-checked') return [];
    const { when, passed, outcomes } = event;
    return [{ when, atMs, passed, outcomes }];
  });
}

/** One unit's events folded alone: the state of a unit rests on no other unit's events. */
function unitHistory(
  plan: Plan,
  unitPlan: UnitPlan,
  events: readonly TimedUnitEvent[],
): UnitHistory {
  const { unit } = unitPlan;
  const alone = KeptMap.of([[unit, queuedUnit(unit)] as const]);
  let run: RunState = { ...initialState(plan), units: alone };
  let state = queuedUnit(unit);
  const changes: Stretch[] = [];
  for (const { atMs, event } of events) {
    run = fold(run, event, atMs, plan);
    const next = run.units.get(unit) ?? state;
    if (next.kind !== state.kind) changes.push({ kind: next.kind, fromMs: atMs });
    state = next;
  }
  return {
    state,
    path: pathOf(changes, state.ended !== undefined),
    steps: stepsOf(unitPlan, events),
    checks: checksOf(events),
    rollbackMs: events.find(({ event }) => event.kind === 'rollback-started')?.atMs,
  };
}

/** The whole run as its journal tells it. Events of units that the plan does not name count for nothing. */
export function historyOf(plan: Plan, records: readonly JournalRecord[]): RunHistory {
  const events = records.map((record): TimedEvent => ({
    atMs: record.atMs,
    event: recall<RunEvent>(record.event),
  }));
  let state: RunState = { ...initialState(plan), units: KeptMap.of<UnitId, UnitState>([]) };
  const byUnit = new Map<UnitId, TimedUnitEvent[]>();
  for (const { atMs, event } of events) {
    if ('unit' in event) {
      const known = byUnit.get(event.unit) ?? [];
      known.push({ atMs, event });
      byUnit.set(event.unit, known);
    } else state = fold(state, event, atMs, plan);
  }
  const units = new Map(
    plan.body.units.map((each) => [
      each.unit,
      unitHistory(plan, each, byUnit.get(each.unit) ?? []),
    ]),
  );
  const states = KeptMap.of([...units].map(([unit, each]) => [unit, each.state] as const));
  return { events, state: { ...state, units: states }, units };
}
