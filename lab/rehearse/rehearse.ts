import { digestOf } from '../../src/kernel/digest.js';
import { Fault } from '../../src/kernel/fault.js';
import { planDigest, runId, type UnitId } from '../../src/kernel/id.js';
import type { World } from '../../src/ports/world.js';
import type { Driver } from '../../src/driver/driver.js';
import type { Personality, SimDevice } from '../../src/driver/personality.js';
import { fingerprint } from '../../src/fingerprint/fingerprint.js';
import type { Sighting } from '../../src/fingerprint/fleet.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import type { Plan, PlanBody, UnitPlan } from '../../src/plan/plan.js';
import { Conductor, type ConductorOptions, type RunWatcher } from '../../src/run/conductor.js';
import { siteTransfers } from '../../src/run/site-transfers.js';
import type { Ending } from '../../src/run/event.js';
import type { RunState } from '../../src/run/state.js';
import {
  createMemoryStore,
  type MemoryStore,
  type MemoryStoreOptions,
} from '../../src/store/memory-store.js';
import type { FaultStrike } from '../world/fault.js';
import type { LabImage, LabSpec } from '../world/lab-spec.js';
import { createSimWorld, type SimWorld } from '../world/world.js';
import { downTimes, watchFlows, type DownTime, type LostFlow } from './flow-watch.js';
import { twinOf, type TwinFacts } from './twin.js';
import { makeTypist } from './typist.js';
import { rehearsalWorld, LAB_SECRET } from './rehearsal-world.js';

export interface RehearsalInputs {
  readonly plan: Plan;
  readonly inventory: Inventory;
  readonly drivers: ReadonlyMap<string, Driver>;
  readonly personalities: Readonly<Record<string, Personality>>;
  /** By unit. */
  readonly facts: ReadonlyMap<string, TwinFacts>;
  readonly seed: string;
  readonly faults: readonly FaultStrike[];
  /** At least this long a soak, whatever the plan says. */
  readonly soakMs?: number;
  readonly watcher?: RunWatcher;
  /** `manual`: a simulated person does what changes a device; default `run`. */
  readonly mode?: 'run' | 'manual';
  readonly storeOptions?: MemoryStoreOptions;
}

/** How one unit ended in the lab, by the run's word and by the lab's own. */
export interface UnitOutcome {
  readonly unit: UnitId;
  readonly ended: Ending | 'unfinished';
  readonly why: string;
  readonly runs: string;
  readonly wanted: string;
  /** Does what the run says agree with what the lab knows? */
  readonly isTrue: boolean;
}

export interface Rehearsal {
  readonly seed: string;
  readonly passed: boolean;
  readonly state: RunState;
  readonly units: readonly UnitOutcome[];
  readonly soakMs: number;
  readonly virtualMs: number;
  readonly events: number;
  /** Over every event of the lab: the same seed gives the same. */
  readonly logDigest: string;
  /** Losses of the declared flows, each with its time. */
  readonly lost: readonly LostFlow[];
  readonly down: readonly DownTime[];
  readonly world: SimWorld;
  readonly store: MemoryStore;
}

/** A simulated network with a controller in it, ready to conduct the plan. */
export interface Stage {
  readonly sim: SimWorld;
  readonly world: World;
  readonly store: MemoryStore;
  readonly plan: Plan;
}

const LEAD_MS = 600_000;
const POLL_MS = 600_000;

function startOf(plan: Plan): number {
  const starts = plan.body.units.flatMap((each) => each.windows.slice(0, 1));
  const firstMs = Math.min(...starts.map((each) => each.startMs));
  return Math.max(firstMs - LEAD_MS, plan.body.createdAtMs);
}

function labImages(plan: Plan): readonly LabImage[] {
  const byPath = new Map(
    plan.body.units.flatMap(({ images, material }) =>
      images.map(({ path, sizeBytes, sha512, md5, version }): [string, LabImage] => [
        path,
        { path, sizeBytes, sha512, md5, platform: material.platform, version },
      ]),
    ),
  );
  return [...byPath.values()];
}

/** The plan as it holds for the twins: same steps, windows and checks; only what no twin can share is theirs. */
function project(plan: Plan, sightings: readonly Sighting[], soakMs: number): Plan {
  const units = plan.body.units.map((unitPlan): UnitPlan => {
    const seen = sightings.find((each) => each.unit === unitPlan.unit);
    if (seen?.kind !== 'seen') {
      const why = seen?.kind === 'not-seen' ? seen.why : 'no twin';
      throw new Fault('lab-fault', `the twin of ${unitPlan.unit} cannot be fingerprinted: ${why}`);
    }
    const { facts, configDigest, hostKey } = seen;
    const role = unitPlan.material.role !== undefined && facts.details['redundancyRole'];
    const twins = {
      nextBoot: facts.nextBoot ?? '',
      configDigest,
      hostKey,
      model: facts.model,
      ...(typeof role === 'string' ? { role } : {}),
    };
    return { ...unitPlan, material: { ...unitPlan.material, ...twins } };
  });
  const strategy = { ...plan.body.strategy, soakMs };
  const body: PlanBody = { ...plan.body, units, strategy };
  return { digest: planDigest(digestOf(body)), body };
}

export function twinSpec(inputs: RehearsalInputs): LabSpec {
  return twinOf({
    inventory: inputs.inventory,
    facts: inputs.facts,
    images: labImages(inputs.plan),
    secrets: { resolve: () => LAB_SECRET },
    seed: inputs.seed,
    startMs: startOf(inputs.plan),
    faults: [],
  });
}

/** Builds the twins, lets them be fingerprinted, and projects the plan onto them. Faults strike from then on. */
export async function setStage(inputs: RehearsalInputs): Promise<Stage> {
  const { plan, inventory, drivers } = inputs;
  const sim = createSimWorld(twinSpec(inputs), inputs.personalities);
  const store = createMemoryStore(sim.ports.clock, inputs.storeOptions);
  const world = rehearsalWorld(sim, store);
  const ids = new Set(plan.body.units.map((each) => each.unit));
  const units = inventory.units.filter((each) => ids.has(each.id));
  const sightings = await sim.scheduler.drain(
    fingerprint({
      world,
      drivers,
      units,
      parallel: 50,
      acceptFirst: { by: 'lab', reason: 'a twin made for this rehearsal' },
    }),
  );
  const soakMs = Math.max(plan.body.strategy.soakMs, inputs.soakMs ?? 0);
  const projected = project(plan, sightings, soakMs);
  for (const strike of inputs.faults) sim.strike(strike);
  return { sim, world, store, plan: projected };
}

/** A conductor of the projected plan in its simulated world: the very engine that runs production. */
export async function stageConductor(
  inputs: RehearsalInputs,
  stage: Stage,
  world: World,
  refusal: ConductorOptions['refusal'] = () => Promise.resolve(undefined),
): Promise<Conductor> {
  const run = runId('rehearsal');
  const epoch = await world.store.journal.takeOver(run);
  const conductor = new Conductor({
    world,
    run,
    epoch,
    plan: stage.plan,
    units: new Map(inputs.inventory.units.map((each) => [each.id, each])),
    drivers: inputs.drivers,
    refusal,
    basisOf: (id) => basisIn(stage.plan, id),
    transfers: siteTransfers(inputs.inventory, world.clock),
    requestPollMs: POLL_MS,
    ...(inputs.watcher ? { watcher: inputs.watcher } : {}),
  });
  await conductor.load();
  const by = 'lab';
  await conductor.record([
    epoch === 1
      ? { kind: 'run-started', plan: stage.plan.digest, by, mode: inputs.mode ?? 'run' }
      : { kind: 'runner-took-over', by, epoch },
  ]);
  return conductor;
}

function basisIn(plan: Plan, id: UnitId) {
  const found = plan.body.units.find((each) => each.unit === id);
  if (!found) throw new Fault('lab-fault', `${id} is not in the plan`);
  return found.basis;
}

/** The versions that a unit may run when its ending is true. `undefined`: the ending claims nothing of it. */
function truthfulVersions(ended: Ending, unitPlan: UnitPlan): readonly string[] | undefined {
  switch (ended) {
    case 'done':
      return [unitPlan.images.at(-1)?.version ?? unitPlan.toVersion];
    case 'reverted':
      // Of several hops only the one that failed is taken back.
      return [unitPlan.fromVersion, ...unitPlan.hops.map((each) => each.fromVersion)];
    case 'dropped':
      return [unitPlan.fromVersion];
    case 'lost':
    case 'held':
    case 'quarantined':
      return undefined;
  }
}

/** Does the lab's own device bear out what the run says of it? `held` and `quarantined` claim nothing. */
function isBorneOut(ended: Ending | 'unfinished', device: SimDevice, unitPlan: UnitPlan): boolean {
  if (ended === 'unfinished') return false;
  if (ended === 'lost') return device.power !== 'up';
  const allowed = truthfulVersions(ended, unitPlan);
  return !allowed || (device.power === 'up' && allowed.includes(device.runningVersion));
}

/** Holds every ending against the lab's own knowledge of the device. */
export function outcomesOf(
  stage: Stage,
  state: RunState,
  inventory: Inventory,
): readonly UnitOutcome[] {
  const devices = new Map(inventory.units.map((each) => [each.id, each.device.id]));
  return stage.plan.body.units.map((unitPlan) => {
    const over = state.units.get(unitPlan.unit)?.ended;
    const device = stage.sim.deviceState(devices.get(unitPlan.unit) ?? unitPlan.unit);
    const ended = over?.as ?? 'unfinished';
    return {
      unit: unitPlan.unit,
      ended,
      why: over?.why ?? '',
      runs: device.power === 'up' ? device.runningVersion : device.power,
      wanted: unitPlan.toVersion,
      isTrue: isBorneOut(ended, device, unitPlan),
    };
  });
}

/** By hand: with a person at a terminal, who types what is shown. */
function attended(inputs: RehearsalInputs, { plan, world }: Stage): RehearsalInputs {
  if (inputs.mode !== 'manual') return inputs;
  const { inventory, drivers } = inputs;
  const about = { inventory, drivers, plan, run: 'rehearsal', copies: 'self' } as const;
  return { ...inputs, watcher: makeTypist({ ...about, world: () => world }) };
}

/** Conducts the plan among its twins on virtual time, soak included. Passed: every unit done, and truly so. */
export async function rehearse(inputs: RehearsalInputs): Promise<Rehearsal> {
  const stage = await setStage(inputs);
  const { sim, store, world } = stage;
  const startMs = sim.scheduler.nowMs();
  const lostFlows = watchFlows(sim);
  const conductor = await stageConductor(attended(inputs, stage), stage, world);
  const state = await sim.scheduler.drain(conductor.drive());
  const units = outcomesOf(stage, state, inputs.inventory);
  return {
    seed: inputs.seed,
    passed: units.every((each) => each.ended === 'done' && each.isTrue),
    state,
    units,
    soakMs: stage.plan.body.strategy.soakMs,
    virtualMs: sim.scheduler.nowMs() - startMs,
    events: sim.log().length,
    logDigest: sim.logDigest(),
    lost: lostFlows(),
    down: downTimes(sim),
    world: sim,
    store,
  };
}
