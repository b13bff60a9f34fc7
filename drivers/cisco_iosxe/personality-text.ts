/** `17.09.04a` and `17.9.4a` are one version; this is the short form. */
export function shortVersion(version: string): string {
  return version
    .split('.')
    .map((part) => part.replace(/^0+(?=\d)/, ''))
    .join('.');
}

/** The zero-padded form that file names and tables carry: `17.09.04a`. */
export function paddedVersion(version: string): string {
  return shortVersion(version)
    .split('.')
    .map((part, index) => (index > 0 && /^\d(?!\d)/.test(part) ? `0${part}` : part))
    .join('.');
}

export function sameVersion(a: string, b: string): boolean {
  return shortVersion(a) === shortVersion(b);
}

/** A small stable number from text, to derive what a real device has burnt in. */
export function hashOf(value: string): number {
  let hash = 2166136261;
  for (let index = 0; index < value.length; index += 1) {
    hash = Math.imul(hash ^ value.charCodeAt(index), 16777619) >>> 0;
  }
  return hash;
}

/** `length` lower-case hex digits derived from `value`. */
export function hexOf(value: string, length: number): string {
  let out = '';
  for (let round = 0; out.length < length; round += 1) {
    out += hashOf(`${value}#${String(round)}`)
      .toString(16)
      .padStart(8, '0');
  }
  return out.slice(0, length);
}

export interface Build {
  readonly codename: string;
  /** `fc3` */
  readonly candidate: string;
  readonly compiled: string;
  readonly year: number;
  /** As the installer names it: `17.09.04a.0.6`. */
  readonly installer: string;
}

/** Codenames by the last release train that carries them (release notes of each train). */
const codenames: readonly (readonly [major: number, minor: number, name: string])[] = [
  [16, 3, 'Denali'],
  [16, 6, 'Everest'],
  [16, 9, 'Fuji'],
  [16, 12, 'Gibraltar'],
  [17, 3, 'Amsterdam'],
  [17, 6, 'Bengaluru'],
  [17, 9, 'Cupertino'],
  [17, 12, 'Dublin'],
];

export function buildOf(version: string): Build {
  const [major = 17, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const found = codenames.find(([m, n]) => major < m || (major === m && minor <= n));
  const year = major === 16 ? 2019 : Math.min(2026, 2020 + Math.floor(minor / 3));
  const seed = hashOf(shortVersion(version));
  const atMs = Date.UTC(year, seed % 12, 1 + (seed % 27), 4 + (seed % 17), seed % 60);
  const at = dateParts(atMs);
  const serial = seed % 5 === 0 ? 1 + (seed % 9) : 1000 + (seed % 8000);
  return {
    codename: found?.[2] ?? 'IOSXE',
    candidate: 'fc3',
    compiled: `${at.day} ${at.date}-${at.month}-${at.year.slice(2)} ${at.time.slice(0, 5)}`,
    year,
    installer: `${paddedVersion(version)}.0.${String(serial)}`,
  };
}

/** The line that `show version`, `show redundancy` and sysDescr share. */
export function softwareLine(version: string): string {
  const build = buildOf(version);
  return (
    `Cisco IOS Software [${build.codename}], Catalyst L3 Switch Software (CAT9K_IOSXE), ` +
    `Version ${shortVersion(version)}, RELEASE SOFTWARE (${build.candidate})`
  );
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function dateParts(atMs: number) {
  const at = new Date(Number.isFinite(atMs) ? atMs : 0);
  const iso = at.toISOString();
  return {
    day: days[at.getUTCDay()] ?? 'Sun',
    month: months[at.getUTCMonth()] ?? 'Jan',
    date: iso.slice(8, 10),
    dateNumber: String(at.getUTCDate()),
    year: iso.slice(0, 4),
    time: iso.slice(11, 19),
    millis: iso.slice(20, 23),
  };
}

/** `Mon Nov 23 20:22:33 UTC 2026`, as install operations stamp their lines. */
export function stampOf(atMs: number): string {
  const p = dateParts(atMs);
  return `${p.day} ${p.month} ${p.date} ${p.time} UTC ${p.year}`;
}

/** `20:22:33 UTC Mon Nov 23 2026`, as show commands have it. */
export function clockOf(atMs: number, withMillis = false): string {
  const p = dateParts(atMs);
  const millis = withMillis ? `.${p.millis}` : '';
  return `${p.time}${millis} UTC ${p.day} ${p.month} ${p.dateNumber} ${p.year}`;
}

/** `Nov 23 2026 20:22:33 +00:00`, as dir has it. */
export function fileDateOf(atMs: number): string {
  const p = dateParts(atMs);
  return `${p.month} ${p.dateNumber} ${p.year} ${p.time} +00:00`;
}

/** `Nov 23 20:22:33.123`, as log lines have it. */
export function logStampOf(atMs: number): string {
  const p = dateParts(atMs);
  return `${p.month} ${p.dateNumber} ${p.time}.${p.millis}`;
}

/** `1 week, 2 days, 3 hours, 1 minute` */
export function uptimeOf(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const units: readonly (readonly [number, string])[] = [
    [Math.floor(minutes / 525_600), 'year'],
    [Math.floor((minutes % 525_600) / 10_080), 'week'],
    [Math.floor((minutes % 10_080) / 1440), 'day'],
    [Math.floor((minutes % 1440) / 60), 'hour'],
    [minutes % 60, 'minute'],
  ];
  const shown = units.filter(([count], index) => count > 0 || index === 4);
  return shown
    .filter(([count], index) => count > 0 || shown.length === 1 || index < shown.length - 1)
    .map(([count, unit]) => `${String(count)} ${unit}${count === 1 ? '' : 's'}`)
    .join(', ');
}

/** `00:12:01`, `1d02h`, `3w2d`: how long a peer has been up. */
export function sinceOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const daysUp = Math.floor(seconds / 86_400);
  if (daysUp >= 7) return `${String(Math.floor(daysUp / 7))}w${String(daysUp % 7)}d`;
  if (daysUp >= 1) return `${String(daysUp)}d${two(Math.floor((seconds % 86_400) / 3600))}h`;
  return [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
    .map(two)
    .join(':');
}

function hexDigits(mac: string): string {
  return mac.replace(/[^0-9a-f]/gi, '').toLowerCase();
}

export function colonMac(mac: string): string {
  return (hexDigits(mac).match(/../g) ?? []).join(':');
}

export function dottedMac(mac: string): string {
  return (hexDigits(mac).match(/..../g) ?? []).join('.');
}
