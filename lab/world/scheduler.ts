import { Fault } from '../../src/kernel/fault.js';
import type { CancelTimer, Clock } from '../../src/ports/clock.js';

/** What drives the model: virtual time here, real timers behind the wire face. */
export interface Scheduler {
  /** Milliseconds since 1970, as the lab counts. */
  nowMs(): number;
  /** Runs `action` once after `delayMs`; `label` is for error messages. Same instant: first come, first run. */
  schedule(delayMs: number, action: () => void, label?: string): CancelTimer;
}

export interface DrainLimits {
  /** Stop with Fault `lab-fault` beyond so much virtual time. */
  readonly untilMs?: number;
  readonly eventsMax?: number;
  /** Real time to wait for a promise that nothing virtual will settle, before it is called a deadlock. */
  readonly graceMs?: number;
}

interface Entry {
  readonly atMs: number;
  readonly seq: number;
  readonly label: string;
  /** Undefined once cancelled or run. */
  action: (() => void) | undefined;
}

const EVENTS_MAX = 50_000_000;
const GRACE_MS = 1000;

const before = (a: Entry, b: Entry) => a.atMs < b.atMs || (a.atMs === b.atMs && a.seq < b.seq);
/** Events after which real files and sockets are heard; between them promises alone settle, which is much faster. */
const EVENTS_PER_LOOP = 32;

let turns = 0;
/** Lets every promise settle that needs nothing from outside. */
const turn = () =>
  new Promise<void>((resolve) => {
    turns += 1;
    if (turns % EVENTS_PER_LOOP === 0) setImmediate(resolve);
    else process.nextTick(resolve);
  });
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** A heap of events on virtual time. Time moves only in `drain` and `advance`, from event to event. */
export class VirtualScheduler implements Scheduler {
  readonly startMs: number;
  private currentMs: number;
  private sequence = 0;
  private handled = 0;
  private outsideCount = 0;
  private readonly heap: Entry[] = [];

  constructor(startMs: number) {
    this.startMs = startMs;
    this.currentMs = startMs;
  }

  nowMs(): number {
    return this.currentMs;
  }

  /** Events run so far; cancelled ones do not count. */
  get eventCount(): number {
    return this.handled;
  }

  schedule(delayMs: number, action: () => void, label = ''): CancelTimer {
    if (Number.isNaN(delayMs)) throw new Fault('lab-fault', `the delay of "${label}" is no number`);
    this.sequence += 1;
    const atMs = this.currentMs + Math.max(0, delayMs);
    const entry: Entry = { atMs, seq: this.sequence, label, action };
    this.heap.push(entry);
    this.rise(this.heap.length - 1);
    return () => {
      entry.action = undefined;
    };
  }

  /** Holds virtual time until `work` from outside the lab (a real file) is done. */
  async outside<T>(work: Promise<T>): Promise<T> {
    this.outsideCount += 1;
    try {
      return await work;
    } finally {
      this.outsideCount -= 1;
    }
  }

  /**
   * Runs one event, lets everything that waits for it settle, then the next, until `until` settles; gives its value or
   * rejection. Fault `lab-fault` when a limit is passed, or when nothing is left that could settle it.
   */
  async drain<T>(until: Promise<T>, limits: DrainLimits = {}): Promise<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    until.then(settle, settle);
    const isSettled = () => settled;
    const eventsMax = this.handled + (limits.eventsMax ?? EVENTS_MAX);
    for (;;) {
      await turn();
      if (isSettled()) return await until;
      if (this.outsideCount > 0) {
        await pause(1);
      } else {
        const entry = this.peek() ?? (await this.waitInVain(isSettled, limits.graceMs ?? GRACE_MS));
        if (entry) this.runWithin(entry, limits.untilMs ?? Infinity, eventsMax);
      }
    }
  }

  /** Lets `durationMs` of virtual time pass and runs what is due in it. */
  async advance(durationMs: number, limits: DrainLimits = {}): Promise<void> {
    const target = this.currentMs + durationMs;
    const passed = new Promise<void>((resolve) => {
      this.schedule(durationMs, resolve, 'advance');
    });
    await this.drain(passed, { ...limits, untilMs: target });
  }

  private runWithin(entry: Entry, untilMs: number, eventsMax: number): void {
    const what = entry.label === '' ? 'an event' : `"${entry.label}"`;
    if (entry.atMs > untilMs) {
      throw new Fault('lab-fault', `virtual time is over: ${what} would come after the limit`);
    }
    if (this.handled >= eventsMax) {
      throw new Fault('lab-fault', `more events than the limit allows; ${what} would be next`);
    }
    this.pop();
    this.currentMs = entry.atMs;
    this.handled += 1;
    const action = entry.action;
    entry.action = undefined;
    action?.();
  }

  /** Nothing virtual is left: real work that nobody announced may still settle the promise. */
  private async waitInVain(isSettled: () => boolean, graceMs: number): Promise<Entry | undefined> {
    for (let waitedMs = 0; waitedMs < graceMs; waitedMs += 5) {
      await pause(5);
      if (isSettled() || this.outsideCount > 0 || this.peek()) return this.peek();
    }
    const since = new Date(this.currentMs).toISOString();
    throw new Fault('lab-fault', `deadlock in the lab: no event is left at ${since}`, {
      mend: 'Something waits for a promise that neither a timer, a device nor announced outside work will settle.',
    });
  }

  /** The next event that was not cancelled. */
  private peek(): Entry | undefined {
    while (this.heap[0] && this.heap[0].action === undefined) this.pop();
    return this.heap[0];
  }

  private pop(): void {
    const last = this.heap.pop();
    if (!last || this.heap.length === 0) return;
    this.heap[0] = last;
    this.sink(0);
  }

  private rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  private sink(from: number): void {
    let index = from;
    for (;;) {
      const left = 2 * index + 1;
      const a = this.heap[left];
      const b = this.heap[left + 1];
      if (!a) return;
      const child = b && before(b, a) ? left + 1 : left;
      if (!this.swapIfBefore(child, index)) return;
      index = child;
    }
  }

  private swapIfBefore(lower: number, upper: number): boolean {
    const low = this.heap[lower];
    const high = this.heap[upper];
    if (!low || !high || !before(low, high)) return false;
    this.heap[lower] = high;
    this.heap[upper] = low;
    return true;
  }
}

/** A Clock on a scheduler's time. `kill` takes back every timer: its owner is dead. */
export class VirtualClock implements Clock {
  private readonly scheduler: Scheduler;
  private readonly startMs: number;
  private readonly pending = new Set<CancelTimer>();
  private dead = false;

  constructor(scheduler: Scheduler) {
    this.scheduler = scheduler;
    this.startMs = scheduler.nowMs();
  }

  now(): number {
    return Math.floor(this.scheduler.nowMs());
  }

  steadyMs(): number {
    return this.scheduler.nowMs();
  }

  monotonicMs(): number {
    return this.scheduler.nowMs() - this.startMs;
  }

  timer(delayMs: number, callback: () => void): CancelTimer {
    if (this.dead) return () => {};
    const cancel = this.scheduler.schedule(
      delayMs,
      () => {
        this.pending.delete(cancelTimer);
        callback();
      },
      'clock timer',
    );
    const cancelTimer = () => {
      this.pending.delete(cancelTimer);
      cancel();
    };
    this.pending.add(cancelTimer);
    return cancelTimer;
  }

  monotonicTimer(delayMs: number, callback: () => void): CancelTimer {
    return this.timer(delayMs, callback);
  }

  kill(): void {
    this.dead = true;
    for (const cancel of Array.from(this.pending)) cancel();
  }
}
