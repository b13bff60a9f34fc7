import { runId } from '../../src/kernel/id.js';
import { messageOf } from '../../src/kernel/fault.js';
import { initialState, type RunState } from '../../src/run/state.js';
import { SimulatedCrash, type MemoryStoreOptions } from '../../src/store/memory-store.js';
import { invariants } from '../invariants/catalogue.js';
import { rehearsalWorld } from '../rehearse/rehearsal-world.js';
import {
  outcomesOf,
  setStage,
  stageConductor,
  type RehearsalInputs,
  type Stage,
} from '../rehearse/rehearse.js';
import type { DrawnNight, DrawnRequest } from './draw.js';
import { Jury, type Struck, type Violation } from './jury.js';

export interface NightResult {
  readonly violations: readonly Violation[];
  readonly struck: readonly Struck[];
  /** How often the controller died, and how often a person resumed a run that had stopped. */
  readonly deaths: number;
  readonly resumed: number;
  readonly endings: Readonly<Record<string, number>>;
  readonly events: number;
  readonly virtualMs: number;
  /** Over every event of the lab and every entry of the journal. */
  readonly logDigest: string;
}

export interface PlayOptions {
  /** What the engine is given instead, to see whether the invariants notice. */
  readonly tamper?: (stage: Stage) => Stage;
}

const RUN = runId('rehearsal');
/** No night lasts longer: windows, pauses and soak together. */
const LONGEST_MS = 40 * 24 * 3_600_000;
const HOUR_MS = 3_600_000;

interface Ran {
  readonly state: RunState;
  /** How many runners died, and how often a person resumed what had stopped. */
  readonly deaths: number;
  readonly resumed: number;
}

/** Runners one after the other until the run is finished; what stops is resumed by a person, an hour later. */
async function conductAll(
  inputs: RehearsalInputs,
  stage: Stage,
  storeOptions: MemoryStoreOptions,
): Promise<Ran> {
  const { sim, plan } = stage;
  let { world } = stage;
  const untilMs = sim.scheduler.nowMs() + LONGEST_MS;
  const most = plan.body.units.length;
  for (let [deaths, resumed] = [0, 0]; ;) {
    try {
      const life = async () => (await stageConductor(inputs, stage, world)).drive();
      const state = await sim.scheduler.drain(life(), { untilMs });
      if (state.finished || state.stopped === undefined || resumed > most) {
        return { state, deaths, resumed };
      }
      resumed += 1;
      await sim.scheduler.advance(HOUR_MS);
      await ask(stage, 'resume');
    } catch (thrown) {
      if (!(thrown instanceof SimulatedCrash)) throw thrown;
      deaths += 1;
      sim.replaceController();
      world = rehearsalWorld(sim, stage.store.reopen(storeOptions));
    }
  }
}

/** From another process: it lives on whatever becomes of the runner. */
function ask({ sim, store }: Stage, kind: DrawnRequest['kind']): Promise<unknown> {
  const atMs = sim.scheduler.nowMs();
  return store.reopen().ask({ run: RUN, atMs, kind, by: 'lab', reason: 'drawn' });
}

function askLater(stage: Stage, { requests }: DrawnNight): void {
  for (const { kind, afterMs } of requests) {
    stage.sim.scheduler.schedule(afterMs, () => void ask(stage, kind), `request to ${kind}`);
  }
}

/** Plays one drawn night with the engine that runs production, and holds it against the invariants. */
export async function playNight(
  inputs: RehearsalInputs,
  drawn: DrawnNight,
  options: PlayOptions = {},
): Promise<NightResult> {
  let appends = 0;
  const court: { jury?: Jury } = {};
  const storeOptions: MemoryStoreOptions = {
    onAppend: (_run, entries) => {
      appends += 1;
      const crash = drawn.crashes.find((each) => each.nth === appends);
      if (crash?.point !== 'crash-before') court.jury?.journaled(entries);
      return crash?.point;
    },
  };
  const given = { ...inputs, seed: drawn.seed, faults: drawn.faults, storeOptions };
  const set = await setStage(given);
  const { sim, plan } = set;
  const { inventory, drivers } = inputs;
  const jury = new Jury({ plan, inventory, drivers, sim }, invariants);
  court.jury = jury;
  const stage = options.tamper?.(set) ?? set;
  const startMs = sim.scheduler.nowMs();
  askLater(stage, drawn);
  let ran: Ran = { state: initialState(plan), deaths: 0, resumed: 0 };
  let stuck: string | undefined;
  try {
    ran = await conductAll(given, stage, storeOptions);
  } catch (thrown) {
    stuck = `the run came to no end: ${messageOf(thrown)}`;
  }
  const outcomes = outcomesOf(set, ran.state, inventory);
  const isQuiet = drawn.faults.length + drawn.crashes.length + drawn.requests.length === 0;
  jury.ended({ state: ran.state, outcomes, isQuiet, stuck });
  const endings: Record<string, number> = {};
  for (const { ended } of outcomes) endings[ended] = (endings[ended] ?? 0) + 1;
  return {
    violations: jury.violations,
    struck: jury.struck,
    deaths: ran.deaths,
    resumed: ran.resumed,
    endings,
    events: sim.scheduler.eventCount,
    virtualMs: sim.scheduler.nowMs() - startMs,
    logDigest: `sha256:${jury.digest()}`,
  };
}
