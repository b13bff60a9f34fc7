import { parseDurationMs } from '../kernel/duration.js';
import { Fault } from '../kernel/fault.js';
import type { InstantMs } from '../kernel/id.js';

const AGO = /^(\d{1,5})(m|h|d|w)$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** `7d`, `12h`, `PT12H`, `2026-01-10` or `2026-01-10T22:00Z` as an instant; without an offset it is UTC. Fault `usage`. */
export function parseSince(text: string, nowMs: InstantMs): InstantMs {
  const ago = AGO.exec(text);
  if (ago) return nowMs - Number(ago[1]) * (UNIT_MS[ago[2] ?? ''] ?? 0);
  const agoMs = parseDurationMs(text);
  if (agoMs !== undefined) return nowMs - agoMs;
  const hasOffset = /Z$|T.*[+-]\d{2}:\d{2}$/.test(text) || !text.includes('T');
  const atMs = DATE.test(text) ? Date.parse(hasOffset ? text : `${text}Z`) : Number.NaN;
  if (!Number.isNaN(atMs)) return atMs;
  throw new Fault('usage', `--since ${text}: no such time`, {
    mend: 'a date (2026-01-10), a time (2026-01-10T22:00Z), or how long ago (12h, 7d, PT30M)',
  });
}
