import { formatDuration } from '../kernel/duration.js';
import type { InstantMs } from '../kernel/id.js';
import { axisTime } from './moment.js';
import { element, escapeXml, fitted, textAt } from './svg.js';

/** Something that was so from one instant to another. */
export interface Span {
  readonly name: string;
  readonly fromMs: InstantMs;
  readonly toMs: InstantMs;
}

export interface StripRow {
  readonly name: string;
  /** What the name is of: the wave of a unit, or `flow`. */
  readonly tag: string;
  readonly colour: string;
  readonly spans: readonly (Span & { readonly label: string; readonly hatched: boolean })[];
}

export interface Strip {
  readonly svg: string;
  readonly height: number;
}

const ROW = 22;
const LEFT = 190;
const RIGHT = 90;
const HEAD = 46;
const BREAK = 26;
/** A quiet time longer than this is drawn short. */
const QUIET_MS = 20 * 60_000;
const TICK_WIDTH = 74;
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440].map((each) => each * 60_000);

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly x: number;
  readonly width: number;
}

/** The times in which something was down, with a little before and after. */
function busyTimes(spans: readonly Span[]): readonly { fromMs: number; toMs: number }[] {
  const sorted = spans.toSorted((a, b) => a.fromMs - b.fromMs);
  const merged: { fromMs: number; toMs: number }[] = [];
  for (const { fromMs, toMs } of sorted) {
    const last = merged.at(-1);
    if (last && fromMs - last.toMs <= QUIET_MS) last.toMs = Math.max(last.toMs, toMs);
    else merged.push({ fromMs, toMs });
  }
  const pad = 2 * 60_000;
  return merged.map((each) => ({ fromMs: each.fromMs - pad, toMs: each.toMs + pad }));
}

function stretchesOf(spans: readonly Span[], width: number): readonly Stretch[] {
  const busy = busyTimes(spans);
  const room = width - LEFT - RIGHT - BREAK * Math.max(0, busy.length - 1);
  const total = busy.reduce((sum, each) => sum + each.toMs - each.fromMs, 0);
  let x = LEFT;
  return busy.map(({ fromMs, toMs }) => {
    const stretch = { fromMs, toMs, x, width: (room * (toMs - fromMs)) / Math.max(1, total) };
    x += stretch.width + BREAK;
    return stretch;
  });
}

function xOf(stretches: readonly Stretch[], atMs: number): number {
  const at = stretches.find((each) => atMs <= each.toMs) ?? stretches.at(-1);
  if (!at) return LEFT;
  const share = (Math.max(at.fromMs, Math.min(atMs, at.toMs)) - at.fromMs) / (at.toMs - at.fromMs);
  return at.x + share * at.width;
}

/** Round times of a stretch, as close as they can be read. */
function ticksOf({ fromMs, toMs, width }: Stretch): readonly number[] {
  const stepMs = STEPS_MS.find((each) => (width * each) / (toMs - fromMs) >= TICK_WIDTH);
  if (stepMs === undefined) return [];
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  const count = Math.max(0, Math.floor((toMs - first) / stepMs) + 1);
  return Array.from({ length: count }, (_, index) => first + index * stepMs);
}

function axisOf(
  stretches: readonly Stretch[],
  top: number,
  rest: { readonly bottom: number; readonly zone: string },
): string {
  const ticks = stretches.flatMap((stretch) =>
    ticksOf(stretch).map((atMs) => ({ atMs, x: xOf(stretches, atMs) })),
  );
  const days = new Set(ticks.map(({ atMs }) => axisTime(atMs, rest.zone, true).slice(0, 5)));
  const lines = ticks.map(({ atMs, x }, index) => {
    const d = `M${x.toFixed(1)} ${top}V${rest.bottom}`;
    const time = axisTime(atMs, rest.zone, index === 0 || days.size > 1);
    const style = { size: 11, colour: '#55606e', anchor: 'middle' } as const;
    return (
      element('path', { d, stroke: '#dde3ea', fill: 'none' }) + textAt(x, top - 6, time, style)
    );
  });
  const breaks = stretches
    .slice(1)
    .map(({ x }) =>
      textAt(x - BREAK / 2, (top + rest.bottom) / 2, '⋯', { colour: '#55606e', anchor: 'middle' }),
    );
  return [...lines, ...breaks].join('');
}

function rowSvg(row: StripRow, y: number, stretches: readonly Stretch[]): string {
  const name = textAt(12, y + 15, fitted(row.name, 18), { weight: 600 });
  const tag = textAt(LEFT - 12, y + 15, row.tag, { size: 11, colour: '#55606e', anchor: 'end' });
  const bars = row.spans.map((span, index) => {
    const next = row.spans[index + 1];
    const roomTo = next ? xOf(stretches, next.fromMs) : Infinity;
    return barSvg(span, { row, y, stretches, roomTo });
  });
  return name + tag + bars.join('');
}

interface BarPlace {
  readonly row: StripRow;
  readonly y: number;
  readonly stretches: readonly Stretch[];
  /** Where the next bar begins. */
  readonly roomTo: number;
}

/** The longest of the texts that fits in the bar, or else beside it. */
function wordsOf(
  texts: readonly string[],
  bar: { readonly x: number; readonly width: number; readonly room: number },
): { readonly words: string; readonly x: number; readonly isInside: boolean } | undefined {
  const needs = (words: string) => words.length * 6.2 + 8;
  const inside = texts.find((words) => bar.width > needs(words));
  if (inside !== undefined) return { words: inside, x: bar.x + 4, isInside: true };
  const beside = texts.find((words) => bar.room > needs(words));
  return beside === undefined
    ? undefined
    : { words: beside, x: bar.x + bar.width + 4, isInside: false };
}

function barSvg(span: StripRow['spans'][number], place: BarPlace): string {
  const { row, y, stretches, roomTo } = place;
  const { label, hatched } = span;
  const x = xOf(stretches, span.fromMs);
  const width = Math.max(2, xOf(stretches, span.toMs) - x);
  const took = formatDuration(Math.max(1000, Math.round((span.toMs - span.fromMs) / 1000) * 1000));
  const shape = { x: x.toFixed(1), y: y + 3, width: width.toFixed(1), height: ROW - 6, rx: 2 };
  const texts = label === '' ? [took] : [`${label}, ${took}`, label];
  const tip = element('title', {}, escapeXml(`${span.name}: ${texts[0] ?? ''}`));
  const body = element('rect', { ...shape, fill: row.colour, stroke: '#1b2430' }, tip);
  const hatch = hatched ? element('rect', { ...shape, fill: 'url(#ns-hatch)' }) : '';
  const found = wordsOf(texts, { x, width, room: roomTo - (x + width) });
  if (!found) return body + hatch;
  const colour = found.isInside && !hatched ? '#ffffff' : '#1b2430';
  const style = { size: 10.5, colour, weight: found.isInside ? 600 : 400 };
  return body + hatch + textAt(found.x, y + 15, found.words, style);
}

/** What was down when, and which flows lost something meanwhile: one row each, quiet times drawn short. */
export function downStrip(
  rows: readonly StripRow[],
  place: { readonly top: number; readonly width: number; readonly zone: string },
): Strip {
  const shown = rows.filter((each) => each.spans.length > 0);
  const { top, width, zone } = place;
  if (shown.length === 0) return { svg: '', height: 0 };
  const stretches = stretchesOf(
    shown.flatMap((each) => each.spans),
    width,
  );
  const bottom = top + HEAD + shown.length * ROW;
  const title = textAt(12, top + 16, `What was down when (${zone === '' ? 'UTC' : zone})`, {
    size: 14,
    weight: 600,
  });
  const body = shown.map((row, index) => rowSvg(row, top + HEAD + index * ROW, stretches));
  return {
    svg: title + axisOf(stretches, top + HEAD - 4, { bottom, zone }) + body.join(''),
    height: HEAD + shown.length * ROW + 16,
  };
}
