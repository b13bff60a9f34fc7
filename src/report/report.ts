import { Fault } from '../kernel/fault.js';
import type { InstantMs, RunId, UnitId } from '../kernel/id.js';
import { recall } from '../kernel/recall.js';
import type { BookRow, Store } from '../ports/store.js';
import type { Signer } from '../ports/signer.js';
import type { Snapshot } from '../driver/facts.js';
import { readOutbox } from '../notice/outbox.js';
import { verifyPlan } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import type { UnitCard } from '../plan/unit-card.js';
import { decisionOf } from '../review/approval.js';
import type { RunEvent } from '../run/event.js';
import type { TranscriptEntry } from '../session/dialect.js';
import type { TakenSnapshot } from './comparison.js';
import { makeReport, type ReportInputs } from './make-report.js';
import type { Report } from './report-form.js';

export type { Report } from './report-form.js';

export interface GatherOptions {
  /** When the report is made; without it, the time of the newest journal record. */
  readonly nowMs?: InstantMs;
  /** Checks the signatures of the decisions; without it they are reported as not checked. */
  readonly signer?: Pick<Signer, 'verify'>;
  /** The recovery cards of a plan; units that do not answer get theirs. */
  readonly cards?: (plan: Plan) => Promise<readonly UnitCard[]>;
}

/** Newest rows of one unit's transcript that are read; the report keeps less. */
const TRANSCRIPT_ROWS_MAX = 500;
const MOMENTS = ['before', 'after', 'soak'] as const;

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isEntry(value: unknown): value is TranscriptEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { atMs, sent, received, outcome } = recall<Partial<Record<string, unknown>>>(value);
  return typeof atMs === 'number' && [sent, received, outcome].every(isText);
}

async function transcriptOf(store: Store, key: string): Promise<readonly TranscriptEntry[]> {
  const rows = await store.rows('artefact', { key, limit: TRANSCRIPT_ROWS_MAX });
  return rows.flatMap(({ value }) => {
    const entries = value['entries'];
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  });
}

async function snapshotsOf(store: Store, of: string): Promise<readonly TakenSnapshot[]> {
  const found: TakenSnapshot[] = [];
  for (const when of MOMENTS) {
    const row = await store.latest('snapshot', `${of}/${when}`);
    const snapshot = row?.value['snapshot'];
    if (!row || typeof snapshot !== 'object' || snapshot === null) continue;
    found.push({ when, atMs: row.atMs, snapshot: recall<Snapshot>(snapshot) });
  }
  return found;
}

async function planOf(store: Store, run: RunId, digest: string): Promise<Plan> {
  const row: BookRow | undefined = await store.latest('plan', digest);
  if (!row) {
    throw new Fault('state-unreadable', `run ${run} names plan ${digest}, which is not stored`);
  }
  const plan = verifyPlan(recall<Plan>(row.value));
  if ((plan.digest as string) === digest) return plan;
  throw new Fault('plan-tampered', `the row of plan ${digest} holds plan ${plan.digest}`);
}

/** The digest of the plan that the run was started with. Fault `usage` when there is no such run. */
async function planNamedBy(
  store: Store,
  run: RunId,
  records: ReportInputs['records'],
): Promise<string> {
  const started = records
    .map((each) => recall<RunEvent>(each.event))
    .find((each) => each.kind === 'run-started');
  if (started?.kind === 'run-started') return started.plan;
  const known = (await store.journal.runs()).slice(-5).join(', ');
  throw new Fault('usage', `there is no run ${run}`, { mend: `known: ${known || 'none'}` });
}

/** What a report of the run is made from, read from the store. Faults as `gatherReport`. */
export async function gatherInputs(
  store: Store,
  run: RunId,
  options: GatherOptions = {},
): Promise<ReportInputs> {
  const records = await store.journal.read(run, 0);
  const plan = await planOf(store, run, await planNamedBy(store, run, records));
  const snapshots = new Map<UnitId, readonly TakenSnapshot[]>();
  const transcripts = new Map<UnitId, readonly TranscriptEntry[]>();
  for (const { unit } of plan.body.units) {
    snapshots.set(unit, await snapshotsOf(store, `${run}/${unit}`));
    transcripts.set(unit, await transcriptOf(store, `${run}/${unit}/transcript`));
  }
  const decisions = await store.rows('approval', { key: plan.digest });
  const rehearsal = await store.latest('rehearsal', plan.digest);
  const { signer } = options;
  const nowMs = options.nowMs ?? records.at(-1)?.atMs ?? 0;
  return {
    plan,
    run,
    records,
    snapshots,
    transcripts,
    cards: (await options.cards?.(plan)) ?? [],
    nowMs,
    rehearsal,
    outbox: await readOutbox(store, run),
    decisions: decisions.flatMap((row) => decisionOf(row) ?? []),
    verify: signer && ((key, text, signature) => signer.verify(key, text, signature)),
  };
}

/**
 * The report of a stored run, finished or not. The journal's chain and the plan's digest are verified on the way.
 * Faults: `usage` for an unknown run, `journal-tampered`, `plan-tampered`, `state-unreadable`.
 */
export async function gatherReport(
  store: Store,
  run: RunId,
  options: GatherOptions = {},
): Promise<Report> {
  return makeReport(await gatherInputs(store, run, options));
}
