import { formatDuration } from '../kernel/duration.js';
import type { InstantMs } from '../kernel/id.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import type { RunState, UnitKind, UnitState } from '../run/state.js';
import type { Progress } from '../run/step-context.js';
import { clockTime } from './moment.js';
import type { Paint } from './paint.js';
import { waveName } from './plan-course.js';
import { tableLines, type Cell } from './table.js';
import { bytesText, cut, wrap } from './text.js';
import { signed, toneOf } from './unit-sign.js';
import { oneLine } from './visible.js';

/** How a copy goes: the newest progress, and the one that its speed is measured from. */
export interface CopySpeed {
  readonly first: Progress;
  readonly last: Progress;
}

export interface GridView {
  readonly run: string;
  readonly plan: Plan;
  readonly state: RunState;
  readonly copies: ReadonlyMap<string, CopySpeed>;
  readonly nowMs: InstantMs;
  readonly zone: string;
  /** Said by the person's own doing: `coming to a safe point`. Empty: nothing. */
  readonly notice: string;
  /** Applied before anything is cut: half a secret is one too. */
  readonly redact: (text: string) => string;
}

export interface GridSize {
  readonly columns: number;
  readonly rows: number;
}

/** Who is shown first when not all fit. */
const URGENCY: Partial<Record<UnitKind, number>> = {
  lost: 0,
  quarantined: 0,
  held: 0,
  reverting: 1,
  waiting: 4,
  soaking: 5,
  queued: 6,
  reverted: 7,
  dropped: 8,
  done: 9,
};

function urgencyOf(unit: UnitState): number {
  return URGENCY[unit.kind] ?? 2;
}

/** `43% 812 MB, 9.1 MB/s, 1m 2s`; nothing when the unit copies nothing now. */
export function copyText(speed: CopySpeed | undefined, stepId: string | undefined): string {
  if (!speed || speed.last.step !== stepId) return '';
  const { first, last } = speed;
  const { doneBytes, totalBytes } = last;
  const percent = totalBytes > 0 ? `${Math.floor((100 * doneBytes) / totalBytes)}% ` : '';
  const spentMs = last.atMs - first.atMs;
  const moved = doneBytes - first.doneBytes;
  if (spentMs <= 0 || moved <= 0) return `${percent}${bytesText(doneBytes)}`;
  const rate = (1000 * moved) / spentMs;
  const eta = formatDuration((1000 * Math.max(0, totalBytes - doneBytes)) / rate);
  return `${percent}${bytesText(doneBytes)}, ${bytesText(Math.round(rate))}/s, ${eta}`;
}

function windowText(unit: UnitPlan, state: UnitState, nowMs: InstantMs): string {
  if (state.ended) return '';
  const dueMs = state.kind === 'soaking' ? state.soakUntilMs : undefined;
  if (dueMs !== undefined) return `soak ${formatDuration(Math.max(0, dueMs - nowMs))}`;
  const open = unit.windows.find((each) => each.startMs <= nowMs && nowMs < each.endMs);
  if (open) return formatDuration(open.endMs - nowMs);
  const next = unit.windows.find((each) => each.startMs > nowMs);
  return next ? `in ${formatDuration(next.startMs - nowMs)}` : 'none left';
}

function stepCells(unit: UnitPlan, state: UnitState): { step: string; title: string; id?: string } {
  const steps = state.list === 'forward' ? unit.steps : unit.rollback;
  const step = steps[state.step];
  const place = `${Math.min(state.step + 1, steps.length)}/${steps.length}`;
  if (state.ended) return { step: '', title: state.ended.next || state.ended.why };
  if (!state.admitted) return { step: '', title: '' };
  if (!step) return { step: `${steps.length}/${steps.length}`, title: '' };
  return { step: place, title: step.title, id: step.id };
}

function rowOf(unit: UnitPlan, state: UnitState, view: GridView, paint: Paint): readonly Cell[] {
  const { step, title, id } = stepCells(unit, state);
  const copy = copyText(view.copies.get(unit.unit), id);
  return [
    { text: oneLine(unit.unit) },
    { text: signed(state.kind, paint), paint: toneOf(state.kind, paint) },
    { text: step },
    { text: copy === '' ? oneLine(view.redact(title)) : copy },
    { text: windowText(unit, state, view.nowMs) },
  ];
}

function statusOf({ state, redact }: GridView): string {
  if (state.finished) return 'finished';
  if (state.stopped) return `stopped: ${oneLine(redact(state.stopped.why))}`;
  if (state.aborted) return 'aborted, coming to a safe point';
  return state.paused ? 'paused' : '';
}

function headLines(view: GridView, columns: number, paint: Paint): readonly string[] {
  const { plan, state, run, nowMs, zone } = view;
  const waves = plan.body.waves.length;
  const units = [...state.units.values()];
  const ended = units.filter((each) => each.ended).length;
  const wave = Math.min(state.wave, waves - 1);
  const soak = state.waveSoakUntilMs;
  const parts = [
    `run ${run}`,
    `${waveName(plan.body.waves[wave], wave)} (${wave + 1} of ${waves})`,
    `${ended}/${units.length} ended`,
    ...(state.failures > 0 ? [`${state.failures} failed`] : []),
    ...(soak !== undefined ? [`soak ${formatDuration(Math.max(0, soak - nowMs))}`] : []),
    clockTime(nowMs, zone),
  ];
  const status = [view.notice, statusOf(view)].filter((each) => each !== '').join('; ');
  const mark = paint.unicode ? '…' : '..';
  return [
    paint.bold(cut(parts.join('  '), columns, mark)),
    ...(status === '' ? [] : wrap(status, columns).slice(0, 2).map(paint.warn)),
  ];
}

/** The live view: a head and one row a unit, never more than the terminal has rows, never wider than its columns. */
export function gridLines(view: GridView, size: GridSize, paint: Paint): readonly string[] {
  const columns = Math.max(20, size.columns - 1);
  const head = headLines(view, columns, paint);
  const room = Math.max(1, size.rows - head.length - 3);
  const pairs = view.plan.body.units.flatMap((unit) => {
    const state = view.state.units.get(unit.unit);
    return state ? [{ unit, state }] : [];
  });
  const chosen = new Set(
    pairs.toSorted((a, b) => urgencyOf(a.state) - urgencyOf(b.state)).slice(0, room),
  );
  const shown = pairs.filter((each) => chosen.has(each));
  const table = tableLines({
    titles: ['unit', 'state', 'step', 'what', 'window'],
    rows: shown.map(({ unit, state }) => rowOf(unit, state, view, paint)),
    right: [false, false, true, false, true],
    width: columns,
    paint,
  });
  const hidden = pairs.length - shown.length;
  const more = hidden > 0 ? [paint.dim(`and ${hidden} more`)] : [];
  return [...head, ...table, ...more].slice(0, Math.max(1, size.rows - 1));
}
