import type { InstantMs } from '../kernel/id.js';

/** Takes back a timer; harmless after it fired. */
export type CancelTimer = () => void;

/** Time as an argument. The lab's clock is virtual or scaled; the real one is the machine's. */
export interface Clock {
  /** Wall time: windows, deadlines, journal times. */
  now(): InstantMs;
  /** Runs as fast as `now()` and is never set: how much wall time has passed. Origin unspecified. */
  steadyMs(): number;
  /** Never goes back, never scaled: session limits. Origin unspecified. */
  monotonicMs(): number;
  /** Calls back once after `delayMs` as `steadyMs()` counts it. */
  timer(delayMs: number, callback: () => void): CancelTimer;
  /** Calls back once after `delayMs` as `monotonicMs()` counts it. */
  monotonicTimer(delayMs: number, callback: () => void): CancelTimer;
}

/** Resolves after `delayMs` as `steadyMs()` counts it, or at once when `signal` aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const cancel = clock.timer(delayMs, () => {
      signal?.removeEventListener('abort', stop);
      resolve();
    });
    const stop = () => {
      cancel();
      resolve();
    };
    signal?.addEventListener('abort', stop, { once: true });
  });
}
