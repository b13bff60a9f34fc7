import type { Command } from 'commander';
import { Fault } from '../kernel/fault.js';
import { required, type Desk } from './desk.js';
import type { Invocation } from './invocation.js';

type Wish = 'pause' | 'abort';

async function ask(desk: Desk, kind: Wish, about: { name: string; reason: string | undefined }) {
  const reason = required(about.reason, '--reason', `say why: --reason "..."`);
  const app = await desk.app('write');
  const row = await app.findRun(about.name);
  const { state } = await app.runState(row);
  if (state.finished) throw new Fault('run-not-resumable', `run ${row.run} is over`);
  await app.ask(row, { kind, by: desk.parts.user, reason });
  const holder = await app.world.store.runnerHolder();
  desk.out.say(
    holder === undefined
      ? `${kind} is noted; no runner is at work, the next one will heed it`
      : `asked ${holder} to ${kind}; units being changed first come to a safe point`,
  );
}

/** Defines `pause` or `abort`: a request to the runner, wherever it is. */
export function defineRequest(
  program: Command,
  invocation: Invocation,
  wish: { readonly kind: Wish; readonly description: string },
): void {
  program
    .command(wish.kind)
    .description(wish.description)
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .option('--reason <text>', 'why (required, and recorded)')
    .action((name: string, options: { reason?: string }, command: Command) =>
      invocation.act(command, (desk) => ask(desk, wish.kind, { name, reason: options.reason })),
    );
}
