import { setTimeout as pause } from 'node:timers/promises';
import { runId } from '../../src/kernel/id.js';
import { recall } from '../../src/kernel/recall.js';
import type { JournalRecord } from '../../src/ports/journal.js';
import type { Store } from '../../src/ports/store.js';
import type { Plan, UnitPlan } from '../../src/plan/plan.js';
import type { RunEvent } from '../../src/run/event.js';
import type { WireClock } from '../../lab/world/wire-scheduler.js';
import { createRandom } from '../../lab/world/random.js';
import { isFateful, NEAR_MS, realMsOf, stepOf } from './near.js';
import type { Ended, Night, Started } from './night.js';

/** A moment at which the runner is to be killed. */
type Aim = 'before intent' | 'at intent' | 'after intent' | 'anywhere';

/** One kill as it came about, told from the journal afterwards. */
export interface Kill {
  readonly aim: Aim;
  /** What was journaled last of the unit that was aimed at. */
  readonly at: string;
  /** Real time from the intent, or from the end of the step before it, to the kill. */
  readonly delayMs: number;
  /** Within 100 ms of a fateful intent, by what could be known at once; `Intents` knows it all. */
  readonly seemsNear: boolean;
  readonly unit: string;
  /** On the machine's clock. */
  readonly killedMs: number;
}

const POLL_MS = 2;
/** With no more units than these left, every moment will do. */
const LAST_UNITS = 6;
/** One step is not killed for ever. */
const KILLS_OF_A_STEP_MAX = 3;

interface Seen {
  readonly record: JournalRecord;
  readonly event: RunEvent;
}

/** Kills the runner of one run again and again, and starts the next one each time. */
export class Killer {
  readonly kills: Kill[] = [];
  readonly exits: Ended[] = [];
  readonly #night: Night;
  readonly #store: Store;
  readonly #plans: ReadonlyMap<string, UnitPlan>;
  readonly #clock: WireClock;
  readonly #chance;
  readonly #wanted: { readonly kills: number; readonly near: number };
  readonly #struck = new Map<string, number>();
  #over = 0;
  #isFinished = false;
  #seq = 0;
  #skip = 0;

  constructor(parts: {
    night: Night;
    store: Store;
    plan: Plan;
    seed: string;
    wanted: { kills: number; near: number };
  }) {
    this.#night = parts.night;
    this.#store = parts.store;
    this.#plans = new Map(parts.plan.body.units.map((each) => [each.unit, each]));
    this.#clock = parts.night.lab.clock;
    this.#chance = createRandom(parts.seed).stream('kills');
    this.#wanted = parts.wanted;
  }

  /** Until the run is over. Gives its name. */
  async conduct(first: Started): Promise<string> {
    const run = await this.#runOf(first);
    let runner = first;
    for (;;) {
      const ended = await this.#watch(run, runner);
      this.exits.push(ended);
      if (ended.signal !== 'SIGKILL' || this.#isFinished) return run;
      runner = this.#night.start('resume', run, '--reason', 'its runner was killed');
    }
  }

  async #runOf(first: Started): Promise<string> {
    let gone: Ended | undefined;
    void first.ended.then((ended) => (gone = ended));
    for (;;) {
      const [run] = await this.#store.journal.runs();
      if (run !== undefined) return run;
      if (gone) throw new Error(`the run ended with ${gone.code}:\n${gone.out}`);
      await pause(POLL_MS);
    }
  }

  /** Follows the journal while this runner lives. */
  async #watch(run: string, runner: Started): Promise<Ended> {
    let gone = false;
    const ended = runner.ended.finally(() => (gone = true));
    // The others are spread over the run: each runner may first do a few things.
    this.#skip = this.#chance.below(this.#plans.size - this.#over > LAST_UNITS ? 25 : 4);
    while (!gone) {
      for (const seen of await this.#news(run)) {
        const aim = gone ? undefined : this.#aimAt(seen);
        if (aim) return this.#strike(run, runner, { aim, seen });
      }
      await pause(POLL_MS);
    }
    await this.#news(run);
    return ended;
  }

  async #news(run: string): Promise<readonly Seen[]> {
    const records = await this.#store.journal.read(runId(run), this.#seq);
    this.#seq = records.at(-1)?.seq ?? this.#seq;
    const news = records.map((record) => ({ record, event: recall<RunEvent>(record.event) }));
    this.#over += news.filter(({ event }) => event.kind === 'unit-ended').length;
    this.#isFinished ||= news.some(({ event }) => event.kind === 'run-finished');
    return news;
  }

  #aimAt({ event }: Seen): Aim | undefined {
    const { kills, near } = this.#wanted;
    const left = kills - this.kills.length;
    if (left <= 0) return undefined;
    const nearLeft = near - this.kills.filter((each) => each.seemsNear).length;
    const [aim] = this.#aimsOf(event);
    if (aim !== 'anywhere') return aim !== undefined && this.#chance.next() < 0.9 ? aim : undefined;
    // Moments elsewhere take what the fateful ones leave, and make up for them at the end.
    const isLate = this.#plans.size - this.#over <= LAST_UNITS;
    if (left <= nearLeft && !isLate) return undefined;
    this.#skip -= 1;
    return this.#skip < 0 ? 'anywhere' : undefined;
  }

  #aimsOf(event: RunEvent): readonly Aim[] {
    if (!('step' in event)) return 'unit' in event ? ['anywhere'] : [];
    const plan = this.#plans.get(event.unit);
    const ahead = event.kind === 'step-done' ? 1 : 0;
    const step = stepOf(plan, event, ahead);
    if (!step || !isFateful(step)) return ['anywhere'];
    const name = `${event.unit} ${step.id}`;
    const times = this.#struck.get(name) ?? 0;
    // Steps that often find their effect there already have no intent to come before.
    const isSure = event.list === 'forward' && step.phase !== 'commit';
    if (event.kind === 'step-done') return times === 0 && isSure ? ['before intent'] : [];
    if (event.kind !== 'step-intent') return [];
    if (times >= KILLS_OF_A_STEP_MAX) return [];
    return this.#chance.next() < 0.5
      ? ['at intent', 'after intent']
      : ['after intent', 'at intent'];
  }

  #delayOf(aim: Aim): number {
    if (aim === 'before intent') return this.#chance.below(12);
    if (aim === 'at intent') return this.#chance.below(6);
    return aim === 'after intent' ? this.#chance.below(85) : this.#chance.below(200);
  }

  async #strike(run: string, runner: Started, at: { aim: Aim; seen: Seen }): Promise<Ended> {
    const { aim, seen } = at;
    const delayMs = this.#delayOf(aim);
    if (delayMs > 0) await pause(delayMs);
    runner.kill('SIGKILL');
    const killedMs = Date.now();
    const ended = await runner.ended;
    const news = await this.#news(run);
    if (ended.signal === 'SIGKILL') this.#note(aim, killedMs, [seen, ...news]);
    return ended;
  }

  /** What the kill came to is told from the journal, not from what was aimed at. */
  #note(aim: Aim, killedMs: number, recent: readonly Seen[]): void {
    const [first] = recent;
    const unit = first && 'unit' in first.event ? first.event.unit : '';
    const own = recent.filter(({ event }) => 'unit' in event && event.unit === unit);
    const last = own.at(-1) ?? first;
    if (!last) return;
    const sinceMs = ({ record }: Seen) => killedMs - realMsOf(this.#clock, record.atMs);
    const intent = own.findLast(({ event }) => this.#isFateful(event, 'step-intent', 0));
    const isBefore = !intent && this.#isFateful(last.event, 'step-done', 1);
    const from = intent ?? last;
    const delayMs = Math.round(sinceMs(from));
    const seemsNear = delayMs <= NEAR_MS && (intent !== undefined || isBefore);
    const { event } = last;
    const at = 'id' in event ? `${event.kind} ${event.id}` : event.kind;
    if ('step' in from.event) {
      const step = stepOf(this.#plans.get(unit), from.event, isBefore ? 1 : 0);
      const name = `${unit} ${step?.id}`;
      this.#struck.set(name, (this.#struck.get(name) ?? 0) + 1);
    }
    this.kills.push({ aim, at, delayMs, seemsNear, unit, killedMs });
  }

  #isFateful(event: RunEvent, kind: RunEvent['kind'], ahead: number): boolean {
    if (event.kind !== kind || !('step' in event)) return false;
    return isFateful(stepOf(this.#plans.get(event.unit), event, ahead));
  }
}
