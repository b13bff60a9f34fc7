import { formatDuration } from '../kernel/duration.js';
import type { InstantMs } from '../kernel/id.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import type { RunState, UnitState } from '../run/state.js';
import type { Progress } from '../run/step-context.js';
import type { Paint } from './paint.js';
import { signOf } from './run-lines.js';
import { bytesText, cut, pad } from './text.js';

/** All that one frame of the live view shows. */
export interface GridInput {
  readonly plan: Plan;
  readonly state: RunState;
  readonly nowMs: InstantMs;
  /** The newest progress of each unit, and when its copy began. */
  readonly progress: ReadonlyMap<string, Progress & { readonly sinceMs: InstantMs }>;
  readonly paint: Paint;
  readonly width: number;
  readonly rows: number;
}

const NAME_WIDTH_MAX = 20;
const STATE_WIDTH = 12;
const STALE_PROGRESS_MS = 15_000;

function stepsOf(unitPlan: UnitPlan, unit: UnitState) {
  return unit.list === 'forward' ? unitPlan.steps : unitPlan.rollback;
}

/** `12 MB of 900 MB, 4.1 MB/s, 3m 36s left`. */
function progressText(input: GridInput, unit: UnitState): string | undefined {
  const found = input.progress.get(unit.unit);
  if (!found || input.nowMs - found.atMs > STALE_PROGRESS_MS) return undefined;
  if (found.doneBytes >= found.totalBytes) return undefined;
  const tookMs = Math.max(1, found.atMs - found.sinceMs);
  const perMs = found.doneBytes / tookMs;
  const left = perMs > 0 ? formatDuration((found.totalBytes - found.doneBytes) / perMs) : '?';
  const rate = `${bytesText(Math.round(perMs * 1000))}/s`;
  return `${bytesText(found.doneBytes)} of ${bytesText(found.totalBytes)}, ${rate}, ${left} left`;
}

function bar(unitPlan: UnitPlan, unit: UnitState, paint: Paint): string {
  const total = stepsOf(unitPlan, unit).length;
  const [full, empty] = paint.unicode ? ['■', '·'] : ['#', '.'];
  const done = unit.ended?.as === 'done' || unit.kind === 'soaking' ? total : unit.step;
  return full.repeat(Math.min(done, total)) + empty.repeat(Math.max(0, total - done));
}

function whatNow(input: GridInput, unit: UnitState, unitPlan: UnitPlan): string {
  if (unit.ended) return unit.ended.why;
  if (unit.kind === 'soaking') {
    return `soaks, ${formatDuration(Math.max(0, (unit.soakUntilMs ?? 0) - input.nowMs))} left`;
  }
  if (unit.kind === 'waiting') {
    return `waits, ${formatDuration(Math.max(0, (unit.waitUntilMs ?? 0) - input.nowMs))} left`;
  }
  if (!unit.admitted) return '';
  const step = stepsOf(unitPlan, unit)[unit.step];
  return progressText(input, unit) ?? step?.title ?? 'checks';
}

function windowText(input: GridInput, unitPlan: UnitPlan, unit: UnitState): string {
  if (unit.ended || !unit.admitted) return '';
  const open = unitPlan.windows.find(
    (each) => each.startMs <= input.nowMs && input.nowMs < each.endMs,
  );
  return open ? formatDuration(open.endMs - input.nowMs) : 'closed';
}

function unitRow(input: GridInput, unit: UnitState, nameWidth: number): string | undefined {
  const { paint, width } = input;
  const unitPlan = input.plan.body.units.find((each) => each.unit === unit.unit);
  if (!unitPlan) return undefined;
  const { sign, ascii, colour } = signOf(unit.kind);
  const mark = paint.unicode ? sign : ascii;
  const name = pad(cut(unit.unit, nameWidth, '~'), nameWidth);
  const steps = bar(unitPlan, unit, paint);
  const left = windowText(input, unitPlan, unit);
  const state = pad(unit.kind, STATE_WIDTH);
  const used = nameWidth + STATE_WIDTH + steps.length + 6 + (left === '' ? 0 : left.length + 1);
  const room = Math.max(0, width - used);
  const what = pad(cut(whatNow(input, unit, unitPlan), room, '~'), room);
  const tail = left === '' ? '' : ` ${paint.dim(left)}`;
  return `${paint[colour](mark)} ${name} ${paint[colour](state)} ${steps} ${what}${tail}`;
}

function headline({ plan, state, paint, nowMs }: GridInput): string {
  const wave = plan.body.waves[state.wave];
  const soakMs = (state.waveSoakUntilMs ?? 0) - nowMs;
  const soak = soakMs > 0 ? `, soaks ${formatDuration(soakMs)} more` : '';
  const where = wave
    ? `${wave.name} (${state.wave + 1} of ${plan.body.waves.length})${soak}`
    : 'last soaks';
  const mood = state.paused ? paint.warn(' paused') : state.stopped ? paint.bad(' stopped') : '';
  return `${paint.bold(plan.body.playbook.name)}: ${where}${mood}`;
}

/** Which units are shown when not all fit: those at work and those in trouble before the others. */
function weight(unit: UnitState): number {
  if (unit.ended) return unit.ended.as === 'done' ? 3 : 1;
  if (!unit.admitted) return 4;
  return unit.kind === 'soaking' ? 2 : 0;
}

/** One frame: at most `rows` lines of at most `width` columns. */
export function gridLines(input: GridInput): readonly string[] {
  const units = [...input.state.units.values()];
  const nameWidth = Math.min(NAME_WIDTH_MAX, Math.max(4, ...units.map((each) => each.unit.length)));
  const room = Math.max(1, input.rows - 3);
  const fitting = units.length <= room;
  const shown = fitting ? units : [...units].sort((a, b) => weight(a) - weight(b)).slice(0, room);
  const rows = shown.flatMap((unit) => unitRow(input, unit, nameWidth) ?? []);
  const hidden = units.length - shown.length;
  const more = hidden > 0 ? [input.paint.dim(`and ${hidden} more units`)] : [];
  return [headline(input), ...rows, ...more];
}
