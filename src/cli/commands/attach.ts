import type { Command } from 'commander';
import { recall } from '../../kernel/recall.js';
import { sleep } from '../../ports/clock.js';
import type { Clock } from '../../ports/clock.js';
import type { RunEvent } from '../../run/event.js';
import type { Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import { makeRunView } from '../run-view.js';

const POLL_MS = 500;

/** A clock on which waiting is real waiting, however fast the lab's runs. */
function onTheWall(clock: Clock): Clock {
  return { ...clock, timer: (delayMs, callback) => clock.monotonicTimer(delayMs, callback) };
}

/** Follows the journal of a run by its numbers until it is over, nobody works on it, or the person leaves. */
async function attach(desk: Desk, name: string): Promise<number> {
  const app = await desk.app('read');
  const row = await app.findRun(name);
  const first = await app.runState(row);
  const view = makeRunView(desk, app, first.plan);
  const left = new AbortController();
  const release = desk.parts.console.onStop(() => left.abort());
  let seen = 0;
  view.begin(row.run, first.state);
  try {
    for (;;) {
      const { state } = await app.runState(row);
      for (const record of await app.world.store.journal.read(row.run, seen)) {
        view.onEvent(recall<RunEvent>(record.event), state, record.atMs);
        seen = record.seq;
      }
      const holder = await app.world.store.runnerHolder();
      if (state.finished || holder === undefined || left.signal.aborted) {
        view.end();
        const why = state.finished ? 'the run is over' : 'nobody works on the run';
        desk.out.say(left.signal.aborted ? 'detached; the run goes on' : why);
        return exitCodes.done;
      }
      await sleep(onTheWall(app.world.clock), POLL_MS, left.signal);
    }
  } finally {
    view.end();
    release();
  }
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('attach')
    .description('watch a run that another process works on; Ctrl-C leaves it running')
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .action((name: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => attach(desk, name)),
    );
}
