import { parseDurationMs } from '../kernel/duration.js';
import type { Declarations, Declared, WindowEntry } from './entries.js';
import type { Findings } from './findings.js';
import type { Freeze, Site, WindowRule } from './inventory.js';

const TFTP_PORT = 69;
const WINDOW_MAX_MS = 7 * 86_400_000;
const RULE_KEYS = new Set(
  'FREQ INTERVAL COUNT UNTIL BYDAY BYMONTHDAY BYYEARDAY BYWEEKNO BYMONTH BYSETPOS WKST'.split(' '),
);
const FREQUENCIES = new Set(['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']);

/** True for a zone of the IANA database, `UTC` included. */
function isTimeZone(text: string): boolean {
  // Offsets such as +01:00 pass Intl but know no summer time.
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function checkZone(
  place: () => ReturnType<Declared<unknown>['at']>,
  zone: string,
  findings: Findings,
) {
  if (isTimeZone(zone)) return;
  const zones = new Set(Intl.supportedValuesOf('timeZone'));
  findings.refer(place(), 'time zone', zone, zones);
}

/** Milliseconds of an instant; undefined when that day or time does not exist. */
function instantMs(text: string): number | undefined {
  const ms = Date.parse(text);
  const day = Date.parse(`${text.slice(0, 10)}T00:00Z`);
  if (Number.isNaN(ms) || Number.isNaN(day)) return undefined;
  return new Date(day).toISOString().slice(0, 10) === text.slice(0, 10) ? ms : undefined;
}

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

function spanOf(
  declared: Declared<{ readonly start?: string; readonly end?: string }>,
  findings: Findings,
): Span {
  const [startMs, endMs] = (['start', 'end'] as const).map((key) => {
    const ms = instantMs(declared.value[key] ?? '');
    const message = `\`${declared.value[key] ?? ''}\` is no day and time of the calendar`;
    if (ms === undefined) findings.report(declared.at(key), message, 'check day, month and hour');
    return ms;
  });
  if (startMs !== undefined && endMs !== undefined && endMs <= startMs) {
    const message = `\`${declared.name}\` ends before it begins`;
    findings.report(declared.at('end'), message, 'let `end` come after `start`');
  }
  return { startMs: startMs ?? 0, endMs: endMs ?? 0 };
}

/** What is wrong with the form of a rule. Whether it ever comes is for the window stage to say. */
function ruleError(rrule: string): string | undefined {
  const parts = rrule.split(';').map((part) => part.split('='));
  const keys = parts.map(([key]) => key ?? '');
  const unknown = keys.find((key) => !RULE_KEYS.has(key));
  if (unknown !== undefined) return `\`${unknown}\` is no part of a recurrence rule here`;
  const frequency = parts.find(([key]) => key === 'FREQ')?.[1];
  if (frequency === undefined) return '`FREQ` is missing';
  if (!FREQUENCIES.has(frequency)) return `\`FREQ=${frequency}\` is not possible here`;
  return new Set(keys).size < keys.length ? 'a part is there twice' : undefined;
}

function durationOf(declared: Declared<WindowEntry>, findings: Findings): number {
  const durationMs = parseDurationMs(declared.value.duration ?? '') ?? 0;
  if (durationMs > 0 && durationMs <= WINDOW_MAX_MS) return durationMs;
  const mend = 'a window is longer than nothing and at most seven days';
  findings.report(declared.at('duration'), 'this duration cannot be used', mend);
  return durationMs;
}

const purposeOf = (value: WindowEntry): { readonly stagingOnly?: true } =>
  value.for === 'staging' ? { stagingOnly: true } : {};

function recurring(declared: Declared<WindowEntry>, findings: Findings): WindowRule {
  const { name, value } = declared;
  const { rrule = '', at = '', timeZone } = value;
  const wrong = ruleError(rrule);
  if (wrong !== undefined) {
    findings.report(declared.at('rrule'), wrong, 'for example `FREQ=WEEKLY;BYDAY=SU`');
  }
  if (timeZone !== undefined) checkZone(() => declared.at('timeZone'), timeZone, findings);
  const durationMs = durationOf(declared, findings);
  const rule = {
    kind: 'recurring',
    name,
    ...purposeOf(value),
    rrule,
    at,
    durationMs,
    dst: value.dst ?? 'shift',
  } as const;
  return timeZone === undefined ? rule : { ...rule, timeZone };
}

function windowOf(declared: Declared<WindowEntry>, findings: Findings): readonly WindowRule[] {
  const keys = Object.keys(declared.value);
  const has = (...wanted: readonly string[]) => wanted.filter((key) => keys.includes(key)).length;
  const recurs = has('rrule', 'at', 'duration', 'dst', 'timeZone');
  const once = has('start', 'end');
  if (recurs === 0 && once === 2) {
    const span = spanOf(declared, findings);
    return [{ kind: 'once', name: declared.name, ...purposeOf(declared.value), ...span }];
  }
  if (once === 0 && has('rrule', 'at', 'duration') === 3) return [recurring(declared, findings)];
  const message = `the window \`${declared.name}\` is neither recurring nor one-off`;
  const mend = 'give `rrule`, `at` and `duration`, or else `start` and `end`';
  findings.report(declared.place, message, mend);
  return [];
}

export function resolveWindows(
  declarations: Declarations,
  findings: Findings,
): readonly WindowRule[] {
  return declarations.windows.flatMap((declared) => windowOf(declared, findings));
}

export function resolveSites(declarations: Declarations, findings: Findings): readonly Site[] {
  return declarations.sites.map((declared) => {
    const { timeZone, windows, imageServer, transfer } = declared.value;
    checkZone(() => declared.at('timeZone'), timeZone, findings);
    return {
      name: declared.name,
      timeZone,
      windows: windows ?? [],
      ...(imageServer && { imageServer: { httpPort: 0, tftpPort: TFTP_PORT, ...imageServer } }),
      ...(transfer && { transfer }),
    };
  });
}

export function resolveFreezes(declarations: Declarations, findings: Findings): readonly Freeze[] {
  const known = new Set(declarations.sites.map((each) => each.name));
  return declarations.freezes.map((declared) => {
    const { reason, sites } = declared.value;
    (sites ?? []).forEach((site, index) => {
      findings.refer(declared.at('sites', index), 'site', site, known);
    });
    const span = spanOf(declared, findings);
    return { name: declared.name, ...span, sites: [...(sites ?? [])].sort(), reason };
  });
}
