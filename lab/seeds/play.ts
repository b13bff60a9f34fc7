import { Fault, messageOf } from '../../src/kernel/fault.js';
import { initialState } from '../../src/run/state.js';
import type { MemoryStoreOptions } from '../../src/store/memory-store.js';
import { invariants } from '../invariants/catalogue.js';
import { outcomesOf, setStage, type RehearsalInputs, type Stage } from '../rehearse/rehearse.js';
import type { DrawnNight } from './draw.js';
import { Jury, type Struck, type Violation } from './jury.js';
import { Lives, type Ran } from './lives.js';

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
      if (drawn.mishaps.some((each) => each.kind === 'full-disk' && each.nth === appends)) {
        throw new Fault('state-unwritable', 'no space left on the device');
      }
      const crash = drawn.crashes.find((each) => each.nth === appends);
      if (crash?.point !== 'crash-before') court.jury?.journaled(entries);
      return crash?.point;
    },
    onPut: (book, row) => court.jury?.kept(book, row),
  };
  const given = { ...inputs, seed: drawn.seed, faults: drawn.faults, storeOptions };
  const set = await setStage(given);
  const { sim, plan } = set;
  const { inventory, drivers } = inputs;
  const jury = new Jury({ plan, inventory, drivers, sim }, invariants);
  court.jury = jury;
  const stage = options.tamper?.(set) ?? set;
  const startMs = sim.scheduler.nowMs();
  let ran: Ran = { state: initialState(plan), deaths: 0, resumed: 0 };
  let stuck: string | undefined;
  try {
    const onIntruder = () => jury.intruded();
    ran = await new Lives({ inputs: given, stage, drawn, storeOptions, onIntruder }).all();
  } catch (thrown) {
    stuck = `the run came to no end: ${messageOf(thrown)}`;
  }
  const outcomes = outcomesOf(set, ran.state, inventory);
  const { faults, crashes, requests, mishaps } = drawn;
  const others = faults.length + requests.length + mishaps.length;
  const isQuiet = others + crashes.length === 0;
  const onlyDeaths = others === 0 && crashes.length > 0;
  jury.ended({ state: ran.state, outcomes, isQuiet, onlyDeaths, stuck });
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
