import type { Command } from 'commander';
import type { Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import { follow } from '../follow.js';
import type { Invocation } from '../invocation.js';
import { makeRunView } from '../run-view.js';

async function attach(desk: Desk, name: string): Promise<number> {
  const app = await desk.app('read');
  const row = await app.findRun(name);
  const replay = await app.replay(row);
  const view = makeRunView(desk, app, replay.plan, row.mode);
  const left = new AbortController();
  const { console } = desk.parts;
  const releaseStop = console.onStop(() => left.abort());
  const releaseKeys = console.onKey((key) => {
    if (row.mode !== 'manual' && (key === 'q' || key === 'Q')) left.abort();
  });
  view.begin(row.run, replay.state);
  if (console.err.isTerminal)
    view.notice(`${row.mode === 'manual' ? '' : 'q or '}Ctrl-C leaves it running`);
  try {
    await follow(app, row, { replay, view, left: left.signal });
  } finally {
    if (console.err.isTerminal) view.notice('');
    view.end();
    releaseKeys();
    releaseStop();
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
