import type { UnitCard } from '../plan/unit-card.js';
import type { DiffLine } from '../config/diff-text.js';
import type { InstantMs, PersonId, PlanDigest, RunId, UnitId } from '../kernel/id.js';
import type { CheckOutcome } from '../check/outcome.js';
import type { Disruption, Phase } from '../driver/step.js';
import type { NoticeKind } from '../notice/notice.js';
import type { LeftOut, PlannedNetwork } from '../plan/plan.js';
import type { DecisionKind } from '../review/approval.js';
import type { Ending, StepList } from '../run/event.js';
import type { UnitKind } from '../run/state.js';
import type { Comparison } from './comparison.js';
import type { KeptTranscript } from './transcript.js';

/** How a run stands. `check failed`: pre-checks kept every unit that is not done from being touched. */
export type VerdictKind =
  'done' | 'check failed' | 'rolled back' | 'partial' | 'needs people' | 'running';

/** `2` and the like are the command line's own; a run ends with one of these. */
export type ExitCode = 0 | 3 | 4 | 5;

export interface Verdict {
  readonly kind: VerdictKind;
  /** One sentence for the board. */
  readonly headline: string;
  readonly exitCode: ExitCode;
}

/** Where a unit stands in the closing table. */
export type Standing = 'done' | 'rolled back' | 'not started' | 'needs a human' | 'under way';

export interface ReportedWindow {
  readonly name: string;
  readonly startMs: InstantMs;
  readonly endMs: InstantMs;
  readonly timeZone: string;
  readonly notes: readonly string[];
}

export interface PlannedPart {
  readonly fromVersion: string;
  readonly toVersion: string;
  readonly images: readonly { readonly name: string; readonly sha512: string }[];
  /** What changes in the configuration; undefined: nothing. */
  readonly config?: {
    readonly patches: readonly string[];
    readonly diff: readonly DiffLine[];
    readonly guarded: readonly string[];
    readonly revertBy: string;
    readonly revertAfterMs: number;
  };
  readonly expectedMs: number;
  readonly worstMs: number;
  readonly rollbackWorstMs: number;
  readonly backOutDeadlineMs: InstantMs;
  readonly windows: readonly ReportedWindow[];
  readonly steps: number;
}

/** One stretch of a unit's run in one state; without an end it lasts still. */
export interface Stretch {
  readonly kind: UnitKind;
  readonly fromMs: InstantMs;
  readonly untilMs?: InstantMs;
}

/** `skipped`: its effect was there already and nothing was sent. */
export type StepOutcome = 'done' | 'skipped' | 'failed' | 'under way' | 'not reached';

export interface StepNote {
  readonly atMs: InstantMs;
  readonly what: string;
  readonly why: string;
}

export interface ReportedStep {
  readonly list: StepList;
  readonly id: string;
  readonly title: string;
  readonly phase: Phase;
  readonly disrupts: Disruption;
  readonly pointOfNoReturn: boolean;
  readonly expectedMs: number;
  readonly maxMs: number;
  readonly outcome: StepOutcome;
  /** First time that the journal speaks of the step. */
  readonly startMs?: InstantMs;
  readonly endMs?: InstantMs;
  /** How often its commands were sent. */
  readonly attempts: number;
  readonly why: string;
  /** What happened in between: sends that ended unclear, what waiting probes saw. */
  readonly notes: readonly StepNote[];
}

export interface ReportedChecks {
  readonly when: 'before' | 'after' | 'soak';
  readonly atMs: InstantMs;
  readonly passed: boolean;
  readonly outcomes: readonly CheckOutcome[];
}

export interface ReportedEnding {
  readonly as: Ending;
  readonly atMs: InstantMs;
  readonly why: string;
  readonly code: string;
}

export interface ReportedUnit {
  readonly unit: UnitId;
  readonly site: string;
  readonly criticality: string;
  readonly platform: string;
  readonly model: string;
  readonly redundancyGroup: string;
  /** Position of its wave, from 0. */
  readonly wave: number;
  /** IANA name of the zone that its windows are kept in; empty when it has none. */
  readonly timeZone: string;
  readonly state: UnitKind;
  readonly standing: Standing;
  readonly planned: PlannedPart;
  readonly path: readonly Stretch[];
  readonly steps: readonly ReportedStep[];
  readonly checks: readonly ReportedChecks[];
  readonly comparison?: Comparison;
  readonly transcript: KeptTranscript;
  readonly ending?: ReportedEnding;
  /** Why it was rolled back; empty when it was not. */
  readonly rollbackWhy: string;
  /** For a person; empty when there is nothing to do. */
  readonly next: string;
  /** Of a unit that does not answer: how it is brought back at its console. */
  readonly card?: UnitCard;
}

export interface ReportedWave {
  readonly number: number;
  readonly name: string;
  readonly units: readonly UnitId[];
  readonly together: readonly { readonly units: readonly UnitId[]; readonly safeBecause: string }[];
  readonly soakMs: number;
  readonly startMs?: InstantMs;
  readonly soakUntilMs?: InstantMs;
  readonly endMs?: InstantMs;
  readonly state: 'done' | 'under way' | 'not started';
}

export interface ReportedDecision {
  readonly by: PersonId;
  readonly name: string;
  readonly decision: DecisionKind;
  readonly reason: string;
  readonly atMs: InstantMs;
  /** A later decision of the same person took its place. */
  readonly superseded: boolean;
  /** Is the person, with this key, among those who could approve; or the author, for `author`? */
  readonly onRoster: boolean;
  readonly signature: 'verified' | 'does not verify' | 'not checked';
}

export interface ReportedRehearsal {
  readonly passed: boolean;
  readonly atMs: InstantMs;
  /** What the evidence says beyond: seed, devices, virtual time. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

/** What people and fences did to the run as a whole. */
export interface Intervention {
  readonly kind: 'started' | 'taken over' | 'paused' | 'resumed' | 'aborted' | 'stopped';
  readonly atMs: InstantMs;
  readonly by: string;
  readonly why: string;
}

/** What people were told, and what came of it. */
export interface ReportedNotice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly atMs: InstantMs;
  readonly what: string;
  readonly needsPerson: boolean;
  /** `ops: sent to ada@example.net`; in order. */
  readonly deliveries: readonly string[];
  readonly acknowledged?: {
    readonly by: string;
    readonly reason: string;
    readonly atMs: InstantMs;
  };
}

export interface ClosingRow {
  readonly unit: UnitId;
  readonly standing: Standing;
  readonly state: UnitKind;
  readonly why: string;
  readonly next: string;
}

export interface Counts {
  readonly units: number;
  readonly done: number;
  readonly rolledBack: number;
  readonly notStarted: number;
  readonly needsHuman: number;
  readonly underWay: number;
  readonly leftOut: number;
}

/** All that is known of one run, as one readonly JSON value: what was planned, what happened, what is left to do. */
export interface Report {
  readonly format: 1;
  readonly title: string;
  readonly run: RunId;
  readonly mode: 'run' | 'observe' | 'stage' | 'manual';
  readonly madeAtMs: InstantMs;
  readonly plan: {
    readonly digest: PlanDigest;
    readonly short: string;
    readonly createdAtMs: InstantMs;
    readonly quorum: number;
    readonly lab: 'required' | 'optional';
    readonly rollback: 'automatic' | 'hold';
    readonly parallel: number;
    readonly stopAfterFailures: number;
    readonly soakMs: number;
  };
  /** The network around the units, for the picture; absent in plans of older builds. */
  readonly network?: PlannedNetwork;
  readonly playbook: { readonly name: string; readonly summary: string; readonly digest: string };
  readonly author: PersonId;
  /** Who started the run; empty before it was started. */
  readonly startedBy: string;
  readonly startMs?: InstantMs;
  readonly endMs?: InstantMs;
  /** The zone that all units share; empty when they do not. */
  readonly timeZone: string;
  readonly verdict: Verdict;
  readonly counts: Counts;
  readonly waves: readonly ReportedWave[];
  readonly units: readonly ReportedUnit[];
  readonly leftOut: readonly LeftOut[];
  readonly decisions: readonly ReportedDecision[];
  readonly rehearsal?: ReportedRehearsal;
  readonly interventions: readonly Intervention[];
  /** Absent: nobody had to be told anything. */
  readonly notices?: readonly ReportedNotice[];
  readonly closing: readonly ClosingRow[];
  /** The journal that this rests on: number of records and the hash of the last. */
  readonly journal: { readonly records: number; readonly lastHash: string };
}
