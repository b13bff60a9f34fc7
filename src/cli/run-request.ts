import { sleep } from '../ports/clock.js';
import type { RunRequest } from '../ports/store.js';
import type { App } from '../app.js';
import type { RunRow } from '../run/run.js';
import type { Desk } from './desk.js';
import { exitCodes } from './exit-code.js';

const ANSWER_POLL_MS = 250;
const ANSWER_WAIT_MS = 10_000;

const DONE: Record<RunRequest['kind'], string> = {
  pause: 'paused: nothing new begins; units under way come to a safe point',
  resume: 'goes on',
  abort: 'aborted: units under way come to a safe point',
};

/** Waits on the machine's own time: the runner answers within a second or two, whatever clock the lab has. */
async function answered(app: App, row: RunRow, id: number): Promise<boolean> {
  const { clock } = app.world;
  const untilMs = clock.monotonicMs() + ANSWER_WAIT_MS;
  const pause = { ...clock, timer: clock.monotonicTimer.bind(clock) };
  for (;;) {
    const { state } = await app.runState(row);
    if (state.lastRequest >= id) return true;
    if (clock.monotonicMs() >= untilMs) return false;
    await sleep(pause, ANSWER_POLL_MS);
  }
}

/** Asks the runner of another process, and says what it made of it. */
export async function askRunner(
  desk: Desk,
  app: App,
  wanted: {
    readonly row: RunRow;
    readonly kind: RunRequest['kind'];
    readonly reason: string;
  },
): Promise<number> {
  const { row, kind, reason } = wanted;
  const holder = await app.world.store.runnerHolder();
  const { id } = await app.ask(row, { kind, reason, by: desk.parts.user });
  if (!holder?.includes(row.run)) {
    desk.out.say(`No runner is at work on ${row.run}: it will find this when it goes on.`);
    return exitCodes.done;
  }
  if (await answered(app, row, id)) {
    desk.out.say(`run ${row.run} ${DONE[kind]}`);
    return exitCodes.done;
  }
  desk.out.warn(`the runner (${holder}) has not answered yet; it will read this when it can`);
  return exitCodes.toolError;
}
