/** One row of the switch table in `show version`. */
export interface SwitchRow {
  readonly id: string;
  readonly active: boolean;
  readonly model: string;
  readonly version: string;
  readonly mode: string;
}

/** What `show version` tells; anything not printed is left out. */
export interface ShowVersion {
  readonly hostname?: string;
  /** The zero-padded release of the first line, without its remarks. Left out for builds that are no release. */
  readonly release?: string;
  /** Of the IOS line: `17.9.4a`, `15.5(3)S1a`, `17.19.20250425:045711`. */
  readonly iosVersion?: string;
  readonly model?: string;
  readonly boardId?: string;
  readonly uptimeMs?: number;
  readonly image?: string;
  readonly register?: number;
  /** After the next reload. */
  readonly nextRegister?: number;
  readonly operatingMode?: string;
  readonly switches: readonly SwitchRow[];
  /** System serial by switch number; the active switch stands under `''`. */
  readonly serials: Readonly<Record<string, string>>;
  /** Ids of active software maintenance updates. */
  readonly updates: readonly string[];
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const UNIT_MS: Readonly<Record<string, number>> = {
  year: 365 * 24 * 60 * MINUTE_MS,
  week: 7 * 24 * 60 * MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
  hour: 60 * MINUTE_MS,
  minute: MINUTE_MS,
  second: SECOND_MS,
};

/** `1 year, 22 weeks, 6 days, 9 hours, 38 minutes` in milliseconds. */
export function parseUptime(text: string): number | undefined {
  let totalMs: number | undefined;
  for (const [, count, unit] of text.matchAll(
    /(\d{1,5}) (year|week|day|hour|minute|second)s?\b/g,
  )) {
    totalMs = (totalMs ?? 0) + Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return totalMs;
}

function first(text: string, pattern: RegExp): string | undefined {
  const found = pattern.exec(text)?.[1]?.trim();
  return found === '' ? undefined : found;
}

/** `value` under `key`, or nothing: for records whose keys may not be undefined. */
function known<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Partial<Record<Key, Value>> {
  const record: Partial<Record<Key, Value>> = {};
  if (value !== undefined) record[key] = value;
  return record;
}

function releaseOf(text: string): string | undefined {
  const named = first(text, /Cisco IOS[- ]XE Software, Version (\S+)/);
  const embedded = first(text, /IOS-XE Software,.*?\bVersion (\d\S*)/);
  const release = named ?? embedded;
  return release !== undefined && /^\d{1,2}\.\d{1,3}\./.test(release)
    ? release.replace(/,$/, '')
    : undefined;
}

function hexadecimal(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number.parseInt(text, 16);
}

function switchRows(text: string): readonly SwitchRow[] {
  const row = /^(\*)?\s+(\d{1,2}) +\d+ +(\S+) +(\d\S*) +\S+ +(INSTALL|BUNDLE)\s*$/gm;
  return [...text.matchAll(row)].map((found) => ({
    id: found[2] ?? '',
    active: found[1] === '*',
    model: found[3] ?? '',
    version: found[4] ?? '',
    mode: found[5] ?? '',
  }));
}

/** The first block is the active switch; the others stand under a `Switch 02` heading. */
function systemSerials(text: string): Readonly<Record<string, string>> {
  const serials: Record<string, string> = {};
  let under = '';
  for (const line of text.split('\n')) {
    const heading = /^Switch (\d{1,2})\s*$/.exec(line);
    if (heading) under = String(Number(heading[1]));
    const serial = /^System Serial Number\s*: (\S+)/i.exec(line)?.[1];
    if (serial !== undefined) serials[under] ??= serial;
  }
  return serials;
}

/** Reads `show version` of switches, stacks and routers, 3.x to 17.x. Never throws. */
export function parseShowVersion(raw: string): ShowVersion {
  const text = raw.replaceAll('\r', '');
  const register =
    /Configuration register is 0x([0-9A-Fa-f]{1,8})(?: \(will be 0x([0-9A-Fa-f]{1,8}) at next reload\))?/.exec(
      text,
    );
  return {
    ...known('hostname', first(text, /^(\S{1,64}) uptime is /m)),
    ...known('release', releaseOf(text)),
    ...known('iosVersion', first(text, /Cisco IOS Software.*?\bVersion ([A-Za-z0-9][\w.():-]+)/)),
    ...known(
      'model',
      first(text, /^\S+ (\S+) \(.{1,60}\) processor\b.* bytes of (?:physical )?memory/m) ??
        first(text, /^Model Number\s*: (\S+)/im),
    ),
    ...known('boardId', first(text, /^Processor board ID (\S+)/m)),
    ...known('uptimeMs', parseUptime(first(text, /^\S{1,64} uptime is (.{1,120})$/m) ?? '')),
    ...known('image', first(text, /^System image file is "([^"]{1,200})"/m)),
    ...known('register', hexadecimal(register?.[1])),
    ...known('nextRegister', hexadecimal(register?.[2] ?? register?.[1])),
    ...known('operatingMode', first(text, /^Router operating mode: (.{1,40})$/m)),
    switches: switchRows(text),
    serials: systemSerials(text),
    updates: [...text.matchAll(/^SMU +(CSC[a-z]{2}\d{5})\b/gm)].map((found) => found[1] ?? ''),
  };
}

/** Chassis serials, sorted; of a router its processor board's. */
export function serialsOf(seen: ShowVersion): readonly string[] {
  const system = Object.values(seen.serials);
  const board = seen.boardId === undefined ? [] : [seen.boardId];
  return [...new Set(system.length > 0 ? system : board)].toSorted();
}

export interface InventoryPart {
  readonly name: string;
  readonly productId: string;
  readonly serial: string;
}

/** Reads `show inventory`. */
export function parseInventory(text: string): readonly InventoryPart[] {
  const part =
    /NAME: "([^"\n]{1,120})",? +DESCR: [^\n]*\n+ *PID: *([^,\n]*?) *, +VID: *[^,\n]*, +SN: *([^\s]*)/g;
  return [...text.replaceAll('\r', '').matchAll(part)].map((found) => ({
    name: found[1] ?? '',
    productId: found[2] ?? '',
    serial: found[3] ?? '',
  }));
}

/** A row of `show switch`. */
export interface StackMember {
  readonly id: string;
  readonly role: 'active' | 'standby' | 'member';
  /** In lower case: `ready`, `v-mismatch`, `provisioned`, `removed`. */
  readonly state: string;
}

/** Reads `show switch`; empty for a device that has none. */
export function parseShowSwitch(text: string): readonly StackMember[] {
  const row =
    /^[* ] ?(\d{1,2}) +(Active|Standby|Member|Master|Slave) +[0-9a-fA-F.]{14} +\d+ +(?:(?:V\d+|\d+|N\/A|-) +)?([A-Za-z][A-Za-z /-]*?)(?: {2,}\S+)?\s*$/gm;
  return [...text.replaceAll('\r', '').matchAll(row)].map((found) => ({
    id: found[1] ?? '',
    role: roleOf(found[2] ?? ''),
    state: (found[3] ?? '').toLowerCase(),
  }));
}

function roleOf(word: string): StackMember['role'] {
  if (word === 'Active' || word === 'Master') return 'active';
  return word === 'Standby' ? 'standby' : 'member';
}

export interface InstalledPackage {
  readonly type: string;
  /** `I` inactive, `U` activated and uncommitted, `C` committed, `D` deactivated and uncommitted. */
  readonly state: 'I' | 'U' | 'C' | 'D';
  /** `17.12.04.0.11` for an image, a path for anything else. */
  readonly name: string;
}

export interface InstallSummary {
  /** One for each group of members that hold the same packages. */
  readonly groups: readonly {
    /** `Switch 1 2 3` gives 1, 2, 3; `R0` gives R0. */
    readonly members: readonly string[];
    readonly packages: readonly InstalledPackage[];
  }[];
  readonly timerActive: boolean;
  readonly timerLeftMs?: number;
}

function clockMs(text: string): number {
  const [hours, minutes, seconds] = text.split(':').map(Number);
  return ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * SECOND_MS;
}

function isPackageState(word: string): word is InstalledPackage['state'] {
  return word === 'I' || word === 'U' || word === 'C' || word === 'D';
}

function packageRow(line: string): InstalledPackage | undefined {
  const row = /^([A-Z]{3,8}) +([IUCD]) +(\S+)$/.exec(line);
  const [, type, state, name] = row ?? [];
  if (type === undefined || state === undefined || name === undefined) return undefined;
  return isPackageState(state) ? { type, state, name } : undefined;
}

/** Reads `show install summary`; no groups when the device has no such command. */
export function parseInstallSummary(text: string): InstallSummary {
  const groups: { members: string[]; packages: InstalledPackage[] }[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const heading = /^\[ +(.+?) +\] Installed Package/.exec(line)?.[1];
    if (heading !== undefined) {
      groups.push({
        members: heading.split(/\s+/).filter((word) => /\d/.test(word)),
        packages: [],
      });
    }
    const row = packageRow(line);
    if (row) groups.at(-1)?.packages.push(row);
  }
  const left = /time before rollback - (\d{1,3}:\d{2}:\d{2})/.exec(text)?.[1];
  return {
    groups,
    timerActive: /^\s*Auto abort timer: active/m.test(text),
    ...known('timerLeftMs', left === undefined ? undefined : clockMs(left)),
  };
}

/** Ids of the rollback points in `show install rollback`, ascending. */
export function parseRollbackIds(text: string): readonly number[] {
  const ids = [...text.matchAll(/^\s*(\d{1,3})\s{2,}\S/gm)].map((found) => Number(found[1]));
  return [...new Set(ids)].toSorted((a, b) => a - b);
}

/** The install operation whose START has no END yet in `show install log`, if any. */
export function parseRunningInstall(text: string): string | undefined {
  let running: string | undefined;
  for (const line of text.split('\n')) {
    const mark = /\[\d+\|(\w+)[^\]]*\]:? +(START|END)\b/.exec(line);
    if (mark) running = mark[2] === 'START' ? (mark[1] ?? '') : undefined;
    else if (/\[\d+\|\w+\( ?FATAL\)\]/.test(line)) running = undefined;
  }
  return running;
}

export interface BootSettings {
  /** Variable for the next boot and manual boot flag by switch number; one box stands under `''`. */
  readonly switches: Readonly<
    Record<string, { readonly next?: string; readonly manual?: boolean }>
  >;
  readonly register?: number;
}

function bootVariable(line: string): string | undefined {
  const value = /^(?:Standby )?BOOT (?:variable|path-list) *[=:] *(\S*)/i.exec(line)?.[1];
  if (value === undefined) return undefined;
  return (value.split(';')[0] ?? '').replace(/,\d*$/, '');
}

function manualFlag(line: string): boolean | undefined {
  const value = /^(?:Standby )?Manual[ _]Boot(?: variable)? *[=:] *(yes|no)\b/i.exec(line)?.[1];
  return value === undefined ? undefined : value.toLowerCase() === 'yes';
}

/** The switch that the lines from this one on speak of. */
function bootSection(line: string, under: string): string {
  const heading = /^Switch (\d{1,2})$/i.exec(line)?.[1];
  if (heading !== undefined) return String(Number(heading));
  return /^Standby /i.test(line) ? 'standby' : under;
}

/**
 * Reads `show boot` of a stack and of a single device, and `show bootvar`. Where a variable is printed twice, the
 * second is the next boot's.
 */
export function parseBoot(text: string): BootSettings {
  const switches: Record<string, { next?: string; manual?: boolean }> = {};
  let under = '';
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    under = bootSection(line, under);
    const found = { ...known('next', bootVariable(line)), ...known('manual', manualFlag(line)) };
    if (Object.keys(found).length > 0) switches[under] = { ...switches[under], ...found };
  }
  const register =
    /^\s*Configuration register is 0x([0-9A-F]{1,8})(?: +\(will be 0x([0-9A-F]{1,8}))?/im.exec(
      text,
    );
  return { switches, ...known('register', hexadecimal(register?.[2] ?? register?.[1])) };
}

export interface Directory {
  readonly totalBytes?: number;
  readonly freeBytes?: number;
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
}

/** Reads `dir`; directories are left out. */
export function parseDir(raw: string): Directory {
  const text = raw.replaceAll('\r', '');
  const totals = /^ *(\d{1,16}) bytes total \((\d{1,16}) bytes free/m.exec(text);
  const row =
    /^ *\d+ +-[rwx-]{2,4}(?: +-)? +(\d{1,16}) +[A-Z][a-z]{2} +\d{1,2} +\d{4} +[0-9:]{5,8}(?: +[+-]\d{2}:\d{2})? +(\S.*?) *$/gm;
  return {
    ...known('totalBytes', totals ? Number(totals[1]) : undefined),
    ...known('freeBytes', totals ? Number(totals[2]) : undefined),
    files: [...text.matchAll(row)].map((found) => ({
      name: found[2] ?? '',
      sizeBytes: Number(found[1]),
    })),
  };
}

/** The hash that `verify /sha512` or `/md5` printed, lower-case hex. */
export function parseVerify(text: string): string | undefined {
  return /\bverify \/(?:md5|sha512) \([^)\n]{1,200}\) = ([0-9a-fA-F]{32,128})\b/
    .exec(text)?.[1]
    ?.toLowerCase();
}

export interface OspfProcess {
  readonly id: string;
  /** The whole line, with its VRF: `router ospf 10 vrf GUEST`. */
  readonly header: string;
  /** As configured: `max-metric router-lsa on-startup 300`. */
  readonly maxMetric?: string;
}

/** OSPF processes of a running config and their max-metric line. */
export function parseOspf(config: string): readonly OspfProcess[] {
  const found: { id: string; header: string; maxMetric?: string }[] = [];
  let inside = false;
  for (const line of config.split(/\r?\n/)) {
    const header = /^router ospf (\d{1,5})(?: vrf \S{1,64})?\s*$/.exec(line);
    if (header) found.push({ id: header[1] ?? '', header: line.trim() });
    if (header || !line.startsWith(' ')) inside = header !== null;
    const current = found.at(-1);
    if (inside && current && /^ max-metric router-lsa\b/.test(line))
      current.maxMetric = line.trim();
  }
  return found;
}
