import type { Command } from 'commander';
import { sleep } from '../../ports/clock.js';
import type { Clock } from '../../ports/clock.js';
import type { App } from '../../app.js';
import type { RunReplay } from '../../run/replay.js';
import type { RunRow } from '../../run/run.js';
import type { Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import { makeRunView, type RunView } from '../run-view.js';

const POLL_MS = 500;

/** A clock on which waiting is real waiting, however fast the lab's runs. */
function onTheWall(clock: Clock): Clock {
  return { ...clock, timer: (delayMs, callback) => clock.monotonicTimer(delayMs, callback) };
}

/** Shows what is journaled until the run is over, nobody works on it, or the person leaves. */
async function follow(
  app: App,
  row: RunRow,
  watching: { readonly replay: RunReplay; readonly view: RunView; readonly left: AbortSignal },
): Promise<void> {
  const { replay, view, left } = watching;
  for (;;) {
    // Asked before the journal is read: what a runner that is gone wrote last is read in any case.
    const holder = await app.world.store.runnerHolder();
    for (const { event, state, atMs } of await replay.next()) view.onEvent(event, state, atMs);
    if (replay.state.finished || left.aborted || holder?.includes(row.run) !== true) return;
    await sleep(onTheWall(app.world.clock), POLL_MS, left);
  }
}

async function attach(desk: Desk, name: string): Promise<number> {
  const app = await desk.app('read');
  const row = await app.findRun(name);
  const replay = await app.replay(row);
  const view = makeRunView(desk, app, replay.plan);
  const left = new AbortController();
  const release = desk.parts.console.onStop(() => left.abort());
  view.begin(row.run, replay.state);
  try {
    await follow(app, row, { replay, view, left: left.signal });
  } finally {
    view.end();
    release();
  }
  const { state, verdict } = await app.runState(row);
  if (left.signal.aborted && !state.finished) {
    desk.out.say('detached; the run goes on');
    return exitCodes.done;
  }
  desk.out.say(state.finished ? 'the run is over' : 'nobody works on the run');
  desk.out.tell(verdict.headline);
  return state.finished || state.stopped ? verdict.exitCode : exitCodes.done;
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('attach')
    .description(
      'watch a run of another process to its end and exit as it does; Ctrl-C leaves it running',
    )
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .action((name: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => attach(desk, name)),
    );
}
