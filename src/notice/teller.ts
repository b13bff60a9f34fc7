import { Fault, messageOf } from '../kernel/fault.js';
import type { FaultCode } from '../kernel/fault-codes.js';
import type { InstantMs, RunId } from '../kernel/id.js';
import type { CancelTimer } from '../ports/clock.js';
import type { Delivered } from '../ports/notice-courier.js';
import type { TellerHold } from '../ports/store.js';
import type { World } from '../ports/world.js';
import type { Plan } from '../plan/plan.js';
import { listRuns } from '../run/run.js';
import { Docket, type Ground } from './docket.js';
import {
  deliveryOf,
  muteBody,
  muteErrands,
  ownMutes,
  putMuteRow,
  readMutes,
  type MuteErrand,
} from './mute.js';
import { pauseAfterMs, putNoticeRow } from './outbox.js';
import { call, deliver, parcels, type Parcel } from './post-office.js';

const POLL_MS = 1000;
const PLACE_POLL_MS = 5000;
const REST_POLL_MS = 10_000;
const REREAD_MS = 30_000;
const BROKEN: ReadonlySet<FaultCode> = new Set([
  'plan-not-found',
  'plan-tampered',
  'journal-tampered',
]);
/** Runs that began longer ago than this are nobody's news. */
const RUNS_MS = 7 * 86_400_000;

export interface TellerOptions {
  readonly world: World;
  /** What counts at first. */
  readonly ground: Ground;
  /** Reads it anew, now and then; what cannot be read leaves the old one in force. */
  readonly reread: () => Promise<Ground>;
  readonly planOf: (digest: string) => Promise<Plan>;
  /** Of a platform: after how long an upgrade reverts by itself unless committed. */
  readonly commitTimerMs: (platform: string) => number | undefined;
  /** Who this is, for those who look. */
  readonly holder: string;
  /** It looks once and is gone: a run is then silent since its newest record, not since it was first seen so. */
  readonly once?: boolean;
}

/**
 * Tells people: makes the notices of all recent runs durable, sends what is due, escalates, keeps monitoring quiet. One
 * process of a state directory does it at a time; the others wait for its place. It works beside a run and never in its
 * way: whatever is slow or broken here costs the run nothing.
 */
export class Teller {
  readonly #options: TellerOptions;
  readonly #dockets = new Map<RunId, Docket>();
  /** What is being sent, by channel or hook: each has one thing under way. */
  readonly #lines = new Map<string, Promise<void>>();
  readonly #deadSinceMs = new Map<RunId, InstantMs>();
  readonly #restedAtMs = new Map<RunId, number>();
  readonly #broken = new Set<RunId>();
  #ground: Ground;
  #readAtMs = -Infinity;
  #hold: TellerHold | undefined;
  #placeAtMs = -Infinity;
  #work: Promise<void> | undefined;
  #closed = false;
  #own: RunId | undefined;
  #wake: () => void = () => undefined;

  constructor(options: TellerOptions) {
    this.#options = options;
    this.#ground = options.ground;
  }

  /** Begins; ends with `close`. `own`: the run of this very process, whose silence it could not tell of. */
  start(own?: RunId): void {
    this.#own = own;
    this.#work ??= this.#loop();
  }

  /** Something happened: it looks at once. */
  poke(): void {
    this.#wake();
  }

  /** Looks once, sends what is due, and gives the instant at which time alone brings more. Sending goes on meanwhile. */
  async look(): Promise<InstantMs | undefined> {
    if (!(await this.#holdPlace())) return undefined;
    await this.#reread();
    await this.#openDockets();
    let nextMs: InstantMs | undefined;
    for (const docket of this.#dockets.values()) {
      if (this.#rests(docket) || this.#broken.has(docket.run)) continue;
      const own = await this.#unlessBroken(docket.run, () => this.#lookAt(docket));
      if (own !== undefined) nextMs = Math.min(own, nextMs ?? own);
    }
    return nextMs;
  }

  /** Resolves when nothing is being sent. */
  async idle(): Promise<void> {
    while (this.#lines.size > 0) await Promise.all(this.#lines.values());
  }

  /** Looks; is nothing left of the run that anybody would be told later? Undefined: another process sends, or it cannot be told. */
  async isSettled(run: RunId): Promise<boolean | undefined> {
    try {
      if (!(await this.#holdPlace())) return undefined;
      await this.#openDockets();
      const docket = this.#dockets.get(run);
      if (!docket) return this.#broken.has(run) ? undefined : false;
      await docket.look(this.#options.world.clock.now());
      return parcels(docket.outbox, docket.office).length === 0;
    } catch (thrown) {
      this.#log(thrown);
      return undefined;
    }
  }

  /**
   * Sends what is due, for at most so long of real time, and gives the place to others. Gives the runs of which somebody
   * is still to be told something, as far as this process knows.
   */
  async close(graceMs: number): Promise<ReadonlySet<RunId>> {
    this.#closed = true;
    this.#wake();
    await this.#work;
    const { clock } = this.#options.world;
    let cancel: CancelTimer = () => undefined;
    const late = new Promise<void>((settle) => (cancel = clock.monotonicTimer(graceMs, settle)));
    await Promise.race([this.#finish(), late]);
    cancel();
    const left = [...this.#dockets.values()].filter(
      (each) => parcels(each.outbox, each.office).length > 0,
    );
    await this.#hold?.release();
    this.#hold = undefined;
    return new Set(left.map((each) => each.run));
  }

  async #finish(): Promise<void> {
    try {
      // What waits behind another in its line is found by the next look.
      do {
        await this.idle();
        await this.look();
      } while (this.#lines.size > 0);
    } catch (thrown) {
      this.#log(thrown);
    }
  }

  async #loop(): Promise<void> {
    const { clock } = this.#options.world;
    while (!this.#closed) {
      let nextMs: InstantMs | undefined;
      try {
        nextMs = await this.look();
      } catch (thrown) {
        this.#log(thrown);
      }
      if (!this.#closed) await this.#pause(nextMs === undefined ? undefined : nextMs - clock.now());
    }
  }

  #pause(delayMs: number | undefined): Promise<void> {
    const { clock } = this.#options.world;
    return new Promise((settle) => {
      const cancels: CancelTimer[] = [];
      const done = () => {
        for (const cancel of cancels) cancel();
        this.#wake = () => undefined;
        settle();
      };
      this.#wake = done;
      cancels.push(clock.monotonicTimer(POLL_MS, done));
      if (delayMs !== undefined && delayMs > 0) cancels.push(clock.timer(delayMs, done));
    });
  }

  #log(thrown: unknown): void {
    this.#options.world.log.write('error', 'notices', { why: messageOf(thrown) });
  }

  async #holdPlace(): Promise<boolean> {
    if (this.#hold) return true;
    const { clock, store } = this.#options.world;
    if (clock.monotonicMs() - this.#placeAtMs < PLACE_POLL_MS) return false;
    this.#placeAtMs = clock.monotonicMs();
    this.#hold = await store.holdTeller(this.#options.holder);
    return this.#hold !== undefined;
  }

  async #reread(): Promise<void> {
    const { world, reread } = this.#options;
    const nowMs = world.clock.monotonicMs();
    if (this.#readAtMs === -Infinity) this.#readAtMs = nowMs;
    if (nowMs - this.#readAtMs < REREAD_MS) return;
    this.#readAtMs = nowMs;
    try {
      this.#ground = await reread();
    } catch (thrown) {
      this.#log(thrown);
    }
  }

  async #openDockets(): Promise<void> {
    const { world, planOf, commitTimerMs } = this.#options;
    const ground = () => this.#ground;
    const sinceMs = world.clock.now() - RUNS_MS;
    for (const row of await listRuns(world.store)) {
      if (row.startedAtMs < sinceMs || row.mode === 'observe' || this.#dockets.has(row.run))
        continue;
      if (this.#broken.has(row.run)) continue;
      const plan = await this.#unlessBroken(row.run, () => planOf(row.plan));
      if (!plan) continue;
      const options = { store: world.store, row, plan, ground, commitTimerMs };
      this.#dockets.set(row.run, new Docket(options));
    }
  }

  /** One run whose records cannot be read keeps the others' notices from nobody. */
  async #unlessBroken<T>(run: RunId, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof Fault) || !BROKEN.has(thrown.code)) throw thrown;
      this.#broken.add(run);
      this.#log(thrown);
      return undefined;
    }
  }

  /** A run that is over and told of is looked at now and then: somebody may ask for something to be sent again. */
  #rests(docket: Docket): boolean {
    const { clock } = this.#options.world;
    const isDone =
      docket.isAtRest &&
      docket.witness.state !== undefined &&
      parcels(docket.outbox, docket.office).length === 0;
    const seenMs = this.#restedAtMs.get(docket.run) ?? -Infinity;
    if (isDone && clock.monotonicMs() - seenMs < REST_POLL_MS) return true;
    this.#restedAtMs.set(docket.run, clock.monotonicMs());
    return false;
  }

  async #lookAt(docket: Docket): Promise<InstantMs | undefined> {
    const nowMs = this.#options.world.clock.now();
    await docket.look(nowMs);
    await this.#lookForLife(docket, nowMs);
    const waiting = parcels(docket.outbox, docket.office);
    for (const each of waiting) {
      if (each.atMs <= nowMs) this.#inLine(each.channel.name, () => this.#send(docket, each));
    }
    const errands = await this.#muteErrands(docket, nowMs);
    for (const each of errands) {
      if (each.atMs <= nowMs)
        this.#inLine(`mute ${each.hook.name}`, () => this.#mute(docket, each));
    }
    const times = [...waiting, ...errands].map((each) => each.atMs);
    const later = [...times, docket.witness.nextMs ?? 0].filter((each) => each > nowMs);
    return later.length === 0 ? undefined : Math.min(...later);
  }

  /** One at a time: what is still due when the line is free is found again by the next look. */
  #inLine(line: string, work: () => Promise<void>): void {
    if (this.#lines.has(line)) return;
    const job = work()
      .catch((thrown: unknown) => this.#log(thrown))
      .finally(() => {
        this.#lines.delete(line);
        this.#wake();
      });
    this.#lines.set(line, job);
  }

  async #send(docket: Docket, parcel: Parcel): Promise<void> {
    const { clock, courier, store } = this.#options.world;
    const about = { courier, nowMs: clock.now() };
    const { outcome, to } = await deliver(parcel, docket.office, about);
    await putNoticeRow(store, docket.run, {
      row: this.#outcomeRow(parcel, outcome, to),
      atMs: clock.now(),
    });
    await docket.look(clock.now());
  }

  #outcomeRow({ delivery, tries }: Parcel, outcome: Delivered, to: readonly string[]) {
    if (outcome.kind === 'delivered') return { kind: 'sent', delivery, to } as const;
    const pauseMs = pauseAfterMs(tries + 1);
    const again =
      pauseMs === undefined ? {} : { againMs: this.#options.world.clock.now() + pauseMs };
    return { kind: 'failed', delivery, why: outcome.why, ...again } as const;
  }

  /** Without a runner at work nothing is kept quiet any longer: what happens then is to be seen. */
  async #muteErrands(docket: Docket, nowMs: InstantMs): Promise<readonly MuteErrand[]> {
    const { world } = this.#options;
    const { rules } = this.#ground;
    if (rules.mutes.length === 0) return [];
    const book = await readMutes(world.store, docket.run);
    const holder = await world.store.runnerHolder();
    const changing = holder?.includes(docket.run) === true ? docket.witness.changing : [];
    const asked = book.asked.map((each) => each.mute).filter((each) => each.untilMs > nowMs);
    const wanted = [...ownMutes(docket.run, changing, nowMs), ...asked];
    return muteErrands(wanted, book, { plan: docket.plan, rules, nowMs });
  }

  async #mute(docket: Docket, errand: MuteErrand): Promise<void> {
    const { clock, courier, store } = this.#options.world;
    const { hook, mute, action } = errand;
    const delivery = deliveryOf(errand);
    const body = JSON.stringify(muteBody(errand, docket));
    const outcome =
      hook.kind === 'webhook'
        ? await call(courier, hook.webhook, { delivery, body, atMs: clock.now() })
        : await courier.run({ command: hook.command, delivery, body });
    const about = { mute, hook: hook.name };
    const row =
      outcome.kind === 'undelivered'
        ? ({ kind: 'refused', ...about, why: outcome.why } as const)
        : ({ kind: action === 'lift' ? 'lifted' : 'muted', ...about } as const);
    await putMuteRow(store, docket.run, { row, atMs: clock.now() });
  }

  async #lookForLife(docket: Docket, nowMs: InstantMs): Promise<void> {
    const { world } = this.#options;
    const { rules } = this.#ground;
    if (docket.run === this.#own || docket.isAtRest) return;
    if (!docket.witness.isAwaited(nowMs)) return;
    const holder = await world.store.runnerHolder();
    const isHeld = holder?.includes(docket.run) === true;
    const sinceMs = isHeld ? await this.#beatMs(docket.run, nowMs) : this.#deadMs(docket, nowMs);
    if (nowMs - sinceMs < rules.silentMs) return;
    const what = isHeld
      ? `the runner gives no sign of life: ${holder}`
      : 'the run is not over, and nobody works on it';
    const notice = docket.witness.silent(what, nowMs);
    if (notice) await docket.raise(notice, nowMs);
  }

  /** The newest sign of life of a runner at work. */
  async #beatMs(run: RunId, nowMs: InstantMs): Promise<InstantMs> {
    this.#deadSinceMs.delete(run);
    return (await this.#options.world.store.runnerBeatMs()) ?? nowMs;
  }

  /** Since when nobody was seen at work. */
  #deadMs({ run, witness }: Docket, nowMs: InstantMs): InstantMs {
    const firstMs = this.#options.once === true ? witness.lastMs : nowMs;
    const sinceMs = this.#deadSinceMs.get(run) ?? firstMs;
    this.#deadSinceMs.set(run, sinceMs);
    return sinceMs;
  }
}
