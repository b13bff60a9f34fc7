import type { InstantMs } from '../kernel/id.js';
import type { Plan } from '../plan/plan.js';
import type { RunEvent } from '../run/event.js';
import type { RunState } from '../run/state.js';
import type { Progress } from '../run/step-context.js';
import type { Clock } from '../ports/clock.js';
import type { Desk } from './desk.js';
import { gridLines } from './run-grid.js';
import { eventLine } from './run-lines.js';

/** Shows a run as it goes: a grid repainted in place on a terminal, else one line a change. */
export interface RunView {
  onEvent(event: RunEvent, state: RunState, atMs: InstantMs): void;
  onProgress(progress: Progress): void;
  /** Leaves the last frame standing. */
  end(): void;
}

const FRAME_MS = 200;

function lineView(desk: Desk, plan: Plan): RunView {
  return {
    onEvent(event, _state, atMs) {
      const line = eventLine(event, atMs, plan);
      if (line !== undefined) desk.out.say(line);
    },
    onProgress: () => undefined,
    end: () => undefined,
  };
}

function gridView(desk: Desk, plan: Plan, clock: Clock): RunView {
  const { err } = desk.parts.console;
  const progress = new Map<string, Progress & { sinceMs: InstantMs }>();
  let state: RunState | undefined;
  let painted = 0;
  let over = false;
  let cancel = () => {};
  const paint = () => {
    if (!state) return;
    const lines = gridLines({
      plan,
      state,
      progress,
      nowMs: clock.now(),
      paint: desk.out.talkPaint,
      width: Math.max(40, err.columns ?? 80),
      rows: Math.max(6, err.rows ?? 24),
    });
    // Up over the last frame, then every line anew; what is left below of a longer frame is cleared.
    const up = painted > 0 ? `\u001b[${painted}A` : '';
    const body = lines.map((line) => `\u001b[2K${line}\n`).join('');
    err.write(desk.redact(`${up}${body}\u001b[J`));
    painted = lines.length;
  };
  const tick = () => {
    if (over) return;
    paint();
    cancel = clock.monotonicTimer(FRAME_MS, tick);
  };
  tick();
  return {
    onEvent(_event, next) {
      state = next;
    },
    onProgress(each) {
      const before = progress.get(each.unit);
      const same = before?.step === each.step && before.doneBytes <= each.doneBytes;
      progress.set(each.unit, { ...each, sinceMs: same ? before.sinceMs : each.atMs });
    },
    end() {
      over = true;
      cancel();
      paint();
    },
  };
}

/** The view that suits where the talk goes. */
export function makeRunView(desk: Desk, plan: Plan, clock: Clock): RunView {
  return desk.parts.console.err.isTerminal ? gridView(desk, plan, clock) : lineView(desk, plan);
}
