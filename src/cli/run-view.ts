import type { JsonObject } from '../kernel/json.js';
import { toJson } from '../kernel/recall.js';
import type { App } from '../app.js';
import type { Plan } from '../plan/plan.js';
import type { RunMode } from '../run/event.js';
import type { RunState } from '../run/state.js';
import { withAsks } from './ask-view.js';
import type { Desk } from './desk.js';
import { eventLine, sharedZone } from './event-line.js';
import { gridLines, type CopySpeed } from './grid.js';
import { valueText } from './list.js';
import { isoTime } from './moment.js';
import { Painter } from './painter.js';
import type { RunView } from './view.js';
import { cleanJson } from './visible.js';

export type { RunView } from './view.js';

function lineView(desk: Desk, plan: Plan): RunView {
  const zone = sharedZone(plan);
  return {
    begin: (run) => desk.out.say(`run ${run}`),
    onEvent(event, state, atMs) {
      const line = eventLine(event, { plan, state, atMs, zone });
      if (line !== undefined) desk.out.say(line);
    },
    onProgress: () => undefined,
    notice: (text) => desk.out.say(text),
    end: () => undefined,
  };
}

function gridView(desk: Desk, app: App, plan: Plan): RunView {
  const { err } = desk.parts.console;
  const { clock } = app.world;
  const { redact } = desk;
  const zone = sharedZone(plan);
  const copies = new Map<string, CopySpeed>();
  let shown: { readonly run: string; readonly state: RunState } | undefined;
  let painter: Painter | undefined;
  let notice = '';
  const frame = () => {
    if (!shown) return [];
    const view = { ...shown, plan, copies, nowMs: clock.now(), zone, notice, redact };
    return gridLines(
      view,
      { columns: err.columns ?? 80, rows: err.rows ?? 24 },
      desk.out.talkPaint,
    );
  };
  return {
    begin(run, state) {
      // Events may have come before the name; their state is the newer one.
      shown = { run, state: shown?.state ?? state };
      painter ??= new Painter({ clock, stream: err, frame, redact });
    },
    onEvent(_event, state) {
      if (shown) shown = { ...shown, state };
      else shown = { run: '', state };
      painter?.touch();
    },
    onProgress(progress) {
      const before = copies.get(progress.unit);
      const goesOn =
        before?.last.step === progress.step && before.last.doneBytes <= progress.doneBytes;
      copies.set(progress.unit, { first: goesOn ? before.first : progress, last: progress });
      painter?.touch();
    },
    notice(text) {
      notice = text;
      painter?.touch();
    },
    end: () => painter?.end(),
  };
}

/** The same events for a program: one JSON object a line on stdout, as they are journaled. */
function withJsonLines(desk: Desk, view: RunView): RunView {
  let run: string | undefined;
  let waiting: readonly JsonObject[] = [];
  const write = () => {
    for (const each of waiting)
      desk.out.text(valueText(cleanJson({ run, ...each }, desk.redact), 'ndjson'));
    waiting = [];
  };
  return {
    ...view,
    begin(name, state) {
      run = name;
      view.begin(name, state);
      write();
    },
    onEvent(event, state, atMs) {
      view.onEvent(event, state, atMs);
      waiting = [...waiting, { at: isoTime(atMs), ...toJson(event) }];
      if (run !== undefined) write();
    },
  };
}

function viewFor(desk: Desk, app: App, plan: Plan, mode: RunMode): RunView {
  // What is asked of a person must stand still.
  if (mode === 'manual') return withAsks(desk, { app, plan }, lineView(desk, plan));
  return desk.parts.console.err.isTerminal ? gridView(desk, app, plan) : lineView(desk, plan);
}

/** The view that suits where the talk goes; with `-o ndjson` every event is data as well. */
export function makeRunView(desk: Desk, app: App, plan: Plan, mode: RunMode = 'run'): RunView {
  const view = viewFor(desk, app, plan, mode);
  return desk.settings.format === 'ndjson' ? withJsonLines(desk, view) : view;
}
