import { Fault } from './kernel/fault.js';
import { valueOrThrow } from './kernel/diagnostic.js';
import { shortDigest } from './kernel/digest.js';
import { recall, toJson } from './kernel/recall.js';
import type { PersonId, UnitId } from './kernel/id.js';
import type { KeyRef } from './ports/signer.js';
import type { RunRequest } from './ports/store.js';
import type { World } from './ports/world.js';
import type { ConfigComparison } from './config/comparison.js';
import { compareFiles, type CompareRequest } from './driver/compare-files.js';
import type { Driver, DriverLoaders } from './driver/driver.js';
import { loadInventory } from './inventory/load.js';
import { selectUnits } from './inventory/pattern.js';
import type { Inventory, Unit } from './inventory/inventory.js';
import { fingerprint, type FingerprintOptions } from './fingerprint/fingerprint.js';
import { keptConfigs, loadFleet, type Fleet, type Sighting } from './fingerprint/fleet.js';
import { testOutOfBand, wayIn, type OutOfBandTest, type WayIn } from './fingerprint/out-of-band.js';
import { acceptHostKey, jumpHolder } from './fingerprint/pins.js';
import { loadPlaybook } from './playbook/load.js';
import type { Playbook } from './playbook/playbook.js';
import { verifyImageFiles } from './image/catalogue.js';
import { makePlan, verifyPlan } from './plan/make-plan.js';
import type { Plan } from './plan/plan.js';
import type { DecisionKind, SignedDecision } from './review/approval.js';
import type { Evidence } from './review/evidence.js';
import {
  approvedPlan,
  decideOn,
  standingOf,
  type ReviewServices,
  type Standing,
} from './review/review.js';
import type { RunWatcher } from './run/conductor.js';
import { attended, noticing, type AttendedRun, type Noticing } from './notice/noticing.js';
import type { RunMode } from './run/event.js';
import { gatherEvidence } from './run/evidence.js';
import { backupDesk, type BackupDesk } from './run/config-backup.js';
import { askDesk, type AskDesk } from './run/manual-word.js';
import {
  findRun,
  listRuns,
  observe,
  readRun,
  resume,
  run,
  stage,
  takeOver,
  type LiveRun,
  type RunRow,
} from './run/run.js';
import { replayRun, type RunReplay } from './run/replay.js';
import { retentionDesk, type RetentionDesk } from './run/retention-desk.js';
import { listStaged, type StagedFile } from './run/staged-file.js';
import type { RunState } from './run/state.js';
import { cardDesk, type CardDesk } from './report/card-desk.js';
import { gatherReport, type Report } from './report/report.js';
import type { Verdict } from './report/report-form.js';
import { verdictOf } from './report/verdict.js';
import { occurrencesAt } from './window/occurrences.js';
import type { WindowOccurrence } from './window/occurrence.js';

const PLAN_HORIZON_MS = 35 * 86_400_000;
const PLAN_WINDOWS_MAX = 5;

export interface PlanRequest {
  readonly inventory: Inventory;
  readonly playbook: Playbook;
  readonly limit: string;
  readonly author: PersonId;
}

export interface RunRequestOptions {
  readonly inventory: Inventory;
  readonly plan: Plan;
  readonly by: string;
  readonly mode: RunMode;
  readonly watcher?: RunWatcher;
}

/** What the program can do, whatever asks for it: command line, web, or the lab's rehearsal. */
export interface App extends AskDesk, BackupDesk, CardDesk, RetentionDesk {
  readonly world: World;
  drivers(): Promise<ReadonlyMap<string, Driver>>;
  /** DiagnosticsError with every finding. */
  inventory(directory: string): Promise<Inventory>;
  playbook(path: string): Promise<Playbook>;
  select(inventory: Inventory, limit: string): readonly Unit[];
  fingerprint(
    options: Pick<FingerprintOptions, 'units' | 'acceptFirst' | 'onSighting' | 'parallel'>,
  ): Promise<readonly Sighting[]>;
  fleet(units: readonly UnitId[]): Promise<Fleet>;
  /** Every stored sighting of the units, oldest first. */
  sightings(units: readonly UnitId[]): Promise<readonly Sighting[]>;
  trust(
    unit: Unit,
    pin: { fingerprint: string; by: string; reason: string; keepOld?: boolean },
  ): Promise<void>;
  /** Accepts a key of a jump host. */
  trustJumpHost(
    name: string,
    pin: { fingerprint: string; by: string; reason: string; keepOld?: boolean },
  ): Promise<void>;
  /** Consoles and out-of-band addresses with what their tests said, in the order of `units`. */
  waysIn(units: readonly Unit[]): Promise<readonly WayIn[]>;
  /** Tests the unit's console or out-of-band address and records it; undefined when it has none. */
  testOutOfBand(unit: Unit): Promise<OutOfBandTest | undefined>;
  windows(
    inventory: Inventory,
    site: string,
    names: readonly string[],
    count: number,
  ): readonly WindowOccurrence[];
  /** DiagnosticsError for text that is no configuration of the platform; Fault `usage` for an unknown platform. */
  compareConfigs(request: CompareRequest): Promise<ConfigComparison>;
  /** Makes, verifies the images of, and stores a plan. */
  plan(request: PlanRequest): Promise<Plan>;
  plans(): Promise<readonly Plan[]>;
  /** By digest, a beginning of it, the playbook's name (newest), or `last`. */
  findPlan(name: string): Promise<Plan>;
  standing(plan: Plan, inventory: Inventory): Promise<Standing>;
  decide(
    plan: Plan,
    inventory: Inventory,
    wanted: { by: PersonId; decision: DecisionKind; reason: string; key: KeyRef },
  ): Promise<SignedDecision>;
  /** What the journal shows of each platform and model on real devices. */
  evidence(): Promise<readonly Evidence[]>;
  /** Notices are sent beside it, but for `observe`. */
  run(options: RunRequestOptions): Promise<LiveRun | AttendedRun>;
  /** What was copied ahead, newest of each unit and path. */
  staged(): Promise<readonly StagedFile[]>;
  resume(
    options: Omit<RunRequestOptions, 'mode' | 'plan'>,
    row: RunRow,
    reason: string,
  ): Promise<AttendedRun>;
  /** As `resume`, without anybody's decision: for a runner that died and is started again. */
  takeOver(options: Omit<RunRequestOptions, 'mode' | 'plan'>, row: RunRow): Promise<AttendedRun>;
  readonly notices: Noticing;
  runs(): Promise<readonly RunRow[]>;
  findRun(name: string): Promise<RunRow>;
  runState(row: RunRow): Promise<{ plan: Plan; state: RunState; seq: number; verdict: Verdict }>;
  /** The run from its first event on, each with the state that it led to. */
  replay(row: RunRow): Promise<RunReplay>;
  /** Asks the runner of another process; it answers by journaling what it did. */
  ask(row: RunRow, request: Pick<RunRequest, 'kind' | 'by' | 'reason'>): Promise<RunRequest>;
  report(row: RunRow): Promise<Report>;
}

async function loadDrivers(loaders: DriverLoaders): Promise<ReadonlyMap<string, Driver>> {
  const entries = Object.entries(loaders).map(
    async ([id, load]) => [id, (await load()).driver] as const,
  );
  return new Map(await Promise.all(entries));
}

async function storedPlans(world: World): Promise<readonly Plan[]> {
  return (await world.store.rows('plan')).map((row) => recall<Plan>(row.value));
}

async function findPlan(world: World, name: string): Promise<Plan> {
  const plans = await storedPlans(world);
  const wanted = name.replace(/^sha256:/, '');
  const byDigest = plans.filter((each) => shortHex(each).startsWith(wanted));
  const byName = plans.filter((each) => each.body.playbook.name === name).slice(-1);
  const found = name === 'last' ? plans.slice(-1) : byDigest.length > 0 ? byDigest : byName;
  const [first] = found;
  if (first && found.length === 1) return verifyPlan(first);
  const why = first ? 'more than one plan begins so' : 'no plan of that name or digest';
  const known = plans.map((each) => shortDigest(each.digest)).join(', ');
  throw new Fault('plan-not-found', `${name}: ${why}`, { mend: `known: ${known || 'none'}` });
}

function shortHex(plan: Plan): string {
  return plan.digest.replace(/^sha256:/, '');
}

/** What the groups of calls below share. */
interface Ground {
  readonly world: World;
  readonly drivers: () => Promise<ReadonlyMap<string, Driver>>;
}

type Knowing = Pick<
  App,
  | 'compareConfigs'
  | 'inventory'
  | 'playbook'
  | 'select'
  | 'fingerprint'
  | 'fleet'
  | 'sightings'
  | 'trust'
  | 'trustJumpHost'
  | 'waysIn'
  | 'testOutOfBand'
  | 'windows'
>;

function knowing({ world, drivers }: Ground): Knowing {
  return {
    compareConfigs: (request) => compareFiles({ world, drivers }, request),
    inventory: async (directory) => valueOrThrow(await loadInventory(world.files, directory)),
    playbook: async (path) => valueOrThrow(await loadPlaybook(world.files, path)),
    select: selectUnits,
    fingerprint: async (options) => fingerprint({ world, drivers: await drivers(), ...options }),
    fleet: (units) => loadFleet(world.store, units),
    sightings: async (units) => {
      const rows = await world.store.rows('facts');
      const wanted = new Set<string>(units);
      return rows.filter((row) => wanted.has(row.key)).map((row) => recall<Sighting>(row.value));
    },
    trust: (unit, pin) => acceptHostKey(world.store, unit.id, { ...pin, atMs: world.clock.now() }),
    trustJumpHost: (name, pin) =>
      acceptHostKey(world.store, jumpHolder(name), { ...pin, atMs: world.clock.now() }),
    waysIn: (units) => Promise.all(units.map((unit) => wayIn(world.store, unit))),
    testOutOfBand: (unit) => testOutOfBand(world, unit),
    windows(inventory, site, names, count) {
      const fromMs = world.clock.now();
      const untilMs = fromMs + (count > PLAN_WINDOWS_MAX ? 12 : 1) * PLAN_HORIZON_MS;
      return occurrencesAt(inventory, site, names, { fromMs, untilMs, count });
    },
  };
}

/** The units that both the playbook and --limit select. Fault `nobody-matches`. */
function unitsFor({ inventory, playbook, limit }: PlanRequest): readonly Unit[] {
  const wanted = new Set(limit === '' ? inventory.units : selectUnits(inventory, limit));
  const units = selectUnits(inventory, playbook.limit).filter((each) => wanted.has(each));
  if (units.length > 0) return units;
  const also = limit === '' ? '' : ` and --limit ${limit}`;
  throw new Fault('nobody-matches', `${playbook.file}: nobody matches ${playbook.limit}${also}`);
}

type Planning = Pick<App, 'plan' | 'plans' | 'findPlan' | 'standing' | 'decide' | 'evidence'>;

async function reviewOf(world: World, inventory: Inventory): Promise<ReviewServices> {
  const { store, signer, clock } = world;
  return { store, signer, inventory, evidence: await gatherEvidence(store), nowMs: clock.now() };
}

function planning({ world, drivers }: Ground, windows: App['windows']): Planning {
  return {
    async plan(request) {
      const { inventory, playbook, author } = request;
      const units = unitsFor(request);
      const all = inventory.units.map((each) => each.id);
      const plan = makePlan({
        inventory,
        units,
        playbook,
        author,
        fleet: await loadFleet(world.store, all),
        drivers: await drivers(),
        configs: await keptConfigs(world.store, all),
        nowMs: world.clock.now(),
        occurrences: (unit, names, count = PLAN_WINDOWS_MAX) =>
          windows(inventory, unit.device.site, names, count),
      });
      const images = plan.body.units.flatMap((each) => each.images);
      await verifyImageFiles(world.files, images);
      const row = { key: plan.digest, atMs: world.clock.now(), value: toJson(plan) };
      await world.store.put('plan', row);
      return plan;
    },
    plans: () => storedPlans(world),
    findPlan: (name) => findPlan(world, name),
    standing: async (plan, inventory) => standingOf(plan, await reviewOf(world, inventory)),
    decide: async (plan, inventory, wanted) =>
      decideOn(plan, wanted, await reviewOf(world, inventory)),
    evidence: () => gatherEvidence(world.store),
  };
}

type Running = Pick<
  App,
  | 'run'
  | 'staged'
  | 'resume'
  | 'takeOver'
  | 'runs'
  | 'findRun'
  | 'runState'
  | 'replay'
  | 'ask'
  | 'report'
  | 'notices'
>;

function running({ world, drivers }: Ground): Running {
  const looking = async (options: Omit<RunRequestOptions, 'mode'>) => ({
    world,
    plan: options.plan,
    inventory: options.inventory,
    drivers: await drivers(),
    by: options.by,
    refusal: () => Promise.resolve(undefined),
    ...(options.watcher ? { watcher: options.watcher } : {}),
  });
  const changing = async (options: Omit<RunRequestOptions, 'mode'>) => {
    const { plan, inventory } = options;
    return {
      ...(await looking(options)),
      plan: await approvedPlan(plan, await reviewOf(world, inventory)),
      refusal: async () => {
        const [first] = (await standingOf(plan, await reviewOf(world, inventory))).obstacles;
        return first && { code: first.code, why: first.why };
      },
    };
  };
  const notices = noticing({ world, drivers, planOf: (digest) => findPlan(world, digest) });
  const again = async (
    options: Omit<RunRequestOptions, 'mode' | 'plan'>,
    row: RunRow,
    begin: (all: Awaited<ReturnType<typeof changing>>) => Promise<LiveRun>,
  ) => {
    const approved = await changing({ ...options, plan: await findPlan(world, row.plan) });
    return attended(notices.teller(options.inventory, options.by), () => begin(approved));
  };
  return {
    notices,
    async run(options) {
      if (options.mode === 'observe') return observe(await looking(options));
      const approved = await changing(options);
      return attended(notices.teller(options.inventory, options.by), () =>
        options.mode === 'stage' ? stage(approved) : run(approved, options.mode),
      );
    },
    staged: () => listStaged(world.store),
    resume: (options, row, reason) => again(options, row, (all) => resume(all, row, reason)),
    takeOver: (options, row) => again(options, row, (all) => takeOver(all, row)),
    runs: () => listRuns(world.store),
    findRun: (name) => findRun(world.store, name),
    async runState(row) {
      const plan = await findPlan(world, row.plan);
      const read = await readRun(world.store, row.run, plan);
      return { plan, ...read, verdict: verdictOf(read.state, plan) };
    },
    replay: async (row) => replayRun(world.store.journal, row.run, await findPlan(world, row.plan)),
    ask: (row, request) => world.store.ask({ ...request, run: row.run, atMs: world.clock.now() }),
    report: (row) =>
      gatherReport(world.store, row.run, {
        nowMs: world.clock.now(),
        signer: world.signer,
        cards: (plan) => cardDesk(world, drivers).cards(plan, []),
      }),
  };
}

/** Composes the stages over a world. The world and the drivers decide whether this is production or the lab. */
export function createApp(world: World, loaders: DriverLoaders): App {
  let loaded: Promise<ReadonlyMap<string, Driver>> | undefined;
  const drivers = () => (loaded ??= loadDrivers(loaders));
  const known = knowing({ world, drivers });
  return {
    world,
    drivers,
    ...known,
    ...planning({ world, drivers }, known.windows),
    ...running({ world, drivers }),
    ...askDesk(world),
    ...backupDesk(world),
    ...cardDesk(world, drivers),
    ...retentionDesk(world, (digest) => findPlan(world, digest)),
  };
}
