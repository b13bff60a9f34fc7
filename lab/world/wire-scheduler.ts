import { Fault, messageOf } from '../../src/kernel/fault.js';
import type { CancelTimer } from '../../src/ports/clock.js';
import type { Scheduler } from './scheduler.js';

/** Enough for another process to count as the lab does. */
export interface WireClock {
  /** Milliseconds since 1970, when the lab began. */
  readonly realStartMs: number;
  /** What the lab's clock showed then. */
  readonly virtualStartMs: number;
  /** Lab milliseconds in one real millisecond. */
  readonly speed: number;
}

interface Entry {
  readonly atMs: number;
  readonly label: string;
  action: (() => void) | undefined;
}

export const SPEED_MIN = 0.01;
export const SPEED_MAX = 1000;
/** Longer ones are armed again: a Node timer overflows beyond 24 days. */
const TIMER_MS_MAX = 86_400_000;

/** What the lab's clock shows at the real instant `realMs`. */
export function virtualMs(clock: WireClock, realMs: number): number {
  return clock.virtualStartMs + Math.round((realMs - clock.realStartMs) * clock.speed);
}

/** The model's scheduler on real timers: in order of time, same instant first come, first run. */
export class WireScheduler implements Scheduler {
  readonly clock: WireClock;
  private readonly onError: (text: string) => void;
  /** Sorted, the next one last. */
  private readonly queue: Entry[] = [];
  private disarm: () => void = () => {};
  private armedForMs = Infinity;
  private latestMs: number;
  private stopped = false;

  /** `onError` is told what an action threw; the others run all the same. */
  constructor(clock: WireClock, onError: (text: string) => void) {
    if (!(clock.speed >= SPEED_MIN && clock.speed <= SPEED_MAX)) {
      throw new Fault('lab-fault', `the speed must be from ${SPEED_MIN} to ${SPEED_MAX}`);
    }
    this.clock = clock;
    this.onError = onError;
    this.latestMs = clock.virtualStartMs;
  }

  /** Never goes back, even if the machine's clock does. */
  nowMs(): number {
    this.latestMs = Math.max(this.latestMs, virtualMs(this.clock, Date.now()));
    return this.latestMs;
  }

  schedule(delayMs: number, action: () => void, label = ''): CancelTimer {
    if (Number.isNaN(delayMs)) throw new Fault('lab-fault', `the delay of "${label}" is no number`);
    const entry: Entry = { atMs: this.nowMs() + Math.max(0, delayMs), label, action };
    this.queue.splice(this.placeOf(entry.atMs), 0, entry);
    if (entry.atMs < this.armedForMs) this.arm();
    return () => {
      entry.action = undefined;
    };
  }

  /** Nothing runs any more. */
  stop(): void {
    this.stopped = true;
    this.disarm();
    this.queue.length = 0;
  }

  /** Behind everything that is due at the same instant or before, which is nearer to the end. */
  private placeOf(atMs: number): number {
    let low = 0;
    let high = this.queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.queue[middle]?.atMs ?? 0) > atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private arm(): void {
    this.disarm();
    const next = this.queue.at(-1);
    this.armedForMs = next?.atMs ?? Infinity;
    if (!next || this.stopped) return;
    const realMs = (next.atMs - this.nowMs()) / this.clock.speed;
    if (realMs <= 0) {
      const soon = setImmediate(() => this.run());
      this.disarm = () => clearImmediate(soon);
      return;
    }
    const timer = setTimeout(() => this.run(), Math.min(TIMER_MS_MAX, Math.ceil(realMs)));
    this.disarm = () => clearTimeout(timer);
  }

  /** Everything that is due when it begins; what that brings about comes in the next turn. */
  private run(): void {
    const untilMs = this.nowMs();
    this.armedForMs = -Infinity;
    const due: Entry[] = [];
    for (let next = this.queue.at(-1); next && next.atMs <= untilMs; next = this.queue.at(-1)) {
      due.push(next);
      this.queue.pop();
    }
    for (const entry of due) this.perform(entry);
    this.arm();
  }

  private perform(entry: Entry): void {
    const action = entry.action;
    entry.action = undefined;
    if (!action || this.stopped) return;
    try {
      action();
    } catch (thrown) {
      const where = thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
      this.onError(`${entry.label}: ${where}`);
    }
  }
}
