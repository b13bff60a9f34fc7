import { formatDuration } from '../kernel/duration.js';
import type { InstantMs } from '../kernel/id.js';
import type { UnitKind } from '../run/state.js';
import { axisTime } from './moment.js';
import type { Report, ReportedUnit, Stretch } from './report-form.js';

/** What a bar of the chart stands for: several states of a unit look alike to a reader. */
export type BarKind =
  'check' | 'wait' | 'stage' | 'drain' | 'reload' | 'verify' | 'soak' | 'rollback';

export interface Bar {
  readonly kind: BarKind;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Empty when the bar is too narrow for it. */
  readonly label: string;
  readonly labelX: number;
  readonly labelY: number;
  readonly title: string;
}

export interface ChartRow {
  readonly unit: string;
  readonly y: number;
  readonly textY: number;
  readonly bars: readonly Bar[];
  /** Glyph and word at the right edge. */
  readonly end: { readonly x: number; readonly text: string; readonly className: string };
  readonly marks: readonly {
    readonly kind: 'deadline' | 'window';
    readonly path: string;
    readonly title: string;
  }[];
}

export interface Tick {
  readonly x: number;
  readonly label: string;
}

export interface Chart {
  readonly caption: string;
  readonly width: number;
  readonly height: number;
  readonly plotTop: number;
  readonly plotBottom: number;
  readonly ticks: readonly Tick[];
  /** Where a long quiet time is drawn short. */
  readonly breaks: readonly { readonly x: number; readonly label: string; readonly path: string }[];
  readonly rows: readonly ChartRow[];
}

const BAR_KINDS: Partial<Record<UnitKind, BarKind>> = {
  checking: 'check',
  waiting: 'wait',
  asking: 'wait',
  staging: 'stage',
  verified: 'wait',
  draining: 'drain',
  armed: 'reload',
  reloading: 'reload',
  returning: 'reload',
  settling: 'verify',
  committed: 'verify',
  soaking: 'soak',
  reverting: 'rollback',
};

/** Long states that do not stretch the axis: nothing is sent in them. */
const QUIET: ReadonlySet<UnitKind> = new Set([
  'queued',
  'waiting',
  'asking',
  'verified',
  'soaking',
]);

const WIDTH = 1040;
const LEFT = 132;
const RIGHT = 118;
const ROW = 26;
const TOP = 34;
const BREAK_WIDTH = 46;
const ROWS_MAX = 36;
const CHARACTER = 6.1;

interface Piece {
  readonly fromMs: InstantMs;
  readonly untilMs: InstantMs;
  readonly x: number;
  readonly width: number;
  readonly broken: boolean;
}

export interface Axis {
  readonly pieces: readonly Piece[];
  readonly x: (atMs: InstantMs) => number;
}

type Span = readonly [fromMs: InstantMs, untilMs: InstantMs];

function lastMs(report: Report): InstantMs {
  return report.endMs ?? report.madeAtMs;
}

function endOfStretch(stretch: Stretch, report: Report): InstantMs {
  return stretch.untilMs ?? Math.max(stretch.fromMs, lastMs(report));
}

/** Spans and instants that must be seen true to scale, merged and in order. */
function spansOf(report: Report): readonly Span[] {
  const spans = report.units.flatMap((unit): Span[] => {
    const busy = unit.path
      .filter((each) => !QUIET.has(each.kind))
      .map((each): Span => [each.fromMs, endOfStretch(each, report)]);
    const quietEnds = unit.path.map((each): Span => {
      const untilMs = endOfStretch(each, report);
      return [untilMs, untilMs];
    });
    const marks = marksOf(unit).map((each): Span => [each.atMs, each.atMs]);
    return [...busy, ...quietEnds, ...(unit.path.length > 0 ? marks : [])];
  });
  spans.sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [fromMs, untilMs] of spans) {
    const last = merged.at(-1);
    if (last && fromMs <= last[1]) last[1] = Math.max(last[1], untilMs);
    else merged.push([fromMs, untilMs]);
  }
  return merged;
}

/** An axis that is true to scale where something happens and short where nothing does. */
export function axisOf(report: Report): Axis | undefined {
  const spans = spansOf(report);
  const first = spans[0];
  if (!first) return undefined;
  const busyMs = Math.max(
    60_000,
    spans.reduce((sum, [from, until]) => sum + until - from, 0),
  );
  const longMs = Math.max(600_000, busyMs * 0.3);
  const raw: { fromMs: number; untilMs: number; broken: boolean }[] = [];
  let end = first[0];
  for (const [fromMs, untilMs] of spans) {
    const broken = fromMs - end > longMs;
    if (fromMs > end) raw.push({ fromMs: end, untilMs: fromMs, broken });
    if (untilMs > fromMs) raw.push({ fromMs, untilMs, broken: false });
    end = untilMs;
  }
  const scaled = raw.filter((each) => !each.broken);
  const scaledMs = Math.max(
    1,
    scaled.reduce((sum, each) => sum + each.untilMs - each.fromMs, 0),
  );
  const room = WIDTH - LEFT - RIGHT - (raw.length - scaled.length) * BREAK_WIDTH;
  let x = LEFT;
  const pieces = raw.map((each): Piece => {
    const width = each.broken ? BREAK_WIDTH : ((each.untilMs - each.fromMs) / scaledMs) * room;
    const piece = { ...each, x, width };
    x += width;
    return piece;
  });
  return { pieces, x: (atMs) => placeOn(pieces, atMs) };
}

function placeOn(pieces: readonly Piece[], atMs: InstantMs): number {
  const piece = pieces.find((each) => atMs <= each.untilMs) ?? pieces.at(-1);
  if (!piece) return LEFT;
  const share = (atMs - piece.fromMs) / Math.max(1, piece.untilMs - piece.fromMs);
  return piece.x + Math.min(1, Math.max(0, share)) * piece.width;
}

interface Mark {
  readonly kind: 'deadline' | 'window';
  readonly atMs: InstantMs;
  readonly what: string;
}

/** Back-out deadline and end of the window that the unit was worked on in, or of its first one. */
function marksOf(unit: ReportedUnit): readonly Mark[] {
  const { windows, rollbackWorstMs } = unit.planned;
  const startMs = unit.path.find((each) => !QUIET.has(each.kind))?.fromMs ?? 0;
  const used = windows.findLast((each) => each.startMs <= startMs) ?? windows[0];
  if (!used) return [];
  return [
    { kind: 'deadline', atMs: used.endMs - rollbackWorstMs, what: 'back-out deadline' },
    { kind: 'window', atMs: used.endMs, what: `end of window ${used.name}` },
  ];
}

const ENDS: Partial<Record<UnitKind, string>> = {
  done: '✓ done',
  dropped: '○ dropped',
  reverted: '↩ reverted',
  held: '‖ held',
  quarantined: '⊘ quarantined',
  lost: '✕ lost',
};

function barsOf(unit: ReportedUnit, report: Report, axis: Axis, y: number): readonly Bar[] {
  const bars: { kind: BarKind; fromMs: number; untilMs: number }[] = [];
  for (const stretch of unit.path) {
    const kind = BAR_KINDS[stretch.kind];
    const untilMs = endOfStretch(stretch, report);
    if (!kind || untilMs === stretch.fromMs) continue;
    const last = bars.at(-1);
    if (last?.kind === kind) last.untilMs = untilMs;
    else bars.push({ kind, fromMs: stretch.fromMs, untilMs });
  }
  return bars.map(({ kind, fromMs, untilMs }) => {
    const x = axis.x(fromMs);
    const width = Math.max(1.5, axis.x(untilMs) - x);
    const fits = width >= kind.length * CHARACTER + 6;
    const times = [fromMs, untilMs].map((each) => axisTime(each, unit.timeZone, true)).join(' to ');
    return {
      kind,
      x: round(x),
      y,
      width: round(width),
      label: fits ? kind : '',
      labelX: round(x + width / 2),
      labelY: y + 12.5,
      title: `${unit.unit}: ${kind}, ${times}, ${formatDuration(untilMs - fromMs)}`,
    };
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function rowOf(unit: ReportedUnit, index: number, report: Report, axis: Axis): ChartRow {
  const y = TOP + index * ROW;
  const bars = barsOf(unit, report, axis, y + 4);
  const marks = unit.path.length === 0 ? [] : marksOf(unit);
  return {
    unit: unit.unit.length > 20 ? `${unit.unit.slice(0, 19)}…` : unit.unit,
    y,
    textY: y + 17,
    bars,
    end: {
      x: WIDTH - RIGHT + 8,
      text: ENDS[unit.state] ?? (unit.state === 'queued' ? '○ not started' : `… ${unit.state}`),
      className: unit.standing.replaceAll(' ', '-'),
    },
    marks: marks.map(({ kind, atMs, what }) => {
      const x = round(axis.x(atMs));
      const path =
        kind === 'window'
          ? `M${x - 4} ${y + 1}H${x}V${y + ROW - 1}H${x - 4}`
          : `M${x} ${y + 6}l4.5 6.5l-4.5 6.5l-4.5 -6.5z`;
      return { kind, path, title: `${what}: ${axisTime(atMs, unit.timeZone, true)}` };
    }),
  };
}

const TICK_STEPS_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440];

function ticksOf(axis: Axis, zone: string): readonly Tick[] {
  const scaled = axis.pieces.filter((each) => !each.broken && each.width > 0);
  const widest = scaled.toSorted((a, b) => b.width - a.width)[0];
  if (!widest) return [];
  const perMs = widest.width / (widest.untilMs - widest.fromMs);
  const stepMs = (TICK_STEPS_MINUTES.find((each) => each * 60_000 * perMs >= 64) ?? 1440) * 60_000;
  const ticks: Tick[] = [];
  let [lastX, lastDay] = [-Infinity, ''];
  for (const { fromMs, untilMs } of scaled) {
    for (let at = Math.ceil(fromMs / stepMs) * stepMs; at <= untilMs; at += stepMs) {
      const x = axis.x(at);
      if (x - lastX < 60) continue;
      const day = axisTime(at, zone, true).slice(0, 5);
      ticks.push({ x: round(x), label: axisTime(at, zone, day !== lastDay) });
      [lastX, lastDay] = [x, day];
    }
  }
  return ticks;
}

/** The charts of a run: units in order of their waves, as many charts as it takes, all on one axis. */
export function chartsOf(report: Report): readonly Chart[] {
  const axis = axisOf(report);
  if (!axis) return [];
  const units = report.units.toSorted((a, b) => a.wave - b.wave);
  const charts: Chart[] = [];
  for (let at = 0; at < units.length; at += ROWS_MAX) {
    const part = units.slice(at, at + ROWS_MAX);
    const bottom = TOP + part.length * ROW;
    const many = units.length > ROWS_MAX ? `, units ${at + 1} to ${at + part.length}` : '';
    charts.push({
      caption: `Units by time${many}`,
      width: WIDTH,
      height: bottom + 8,
      plotTop: TOP,
      plotBottom: bottom,
      ticks: ticksOf(axis, report.timeZone),
      breaks: axis.pieces
        .filter((each) => each.broken)
        .map(({ x, width, fromMs, untilMs }) => ({
          x: round(x + width / 2),
          label: formatDuration(untilMs - fromMs),
          path: zigzag(round(x + width / 2), TOP, bottom),
        })),
      rows: part.map((unit, index) => rowOf(unit, index, report, axis)),
    });
  }
  return charts;
}

function zigzag(x: number, top: number, bottom: number): string {
  let path = `M${x} ${top}`;
  for (let y = top; y < bottom; y += 8) {
    path += `l${(y - top) % 16 === 0 ? 4 : -4} ${Math.min(8, bottom - y)}`;
  }
  return path;
}
