import type { InstantMs } from '../kernel/id.js';
import { wallTime, type WallTime } from '../kernel/wall-time.js';

/** In UTC, with offset `Z`, where the zone is empty or unknown. */
function partsOf(atMs: InstantMs, timeZone: string): Omit<WallTime, 'day'> {
  const iso = new Date(atMs).toISOString();
  const utc = { date: iso.slice(0, 10), time: iso.slice(11, 19), offset: 'Z' };
  return wallTime(atMs, timeZone) ?? utc;
}

/** `2027-03-28 02:10:00 +02:00`; in UTC, with `Z`, where the zone is empty or unknown. */
export function moment(atMs: InstantMs, timeZone: string): string {
  const { date, time, offset } = partsOf(atMs, timeZone);
  return offset === 'Z' ? `${date} ${time}Z` : `${date} ${time} ${offset}`;
}

/** Site time and UTC: `2027-03-28 02:10:00 +02:00 (00:10:00Z)`; UTC alone without a zone. */
export function bothMoments(atMs: InstantMs, timeZone: string): string {
  const local = partsOf(atMs, timeZone);
  const utc = partsOf(atMs, '');
  if (local.offset === 'Z') return moment(atMs, '');
  const day = local.date === utc.date ? '' : `${utc.date} `;
  return `${moment(atMs, timeZone)} (${day}${utc.time}Z)`;
}

/** `02:10:00`, in the zone or in UTC. */
export function clockTime(atMs: InstantMs, timeZone: string): string {
  return partsOf(atMs, timeZone).time;
}

/** `28 02:10`-like short label for an axis: the time, with the date when `withDate`. */
export function axisTime(atMs: InstantMs, timeZone: string, withDate: boolean): string {
  const { date, time } = partsOf(atMs, timeZone);
  return withDate ? `${date.slice(5)} ${time.slice(0, 5)}` : time.slice(0, 5);
}

/** Machine form for `<time datetime>`. */
export function isoTime(atMs: InstantMs): string {
  return new Date(atMs).toISOString();
}
