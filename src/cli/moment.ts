import type { InstantMs } from '../kernel/id.js';

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

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
      weekday: 'short',
      timeZoneName: 'longOffset',
    });
  } catch {
    format = undefined;
  }
  formats.set(timeZone, format);
  return format;
}

interface Parts {
  readonly day: string;
  readonly date: string;
  readonly time: string;
  readonly offset: string;
}

/** UTC for a zone that this machine does not know. */
function partsOf(atMs: InstantMs, timeZone: string): Parts {
  const found = new Map(
    (formatOf(timeZone) ?? formatOf('UTC'))
      ?.formatToParts(atMs)
      .map((each) => [each.type, each.value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? '';
  return {
    day: part('weekday'),
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}:${part('second')}`,
    offset: part('timeZoneName').replace('GMT', '') || '+00:00',
  };
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
