import { assert } from '../kernel/assert.js';
import type { InstantMs } from '../kernel/id.js';
import type { Clock } from '../ports/clock.js';

/** At `realStartMs` of the base clock this clock shows `virtualStartMs`; from there it runs `speed` times as fast. */
export interface ClockScale {
  readonly realStartMs: InstantMs;
  readonly virtualStartMs: InstantMs;
  readonly speed: number;
}

/** Wall time scaled for the lab; monotonic time stays that of the base clock. */
export function createScaledClock(base: Clock, scale: ClockScale): Clock {
  assert(Number.isFinite(scale.speed) && scale.speed > 0, 'the speed of a clock is above zero');
  const now = () => scale.virtualStartMs + (base.now() - scale.realStartMs) * scale.speed;
  return {
    now,
    // Both processes of a lab go by the wall: a correction of milliseconds would look like one of seconds here.
    steadyMs: now,
    monotonicMs: () => base.monotonicMs(),
    timer: (delayMs, callback) => base.timer(delayMs / scale.speed, callback),
    monotonicTimer: (delayMs, callback) => base.monotonicTimer(delayMs, callback),
  };
}
