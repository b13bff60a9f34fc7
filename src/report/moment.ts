import type { InstantMs } from '../kernel/id.js';

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** The zone's formatter, made once; undefined for a zone that this machine does not know. */
function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (formats.has(timeZone)) return formats.get(timeZone);
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
  } catch {
    format = undefined;
  }
  formats.set(timeZone, format);
  return format;
}

interface Parts {
  readonly date: string;
  readonly time: string;
  /** `+02:00`, or `Z`. */
  readonly offset: string;
}

function partsOf(atMs: InstantMs, timeZone: string): Parts {
  const iso = new Date(atMs).toISOString();
  const utc = { date: iso.slice(0, 10), time: iso.slice(11, 19), offset: 'Z' };
  const format = timeZone === '' ? undefined : formatOf(timeZone);
  if (!format) return utc;
  const found = new Map(format.formatToParts(atMs).map((each) => [each.type, each.value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}:${part('second')}`,
    offset: part('timeZoneName').replace('GMT', '') || '+00:00',
  };
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
