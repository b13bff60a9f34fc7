/** A part of an answer that several engines or chassis gave together; `name` is empty where there is one. */
export interface Section {
  readonly name: string;
  readonly text: string;
}

const RULE = /^-{20,100}$/;
const HEADING = /^([a-z]{2,10}\d{1,2}(?:-re\d)?):$/;
const KIB = 1024;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const linesOf = (text: string) => text.split(/\r?\n/).map((line) => line.trimEnd());

/** Parts headed by `re0:`, `fpc1:` or `node0:` and a rule; the whole text where there is no such heading. */
export function sectionsOf(text: string): readonly Section[] {
  const sections: { name: string; lines: string[] }[] = [];
  const lines = linesOf(text);
  for (const [at, line] of lines.entries()) {
    const name = HEADING.exec(line.trim())?.[1];
    if (name !== undefined && RULE.test(lines[at + 1]?.trim() ?? ''))
      sections.push({ name, lines: [] });
    else if (!RULE.test(line.trim())) sections.at(-1)?.lines.push(line);
  }
  if (sections.length === 0) return [{ name: '', text }];
  return sections.map((each) => ({ name: each.name, text: each.lines.join('\n') }));
}

/** The part of this name, or the only one. */
export function sectionFor(text: string, name: string): string | undefined {
  const sections = sectionsOf(text);
  return (sections.find((each) => each.name === name) ?? sections.find(() => sections.length === 1))
    ?.text;
}

export interface ShowVersion {
  readonly hostname?: string;
  readonly model: string;
  readonly version: string;
  /** Installed and not booted yet. */
  readonly pending?: string;
}

const PACKAGE_VERSION =
  /^\s*JUNOS (?:Base OS boot|Base OS Software Suite|EX {1,2}Software Suite|Software Release|Kernel Software Suite) \[([\w.-]{3,60})\]/m;

/** `show version` of one engine; undefined when it is not of Junos. */
export function parseShowVersion(text: string): ShowVersion | undefined {
  const field = (name: string) =>
    new RegExp(`^\\s*${name}: {1,4}([\\w.-]{1,80})\\s*$`, 'm').exec(text)?.[1];
  const model = field('Model');
  const version = field('Junos') ?? PACKAGE_VERSION.exec(text)?.[1];
  if (model === undefined || version === undefined || !/\bJUNOS|^\s*Junos:/m.test(text))
    return undefined;
  const pending =
    field('Pending') ?? /^\s*JUNOS Installation Software \[([\w.-]{3,60})\]/m.exec(text)?.[1];
  const hostname = field('Hostname');
  return {
    model,
    version,
    ...(hostname === undefined ? {} : { hostname }),
    ...(pending === undefined ? {} : { pending }),
  };
}

export interface Engine {
  readonly slot: number;
  /** `master`, `backup`, or the device's own word in lower case. */
  readonly state: string;
  readonly serial?: string;
  readonly cpuPercent?: number;
  readonly memoryPercent?: number;
}

function engineOf(slot: number, text: string): Engine | undefined {
  const state = /Current state\s+(\S[^\n]{0,30})/.exec(text)?.[1]?.trim().toLowerCase() ?? 'master';
  if (state === 'empty') return undefined;
  const number = (expression: RegExp) => {
    const found = expression.exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const idle = number(/^\s*Idle\s+(\d{1,3}) percent/m);
  const memory = number(/Memory utilization\s+(\d{1,3}) percent/);
  const serial = /Serial ID\s+(\S{1,40})/.exec(text)?.[1];
  return {
    slot,
    state: state.replace(/^primary$/, 'master'),
    ...(serial === undefined || serial === 'BUILTIN' ? {} : { serial }),
    ...(idle === undefined ? {} : { cpuPercent: Math.max(0, 100 - idle) }),
    ...(memory === undefined ? {} : { memoryPercent: memory }),
  };
}

/** Pieces of a text that headings part, by the first group of the heading. */
function partsBy(text: string, heading: RegExp): readonly (readonly [string, string])[] {
  const pieces = text.split(heading);
  const parts: (readonly [string, string])[] = [];
  for (let at = 1; at + 1 < pieces.length; at += 2)
    parts.push([pieces[at] ?? '', pieces[at + 1] ?? '']);
  return parts;
}

/** `show chassis routing-engine`: every engine that is there, by slot. One without a number is slot 0. */
export function parseEngines(text: string): readonly Engine[] {
  const parts = partsBy(text, /^\s{0,6}Slot (\d{1,2}):\s*$/m);
  const unnumbered = parts.length === 0 && text.includes('Routing Engine status');
  return (unnumbered ? [['0', text] as const] : parts)
    .flatMap(([slot, part]) => engineOf(Number(slot), part) ?? [])
    .toSorted((x, y) => x.slot - y.slot);
}

export interface Hardware {
  readonly chassisSerial?: string;
  readonly chassis: string;
  readonly engines: ReadonlyMap<number, string>;
  readonly fpcs: ReadonlyMap<number, string>;
}

interface Row {
  readonly item: string;
  readonly serial: string;
  readonly text: string;
}

/** Columns are told by the heading: version and part number are often empty. */
function hardwareRows(text: string): readonly Row[] {
  const lines = linesOf(text);
  const heading = lines.find((line) =>
    /^\s*Item\s+Version\s+Part number\s+Serial number/.test(line),
  );
  if (heading === undefined) return [];
  const [start, serialAt, textAt] = ['Item', 'Serial number', 'Description'].map((name) =>
    heading.indexOf(name),
  );
  return lines.slice(lines.indexOf(heading) + 1).map((line) => ({
    item: (
      /^\s*(\S+(?: \S+){0,3}?)(?:\s{2,}|\s(?=REV|Rev)|$)/.exec(line.slice(start))?.[1] ?? ''
    ).trim(),
    serial: line.slice(serialAt, textAt).trim(),
    text: line.slice(textAt).trim(),
  }));
}

/** `show chassis hardware`; undefined when it is no such table. */
export function parseHardware(text: string): Hardware | undefined {
  const rows = hardwareRows(text);
  const chassis = rows.find((row) => row.item === 'Chassis');
  if (!chassis) return undefined;
  const numbered = (expression: RegExp) =>
    new Map(
      rows.flatMap((row) => {
        const found = expression.exec(row.item);
        const known = /^[A-Z0-9]{4,20}$/.test(row.serial) && row.serial !== 'BUILTIN';
        return found && known ? [[Number(found[1] ?? 0), row.serial] as const] : [];
      }),
    );
  return {
    chassis: chassis.text,
    ...(/^[A-Za-z0-9]{4,24}$/.test(chassis.serial) ? { chassisSerial: chassis.serial } : {}),
    engines: numbered(/^Routing Engine(?: (\d))?$/),
    fpcs: numbered(/^FPC (\d{1,2})$/),
  };
}

export interface Storage {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

const UNITS: Readonly<Record<string, number>> = { B: 0, K: 1, M: 2, G: 3, T: 4 };
/** Of what `/var/tmp` may lie on, the nearest first. */
const MOUNTS = ['/.mount/var/tmp', '/var/tmp', '/.mount/var', '/cf/var', '/var', '/.mount', '/'];

/** `8.8G` in bytes; half of the last digit less for `down`, so that no space is made up by rounding. */
function bytesOf(text: string, rounding: 'down' | 'none'): number | undefined {
  const match = /^(\d{1,6})(?:\.(\d))?([BKMGT])$/.exec(text);
  if (!match) return undefined;
  const half = rounding === 'none' ? 0 : match[2] === undefined ? 0.5 : 0.05;
  const number = Number(`${match[1]}.${match[2] ?? 0}`);
  return Math.max(0, Math.floor((number - half) * KIB ** (UNITS[match[3] ?? 'B'] ?? 0)));
}

/** `show system storage` of one engine: the file system that `/var/tmp` is on. */
export function parseStorage(text: string): Storage | undefined {
  const rows = linesOf(text).flatMap((line) => {
    const match = /^\s*\S+\s+(\S+)\s+\S+\s+(\S+)\s+-?\d{1,3}%\s+(\/\S*)$/.exec(line);
    const totalBytes = bytesOf(match?.[1] ?? '', 'none');
    const freeBytes = bytesOf(match?.[2] ?? '', 'down');
    if (totalBytes === undefined || freeBytes === undefined) return [];
    return [{ mount: match?.[3] ?? '', totalBytes, freeBytes }];
  });
  for (const mount of MOUNTS) {
    const row = rows.find((each) => each.mount === mount);
    if (row) return { totalBytes: row.totalBytes, freeBytes: row.freeBytes };
  }
  return undefined;
}

/** `2w6d 04:02`, `02:07`, `00:01:30`. */
function agoMs(text: string): number | undefined {
  const match = /^(?:(\d{1,4})w)?(?:(\d{1,4})d)?\s?(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(
    text.trim(),
  );
  if (!match || text.trim() === '') return undefined;
  const [weeks, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (
    ((weeks ?? 0) * 7 + (days ?? 0)) * DAY_MS +
    (hours ?? 0) * HOUR_MS +
    (minutes ?? 0) * MINUTE_MS +
    (seconds ?? 0) * 1000
  );
}

/** `show system uptime` of one engine. To the second where both times are of one zone, else to the minute. */
export function parseUptimeMs(text: string): number | undefined {
  const stamp = '(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d) (\\S{1,6})';
  const now = new RegExp(`^\\s*Current time: ${stamp}`, 'm').exec(text);
  const booted = new RegExp(
    `^\\s*System (?:booted|started): ${stamp}(?: \\(([^)]{1,30}) ago\\))?`,
    'm',
  ).exec(text);
  if (!booted) return undefined;
  if (now && now[3] === booted[3]) {
    const difference =
      Date.parse(`${now[1]}T${now[2]}Z`) - Date.parse(`${booted[1]}T${booted[2]}Z`);
    return difference >= 0 ? difference : undefined;
  }
  return agoMs(booted[4] ?? '');
}

export interface StoredFile {
  readonly name: string;
  readonly sizeBytes: number;
}

/** `file list ... detail`: plain files with their names, without their folder. */
export function parseFiles(text: string): readonly StoredFile[] {
  return linesOf(text).flatMap((line) => {
    const match =
      /^-[rwxsStT-]{9}[+@]?\s+\d+\s+\S+\s+\S+\s+(\d{1,15})\s+[A-Z][a-z]{2}\s+\d{1,2}\s+[\d:]{4,5}\s+(?:\S*\/)?([^\s/]{1,200}?)\*?$/.exec(
        line,
      );
    return match ? [{ name: match[2] ?? '', sizeBytes: Number(match[1]) }] : [];
  });
}

/** `MD5 (/var/tmp/NAME) = HASH`. */
export function parseMd5(text: string): string | undefined {
  return /\)\s*=\s*([0-9a-fA-F]{32})\s*$/m.exec(text)?.[1]?.toLowerCase();
}

export interface VmHost {
  readonly currentSet: string;
  readonly upgradeTime: string;
  /** Versions of the Junos disks by set: `p`, `b`. */
  readonly sets: ReadonlyMap<string, string>;
}

/** `show vmhost version`: the two software sets of the boot disk; undefined when it is no vmhost. */
export function parseVmHost(text: string): VmHost | undefined {
  const currentSet = /^\s*Current root set: (\w{1,4})/m.exec(text)?.[1];
  if (currentSet === undefined) return undefined;
  const [primary = ''] = text.split(/^\s*(?:Backup|Secondary|Alternate) Disk\b/m);
  const sets = partsBy(primary, /^\s*Version: set (\w{1,4})\s*$/m).flatMap(([set, part]) => {
    const disk = /^\s*Junos Disk: \S{1,60}?-(\d{1,2}\.\d\S{1,40})$/m.exec(part)?.[1];
    return disk === undefined ? [] : [[set, disk] as const];
  });
  const upgradeTime = /Disk, Upgrade Time: ([^\n]{5,60})/.exec(primary)?.[1]?.trim() ?? '';
  return { currentSet, upgradeTime, sets: new Map(sets) };
}

export type Igp = 'none' | 'normal' | 'overload';

/** Of `show configuration protocols`: is OSPF or IS-IS configured, and does it advertise overload? */
export function parseIgp(text: string, protocol: 'ospf' | 'isis'): Igp {
  const lines = linesOf(text);
  const from = lines.indexOf(`${protocol} {`);
  if (from < 0) return 'none';
  const block = lines.slice(from, lines.indexOf('}', from));
  return block.some((line) => /^ {4}overload(?:;| \{)/.test(line)) ? 'overload' : 'normal';
}

export interface Commit {
  readonly index: number;
  readonly user: string;
  readonly comment: string;
  /** Was it made by `commit confirmed`? That stays written for ever. */
  readonly hadToBeConfirmed: boolean;
  /** The device says that it takes it back by itself unless it is confirmed. */
  readonly awaitsConfirmation: boolean;
}

const ENTRY = /^\s*(\d{1,2})\s+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ by (\S+) via \S+(.{0,200})$/;

/** `show system commit`, the latest first. Comment and `rollback pending` stand below their entry. */
export function parseCommits(text: string): readonly Commit[] {
  return text.split(/^(?=\s*\d{1,2}\s+\d{4}-\d\d-\d\d )/m).flatMap((piece) => {
    const [head = '', ...rest] = linesOf(piece);
    const entry = ENTRY.exec(head);
    if (!entry) return [];
    const below = rest.filter((line) => /^\s{3,}\S/.test(line)).map((line) => line.trim());
    return [
      {
        index: Number(entry[1]),
        user: entry[2] ?? '',
        comment: below.find((line) => line !== 'rollback pending') ?? '',
        hadToBeConfirmed: entry[3]?.includes('commit confirmed, rollback in') ?? false,
        awaitsConfirmation: below.includes('rollback pending'),
      },
    ];
  });
}
