const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const two = (value: number) => String(value).padStart(2, '0');

/** `2026-11-23 20:22:33 UTC`. */
export function stampOf(ms: number): string {
  const at = new Date(ms);
  const day = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  return `${day} ${clockOf(ms)} UTC`;
}

export function clockOf(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
}

/** The age in brackets of `show system uptime`: `5w5d 01:02`, `3d 04:05`, `02:11:09`, `00:05:01`. */
export function agoOf(ms: number): string {
  const age = Math.max(0, ms);
  const days = Math.floor(age / DAY_MS);
  const hours = Math.floor((age % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((age % HOUR_MS) / MINUTE_MS);
  const seconds = Math.floor((age % MINUTE_MS) / 1000);
  if (days === 0) return `${two(hours)}:${two(minutes)}:${two(seconds)}`;
  const weeks = Math.floor(days / 7);
  const head = weeks > 0 ? `${weeks}w${days % 7}d` : `${days}d`;
  return `${head} ${two(hours)}:${two(minutes)}`;
}

/** `8:22PM`, as in the last line of `show system uptime`. */
export function halfDayClock(ms: number): string {
  const at = new Date(ms);
  const hours = at.getUTCHours();
  return `${hours % 12 === 0 ? 12 : hours % 12}:${two(at.getUTCMinutes())}${hours < 12 ? 'AM' : 'PM'}`;
}

/** `up 40 days, 2:01`, `up 2:01`, `up 5 mins`. */
export function upText(ms: number): string {
  const age = Math.max(0, ms);
  const days = Math.floor(age / DAY_MS);
  const hours = Math.floor((age % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((age % HOUR_MS) / MINUTE_MS);
  const head = days === 0 ? '' : `${days} ${days === 1 ? 'day' : 'days'}, `;
  if (hours > 0) return `up ${head}${hours}:${two(minutes)}`;
  return `up ${head}${minutes} ${minutes === 1 ? 'min' : 'mins'}`;
}

/** `40 days, 2 hours, 1 minute, 5 seconds`. */
export function spelledAge(ms: number): string {
  const age = Math.max(0, ms);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(age / DAY_MS), 'day'],
    [Math.floor((age % DAY_MS) / HOUR_MS), 'hour'],
    [Math.floor((age % HOUR_MS) / MINUTE_MS), 'minute'],
    [Math.floor((age % MINUTE_MS) / 1000), 'second'],
  ];
  const from = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(from < 0 ? parts.length - 1 : from)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
    .join(', ');
}

const HALF_YEAR_MS = 182 * DAY_MS;

/** The date column of `ls -l`: with the hour when recent, with the year when old. */
export function listTime(ms: number, nowMs: number): string {
  const at = new Date(ms);
  const day = `${MONTHS[at.getUTCMonth()] ?? ''} ${String(at.getUTCDate()).padStart(2)}`;
  if (nowMs - ms < HALF_YEAR_MS) return `${day} ${clockOf(ms).slice(0, 5)}`;
  return `${day}  ${at.getUTCFullYear()}`;
}

/** `20230801`, for build stamps. */
export function dayStamp(ms: number): string {
  const at = new Date(ms);
  return `${at.getUTCFullYear()}${two(at.getUTCMonth() + 1)}${two(at.getUTCDate())}`;
}
