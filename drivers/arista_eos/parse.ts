import type { Snapshot } from '../../src/driver/facts.js';

/** Longest output and longest row of a table that are looked at; more is cut. Keeps hostile text cheap to match. */
const TEXT_MAX = 4_000_000;
const ROW_MAX = 400;

function linesOf(text: string): readonly string[] {
  return text.slice(0, TEXT_MAX).replaceAll('\r', '').split('\n');
}

function rowsOf(text: string): readonly string[] {
  return linesOf(text).map((line) => line.slice(0, ROW_MAX));
}

function field(text: string, name: string): string | undefined {
  const expression = new RegExp(
    `^[ \\t]{0,40}${name}[ \\t]{0,60}:[ \\t]{0,80}(\\S[^\\n]{0,200}?)[ \\t]{0,80}$`,
    'im',
  );
  return expression.exec(text.slice(0, TEXT_MAX).replaceAll('\r', ''))?.[1];
}

const byId = (a: { readonly id: string }, b: { readonly id: string }) =>
  a.id < b.id ? -1 : Number(a.id > b.id);

function unique<T extends { readonly id: string }>(rows: readonly T[]): readonly T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()].toSorted(byId);
}

const UNIT_MS: Readonly<Record<string, number>> = {
  year: 31_536_000_000,
  week: 604_800_000,
  day: 86_400_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
};

/** `2 weeks, 3 days, 4 hours and 5 minutes`, `54 seconds`, `68 days, 0:11:28`; undefined for anything else. */
export function parseUptimeMs(text: string): number | undefined {
  let totalMs = /less than (?:a|one) (?:minute|second)/i.test(text) ? 0 : undefined;
  for (const [, count, unit] of text.matchAll(
    /(\d{1,6}) (year|week|day|hour|minute|second)s?\b/g,
  )) {
    totalMs = (totalMs ?? 0) + Number(count) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  const clock = /(?:^|[ ,])(\d{1,4}):(\d\d)(?::(\d\d))?(?:$|[ ,])/.exec(text);
  if (!clock) return totalMs;
  const [, hours, minutes, seconds] = clock;
  return (
    (totalMs ?? 0) +
    Number(hours) * 3_600_000 +
    Number(minutes) * 60_000 +
    Number(seconds ?? 0) * 1000
  );
}

export interface ShowVersion {
  readonly model: string;
  /** As printed, without `(engineering build)`. */
  readonly version: string;
  readonly serial: string | undefined;
  readonly uptimeMs: number | undefined;
  readonly memoryUsedPercent: number | undefined;
}

function memoryUsedPercent(text: string): number | undefined {
  const total = Number.parseInt(field(text, 'Total memory') ?? '', 10);
  const free = Number.parseInt(field(text, 'Free memory') ?? '', 10);
  if (!(total > 0 && free >= 0 && free <= total)) return undefined;
  return Math.round(((total - free) / total) * 1000) / 10;
}

/** `show version`; undefined when it is not EOS's. */
export function parseShowVersion(text: string): ShowVersion | undefined {
  const plain = text.slice(0, TEXT_MAX).replaceAll('\r', '');
  const model = /^[ \t]{0,20}Arista (?!Networks)(\S[^\n]{0,80}?)[ \t]{0,80}$/m.exec(plain)?.[1];
  const version = field(plain, 'Software image version')?.replace(/ \(.*\)$/, '');
  if (model === undefined || version === undefined) return undefined;
  const serial = field(plain, 'Serial number') ?? '';
  return {
    model,
    version,
    serial: /^[\w-]{4,64}$/.test(serial) ? serial : undefined,
    uptimeMs: parseUptimeMs(field(plain, 'Uptime') ?? ''),
    memoryUsedPercent: memoryUsedPercent(plain),
  };
}

/** Model and serial of `show inventory`, whose first table is the chassis. */
export function parseInventory(
  text: string,
): { readonly model: string; readonly serial: string | undefined } | undefined {
  const lines = rowsOf(text);
  const head = lines.findIndex((line) => /^\s*Model\s+Description\s*$/.test(line));
  if (head < 0 || !/^[ \t]{0,20}System information[ \t]{0,20}$/m.test(text)) return undefined;
  const model = /^\s*([A-Z0-9][\w.-]{2,40})\s+\S/i.exec(lines[head + 2] ?? '')?.[1];
  if (model === undefined) return undefined;
  const hardware = lines.findIndex((line) => /^\s*HW Version\s+Serial Number/.test(line));
  const serial =
    hardware < 0
      ? undefined
      : /^\s*(?:[\d.]+\s+)?([A-Z]{2,4}[A-Z0-9]{5,16})\b/.exec(lines[hardware + 2] ?? '')?.[1];
  return { model, serial };
}

/** `flash:/NAME` and `flash:NAME` are one file: the form without the slash. */
export function devicePath(text: string): string {
  return text.trim().replace(/^([a-z0-9]+:)\/+/, '$1');
}

/** The image of `show boot-config`; undefined when none is set or none is named. */
export function parseBootImage(text: string): string | undefined {
  const image = field(text, 'Software image');
  return image !== undefined && /^[a-z0-9]+:\/*[^\s/]+$/.test(image)
    ? devicePath(image)
    : undefined;
}

export interface Directory {
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** `dir flash:`; undefined when the device gives no space information. */
export function parseDirectory(text: string): Directory | undefined {
  const space = /^(\d+) bytes total \((\d+) bytes free\)/m.exec(text);
  if (!space) return undefined;
  const row =
    /^\s*-[-rwxst]{3,9}\s+(\d+)\s+(?:<no date>|[A-Z][a-z]{2}\s+\d{1,2}\s+[\d:]{4,8}|\d{4}-\d\d-\d\d(?:\s+[\d:]{4,8})?)\s+(\S.*?)\s*$/;
  const files = rowsOf(text).flatMap((line) => {
    const match = row.exec(line);
    return match?.[2] === undefined ? [] : [{ name: match[2], sizeBytes: Number(match[1]) }];
  });
  return { files, totalBytes: Number(space[1]), freeBytes: Number(space[2]) };
}

/** The hash that `verify` printed; undefined unless there is exactly one of the right length. */
export function parseHash(text: string, hexDigits: 128 | 32): string | undefined {
  const found = text
    .toLowerCase()
    .match(new RegExp(`(?<![0-9a-f])[0-9a-f]{${hexDigits}}(?![0-9a-f])`, 'g'));
  const distinct = new Set(found ?? []);
  return distinct.size === 1 ? [...distinct][0] : undefined;
}

const PORT_STATUS =
  /\s(connected|notconnect|disabled|errdisabled|err-disabled|inactive|suspended|down|up|lpi|monitoring)(?:\s|$)/;

/** `show interfaces status`. The name column is free text, so the status is looked for from its own column on. */
export function parseInterfaces(text: string): Snapshot['interfaces'] {
  const lines = rowsOf(text);
  const head = lines.findIndex((line) => /^Port\s+Name\s+Status\b/.test(line));
  if (head < 0) return [];
  const column = (lines[head] ?? '').indexOf('Status') - 1;
  return unique(
    lines.slice(head + 1).flatMap((line) => {
      const id = /^([A-Z][A-Za-z-]*\d[\d/.]*)\s/.exec(line)?.[1];
      const status = PORT_STATUS.exec(line.slice(column))?.[1] ?? PORT_STATUS.exec(line)?.[1];
      if (id === undefined || status === undefined) return [];
      const oper = ['connected', 'up', 'lpi', 'monitoring'].includes(status) ? 'up' : 'down';
      return [
        { id, admin: status === 'disabled' ? ('down' as const) : ('up' as const), oper } as const,
      ];
    }),
  );
}

/** `show lldp neighbors`: port, device id, port id, TTL; ids may hold single spaces. */
export function parseNeighbours(text: string): Snapshot['neighbours'] {
  return unique(
    rowsOf(text).flatMap((line) => {
      const row = /^([A-Z][A-Za-z]*\d[\d/.]*)\s+(\S.*?)\s+\d{1,5}\s*$/.exec(line);
      const port = row?.[1];
      if (port === undefined) return [];
      const between = row?.[2] ?? '';
      const [system, remotePort] = (
        /^(.*?\S)\s{2,}(\S.*)$/.exec(between) ??
        /^(\S+)\s(\S+)$/.exec(between) ??
        []
      ).slice(1);
      if (system === undefined || remotePort === undefined) return [];
      return [{ id: `${port}|${system}|${remotePort}`, port, system, remotePort }];
    }),
  );
}

type Peer = Snapshot['peers'][number];

const inVrf = (vrf: string, peer: string) =>
  vrf === '' || vrf === 'default' ? peer : `${vrf}:${peer}`;

/** `show ip bgp summary`, one or all VRFs; peers outside the default VRF are named `VRF:address`. */
export function parseBgp(text: string): readonly Peer[] {
  const row =
    /(?:^|\s)([0-9a-fA-F.:]+(?:%\S+)?)\s+4\s+\d+(?:\.\d+)?\s+\d+\s+\d+\s+\d+\s+\d+\s+(\S+)\s+(\S+)(?:\s+\d+\s+\d+)?(?:\s.*)?$/;
  let vrf = '';
  return unique(
    rowsOf(text).flatMap((line): readonly Peer[] => {
      const head = /^BGP summary information for VRF (\S+)/.exec(line)?.[1];
      if (head !== undefined) vrf = head;
      const match = row.exec(line);
      const address = match?.[1];
      if (address === undefined || !/[.:]/.test(address)) return [];
      const word = match?.[3] ?? '';
      const up = /^\d+$/.test(word) || /^Estab/i.test(word);
      const peer = inVrf(vrf, address);
      return [
        {
          id: `bgp|${peer}`,
          protocol: 'bgp',
          peer,
          state: up ? 'established' : word.toLowerCase(),
          up,
        },
      ];
    }),
  );
}

const OSPF_STATE = 'FULL|2 ?WAYS?|INIT|DOWN|ATTEMPT|EXCH(?:ANGE|G)?(?: ?START)?|EX ?START|LOADING';

/** `show ip ospf neighbor`, with and without instance and VRF columns; the peer is its router id. */
export function parseOspf(text: string): readonly Peer[] {
  const row = new RegExp(
    `^\\s*(\\d+\\.\\d+\\.\\d+\\.\\d+)\\s+(.*?)\\b\\d+\\s+(${OSPF_STATE})(?:/\\s*\\S+)?\\s`,
    'i',
  );
  return unique(
    rowsOf(text).flatMap((line): readonly Peer[] => {
      const match = row.exec(line);
      const router = match?.[1];
      if (router === undefined) return [];
      const vrf = (match?.[2] ?? '').split(/\s+/).findLast((word) => /\D/.test(word)) ?? '';
      const state = (match?.[3] ?? '').toLowerCase();
      const peer = inVrf(vrf, router);
      return [{ id: `ospf|${peer}`, protocol: 'ospf', peer, state, up: state === 'full' }];
    }),
  );
}

/** `show isis neighbors`: instance, VRF, system id, level, interface, SNPA, state. */
export function parseIsis(text: string): readonly Peer[] {
  const row = /^\s*\S+\s+(\S+)\s+(\S+)\s+(?:L1|L2|L1L2)\s+(\S+)\s+\S+\s+(UP|DOWN|INIT)\b/i;
  return unique(
    rowsOf(text).flatMap((line): readonly Peer[] => {
      const match = row.exec(line);
      if (!match) return [];
      const peer = inVrf(match[1] ?? '', match[2] ?? '');
      const state = (match[4] ?? '').toLowerCase();
      return [{ id: `isis|${peer}`, protocol: 'isis', peer, state, up: state === 'up' }];
    }),
  );
}

/** Sum of all VRFs of `show ip route summary`. */
export function parseRouteTotal(text: string): number {
  return [...text.matchAll(/^[ \t]{0,20}Total Routes[ \t]{1,80}(\d{1,9})[ \t]{0,80}$/gim)].reduce(
    (sum, [, count]) => sum + Number(count),
    0,
  );
}

/** Busy share of `show processes top once`, all cores together; undefined when there is no such line. */
export function parseCpuPercent(text: string): number | undefined {
  const idle = /^[ \t]{0,20}%?Cpu\(s\)[ \t]{0,20}:.{0,200}?([\d.]{1,6}) {0,4}%? {0,4}id\b/im.exec(
    text,
  )?.[1];
  return idle === undefined ? undefined : Math.round((100 - Number(idle)) * 10) / 10;
}

const FAILED_ROW =
  /^\s*((?:PowerSupply|Power|Fan|PSU)?\s?\d+(?:\/\d+)*)\s+.*?\s(Power Loss|Failed|Fault\w*|Offline|Overheat\w*|Input Loss|Insufficient)\b/i;

/** `show environment cooling|power|temperature|all`, put one behind the other. */
export function parseEnvironment(text: string): Snapshot['environment'] {
  const problems = rowsOf(text).flatMap((line) => {
    const summary = /^\s*System (\w+) status(?: is)?\s*:\s*(\S.*?)\s*$/i.exec(line);
    if (summary)
      return /^ok$/i.test(summary[2] ?? '') ? [] : [`${summary[1]?.toLowerCase()}: ${summary[2]}`];
    const row = FAILED_ROW.exec(line);
    return row ? [`${row[1]}: ${row[2]?.toLowerCase()}`] : [];
  });
  const distinct = [...new Set(problems)].toSorted();
  return { ok: distinct.length === 0, problems: distinct };
}

export interface Mlag {
  readonly configured: boolean;
  readonly healthy: boolean;
  /** Why it is not healthy, or its state. */
  readonly state: string;
  readonly role: string;
  readonly peer: string;
  readonly peerState: string;
  /** Longest of the delays that ports wait after a reload; undefined where the device names none. */
  readonly reloadDelayMs: number | undefined;
}

const UNHEALTHY_UNLESS: readonly (readonly [name: string, good: RegExp])[] = [
  ['state', /^active$/i],
  ['negotiation status', /^connected$/i],
  ['peer-link status', /^up$/i],
  ['local-int status', /^up$/i],
  ['dual-primary interface errdisabled', /^false$/i],
  ['ports errdisabled', /^false$/i],
];
/** So many of them are in every release's output. */
const REQUIRED = 3;

function mlagProblems(status: string): readonly string[] {
  return UNHEALTHY_UNLESS.flatMap(([name, good], at) => {
    const value = field(status, name);
    if (value === undefined) return at < REQUIRED ? [`${name} unknown`] : [];
    return good.test(value) ? [] : [`${name} ${value.toLowerCase()}`];
  });
}

/** The part of `text` from the heading on; empty without it. */
function sectionFrom(text: string, heading: RegExp): string {
  const at = text.search(heading);
  return at < 0 ? '' : text.slice(at);
}

/** `show mlag [detail]`. During the reload delay the state reads `Active/Reload (0:04:37 left)`: not healthy yet. */
export function parseMlag(text: string): Mlag {
  const status = sectionFrom(text, /^[ \t]{0,20}MLAG Status:/im);
  const detail = sectionFrom(text, /^[ \t]{0,20}MLAG Detailed Status:/im);
  const state = (field(status, 'state') ?? '').toLowerCase();
  const configured = state !== '' && state !== 'disabled';
  const problems = mlagProblems(status);
  const delays = [...text.matchAll(/reload delay[ \t]{0,60}:[ \t]{0,60}(\d{1,6}) seconds/gi)].map(
    ([, seconds]) => Number(seconds) * 1000,
  );
  return {
    configured,
    healthy: configured && problems.length === 0,
    state: problems.length === 0 ? state : problems.join(', '),
    role: (field(detail, 'State') ?? 'unknown').toLowerCase(),
    peer: field(text, 'peer-address') ?? '',
    peerState: (field(detail, 'Peer State') ?? 'unknown').toLowerCase(),
    reloadDelayMs: delays.length === 0 ? undefined : Math.max(...delays),
  };
}

type Maintenance = 'active' | 'entering' | 'under' | 'exiting' | 'unknown';

const MAINTENANCE_WORDS: readonly (readonly [words: RegExp, state: Maintenance])[] = [
  [/\b(?:entering|maintenance ?mode ?enter)/i, 'entering'],
  [/\b(?:exiting|leaving|maintenance ?mode ?exit)/i, 'exiting'],
  [/\bnot (?:under|in) ?maintenance\b|\bactive\b/i, 'active'],
  [/\b(?:under|in) ?maintenance\b/i, 'under'],
];

/** The `System` unit of `show maintenance`. No such row and no word of maintenance: it was never put under it. */
export function parseMaintenance(text: string): Maintenance {
  const row = rowsOf(text).find((line) => /^\s*System\b(?! is\b)\s*\S/i.test(line));
  if (row === undefined)
    return /\b(?:under|entering|exiting) ?maintenance\b/i.test(text) ? 'unknown' : 'active';
  return MAINTENANCE_WORDS.find(([words]) => words.test(row))?.[1] ?? 'unknown';
}

/** Supervisors in `show module`; 0 on a fixed switch, which has no modules. */
export function countSupervisors(text: string): number {
  return rowsOf(text).filter((line) => /^\s*\d+\s+\d+\s.*\bSup(?:ervisor|\b|\d)/i.test(line))
    .length;
}

/** A config without the comment block that EOS puts before it: command, time, device, version, boot image. */
export function maskConfig(text: string): string {
  const lines = linesOf(text).map((line) => line.trimEnd());
  const start = lines.findIndex((line) => line !== '' && !line.startsWith('!'));
  return start < 0 ? '' : `${lines.slice(start).join('\n').trimEnd()}\n`;
}
