import type { InstantMs } from '../kernel/id.js';
import type { Going, StoredRows } from '../ports/state-keeper.js';
import type { Plan } from '../plan/plan.js';
import type { RunRow } from './run.js';
import type { RunState } from './state.js';

/** The kinds of things that grow old, each on its own. */
export const ageings = ['transcripts', 'backups', 'images', 'runs', 'plans'] as const;
export type Ageing = (typeof ageings)[number];

/** From which age on a kind may go; undefined: never. */
export type RetentionAges = Readonly<Partial<Record<Ageing, number>>>;

export interface KnownRun {
  readonly row: RunRow;
  readonly state: RunState;
  /** What it taught: each platform and model, with how it went. */
  readonly lessons: readonly string[];
}

export interface Prunable {
  readonly what: Ageing;
  readonly name: string;
  readonly atMs: InstantMs;
  readonly records: number;
  readonly sizeBytes: number;
  readonly going: Going;
}

export interface Pruning {
  readonly goes: readonly Prunable[];
  /** Why nothing goes at all; undefined: something may. */
  readonly refusal: string | undefined;
}

interface Ground {
  readonly rows: readonly StoredRows[];
  readonly runs: readonly KnownRun[];
  readonly plans: readonly Plan[];
  readonly ages: RetentionAges;
  readonly nowMs: InstantMs;
}

function soakingRun(runs: readonly KnownRun[]): string | undefined {
  return runs.find(
    ({ state }) =>
      !state.finished &&
      (state.waveSoakUntilMs !== undefined ||
        [...state.units.values()].some((unit) => unit.kind === 'soaking')),
  )?.row.run;
}

/** The run that a key belongs to: keys are the run's name, or begin with it. */
function ownerOf(key: string): string {
  return key.split('/')[0] ?? key;
}

/** The newest run of each lesson stays: how far a platform and model may be trusted rests on it. */
function teachingRuns(runs: readonly KnownRun[]): ReadonlySet<string> {
  const newest = new Map<string, KnownRun>();
  for (const each of runs.toSorted((a, b) => a.row.startedAtMs - b.row.startedAtMs)) {
    for (const lesson of each.lessons) newest.set(lesson, each);
  }
  return new Set([...newest.values()].map(({ row }) => row.run));
}

/** What a kept text is a state of: `unit/name`, whichever run kept it. */
function subjectOf(key: string): string {
  return key.split('/').slice(1).join('/');
}

function isOld(ages: RetentionAges, nowMs: InstantMs, what: Ageing, atMs: InstantMs): boolean {
  const age = ages[what];
  return age !== undefined && atMs < nowMs - age;
}

/** The rows that are the newest of what they are a state of. */
function newestOf(
  rows: readonly StoredRows[],
  subject: (row: StoredRows) => string,
): ReadonlySet<StoredRows> {
  const newest = new Map<string, StoredRows>();
  for (const row of rows) {
    const known = newest.get(subject(row));
    if (!known || known.atMs <= row.atMs) newest.set(subject(row), row);
  }
  return new Set(newest.values());
}

const RUN_BOOKS: ReadonlySet<string> = new Set(['run', 'snapshot', 'notice', 'mute', 'answer']);
const PLAN_BOOKS: ReadonlySet<string> = new Set(['plan', 'approval', 'rehearsal']);

function isTranscript({ book, key }: StoredRows): boolean {
  return book === 'artefact' && key.endsWith('/transcript');
}

function kindOf(row: StoredRows): Ageing | undefined {
  if (row.book === 'artefact') return isTranscript(row) ? 'transcripts' : 'backups';
  if (row.book === 'staged') return 'images';
  if (row.book === 'journal' || RUN_BOOKS.has(row.book)) return 'runs';
  return PLAN_BOOKS.has(row.book) ? 'plans' : undefined;
}

function prunableOf(what: Ageing, row: StoredRows): Prunable {
  const { book, key, atMs, records, sizeBytes } = row;
  const going: Going =
    book === 'journal' ? { kind: 'journal', run: key } : { kind: 'rows', book, key, atMs };
  const name = book === 'journal' || book === 'artefact' ? key : `${book} ${key}`;
  return { what, name, atMs, records, sizeBytes, going };
}

/** The plans that nobody needs any more: no run of theirs is left, and their last window is long over. */
function donePlans({ plans, runs, ages, nowMs }: Ground, goneRuns: ReadonlySet<string>) {
  const used = new Set(runs.filter(({ row }) => !goneRuns.has(row.run)).map(({ row }) => row.plan));
  return new Set<string>(
    plans
      .filter(({ digest }) => !used.has(digest))
      .filter(({ body }) => {
        const ends = body.units.flatMap((unit) => unit.windows.map((each) => each.endMs));
        return isOld(ages, nowMs, 'plans', Math.max(body.createdAtMs, ...ends));
      })
      .map(({ digest }) => digest),
  );
}

/**
 * What may go. Never: anything of a run that is open, the run that the evidence rests on, the newest state that was kept of anything on a device, a plan with
 * its approvals as long as a run or a window may need it, host keys, sightings. During a soak nothing at all.
 */
export function prunable(ground: Ground): Pruning {
  const { rows, runs, ages, nowMs } = ground;
  const soaking = soakingRun(runs);
  if (soaking !== undefined) return { goes: [], refusal: `run ${soaking} soaks` };
  const open = new Set<string>(
    runs.filter(({ state }) => !state.finished).map(({ row }) => row.run),
  );
  const known = new Set<string>(runs.map(({ row }) => row.run));
  const teaching = teachingRuns(runs);
  const goneRuns = new Set(
    rows
      .filter((row) => row.book === 'journal' && known.has(row.key) && !open.has(row.key))
      .filter((row) => !teaching.has(row.key) && isOld(ages, nowMs, 'runs', row.atMs))
      .map((row) => row.key),
  );
  const plans = donePlans(ground, goneRuns);
  const kept = new Set<StoredRows>([
    ...newestOf(
      rows.filter((row) => row.book === 'artefact' && !isTranscript(row)),
      ({ key }) => subjectOf(key),
    ),
    ...newestOf(
      rows.filter((row) => row.book === 'staged'),
      ({ key }) => key,
    ),
  ]);
  const mayGo = (what: Ageing, row: StoredRows): boolean => {
    if (kept.has(row) || open.has(ownerOf(row.key))) return false;
    if (what === 'runs') return goneRuns.has(ownerOf(row.key));
    if (what === 'plans') return plans.has(row.key);
    return isOld(ages, nowMs, what, row.atMs);
  };
  const goes = rows.flatMap((row) => {
    const what = kindOf(row);
    return what !== undefined && mayGo(what, row) ? [prunableOf(what, row)] : [];
  });
  return { goes, refusal: undefined };
}
