import type { InstantMs, RunId, UnitId } from '../kernel/id.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import { isOver, type RunState, type UnitKind, type UnitState } from '../run/state.js';
import type { Witness } from './witness.js';
import type { MuteBook } from './mute.js';
import type { Acknowledgement, Outbox } from './outbox.js';
import type { Deadline, NoticeKind } from './notice.js';

export interface HandedUnit {
  readonly unit: UnitId;
  readonly site: string;
  readonly state: UnitKind;
  readonly fromVersion: string;
  readonly toVersion: string;
  /** What is being done to it; empty when nothing is. */
  readonly step: string;
  readonly why: string;
  readonly next: string;
  /** Timers that run on the device itself. */
  readonly timers: readonly Deadline[];
  /** When its worst case is over, while it is changed. */
  readonly worstEndMs?: InstantMs;
  /** The window that it is in, or that comes next. */
  readonly window?: {
    readonly name: string;
    readonly startMs: InstantMs;
    readonly endMs: InstantMs;
  };
  readonly timeZone: string;
}

export interface HandedNotice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly atMs: InstantMs;
  readonly what: string;
  readonly acknowledged?: Acknowledgement;
}

/** All that the next shift must know of a run, as it stands at `atMs`. */
export interface Handover {
  readonly format: 1;
  readonly run: RunId;
  readonly playbook: string;
  readonly plan: string;
  readonly startedAtMs: InstantMs;
  readonly startedBy: string;
  readonly atMs: InstantMs;
  /** Who works on it; absent: nobody. */
  readonly runner?: string;
  readonly paused: boolean;
  readonly stopped?: string;
  readonly finished: boolean;
  readonly done: readonly HandedUnit[];
  readonly needPerson: readonly HandedUnit[];
  readonly underWay: readonly HandedUnit[];
  readonly soaking: readonly HandedUnit[];
  readonly notStarted: readonly HandedUnit[];
  /** Rolled back, or never changed for a reason. */
  readonly failed: readonly HandedUnit[];
  /** Notices that need a person, and what people said to them. */
  readonly notices: readonly HandedNotice[];
  readonly undelivered: readonly { readonly delivery: string; readonly why: string }[];
  readonly mutes: readonly {
    readonly unit: UnitId;
    readonly hook: string;
    readonly untilMs: InstantMs;
  }[];
  /** When the next window of a unit that was not come to opens. */
  readonly nextWindow?: {
    readonly name: string;
    readonly startMs: InstantMs;
    readonly timeZone: string;
  };
  readonly next: readonly string[];
}

export interface HandoverInputs {
  readonly run: RunId;
  readonly startedBy: string;
  readonly plan: Plan;
  readonly state: RunState;
  readonly witness: Witness;
  readonly outbox: Outbox;
  readonly mutes: MuteBook;
  readonly runner: string | undefined;
  readonly nowMs: InstantMs;
}

function windowOf(unitPlan: UnitPlan, nowMs: InstantMs): Pick<HandedUnit, 'window'> {
  const found = unitPlan.windows.find((each) => each.endMs > nowMs);
  if (!found) return {};
  return { window: { name: found.window, startMs: found.startMs, endMs: found.endMs } };
}

function stepTitle(unitPlan: UnitPlan, unit: UnitState): string {
  if (isOver(unit) || !unit.admitted) return '';
  const steps = unit.list === 'forward' ? unitPlan.steps : unitPlan.rollback;
  return steps[unit.step]?.title ?? '';
}

function handed(inputs: HandoverInputs, unitPlan: UnitPlan, unit: UnitState): HandedUnit {
  const { witness, nowMs } = inputs;
  const changing = witness.changing.find((each) => each.unit === unit.unit);
  return {
    unit: unit.unit,
    site: unitPlan.site,
    state: unit.kind,
    fromVersion: unitPlan.fromVersion,
    toVersion: unitPlan.toVersion,
    step: stepTitle(unitPlan, unit),
    why: unit.ended?.why ?? (unit.list === 'rollback' ? unit.cause : unit.failure),
    next: unit.ended?.next ?? '',
    timers: witness.timers.of(unit.unit, nowMs),
    ...(changing ? { worstEndMs: changing.worstEndMs } : {}),
    ...windowOf(unitPlan, nowMs),
    timeZone: unitPlan.windows[0]?.timeZone ?? 'UTC',
  };
}

function nextWindow(
  notStarted: readonly HandedUnit[],
  nowMs: InstantMs,
): Pick<Handover, 'nextWindow'> {
  const [first] = notStarted
    .flatMap(({ window, timeZone }) => (window ? [{ ...window, timeZone }] : []))
    .toSorted((a, b) => a.startMs - b.startMs);
  if (!first) return {};
  const { name, timeZone } = first;
  return { nextWindow: { name, startMs: Math.max(first.startMs, nowMs), timeZone } };
}

/** What the run as a whole needs. */
function runActions({ run, state, runner }: HandoverInputs): readonly string[] {
  const resume = `nightshift resume ${run} --reason "..."`;
  if (state.finished) return [`nightshift report ${run} --out report.html`];
  if (state.stopped) return [`it stopped: ${resume}, or a new plan for the rest`];
  if (state.paused) return [`it is paused: ${resume}`];
  if (runner !== undefined || state.aborted) return [];
  const busy = [...state.units.values()].some(
    (each) => each.touched && !isOver(each) && each.kind !== 'soaking',
  );
  const danger = busy ? ', with units in the middle of a change' : '';
  return [`nobody works on it${danger}: ${resume}`];
}

/** What is to be typed or done now, the most urgent first. */
function nextActions(inputs: HandoverInputs, open: readonly HandedNotice[]): readonly string[] {
  const ack = `nightshift ack ${inputs.run} --reason "..."`;
  return [
    ...runActions(inputs),
    ...[...inputs.state.units.values()].flatMap(({ unit, ended }) =>
      ended && ended.next !== '' ? [`${unit}: ${ended.next}`] : [],
    ),
    ...(open.length > 0 ? [`${open.length} notice(s) not acknowledged: ${ack}`] : []),
  ];
}

const NEEDS = new Set<UnitKind>(['held', 'quarantined', 'lost']);
const FAILED = new Set<UnitKind>(['reverted', 'dropped']);

export function makeHandover(inputs: HandoverInputs): Handover {
  const { plan, state, outbox, nowMs } = inputs;
  const units = plan.body.units.flatMap((unitPlan) => {
    const unit = state.units.get(unitPlan.unit);
    return unit ? [{ unit, row: handed(inputs, unitPlan, unit) }] : [];
  });
  const those = (holds: (unit: UnitState) => boolean) =>
    units.filter((each) => holds(each.unit)).map((each) => each.row);
  const notices = outbox
    .filter((each) => each.notice.needsPerson)
    .map(({ notice, acknowledged }): HandedNotice => {
      const { id, kind, atMs, what } = notice;
      return { id, kind, atMs, what, ...(acknowledged ? { acknowledged } : {}) };
    });
  const notStarted = those((each) => !isOver(each) && !each.admitted);
  return {
    format: 1,
    run: inputs.run,
    playbook: plan.body.playbook.name,
    plan: plan.digest,
    startedAtMs: state.startedAtMs,
    startedBy: inputs.startedBy,
    atMs: nowMs,
    ...(inputs.runner === undefined ? {} : { runner: inputs.runner }),
    paused: state.paused,
    ...(state.stopped ? { stopped: state.stopped.why } : {}),
    finished: state.finished,
    done: those((each) => each.kind === 'done'),
    needPerson: those((each) => NEEDS.has(each.kind)),
    underWay: those((each) => !isOver(each) && each.admitted && each.kind !== 'soaking'),
    soaking: those((each) => each.kind === 'soaking'),
    notStarted,
    failed: those((each) => FAILED.has(each.kind)),
    notices,
    undelivered: outbox.flatMap((each) =>
      each.deliveries.flatMap(({ id, state: standing, why }) =>
        standing === 'sent' ? [] : [{ delivery: id, why }],
      ),
    ),
    mutes: inputs.mutes.standings.flatMap(({ mute, hook, quietUntilMs }) =>
      quietUntilMs !== undefined && quietUntilMs > nowMs
        ? [{ unit: mute.unit, hook, untilMs: quietUntilMs }]
        : [],
    ),
    ...nextWindow(notStarted, nowMs),
    next: nextActions(
      inputs,
      notices.filter((each) => !each.acknowledged),
    ),
  };
}
