import type { Command } from 'commander';
import { Fault } from '../../kernel/fault.js';
import { required, type Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import { askRunner } from '../run-request.js';

async function abort(desk: Desk, name: string, given: string | undefined): Promise<number> {
  const reason = required(given, '--reason', 'say why: --reason "..."');
  const app = await desk.app('write');
  const row = await app.findRun(name);
  const { state } = await app.runState(row);
  if (state.finished) throw new Fault('run-not-resumable', `run ${row.run} is over`);
  if (desk.parts.console.canAsk && !desk.settings.yes) {
    const question = `Abort run ${row.run}? Units under way are finished or rolled back, no other is begun. [y/N] `;
    if (!(await desk.parts.console.askYes(question))) {
      desk.out.say('nothing was asked of the run');
      return exitCodes.done;
    }
  }
  return askRunner(desk, app, { row, kind: 'abort', reason });
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('abort')
    .description('end the run: what is being changed is finished or rolled back, the rest is left')
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .option('--reason <text>', 'why (required, and recorded)')
    .action((name: string, options: { reason?: string }, command: Command) =>
      invocation.act(command, (desk) => abort(desk, name, options.reason)),
    );
}
