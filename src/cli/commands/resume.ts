import type { Command } from 'commander';
import { required, type Desk } from '../desk.js';
import { drive } from '../drive.js';
import { exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';

async function resume(desk: Desk, name: string, given: string | undefined): Promise<number> {
  const reason = required(given, '--reason', 'say why the run may go on: --reason "..."');
  const app = await desk.app('write');
  const row = await app.findRun(name);
  // A living runner of this run is asked; a run whose runner is gone is taken over.
  const { state, plan } = await app.runState(row);
  if (state.paused && (await app.world.store.runnerHolder()) !== undefined) {
    await app.ask(row, { kind: 'resume', by: desk.parts.user, reason });
    desk.out.say(`asked the runner of ${row.run} to go on; nightshift attach ${row.run} shows it`);
    return exitCodes.done;
  }
  const inventory = await desk.inventory(app);
  return drive(desk, { app, plan }, (watcher) =>
    app.resume({ inventory, by: desk.parts.user, watcher }, row, reason),
  );
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('resume')
    .description('go on with a run that was paused, stopped or interrupted; the same plan')
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .option('--reason <text>', 'why it may go on (required)')
    .action((name: string, options: { reason?: string }, command: Command) =>
      invocation.act(command, (desk) => resume(desk, name, options.reason)),
    );
}
