import type { Command } from 'commander';
import { shortDigest } from '../../kernel/digest.js';
import type { Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import { statusColumns, statusRows } from '../status-table.js';

async function status(desk: Desk, name: string): Promise<void> {
  const app = await desk.app('read');
  const row = await app.findRun(name);
  const { plan, state, seq, verdict } = await app.runState(row);
  const holder = await app.world.store.runnerHolder();
  const { out } = desk;
  out.list(statusColumns(out.paint), statusRows(plan, state));
  const about = `run ${row.run} of ${plan.body.playbook.name} (${shortDigest(plan.digest)})`;
  out.tell(`${about}, record ${seq}: ${verdict.headline}`);
  if (state.stopped) out.tell(`stopped: ${state.stopped.why}`);
  if (state.paused) out.say('paused');
  const isAtWork = holder?.includes(row.run) === true;
  out.tell(isAtWork ? `runner: ${holder}` : 'no runner is at work on it');
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('status')
    .description('show how a run stands now')
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .action((name: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => status(desk, name)),
    );
}
