import { Fault } from '../kernel/fault.js';
import { sleep } from '../ports/clock.js';
import type { App } from '../app.js';
import type { Plan } from '../plan/plan.js';
import type { AttendedRun } from '../notice/noticing.js';
import type { RunMode } from '../run/event.js';
import type { LiveRun, RunRow } from '../run/run.js';
import type { Report } from '../report/report.js';
import type { Desk } from './desk.js';
import { exitCodes } from './exit-code.js';
import { helpLines } from './card-text.js';
import type { Column } from './list.js';
import { bothTimes } from './moment.js';
import { noticeComplaints } from './notice-text.js';
import { reportSuites } from './run-junit.js';
import { makeRunView, type RunView } from './run-view.js';

type ClosingRow = Report['closing'][number];

const closingColumns: readonly Column<ClosingRow>[] = [
  { key: 'unit', value: (row) => row.unit },
  { key: 'standing', value: (row) => row.standing },
  { key: 'why', value: (row) => row.why, flow: true },
  { key: 'next', value: (row) => row.next, flow: true },
];

/** When no window is open: says when the next one opens, or refuses to wait. Fault `outside-window`. */
export function announceWindow(desk: Desk, app: App, plan: Plan, mayWait: boolean): void {
  const nowMs = app.world.clock.now();
  const windows = plan.body.units.flatMap((each) => each.windows);
  if (windows.some((each) => each.startMs <= nowMs && nowMs < each.endMs)) return;
  const next = windows
    .filter((each) => each.startMs > nowMs)
    .toSorted((a, b) => a.startMs - b.startMs)[0];
  if (!next) return;
  const opens = `${next.window} opens ${bothTimes(next.startMs, next.timeZone)}`;
  if (!mayWait) {
    throw new Fault('outside-window', `no window of this plan is open: ${opens}`, {
      mend: 'leave out --no-wait to wait for it',
    });
  }
  desk.out.tell(`No window is open now; waiting: ${opens}.`);
}

/** Two requests: the first comes to a safe point, the second ends the process. */
function stopOnRequest(desk: Desk, live: LiveRun, view: RunView) {
  const { console } = desk.parts;
  let asked = false;
  const takeBack = console.onStop(() => {
    if (asked) return console.quit(exitCodes.interrupted);
    asked = true;
    view.notice('Coming to a safe point; once more ends at once.');
    live.leave();
  });
  return { takeBack, wasAsked: () => asked };
}

/** What came of a run that is over; gives the exit code that says so. */
export async function closeRun(desk: Desk, app: App, row: RunRow): Promise<number> {
  const report = await app.report(row);
  const { verdict, closing } = report;
  // With ndjson the events were the data.
  const { format } = desk.settings;
  if (format === 'junit') desk.out.junit('nightshift run', reportSuites(report));
  else if (format !== 'ndjson') desk.out.list(closingColumns, closing, 'run-end@1');
  desk.out.tell(verdict.headline);
  for (const line of helpLines(report, desk.out.width)) desk.out.say(line);
  desk.out.say(`report: nightshift report ${row.run} --out report.html`);
  return verdict.exitCode;
}

export function sayInterrupted(desk: Desk, run: string): void {
  desk.out.say('Interrupted at a safe point. To go on:');
  desk.out.say(`  nightshift resume ${run} --reason "..."`);
}

/** The view, which whoever launched this process sees the progress in as well. */
function withLauncher(desk: Desk, view: RunView): RunView {
  const { launcher } = desk.parts;
  if (!launcher) return view;
  return {
    ...view,
    onProgress(progress) {
      launcher.progress(progress);
      view.onProgress(progress);
    },
  };
}

const LAST_TELLING_MS = 10_000;
const LINGER_POLL_MS = 2000;
const LINGER_MS_MAX = 24 * 3_600_000;

/** A process of its own stays until everybody was told who would be, or somebody else does the telling. */
async function linger(app: App, { run, teller }: AttendedRun): Promise<void> {
  const { clock } = app.world;
  const onTheWall = { ...clock, timer: clock.monotonicTimer.bind(clock) };
  const untilMs = clock.monotonicMs() + LINGER_MS_MAX;
  while ((await teller.isSettled(run)) === false && clock.monotonicMs() < untilMs) {
    await sleep(onTheWall, LINGER_POLL_MS);
  }
}

/** What is to be sent is tried once more before this process ends; what could not be sent is said. */
async function tellLast(
  desk: Desk,
  app: App,
  { live, isOver }: { readonly live: LiveRun | AttendedRun; readonly isOver: boolean },
): Promise<void> {
  if (!('teller' in live)) return;
  if (desk.parts.launcher && isOver) await linger(app, live);
  const left = await live.teller.close(LAST_TELLING_MS);
  if (!isOver) return;
  for (const line of noticeComplaints(await app.notices.outbox(live.run))) desk.out.warn(line);
  if (left.has(live.run)) {
    desk.out.say('more is to be sent later: by nightshift notices watch, or by the next run');
  }
}

/** Watches a run of this process to its end; gives the exit code of what came of it. */
export async function conduct(
  desk: Desk,
  app: App,
  about: {
    readonly plan: Plan;
    readonly mode?: RunMode;
    readonly start: (view: RunView) => Promise<LiveRun | AttendedRun>;
  },
): Promise<number> {
  const view = withLauncher(desk, makeRunView(desk, app, about.plan, about.mode));
  const live = await about.start(view);
  const row = await app.findRun(live.run);
  const { state } = await app.runState(row);
  view.begin(live.run, state);
  desk.parts.launcher?.begun(live.run);
  let exitCode: number | undefined;
  try {
    exitCode = await watch(desk, app, { live, row, view });
    desk.parts.launcher?.ended(exitCode);
    return exitCode;
  } finally {
    await tellLast(desk, app, { live, isOver: exitCode !== undefined });
  }
}

async function watch(
  desk: Desk,
  app: App,
  { live, row, view }: { readonly live: LiveRun; readonly row: RunRow; readonly view: RunView },
): Promise<number> {
  const stop = stopOnRequest(desk, live, view);
  try {
    const end = await live.result;
    view.end();
    if (!stop.wasAsked() || end.finished) return await closeRun(desk, app, row);
    sayInterrupted(desk, live.run);
    return exitCodes.interrupted;
  } finally {
    view.end();
    stop.takeBack();
  }
}
