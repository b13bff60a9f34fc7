import type { Command } from 'commander';
import { conduct } from '../conduct.js';
import { required, type Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import { launch, placeOptions, type PlaceOptions } from '../launch.js';
import { askRunner } from '../run-request.js';

interface ResumeOptions extends PlaceOptions {
  readonly reason?: string;
}

async function resume(desk: Desk, name: string, options: ResumeOptions): Promise<number> {
  const reason = required(options.reason, '--reason', 'say why the run may go on: --reason "..."');
  const elsewhere = await launch(desk, options);
  if (elsewhere !== undefined) return elsewhere;
  const app = await desk.app('write');
  const row = await app.findRun(name);
  const { state, plan } = await app.runState(row);
  const holder = await app.world.store.runnerHolder();
  // A living runner of this run is asked; a run whose runner is gone is taken over.
  if (state.paused && holder?.includes(row.run)) {
    return askRunner(desk, app, { row, kind: 'resume', reason });
  }
  const inventory = await desk.inventory(app);
  const by = desk.parts.user;
  return conduct(desk, app, {
    plan,
    mode: row.mode,
    start: (watcher) => app.resume({ inventory, by, watcher }, row, reason),
  });
}

export function define(program: Command, invocation: Invocation): void {
  placeOptions(program.command('resume'))
    .description('go on with a run that was paused, stopped or interrupted; the same plan')
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .option('--reason <text>', 'why it may go on (required)')
    .action((name: string, options: ResumeOptions, command: Command) =>
      invocation.act(command, (desk) => resume(desk, name, options)),
    );
}
