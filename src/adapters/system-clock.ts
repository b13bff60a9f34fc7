import type { CancelTimer, Clock } from '../ports/clock.js';

/** Node's timers overflow above 2^31 ms; wall time may also be set or jump, so long waits look again this often. */
const LOOK_AGAIN_MS = 60_000;

function chunkedTimer(nowMs: () => number, delayMs: number, callback: () => void): CancelTimer {
  const dueMs = nowMs() + delayMs;
  let handle: NodeJS.Timeout;
  const arm = () => {
    const leftMs = dueMs - nowMs();
    handle = setTimeout(
      () => {
        if (nowMs() >= dueMs - 1) callback();
        else arm();
      },
      Math.max(0, Math.min(leftMs, LOOK_AGAIN_MS)),
    );
  };
  arm();
  return () => {
    clearTimeout(handle);
  };
}

/** The machine's clock. A wall timer follows the wall clock when somebody sets it, within a minute. */
export function createSystemClock(): Clock {
  const now = () => Date.now();
  const monotonicMs = () => performance.now();
  return {
    now,
    monotonicMs,
    timer: (delayMs, callback) => chunkedTimer(now, delayMs, callback),
    monotonicTimer: (delayMs, callback) => chunkedTimer(monotonicMs, delayMs, callback),
  };
}
