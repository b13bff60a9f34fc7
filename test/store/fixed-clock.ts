import type { Clock } from '../../src/ports/clock.js';

/** A clock that stands still: the store only asks what time it is. */
export function fixedClock(nowMs: number): Clock {
  const noTimer = () => () => undefined;
  return {
    now: () => nowMs,
    steadyMs: () => 0,
    monotonicMs: () => 0,
    timer: noTimer,
    monotonicTimer: noTimer,
  };
}
