import type { InstantMs } from '../kernel/id.js';
import { wallTime, type WallTime } from '../kernel/wall-time.js';

/** UTC for a zone that this machine does not know. */
function partsOf(atMs: InstantMs, timeZone: string): WallTime {
  const found = wallTime(atMs, timeZone) ?? wallTime(atMs, 'UTC');
  return found ?? { day: '', date: '', time: '', offset: '+00:00' };
}

/** `Sun 2027-03-28 01:00 +01:00`: the wall clock on site. */
export function siteTime(atMs: InstantMs, timeZone: string): string {
  const { day, date, time, offset } = partsOf(atMs, timeZone);
  return `${day} ${date} ${time.slice(0, 5)} ${offset}`;
}

/** `2027-03-28 00:00Z`. */
export function utcTime(atMs: InstantMs): string {
  const iso = new Date(atMs).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`;
}

/** Site time, then UTC in brackets: with its date only where that differs. */
export function bothTimes(atMs: InstantMs, timeZone: string): string {
  const utc = utcTime(atMs);
  const { date } = partsOf(atMs, timeZone);
  const short = utc.startsWith(date) ? utc.slice(11) : utc;
  return `${siteTime(atMs, timeZone)} (${short})`;
}

/** `01:00:07` on the wall clock of the zone. */
export function clockTime(atMs: InstantMs, timeZone: string): string {
  return partsOf(atMs, timeZone).time;
}

/** `2027-03-28T00:00:07.000Z`: for machines. */
export function isoTime(atMs: InstantMs): string {
  return new Date(atMs).toISOString();
}
