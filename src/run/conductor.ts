import { assert } from '../kernel/assert.js';
import { Fault, messageOf } from '../kernel/fault.js';
import { formatDuration } from '../kernel/duration.js';
import type { Digest, InstantMs, RunId, UnitId } from '../kernel/id.js';
import { recall, toJson } from '../kernel/recall.js';
import type { CancelTimer } from '../ports/clock.js';
import type { World } from '../ports/world.js';
import type { Driver } from '../driver/driver.js';
import { LoginBudget } from '../fingerprint/login-budget.js';
import type { Unit } from '../inventory/inventory.js';
import type { Plan } from '../plan/plan.js';
import { decide } from './decide.js';
import { RunnerClock } from './runner-clock.js';
import { dueAtMs, type RunEvent } from './event.js';
import type { RunServices } from './services.js';
import {
  fold,
  initialState,
  isOver,
  openAsk,
  unitPlanOf,
  type RunState,
  type UnitState,
} from './state.js';
import type { Progress } from './step-context.js';
import { UnitWorker } from './unit-worker.js';

/** What a watcher of a live run is told. */
export interface RunWatcher {
  onEvent?(event: RunEvent, state: RunState, atMs: InstantMs): void;
  onProgress?(progress: Progress): void;
}

export interface ConductorOptions {
  readonly world: World;
  readonly run: RunId;
  readonly epoch: number;
  readonly plan: Plan;
  readonly units: ReadonlyMap<UnitId, Unit>;
  readonly drivers: ReadonlyMap<string, Driver>;
  /** Why the plan may not go on (approval withdrawn, expired); undefined while it may. Asked at every admission. */
  readonly refusal: () => Promise<{ readonly code: string; readonly why: string } | undefined>;
  /** The digest of the inventory entries that a unit's plan rests on, as they are now. */
  readonly basisOf: (unit: UnitId) => Digest;
  /** What the transfers to a site share, by its name. */
  readonly transfers: RunServices['transfers'];
  readonly watcher?: RunWatcher;
  /** Called every now and then while the run is looked after. */
  readonly beat?: () => void;
  /** Requests from other processes are looked for this often; default one second. */
  readonly requestPollMs?: number;
}

const REQUEST_POLL_MS = 1000;
const BEAT_MS = 10_000;

/** Conducts one run: the only writer of its journal. Its whole state is the fold of that journal. */
export class Conductor {
  readonly #options: ConductorOptions;
  readonly #clock: RunnerClock;
  readonly #budget = new LoginBudget();
  readonly #jobs = new Map<UnitId, Promise<void>>();
  #state: RunState;
  #writing: Promise<void> = Promise.resolve();
  #crash: unknown;
  #crashed = false;
  #leaving = false;
  #beatMs = -Infinity;
  #wake: () => void = () => undefined;

  constructor(options: ConductorOptions) {
    this.#clock = new RunnerClock(options.world.clock);
    this.#options = { ...options, world: { ...options.world, clock: this.#clock } };
    this.#state = initialState(options.plan);
  }

  get state(): RunState {
    return this.#state;
  }

  /** Folds in what earlier runners journaled. */
  async load(): Promise<void> {
    const { world, run, plan } = this.#options;
    for (const record of await world.store.journal.read(run, 0)) {
      this.#state = fold(this.#state, recall<RunEvent>(record.event), record.atMs, plan);
    }
  }

  /** No new step is begun on untouched units; returns when those under way are at a safe point. */
  leave(): void {
    this.#leaving = true;
    this.#wake();
  }

  /** Appends durably and folds in; events of concurrent units keep one order. */
  record(events: readonly RunEvent[]): Promise<void> {
    const write = async () => {
      if (this.#crashed) throw this.#crash;
      const { world, run, epoch, plan, watcher } = this.#options;
      const atMs = world.clock.now();
      await world.store.journal.append(
        run,
        epoch,
        events.map((event) => {
          const due = dueAtMs(event);
          const json = toJson(event);
          return { atMs, event: json, ...(due === undefined ? {} : { dueAtMs: due }) };
        }),
      );
      for (const event of events) {
        this.#state = fold(this.#state, event, atMs, plan);
        watcher?.onEvent?.(event, this.#state, atMs);
      }
    };
    const result = this.#writing.then(write);
    this.#writing = result.catch((thrown: unknown) => this.#fail(thrown));
    return result;
  }

  /** Works until the run is finished, stopped, or told to leave. */
  async drive(): Promise<RunState> {
    for (;;) {
      this.#beat();
      await this.#readRequests();
      if (this.#crashed) return this.#giveUp();
      const wakeAtMs = await this.#move();
      if (wakeAtMs === 'leave') break;
      await this.#sleepUntil(wakeAtMs);
    }
    return this.#state;
  }

  #beat(): void {
    const nowMs = this.#options.world.clock.now();
    if (nowMs - this.#beatMs < BEAT_MS) return;
    this.#beatMs = nowMs;
    this.#options.beat?.();
  }

  /** The state directory failed: workers inside an act end with it, since they can journal no more; then we go. */
  async #giveUp(): Promise<never> {
    if (this.#crash instanceof Fault) await Promise.allSettled(this.#jobs.values());
    throw this.#crash;
  }

  #fail(thrown: unknown): void {
    if (!this.#crashed) [this.#crash, this.#crashed] = [thrown, true];
    this.#wake();
  }

  /** One decision carried out. Gives the next instant to look again, or `leave`. */
  async #move(): Promise<InstantMs | undefined | 'leave'> {
    const { plan, world } = this.#options;
    for (;;) {
      await this.#stopWhenOff();
      const decision = decide(this.#state, plan, world.clock.now(), new Set(this.#jobs.keys()));
      if (decision.leave && this.#jobs.size === 0) return 'leave';
      if (this.#leaving) return this.#moveOut();
      if (decision.events.length === 0) {
        for (const unit of decision.work) this.#start(unit);
        return decision.wakeAtMs;
      }
      const admits = decision.events.some((each) => each.kind === 'unit-admitted');
      const refusal = admits ? await this.#options.refusal() : undefined;
      if (refusal) await this.record([{ kind: 'run-stopped', ...refusal }]);
      else await this.record(decision.events);
    }
  }

  /** By a clock that was set nothing is begun: only a person can say which time is right. */
  async #stopWhenOff(): Promise<void> {
    const { mode, stopped, finished } = this.#state;
    const changes = mode === 'run' || mode === 'manual';
    if (!changes || stopped || finished || !this.#clock.isOff()) return;
    const offMs = this.#clock.offMs();
    const why =
      `the clock of this machine was set ${formatDuration(Math.abs(offMs))} ` +
      `${offMs > 0 ? 'forward' : 'back'} during the run, or the machine slept`;
    await this.record([{ kind: 'run-stopped', code: 'clock-jumped', why }]);
  }

  /** On the way out: only units past their safe point go on. */
  #moveOut(): InstantMs | undefined | 'leave' {
    for (const unit of this.#state.units.values()) {
      const inDanger = unit.touched && !isOver(unit) && unit.kind !== 'soaking';
      // Where a person is asked, nothing of ours is under way.
      if (inDanger && !openAsk(unit)) this.#start(unit.unit);
    }
    return this.#jobs.size === 0 ? 'leave' : undefined;
  }

  #start(unit: UnitId): void {
    if (this.#jobs.has(unit)) return;
    const job = this.#work(unit)
      .catch((thrown: unknown) => this.#fail(thrown))
      .finally(() => {
        this.#jobs.delete(unit);
        this.#wake();
      });
    this.#jobs.set(unit, job);
  }

  async #work(id: UnitId): Promise<void> {
    const { world, plan, units, drivers } = this.#options;
    const unitPlan = unitPlanOf(plan, id);
    const unit = units.get(id);
    const driver = unitPlan && drivers.get(unitPlan.material.platform);
    assert(unitPlan && unit && driver, `unit ${id} has no plan, inventory entry or driver`);
    const worker = new UnitWorker({ services: this.#services(), unit, unitPlan, driver });
    try {
      await worker.work();
    } catch (thrown) {
      if (!this.#isUnitsOwn(thrown)) throw thrown;
      // Our own bug on one unit: that unit is held, the others go on. What ended stays as it ended.
      const unitState = this.#state.units.get(id);
      if (unitState && isOver(unitState)) {
        world.log.write('error', `${id}, after its end`, { why: messageOf(thrown) });
      } else await this.record([brokenUnit(id, thrown)]);
    }
  }

  /** State faults and lost epochs end the runner; anything else ends one unit. */
  #isUnitsOwn(thrown: unknown): boolean {
    if (this.#crashed) return false;
    return thrown instanceof Fault ? !thrown.code.startsWith('state-') : thrown instanceof Error;
  }

  #services(): RunServices {
    const { world, run, plan, watcher, basisOf, transfers } = this.#options;
    return {
      world,
      wallMs: () => this.#clock.wallMs(),
      transfers,
      basisOf,
      run,
      plan,
      budget: this.#budget,
      isLeaving: () => this.#leaving,
      runState: () => (this.#leaving ? { ...this.#state, paused: true } : this.#state),
      unitState: (unit): UnitState => {
        // What can be journaled no more is not decided on: a worker between two acts ends here.
        if (this.#crashed) throw this.#crash;
        const state = this.#state.units.get(unit);
        assert(state, `unit ${unit} is not of this run`);
        return state;
      },
      record: (events) => this.record(events),
      onProgress: (progress) => watcher?.onProgress?.(progress),
    };
  }

  async #readRequests(): Promise<void> {
    const { world, run } = this.#options;
    for (const each of await world.store.requests(run, this.#state.lastRequest)) {
      const about = { by: each.by, reason: each.reason, request: each.id };
      const kind = ({ pause: 'run-paused', resume: 'run-resumed', abort: 'run-aborted' } as const)[
        each.kind
      ];
      await this.record([{ kind, ...about }]);
      if (kind === 'run-resumed') this.#clock.trustTheWall();
    }
  }

  #sleepUntil(wakeAtMs: InstantMs | undefined): Promise<void> {
    const { clock } = this.#options.world;
    const nowMs = clock.now();
    const pollMs = this.#options.requestPollMs ?? REQUEST_POLL_MS;
    const delayMs = Math.max(0, Math.min(pollMs, (wakeAtMs ?? nowMs + pollMs) - nowMs));
    return new Promise((resolve) => {
      let cancel: CancelTimer = () => undefined;
      const done = () => {
        cancel();
        this.#wake = () => undefined;
        resolve();
      };
      cancel = clock.timer(delayMs, done);
      this.#wake = done;
    });
  }
}

function brokenUnit(unit: UnitId, thrown: unknown): RunEvent {
  return {
    kind: 'unit-ended',
    unit,
    as: 'held',
    why: `Nightshift itself failed on this unit: ${messageOf(thrown)}`,
    next: 'look at the unit by hand and report the bug',
    failure: true,
    healthy: false,
    code: thrown instanceof Fault ? thrown.code : '',
  };
}
