import type { FaultStrike } from '../../lab/world/fault.js';
import {
  outcomesOf,
  setStage,
  stageConductor,
  type RehearsalInputs,
  type Stage,
} from '../../lab/rehearse/rehearse.js';
import { makeTypist } from '../../lab/rehearse/typist.js';
import { rehearsalWorld } from '../../lab/rehearse/rehearsal-world.js';
import type { World } from '../../src/ports/world.js';
import type { Driver } from '../../src/driver/driver.js';
import type { RunState } from '../../src/run/state.js';
import type { UnitPlan } from '../../src/plan/plan.js';
import { SimulatedCrash, type CrashPoint } from '../../src/store/memory-store.js';
import type { Scenario } from './scenario.js';

export interface Journey {
  readonly scenario: Scenario;
  readonly stage: Stage;
  readonly state: RunState;
  readonly crashed: boolean;
  /** Kinds of the events of each append of the journal, up to the crash. */
  readonly appends: readonly string[];
  readonly outcomes: ReturnType<typeof outcomesOf>;
}

export interface Turn {
  /** The controller dies at this append, counted from 1; another one takes over. */
  readonly crash?: { readonly nth: number; readonly point: CrashPoint };
  readonly faults?: readonly FaultStrike[];
  /** Instead of the scenario's own driver. */
  readonly driver?: Driver;
  /** A person does what changes a device, and copies files or leaves that to us. */
  readonly manual?: 'self' | 'let';
  /** What becomes of each unit's plan. */
  readonly change?: (plan: UnitPlan) => UnitPlan;
}

function byHand<Inputs extends RehearsalInputs>(
  copies: 'self' | 'let',
  inputs: Inputs,
  { stage, world }: { readonly stage: Stage; readonly world: () => World },
): Inputs {
  const { inventory, drivers } = inputs;
  const { plan } = stage;
  const run = 'rehearsal';
  const watcher = makeTypist({ inventory, drivers, plan, world, copies, run });
  return { ...inputs, mode: 'manual', watcher };
}

/** Conducts the scenario's plan among fresh twins to its end. */
export async function conduct(scenario: Scenario, turn: Turn = {}): Promise<Journey> {
  const appends: string[] = [];
  const { crash } = turn;
  const given = {
    ...scenario.inputs,
    faults: turn.faults ?? [],
    ...(turn.driver ? { drivers: new Map([[scenario.one.id, turn.driver]]) } : {}),
    storeOptions: {
      onAppend: (_run: unknown, entries: readonly { readonly event: unknown }[]) => {
        appends.push(entries.map(({ event }) => String(Object(event).kind)).join(' '));
        return appends.length === crash?.nth ? crash.point : undefined;
      },
    },
  };
  const set = await setStage(given);
  const { change } = turn;
  const units = change ? set.plan.body.units.map(change) : set.plan.body.units;
  const stage = { ...set, plan: { ...set.plan, body: { ...set.plan.body, units } } };
  const { sim } = stage;
  let now = stage.world;
  const inputs = turn.manual ? byHand(turn.manual, given, { stage, world: () => now }) : given;
  const end = (state: RunState, crashed: boolean): Journey => {
    const outcomes = outcomesOf(stage, state, inputs.inventory);
    return { scenario, stage, state, crashed, appends, outcomes };
  };
  try {
    const first = async () => (await stageConductor(inputs, stage, stage.world)).drive();
    return end(await sim.scheduler.drain(first()), false);
  } catch (thrown) {
    if (!(thrown instanceof SimulatedCrash)) throw thrown;
  }
  sim.replaceController();
  const world = rehearsalWorld(sim, stage.store.reopen());
  now = world;
  const second = async () => (await stageConductor(inputs, stage, world)).drive();
  return end(await sim.scheduler.drain(second()), true);
}
