import { Fault } from '../kernel/fault.js';
import { runId, type InstantMs, type PlanDigest, type RunId, type UnitId } from '../kernel/id.js';
import { recall, toJson } from '../kernel/recall.js';
import type { RunnerHold, Store } from '../ports/store.js';
import type { World } from '../ports/world.js';
import type { Driver } from '../driver/driver.js';
import { verifyImageFiles } from '../image/catalogue.js';
import type { Inventory } from '../inventory/inventory.js';
import { unitBasis } from '../plan/basis.js';
import type { Plan } from '../plan/plan.js';
import type { ApprovedPlan } from '../review/review.js';
import { Conductor, type ConductorOptions, type RunWatcher } from './conductor.js';
import type { RunEvent, RunMode } from './event.js';
import { replayRun } from './replay.js';
import { stagingSteps } from './staging.js';
import { siteTransfers } from './site-transfers.js';
import type { RunState } from './state.js';

/** Who runs what, in one row of the run book. */
export interface RunRow {
  readonly run: RunId;
  readonly plan: string;
  readonly by: string;
  readonly mode: RunMode;
  readonly startedAtMs: InstantMs;
}

/** Looking needs no approval: `observe` takes any plan, `run` and `resume` an approved one. */
export interface ObserveOptions {
  readonly world: World;
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly drivers: ReadonlyMap<string, Driver>;
  /** Who started it, for the journal. */
  readonly by: string;
  readonly refusal: ConductorOptions['refusal'];
  readonly watcher?: RunWatcher;
  readonly requestPollMs?: number;
}

export interface RunOptions extends ObserveOptions {
  readonly plan: ApprovedPlan;
}

/** A run under way in this process. */
export interface LiveRun {
  readonly run: RunId;
  /** Rejects with a Fault when the state directory fails or another runner took over. */
  readonly result: Promise<RunState>;
  /** Come to a safe point and return; the run can be resumed. */
  leave(): void;
}

/** All runs, oldest first. */
export async function listRuns(store: Store): Promise<readonly RunRow[]> {
  const rows = await store.rows('run');
  return rows.map((row) => recall<RunRow>(row.value));
}

/** A run by name or by an unambiguous beginning of it; `last` is the newest. Fault `run-not-found`. */
export async function findRun(store: Store, name: string): Promise<RunRow> {
  const rows = await listRuns(store);
  const exact = rows.find((each) => each.run === name);
  const found = name === 'last' ? rows.slice(-1) : rows.filter((each) => each.run.startsWith(name));
  const [first] = found;
  if (exact) return exact;
  if (first && found.length === 1) return first;
  if (rows.length === 0) throw new Fault('run-not-found', 'there is no run yet');
  const why = found.length === 0 ? 'no run of that name' : 'more than one run begins so';
  throw new Fault('run-not-found', `${name}: ${why}`);
}

/** The state of a run as its journal has it now, and the number of its last record. */
export async function readRun(
  store: Store,
  run: RunId,
  plan: Plan,
): Promise<{ readonly state: RunState; readonly seq: number }> {
  const replay = replayRun(store.journal, run, plan);
  const seq = (await replay.next()).at(-1)?.seq ?? 0;
  return { state: replay.state, seq };
}

function newRunId(world: World): RunId {
  const stamp = new Date(world.clock.now()).toISOString().slice(0, 16).replace(/[-:]/g, '');
  return runId(`${stamp}Z-${world.random.stream('run id').hex(2)}`);
}

async function conductorFor(
  options: ObserveOptions,
  at: Pick<ConductorOptions, 'run' | 'epoch' | 'beat'>,
): Promise<Conductor> {
  const { world, plan, inventory, drivers, refusal, watcher, requestPollMs } = options;
  const units = new Map(inventory.units.map((each) => [each.id, each]));
  const basisOf = (id: UnitId) => {
    const unit = units.get(id);
    const unitPlan = plan.body.units.find((each) => each.unit === id);
    if (!unit || !unitPlan) throw new Fault('plan-stale', `${id} is no longer in the inventory`);
    const used = {
      images: unitPlan.images.map((each) => each.name),
      windows: unitPlan.windowRules,
    };
    return unitBasis(inventory, unit, used);
  };
  const conductor = new Conductor({
    world,
    plan,
    units,
    drivers,
    refusal,
    basisOf,
    transfers: siteTransfers(inventory, world.clock),
    ...at,
    ...(watcher ? { watcher } : {}),
    ...(requestPollMs === undefined ? {} : { requestPollMs }),
  });
  await conductor.load();
  return conductor;
}

/** The steps of every unit must be known to this build before anything is touched. */
function checkDrivers(plan: Plan, drivers: ReadonlyMap<string, Driver>): void {
  for (const { unit, material, steps, rollback } of plan.body.units) {
    const driver = drivers.get(material.platform);
    if (!driver) throw new Fault('driver-broken', `${unit}: no driver for ${material.platform}`);
    for (const step of [...steps, ...rollback]) {
      const known = driver.stepKinds.some(
        (each) => each.kind === step.kind && each.version === step.version,
      );
      if (known) continue;
      const message = `${unit}: this build does not know step ${step.kind}@${step.version}`;
      throw new Fault('driver-broken', message);
    }
  }
}

async function driveAndRelease(conductor: Conductor, hold: RunnerHold): Promise<RunState> {
  try {
    return await conductor.drive();
  } finally {
    await hold.release();
  }
}

function started({ plan, by, mode }: RunRow): RunEvent {
  return { kind: 'run-started', plan: recall<PlanDigest>(plan), by, mode };
}

async function putRow(store: Store, row: RunRow): Promise<void> {
  await store.put('run', { key: row.run, atMs: row.startedAtMs, value: toJson(row) });
}

async function begin(
  options: ObserveOptions,
  wanted: {
    readonly run: RunId;
    /** Put down before the first event, so that a run that began is always found. */
    readonly row?: RunRow;
    readonly first: (epoch: number) => readonly RunEvent[];
  },
): Promise<LiveRun> {
  const { world, by, plan } = options;
  checkDrivers(plan, options.drivers);
  const hold = await world.store.holdRunner(`${by}, run ${wanted.run}`);
  try {
    await verifyImageFiles(
      world.files,
      plan.body.units.flatMap((each) => each.images),
    );
    const epoch = await world.store.journal.takeOver(wanted.run);
    const conductor = await conductorFor(options, {
      run: wanted.run,
      epoch,
      beat: () => hold.beat(),
    });
    if (wanted.row) await putRow(world.store, wanted.row);
    await conductor.record(wanted.first(epoch));
    const result = driveAndRelease(conductor, hold);
    return { run: wanted.run, result, leave: () => conductor.leave() };
  } catch (thrown) {
    await hold.release();
    throw thrown;
  }
}

/** The last instant at which any window of the plan is open. */
function lastWindowMs(plan: Plan): InstantMs {
  return Math.max(0, ...plan.body.units.flatMap((each) => each.windows.map((one) => one.endMs)));
}

async function beginNew(options: ObserveOptions, mode: RunRow['mode']): Promise<LiveRun> {
  const { world, plan, by } = options;
  const id = newRunId(world);
  const row: RunRow = { run: id, plan: plan.digest, by, mode, startedAtMs: world.clock.now() };
  const first = () => [started(row)];
  return begin(options, { run: id, row, first });
}

const CHANGING: ReadonlySet<RunMode> = new Set(['run', 'manual']);

/**
 * Runs an approved plan, once: a plan that was run before is a Fault `run-not-resumable`. Fault `outside-window` when all
 * its windows are over, `state-locked` when another runner is at work, `image-hash-wrong` before anything is touched.
 */
export async function run(options: RunOptions, mode: RunMode = 'run'): Promise<LiveRun> {
  const { world, plan } = options;
  const earlier = (await listRuns(world.store)).find(
    (each) => each.plan === plan.digest && CHANGING.has(each.mode),
  );
  if (earlier) {
    throw new Fault('run-not-resumable', `this plan was run already, as ${earlier.run}`, {
      mend: `nightshift resume ${earlier.run} --reason "...", or make a new plan`,
    });
  }
  if (plan.body.units.length === 0) {
    throw new Fault('nobody-matches', 'the plan has no unit: there is nothing to do');
  }
  if (lastWindowMs(plan) <= world.clock.now()) {
    throw new Fault('outside-window', 'every window of this plan is over');
  }
  return beginNew(options, mode === 'manual' ? 'manual' : 'run');
}

/**
 * Copies and verifies the images of an approved plan, in its staging windows, and changes nothing else. May be repeated:
 * what is staged is found. Fault `outside-window` when all windows of the change are over.
 */
export async function stage(options: RunOptions): Promise<LiveRun> {
  const { world, plan } = options;
  const copies = plan.body.units.some((unit) => stagingSteps(unit).some((each) => each.transfer));
  if (!copies)
    throw new Fault('nobody-matches', 'the plan copies nothing: there is nothing to stage');
  if (lastWindowMs(plan) <= world.clock.now()) {
    throw new Fault(
      'outside-window',
      'every window of this plan is over: nothing would use the files',
    );
  }
  return beginNew(options, 'stage');
}

/** The read-only half of a plan, approved or not, inside a window or not: checks and probes, not a single change. */
export async function observe(options: ObserveOptions): Promise<LiveRun> {
  return beginNew(options, 'observe');
}

async function reopen(
  options: RunOptions,
  row: RunRow,
  more: readonly RunEvent[],
): Promise<LiveRun> {
  const { world, plan, by } = options;
  if (row.plan !== plan.digest) {
    throw new Fault('run-not-resumable', `run ${row.run} began with another plan`);
  }
  const { state } = await readRun(world.store, row.run, plan);
  if (state.finished) throw new Fault('run-not-resumable', `run ${row.run} is over`);
  return begin(options, {
    run: row.run,
    first: (epoch) => [
      { kind: 'runner-took-over', by, epoch },
      // Its first runner died between putting down its row and its first event.
      ...(state.plan === undefined ? [started(row)] : []),
      ...more,
    ],
  });
}

/** Goes on with a run whose runner is gone. A run that was stopped or paused needs the reason why it may go on. */
export async function resume(options: RunOptions, row: RunRow, reason: string): Promise<LiveRun> {
  if (reason.trim() === '') {
    throw new Fault('usage', 'a reason is required', { mend: '--reason "why it may go on"' });
  }
  return reopen(options, row, [{ kind: 'run-resumed', by: options.by, reason, request: 0 }]);
}

/** Goes on where a runner died, as it left it: what is paused stays so, what has stopped stays so, failures count on. */
export async function takeOver(options: RunOptions, row: RunRow): Promise<LiveRun> {
  return reopen(options, row, []);
}
