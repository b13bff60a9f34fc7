import type { InstantMs } from './id.js';

/** An instant as the clocks of a zone show it. */
export interface WallTime {
  /** `Sun`. */
  readonly day: string;
  readonly date: string;
  /** To the second. */
  readonly time: string;
  /** `+02:00`. */
  readonly offset: string;
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-GB', {
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
    return undefined;
  }
}

/** The zone's formatter, made once. */
function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(timeZone)) formats.set(timeZone, makeFormat(timeZone));
  return formats.get(timeZone);
}

/** Undefined for an empty zone and for one that this machine does not know. */
export function wallTime(atMs: InstantMs, timeZone: string): WallTime | undefined {
  const format = timeZone === '' ? undefined : formatOf(timeZone);
  if (!format) return undefined;
  const found = new Map(format.formatToParts(atMs).map((each) => [each.type, each.value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? '';
  return {
    day: part('weekday'),
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}:${part('second')}`,
    offset: part('timeZoneName').replace('GMT', '') || '+00:00',
  };
}
