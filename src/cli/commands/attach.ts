import type { Command } from 'commander';
import { sleep } from '../../ports/clock.js';
import type { Clock } from '../../ports/clock.js';
import type { Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import { makeRunView } from '../run-view.js';

const POLL_MS = 500;

/** A clock on which waiting is real waiting, however fast the lab's runs. */
function onTheWall(clock: Clock): Clock {
  return { ...clock, timer: (delayMs, callback) => clock.monotonicTimer(delayMs, callback) };
}

/** Follows the journal of a run until it is over, nobody works on it, or the person leaves. */
async function attach(desk: Desk, name: string): Promise<number> {
  const app = await desk.app('read');
  const row = await app.findRun(name);
  const replay = await app.replay(row);
  const view = makeRunView(desk, app, replay.plan);
  const left = new AbortController();
  const release = desk.parts.console.onStop(() => left.abort());
  view.begin(row.run, replay.state);
  try {
    for (;;) {
      // Asked before the journal is read: what a runner that is gone wrote last is read in any case.
      const isAtWork = (await app.world.store.runnerHolder())?.includes(row.run) === true;
      for (const { event, state, atMs } of await replay.next()) view.onEvent(event, state, atMs);
      if (replay.state.finished || !isAtWork || left.signal.aborted) break;
      await sleep(onTheWall(app.world.clock), POLL_MS, left.signal);
    }
  } finally {
    view.end();
    release();
  }
  const { finished } = replay.state;
  if (left.signal.aborted && !finished) {
    desk.out.say('detached; the run goes on');
    return exitCodes.done;
  }
  const { state, verdict } = await app.runState(row);
  desk.out.say(state.finished ? 'the run is over' : 'nobody works on the run');
  desk.out.say(verdict.headline);
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
