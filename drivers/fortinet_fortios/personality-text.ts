import { createHash } from 'node:crypto';

/** A FortiOS release as the device names it. */
export interface Release {
  /** `7.2.8`. */
  readonly version: string;
  /** Four digits. */
  readonly build: string;
  /** `240313`, as the version line has it. */
  readonly date: string;
  /** `GA`, `GA.F` (feature) or `GA.M` (mature). */
  readonly label: string;
}

/** Builds as the release notes name them; a release that is not here gets numbers that are made up but stable. */
const KNOWN: Readonly<Record<string, readonly [build: string, date: string]>> = {
  '6.4.14': ['2093', '230912'],
  '6.4.15': ['2095', '231116'],
  '7.0.12': ['0523', '230606'],
  '7.0.14': ['0601', '240206'],
  '7.0.15': ['0632', '240401'],
  '7.0.17': ['0682', '250113'],
  '7.2.5': ['1517', '230606'],
  '7.2.6': ['1575', '231005'],
  '7.2.7': ['1577', '240131'],
  '7.2.8': ['1639', '240313'],
  '7.2.9': ['1688', '240813'],
  '7.2.10': ['1706', '240918'],
  '7.2.11': ['1740', '250210'],
  '7.4.3': ['2573', '240201'],
  '7.4.4': ['2662', '240514'],
  '7.4.5': ['2702', '240919'],
  '7.4.6': ['2726', '241211'],
  '7.4.7': ['2731', '250120'],
  '7.4.8': ['2795', '250523'],
  '7.6.0': ['3401', '240724'],
  '7.6.2': ['3462', '250130'],
};

/** From which patch on a train is called mature. */
const MATURE_FROM: Readonly<Record<string, number>> = { '7.0': 12, '7.2': 7, '7.4': 7 };

export function digest(algorithm: 'sha256' | 'md5', text: string): string {
  return createHash(algorithm).update(text, 'utf8').digest('hex');
}

/** A stable whole number below `limit`. */
export function numberOf(text: string, limit: number): number {
  return Number.parseInt(digest('sha256', text).slice(0, 8), 16) % limit;
}

/** `v7.2.8,build1639` and `7.2.8` are the same release. */
export function plainVersion(version: string): string {
  return /\d+\.\d+\.\d+/.exec(version)?.[0] ?? version;
}

function partsOf(version: string): readonly [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = plainVersion(version).split('.').map(Number);
  return [major, minor, patch];
}

/** Is `version` this release or a later one? */
export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [partsOf(version), partsOf(least)];
  for (const at of [0, 1, 2] as const) {
    if (a[at] !== b[at]) return a[at] > b[at];
  }
  return true;
}

function labelOf(version: string): string {
  const [major, minor, patch] = partsOf(version);
  if (!isAtLeast(version, '7.0.12')) return 'GA';
  const mature = MATURE_FROM[`${major}.${minor}`] ?? 99;
  return patch >= mature ? 'GA.M' : 'GA.F';
}

function madeUp(version: string): readonly [build: string, date: string] {
  const [major, minor, patch] = partsOf(version);
  const build = (major - 6) * 400 + minor * 550 + patch * 17 + numberOf(version, 17);
  return [String(build).padStart(4, '0').slice(-4), `24${two(1 + (patch % 12))}${two(1 + minor)}`];
}

export function releaseOf(text: string): Release {
  const version = plainVersion(text);
  const [build, date] = KNOWN[version] ?? madeUp(version);
  return { version, build, date, label: labelOf(version) };
}

/** `v7.2.8,build1639,240313 (GA.M)`. */
export function releaseText(version: string): string {
  const { version: plain, build, date, label } = releaseOf(version);
  return `v${plain},build${build},${date} (${label})`;
}

export function two(value: number): string {
  return String(value).padStart(2, '0');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

export function clockText(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
}

/** `Mon Nov 23 20:22:33 2026`. */
export function longTime(ms: number): string {
  const at = new Date(ms);
  const day = `${DAYS[at.getUTCDay()] ?? ''} ${MONTHS[at.getUTCMonth()] ?? ''}`;
  return `${day} ${String(at.getUTCDate()).padStart(2)} ${clockText(ms)} ${at.getUTCFullYear()}`;
}

/** `2026-11-23 20:22:33`, or with another mark between the numbers of the date. */
export function dateTime(ms: number, mark: '-' | '/' = '-'): string {
  const at = new Date(ms);
  const day = [at.getUTCFullYear(), two(at.getUTCMonth() + 1), two(at.getUTCDate())].join(mark);
  return `${day} ${clockText(ms)}`;
}

export interface Age {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

export function ageOf(ms: number): Age {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return {
    days: Math.floor(seconds / 86_400),
    hours: Math.floor((seconds % 86_400) / 3600),
    minutes: Math.floor((seconds % 3600) / 60),
    seconds: seconds % 60,
  };
}

/** `05:48:47`, `2d03h12m`, `09w3d01h`: the age column of the routing tables. */
export function routeAge(ms: number): string {
  const { days, hours, minutes, seconds } = ageOf(ms);
  if (days === 0) return `${two(hours)}:${two(minutes)}:${two(seconds)}`;
  if (days < 7) return `${days}d${two(hours)}h${two(minutes)}m`;
  return `${two(Math.floor(days / 7))}w${days % 7}d${two(hours)}h`;
}

/** `17:1c:00:0a:...` style, without separators given. */
export function macOf(seed: string): string {
  const hex = digest('sha256', `mac ${seed}`).slice(0, 6);
  return `e0:23:ff:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
}
