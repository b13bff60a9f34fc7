import type { CancelTimer, Clock } from '../../src/ports/clock.js';

/** Time that passes only when told. */
export class FakeTime implements Clock {
  #nowMs = 0;
  #timers: { atMs: number; callback: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  steadyMs(): number {
    return this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  timer(delayMs: number, callback: () => void): CancelTimer {
    const entry = { atMs: this.#nowMs + delayMs, callback };
    this.#timers.push(entry);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== entry);
    };
  }

  monotonicTimer(delayMs: number, callback: () => void): CancelTimer {
    return this.timer(delayMs, callback);
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Fires the next timer, whatever its time; false if there is none. */
  next(): boolean {
    const first = this.#timers.reduce<{ atMs: number; callback: () => void } | undefined>(
      (best, one) => (best && best.atMs <= one.atMs ? best : one),
      undefined,
    );
    if (!first) return false;
    this.#timers = this.#timers.filter((other) => other !== first);
    this.#nowMs = Math.max(this.#nowMs, first.atMs);
    first.callback();
    return true;
  }

  /** Lets everything happen, time included, until `promise` settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    for (let round = 0; round < 10_000; round += 1) {
      for (let turn = 0; turn < 20 && !settled; turn += 1) await Promise.resolve();
      if (settled) return promise;
      if (!this.next()) break;
    }
    if (!settled) throw new Error('nothing more happens and the promise is open');
    return promise;
  }
}
