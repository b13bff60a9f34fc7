import type { Command } from 'commander';
import { Fault } from '../../kernel/fault.js';
import type { App } from '../../app.js';
import type { Raised } from '../../notice/outbox.js';
import type { RunRow } from '../../run/run.js';
import { required, type Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';

interface AckOptions {
  readonly reason?: string;
  readonly as?: string;
}

interface Meant {
  readonly row: RunRow;
  readonly notices: readonly Raised[];
}

/** The notice of that name, or the open ones of the run. */
async function meantBy(app: App, name: string): Promise<Meant> {
  const [run = ''] = name.split('.');
  const row = await app.findRun(run);
  const outbox = await app.notices.outbox(row.run);
  if (name.includes('.')) return { row, notices: outbox.filter((each) => each.notice.id === name) };
  const open = outbox.filter((each) => each.notice.needsPerson && !each.acknowledged);
  return { row, notices: open };
}

async function ack(desk: Desk, name: string, options: AckOptions): Promise<void> {
  const reason = required(options.reason, '--reason', 'say what you will do: --reason "..."');
  const app = await desk.app('write');
  const { row, notices } = await meantBy(app, name);
  const by = options.as ?? desk.parts.user;
  const open = notices.filter((each) => !each.acknowledged);
  const [first] = notices;
  if (first?.acknowledged && open.length === 0) {
    desk.out.say(`${first.notice.id} is acknowledged by ${first.acknowledged.by} already`);
    return;
  }
  if (open.length === 0) {
    throw new Fault('notice-not-found', `${name}: there is no notice to acknowledge`);
  }
  const ids = open.map((each) => each.notice.id);
  await app.notices.acknowledge(row.run, { notices: ids, by, reason });
  for (const { notice } of open)
    desk.out.tell(`acknowledged by ${by}: ${notice.id}, ${notice.what}`);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('ack')
    .description('acknowledge a notice, or all open ones of a run: it goes on to nobody else')
    .argument('[notice]', 'a notice, or a run for all that are open', 'last')
    .option('--reason <text>', 'what you will do about it (required, and recorded)')
    .option('--as <person>', 'who you are; default: your login')
    .action((name: string, options: AckOptions, command: Command) =>
      invocation.act(command, (desk) => ack(desk, name, options)),
    );
}
