import { formatDuration } from '../kernel/duration.js';
import type { App } from '../app.js';
import type { Plan } from '../plan/plan.js';
import type { LiveRun } from '../run/run.js';
import type { RunState } from '../run/state.js';
import type { Desk } from './desk.js';
import { exitCodes } from './exit-code.js';
import { standingRows } from './run-standing.js';
import { makeRunView } from './run-view.js';

/** What a run under way in this process came to. */
export interface Driven {
  readonly state: RunState;
  readonly interrupted: boolean;
}

/** Runs, shows it, and brings it to a safe point when the person asks; a second request ends the process at once. */
export async function drive(
  desk: Desk,
  at: { readonly app: App; readonly plan: Plan },
  begin: (watcher: ReturnType<typeof makeRunView>) => Promise<LiveRun>,
): Promise<number> {
  const { app, plan } = at;
  const { console } = desk.parts;
  const view = makeRunView(desk, plan, app.world.clock);
  let live: LiveRun | undefined;
  let asked = 0;
  const release = console.onStop(() => {
    asked += 1;
    if (asked > 1) return console.quit(exitCodes.interrupted);
    desk.out.say(
      'coming to a safe point; once more ends at once (the run can be resumed either way)',
    );
    live?.leave();
  });
  try {
    live = await begin(view);
    if (asked > 0) live.leave();
    const state = await live.result;
    view.end();
    return await conclude(desk, { app, live, state, interrupted: asked > 0 });
  } finally {
    view.end();
    release();
  }
}

async function conclude(
  desk: Desk,
  ended: Driven & { readonly app: App; readonly live: LiveRun },
): Promise<number> {
  const { app, live, state } = ended;
  const row = await app.findRun(live.run);
  standingRows(desk, state);
  if (ended.interrupted && !state.finished) {
    desk.out.say(`interrupted; go on with: nightshift resume ${live.run} --reason "..."`);
    return exitCodes.interrupted;
  }
  const report = await app.report(row);
  desk.out.say(report.verdict.headline);
  const soaking = [...state.units.values()].filter((each) => each.kind === 'soaking');
  const lastMs = Math.max(0, ...soaking.map((each) => each.soakUntilMs ?? 0));
  if (soaking.length > 0) {
    const left = formatDuration(Math.max(0, lastMs - app.world.clock.now()));
    desk.out.say(`${soaking.length} units soak for another ${left}: a runner must look after them`);
  }
  if (!state.finished) desk.out.say(`go on with: nightshift resume ${live.run} --reason "..."`);
  else desk.out.say(`the report: nightshift report ${live.run} --out report.html`);
  return report.verdict.exitCode;
}
