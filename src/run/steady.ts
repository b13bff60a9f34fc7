import type { CheckOutcome } from '../check/outcome.js';
import type { Snapshot } from '../driver/facts.js';

const MINUTE_MS = 60_000;
/** A system that crashes as it comes up does so within this time. */
const STEADY_MS = 3 * MINUTE_MS;
/** Uptimes are told in whole minutes, by a clock of the device's own. */
const SLACK_MS = 2 * MINUTE_MS;

/** How long the post-checks may wait for a device that has just booted. */
export const STEADY_WORST_MS = STEADY_MS + SLACK_MS;
export const STAYS_UP = 'it has been up for a while';

/** What a device said of its uptime, and when; undefined: it does not tell. */
interface Uptime {
  readonly uptimeMs: number;
  readonly atMs: number;
}

/** When it is looked at; post-checks began at `sinceMs`. */
export type Moment =
  { readonly when: 'after'; readonly sinceMs: number } | { readonly when: 'soak' };

/** `before` the change it told one, or it never does. */
export function uptimeOf(before: Snapshot, now: Snapshot, atMs: number): Uptime | undefined {
  return before.uptimeMs > 0 ? { uptimeMs: now.uptimeMs, atMs } : undefined;
}

/** After a boot: nothing is believed, and nothing committed, before the device has been up for a while. */
export function staysUp(now: Uptime | undefined): CheckOutcome {
  if (!now || now.uptimeMs >= STEADY_MS) return { kind: 'passed', name: STAYS_UP };
  const why = `it came up ${Math.floor(now.uptimeMs / 1000)} s ago`;
  return { kind: 'failed', name: STAYS_UP, why };
}

/** It must not have booted since it was looked at: nobody asked it to. */
export function stayedUp(sinceMs: number, now: Uptime | undefined): CheckOutcome {
  const name = 'it did not restart by itself';
  if (!now || now.atMs - now.uptimeMs <= sinceMs + SLACK_MS) return { kind: 'passed', name };
  const minutes = Math.floor(now.uptimeMs / MINUTE_MS);
  return { kind: 'failed', name, why: `it restarted by itself, ${minutes} min ago` };
}
