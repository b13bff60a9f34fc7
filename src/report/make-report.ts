import { assert } from '../kernel/assert.js';
import { shortDigest } from '../kernel/digest.js';
import type { InstantMs, RunId, UnitId } from '../kernel/id.js';
import type { JournalRecord } from '../ports/journal.js';
import type { Outbox } from '../notice/outbox.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import type { UnitCard } from '../plan/unit-card.js';
import type { SignedDecision } from '../review/approval.js';
import type { RunState, UnitKind } from '../run/state.js';
import type { TranscriptEntry } from '../session/dialect.js';
import {
  decisionsOf,
  interventionsOf,
  rehearsalOf,
  wavesOf,
  type RehearsalRow,
  type VerifySignature,
} from './board.js';
import { comparisonOf, type TakenSnapshot } from './comparison.js';
import { historyOf, type RunHistory, type UnitHistory } from './history.js';
import type {
  ClosingRow,
  Counts,
  PlannedPart,
  Report,
  ReportedNotice,
  ReportedUnit,
  Standing,
} from './report-form.js';
import { capTranscript } from './transcript.js';
import { standingOfUnit, verdictOf } from './verdict.js';

/** All that a report is made from. */
export interface ReportInputs {
  readonly plan: Plan;
  readonly run: RunId;
  /** In order, from the first: what the journal verified. */
  readonly records: readonly JournalRecord[];
  readonly snapshots: ReadonlyMap<UnitId, readonly TakenSnapshot[]>;
  readonly transcripts: ReadonlyMap<UnitId, readonly TranscriptEntry[]>;
  /** How each unit is brought back by hand. */
  readonly cards?: readonly UnitCard[];
  readonly decisions: readonly SignedDecision[];
  readonly rehearsal?: RehearsalRow | undefined;
  /** Without it, signatures are reported as not checked. */
  readonly verify?: VerifySignature | undefined;
  readonly nowMs: InstantMs;
  readonly outbox?: Outbox;
}

/** Transcripts of all units together, so that a report of a thousand units can still be opened. */
const TRANSCRIPT_CHARACTERS_MAX = 24_000_000;
const UNIT_TRANSCRIPT_CHARACTERS_MAX = 240_000;

const CLOSING_ORDER: readonly Standing[] = [
  'needs a human',
  'rolled back',
  'not started',
  'under way',
  'done',
];

function plannedOf(each: UnitPlan): PlannedPart {
  return {
    fromVersion: each.fromVersion,
    toVersion: each.toVersion,
    images: each.images.map(({ fileName, sha512 }) => ({ name: fileName, sha512 })),
    ...(each.config
      ? {
          config: {
            patches: each.config.patches.map(({ name }) => name),
            diff: each.config.diff,
            guarded: each.config.guarded,
            revertBy: each.config.revertBy,
            revertAfterMs: each.config.revertAfterMs,
          },
        }
      : {}),
    expectedMs: each.expectedMs,
    worstMs: each.worstMs,
    rollbackWorstMs: each.rollbackWorstMs,
    backOutDeadlineMs: each.backOutDeadlineMs,
    windows: each.windows.map(({ window, startMs, endMs, timeZone, notes }) => ({
      name: window,
      startMs,
      endMs,
      timeZone,
      notes,
    })),
    steps: each.steps.length,
  };
}

/** What a person does next about a unit that has not ended. */
function nextOfOpen({ state }: UnitHistory, run: RunState): string {
  if (state.admitted) {
    return state.kind === 'soaking'
      ? 'nothing: it soaks, and is looked at until its soak is over'
      : 'keep the run going: resume it if no runner works on it';
  }
  if (run.stopped || run.paused) return 'resume the run with a reason, or make a new plan';
  if (run.aborted) return 'make a new plan when it is to be changed';
  return 'nothing: its turn comes in its wave';
}

interface Gathered {
  readonly inputs: ReportInputs;
  readonly history: RunHistory;
}

/** Does only its console help? */
function isAway(kind: UnitKind): boolean {
  return kind === 'lost' || kind === 'quarantined';
}

function endingOf({ ended, endedAtMs = 0 }: UnitHistory['state']): Pick<ReportedUnit, 'ending'> {
  if (!ended) return {};
  const { as, why, code } = ended;
  return { ending: { as, atMs: endedAtMs, why, code } };
}

function cardOf(
  { cards = [] }: ReportInputs,
  { unit }: UnitPlan,
  kind: UnitKind,
): Pick<ReportedUnit, 'card'> {
  const card = isAway(kind) ? cards.find((each) => each.unit === unit) : undefined;
  return card ? { card } : {};
}

function unitOf({ inputs, history }: Gathered, each: UnitPlan): ReportedUnit {
  const { plan, snapshots, transcripts } = inputs;
  const own = history.units.get(each.unit);
  assert(own, `unit ${each.unit} has no history`);
  const { state } = own;
  const comparison = comparisonOf(snapshots.get(each.unit) ?? [], own.rollbackMs);
  const share = Math.floor(TRANSCRIPT_CHARACTERS_MAX / Math.max(1, plan.body.units.length));
  const most = Math.min(share, UNIT_TRANSCRIPT_CHARACTERS_MAX);
  const ended = state.ended;
  const { site, criticality, material } = each;
  return {
    unit: each.unit,
    site,
    criticality,
    platform: material.platform,
    model: material.model,
    redundancyGroup: each.redundancyGroup ?? '',
    wave: plan.body.waves.findIndex((wave) => wave.units.includes(each.unit)),
    timeZone: each.windows[0]?.timeZone ?? '',
    state: state.kind,
    standing: standingOfUnit(state),
    planned: plannedOf(each),
    path: own.path,
    steps: own.steps,
    checks: own.checks,
    ...(comparison ? { comparison } : {}),
    transcript: capTranscript(transcripts.get(each.unit) ?? [], most),
    ...endingOf(state),
    rollbackWhy: state.cause,
    next: ended ? ended.next : nextOfOpen(own, history.state),
    ...cardOf(inputs, each, state.kind),
  };
}

function closingOf(units: readonly ReportedUnit[]): readonly ClosingRow[] {
  return CLOSING_ORDER.flatMap((standing) =>
    units
      .filter((each) => each.standing === standing)
      .map(({ unit, state, ending, next }) => ({
        unit,
        standing,
        state,
        next,
        why: ending?.why ?? (standing === 'under way' ? `it is ${state}` : 'its turn did not come'),
      })),
  );
}

function countsOf(plan: Plan, units: readonly ReportedUnit[]): Counts {
  const count = (standing: Standing) => units.filter((each) => each.standing === standing).length;
  return {
    units: units.length,
    done: count('done'),
    rolledBack: count('rolled back'),
    notStarted: count('not started'),
    needsHuman: count('needs a human'),
    underWay: count('under way'),
    leftOut: plan.body.leftOut.length,
  };
}

function sharedZone(units: readonly ReportedUnit[]): string {
  const zones = new Set(units.map((each) => each.timeZone));
  return zones.size === 1 ? ([...zones][0] ?? '') : '';
}

function planPart({ digest, body }: Plan): Report['plan'] {
  const { strategy, approval, rollback, createdAtMs } = body;
  return {
    digest,
    short: shortDigest(digest),
    createdAtMs,
    quorum: approval.quorum,
    lab: approval.lab,
    rollback,
    parallel: strategy.parallel,
    stopAfterFailures: strategy.stopAfterFailures,
    soakMs: strategy.soakMs,
  };
}

/** When the run was over, or when it was last heard of after a stop; undefined while it goes on. */
function endOf({ events, state }: RunHistory, running: boolean): InstantMs | undefined {
  const finished = events.findLast(({ event }) => event.kind === 'run-finished');
  if (state.finished && finished) return finished.atMs;
  return running ? undefined : events.at(-1)?.atMs;
}

function noticesOf(outbox: Outbox): Pick<Report, 'notices'> {
  if (outbox.length === 0) return {};
  const notices = outbox.map(({ notice, acknowledged, deliveries }): ReportedNotice => {
    const { id, kind, atMs, what, needsPerson } = notice;
    const told = deliveries.map((each) => each.told);
    const ack = acknowledged ? { acknowledged } : {};
    return { id, kind, atMs, what, needsPerson, deliveries: told, ...ack };
  });
  return { notices };
}

/** The report of one run. Pure: the same inputs give the same report. */
export function makeReport(inputs: ReportInputs): Report {
  const { plan, run, records, decisions, rehearsal, verify, nowMs } = inputs;
  const history = historyOf(plan, records);
  const { events, state } = history;
  const units = plan.body.units.map((each) => unitOf({ inputs, history }, each));
  const verdict = verdictOf(state, plan);
  const start = events.find(({ event }) => event.kind === 'run-started');
  const endMs = endOf(history, verdict.kind === 'running');
  const { playbook, author } = plan.body;
  return {
    format: 1,
    title: `${playbook.name}: ${verdict.kind}`,
    run,
    mode: state.mode,
    madeAtMs: nowMs,
    plan: planPart(plan),
    ...(plan.body.network ? { network: plan.body.network } : {}),
    playbook,
    author,
    startedBy: start?.event.kind === 'run-started' ? start.event.by : '',
    ...(start ? { startMs: start.atMs } : {}),
    ...(endMs === undefined ? {} : { endMs }),
    timeZone: sharedZone(units),
    verdict,
    counts: countsOf(plan, units),
    waves: wavesOf(plan, events),
    units,
    leftOut: plan.body.leftOut,
    decisions: decisionsOf(plan, decisions, verify),
    ...(rehearsal ? { rehearsal: rehearsalOf(rehearsal) } : {}),
    interventions: interventionsOf(events),
    ...noticesOf(inputs.outbox ?? []),
    closing: closingOf(units),
    journal: { records: records.length, lastHash: records.at(-1)?.hash ?? '' },
  };
}
