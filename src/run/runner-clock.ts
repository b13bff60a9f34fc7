import type { InstantMs } from '../kernel/id.js';
import type { CancelTimer, Clock } from '../ports/clock.js';

/** A wall clock that is slewed keeps within this between two looks; what goes further was set. */
const SLEW_MAX_MS = 10_000;

/**
 * The time that a runner works by: the wall clock as it stood when the runner began, counted on steadily. Whoever sets
 * the machine's clock neither shortens a wait nor opens a window by it; `offMs` says that it happened.
 */
export class RunnerClock implements Clock {
  readonly #base: Clock;
  #aheadMs: number;

  constructor(base: Clock) {
    this.#base = base;
    this.#aheadMs = base.now() - base.steadyMs();
  }

  now(): InstantMs {
    const offMs = this.offMs();
    if (offMs !== 0 && Math.abs(offMs) <= SLEW_MAX_MS) this.trustTheWall();
    return Math.floor(this.#base.steadyMs() + this.#aheadMs);
  }

  /** The wall clock, whatever was done to it. */
  wallMs(): InstantMs {
    return this.#base.now();
  }

  /** How far the wall clock is ahead of the runner's; negative: behind. */
  offMs(): number {
    return Math.floor(this.#base.now() - this.#base.steadyMs() - this.#aheadMs);
  }

  /** Was the wall clock set, or did the machine sleep, since the runner began? */
  isOff(): boolean {
    return Math.abs(this.offMs()) > SLEW_MAX_MS;
  }

  /** A person vouches for the wall clock: from here on it counts. */
  trustTheWall(): void {
    this.#aheadMs = this.#base.now() - this.#base.steadyMs();
  }

  steadyMs(): number {
    return this.#base.steadyMs();
  }

  monotonicMs(): number {
    return this.#base.monotonicMs();
  }

  timer(delayMs: number, callback: () => void): CancelTimer {
    return this.#base.timer(delayMs, callback);
  }

  monotonicTimer(delayMs: number, callback: () => void): CancelTimer {
    return this.#base.monotonicTimer(delayMs, callback);
  }
}
