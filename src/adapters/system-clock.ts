import type { CancelTimer, Clock } from '../ports/clock.js';

/** Node's timers overflow above 2^31 ms, so long waits look again this often. */
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

/** The machine's clock. No timer is shortened or stretched when somebody sets it. */
export function createSystemClock(): Clock {
  const monotonicMs = () => performance.now();
  return {
    now: () => Date.now(),
    steadyMs: monotonicMs,
    monotonicMs,
    timer: (delayMs, callback) => chunkedTimer(monotonicMs, delayMs, callback),
    monotonicTimer: (delayMs, callback) => chunkedTimer(monotonicMs, delayMs, callback),
  };
}
