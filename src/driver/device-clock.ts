import type { InstantMs } from '../kernel/id.js';

/** What a device's clock says. */
export interface DeviceClock {
  readonly atMs: InstantMs;
  /** False: its time zone is not known; `atMs` may be wrong by whole quarters of an hour. */
  readonly isExact: boolean;
  /** Does it follow a time server, by its own word? Undefined: it does not say. */
  readonly synchronised?: boolean;
}

/** How a platform's clock is read: one read-only command, and what its output means. */
export interface ClockReader {
  readonly command: string;
  /** Undefined: there is no time in it. */
  parse(output: string): DeviceClock | undefined;
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const QUARTER_MS = 15 * 60_000;

/** `Mar`, `2`, `10:23:45`, `2027` as if the clock stood at UTC; undefined: no such day or time. */
export function wallTimeMs(
  month: string | undefined,
  day: string | undefined,
  time: string | undefined,
  year: string | undefined,
): number | undefined {
  const index = MONTHS.indexOf((month ?? '').slice(0, 3).toLowerCase());
  const at = Date.parse(
    `${year}-${String(index + 1).padStart(2, '0')}-${(day ?? '').padStart(2, '0')}T${time}Z`,
  );
  return index < 0 || Number.isNaN(at) ? undefined : at;
}

function offsetMs(zone: string, atMs: number): number | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
    const name = parts.formatToParts(atMs).find((each) => each.type === 'timeZoneName')?.value;
    const found = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name ?? '');
    if (!found) return undefined;
    const minutes = Number(found[2] ?? 0) * 60 + Number(found[3] ?? 0);
    return (found[1] === '-' ? -1 : 1) * minutes * 60_000;
  } catch {
    return undefined;
  }
}

/**
 * The instant behind a wall time in a zone. Only UTC and names of the time zone database are certain: abbreviations such as
 * CST mean several things.
 */
export function instantOf(wallMs: number, zone: string | undefined): DeviceClock {
  if (zone === 'UTC' || zone === 'GMT') return { atMs: wallMs, isExact: true };
  const offset = zone?.includes('/') ? offsetMs(zone, wallMs) : undefined;
  if (offset === undefined) return { atMs: wallMs, isExact: false };
  return { atMs: wallMs - offset, isExact: true };
}

/** How far a device's clock is ahead of `nowMs`; negative: behind. Without a known zone, to the nearest quarter of an hour. */
export function aheadMs({ atMs, isExact }: DeviceClock, nowMs: InstantMs): number {
  const difference = atMs - nowMs;
  return isExact ? difference : difference - Math.round(difference / QUARTER_MS) * QUARTER_MS;
}
