import { runId } from '../../src/kernel/id.js';
import { Fault } from '../../src/kernel/fault.js';
import type { RunState } from '../../src/run/state.js';
import {
  SimulatedCrash,
  type MemoryStore,
  type MemoryStoreOptions,
} from '../../src/store/memory-store.js';
import { rehearsalWorld } from '../rehearse/rehearsal-world.js';
import { stageConductor, type RehearsalInputs, type Stage } from '../rehearse/rehearse.js';
import type { DrawnNight, DrawnRequest, Mishap } from './draw.js';
import { gripOn, type Grip } from './grip.js';

export interface Ran {
  readonly state: RunState;
  /** How many runners died, and how often a person resumed what had stopped. */
  readonly deaths: number;
  readonly resumed: number;
}

export interface LivesRequest {
  readonly inputs: RehearsalInputs;
  readonly stage: Stage;
  readonly drawn: DrawnNight;
  readonly storeOptions: MemoryStoreOptions;
  /** Told when a second runner got in beside the first. */
  readonly onIntruder: () => void;
}

const RUN = runId('rehearsal');
/** No night lasts longer: windows, pauses and soak together. */
const LONGEST_MS = 40 * 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const WITHDRAWN = { code: 'not-approved', why: 'the board took its approval back' } as const;

/** The runners of one night, one after the other, and the people who look after them. */
export class Lives {
  readonly #request: LivesRequest;
  #store: MemoryStore;
  #grip: Grip;
  #isWithdrawn = false;
  #isAtWork = false;

  constructor(request: LivesRequest) {
    this.#request = request;
    this.#store = request.stage.store;
    this.#grip = gripOn(request.stage.world);
  }

  /** Runners until the run is finished; what stops is resumed by a person, an hour later. */
  async all(): Promise<Ran> {
    const { stage, drawn } = this.#request;
    const { scheduler } = stage.sim;
    const untilMs = scheduler.nowMs() + LONGEST_MS;
    const most = stage.plan.body.units.length + drawn.mishaps.length;
    await this.#lieInWait();
    for (let [deaths, resumed] = [0, 0]; ;) {
      this.#isAtWork = true;
      const state = await this.#livedOut(untilMs);
      this.#isAtWork = false;
      if (state === 'died') {
        deaths += 1;
        this.#bury();
        continue;
      }
      if (state.finished || state.stopped === undefined || resumed > most) {
        return { state, deaths, resumed };
      }
      resumed += 1;
      await scheduler.advance(HOUR_MS);
      this.#bury();
      // What the board no longer wants is not resumed: what has not begun is given up.
      await this.#ask(this.#isWithdrawn ? 'abort' : 'resume');
    }
  }

  async #lieInWait(): Promise<void> {
    const { stage, drawn } = this.#request;
    for (const each of drawn.requests) this.#later(each.afterMs, () => this.#ask(each.kind));
    for (const each of drawn.mishaps) if ('afterMs' in each) this.#befall(each);
    const late = drawn.mishaps.find((each) => each.kind === 'late');
    if (late) await stage.sim.scheduler.advance(late.byMs);
  }

  async #livedOut(untilMs: number): Promise<RunState | 'died'> {
    try {
      return await this.#request.stage.sim.scheduler.drain(this.#life(), { untilMs });
    } catch (thrown) {
      if (this.#isDeath(thrown)) return 'died';
      throw thrown;
    }
  }

  async #life(): Promise<RunState> {
    const { inputs, stage } = this.#request;
    const { world } = this.#grip;
    const hold = await world.store.holdRunner('the runner');
    const refusal = () => Promise.resolve(this.#isWithdrawn ? WITHDRAWN : undefined);
    const state = await (await stageConductor(inputs, stage, world, refusal)).drive();
    await hold.release();
    return state;
  }

  #isDeath(thrown: unknown): boolean {
    if (thrown instanceof SimulatedCrash) return true;
    return thrown instanceof Fault && thrown.code === 'state-unwritable';
  }

  /** What the last runner left is cleared away; the next one finds a machine in order. */
  #bury(): void {
    const { stage, storeOptions } = this.#request;
    this.#grip.freeze();
    this.#store.crash();
    stage.sim.replaceController();
    this.#store = stage.store.reopen(storeOptions);
    this.#grip = gripOn(rehearsalWorld(stage.sim, this.#store));
  }

  #befall(mishap: Extract<Mishap, { readonly afterMs: number }>): void {
    this.#later(mishap.afterMs, () => {
      const grip = this.#grip;
      switch (mishap.kind) {
        case 'frozen':
          grip.freeze();
          // Who died meanwhile does not wake.
          return this.#later(mishap.forMs, () => this.#grip === grip && grip.thaw());
        case 'second-runner':
          return void this.#intrude();
        case 'clock-set':
          // Before a runner begins, the wrong clock would be the only one that it has ever known.
          return this.#isAtWork ? grip.setClock(mishap.byMs) : undefined;
        case 'withdrawn':
          this.#isWithdrawn = true;
      }
    });
  }

  /** Another runner at the same state directory: it must not get in while the first one lives. */
  async #intrude(): Promise<void> {
    const other = this.#request.stage.store.reopen();
    if (!this.#isAtWork) return;
    try {
      await other.holdRunner('another runner');
      this.#request.onIntruder();
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.code !== 'state-locked') throw thrown;
    }
  }

  /** From another process: it lives on whatever becomes of the runner. */
  async #ask(kind: DrawnRequest['kind']): Promise<void> {
    const { stage } = this.#request;
    const atMs = stage.sim.scheduler.nowMs();
    await stage.store.reopen().ask({ run: RUN, atMs, kind, by: 'lab', reason: 'drawn' });
  }

  #later(afterMs: number, what: () => unknown): void {
    this.#request.stage.sim.scheduler.schedule(
      afterMs,
      () => void what(),
      'what befalls the night',
    );
  }
}
