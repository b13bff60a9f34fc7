import type { Command } from 'commander';
import { shortDigest } from '../../kernel/digest.js';
import { askedLines } from '../ask-text.js';
import type { App } from '../../app.js';
import type { RunRow } from '../../run/run.js';
import type { Desk } from '../desk.js';
import { handoverLines } from '../handover-text.js';
import type { Invocation } from '../invocation.js';
import { utcTime } from '../moment.js';
import { noticeComplaints } from '../notice-text.js';
import { statusColumns, statusRows } from '../status-table.js';

interface StatusOptions {
  readonly handover?: boolean;
}

async function handover(desk: Desk, app: App, row: RunRow): Promise<void> {
  const { verdict } = await app.runState(row);
  const found = await app.notices.handover(row);
  const lines = () => handoverLines(found, verdict.headline);
  desk.out.value({ ...found, headline: verdict.headline }, lines, 'handover@1');
}

async function status(desk: Desk, name: string, options: StatusOptions): Promise<void> {
  const app = await desk.app('read');
  const row = await app.findRun(name);
  if (options.handover === true) return handover(desk, app, row);
  const { plan, state, seq, verdict } = await app.runState(row);
  const holder = await app.world.store.runnerHolder();
  const { out } = desk;
  out.list(statusColumns(out.paint), statusRows(plan, state));
  const about = `run ${row.run} of ${plan.body.playbook.name} (${shortDigest(plan.digest)})`;
  out.tell(`${about}, record ${seq}: ${verdict.headline}`);
  if (state.stopped) out.tell(`stopped: ${state.stopped.why}`);
  if (state.paused) out.say('paused');
  for (const line of askedLines(app, row.run, { plan, state })) out.say(line);
  const isAtWork = holder?.includes(row.run) === true;
  out.tell(isAtWork ? `runner: ${holder}` : 'no runner is at work on it');
  for (const line of noticeComplaints(await app.notices.outbox(row.run))) out.warn(line);
  const quiet = (await app.notices.mutes(row.run)).standings.filter(
    (each) => (each.quietUntilMs ?? 0) > app.world.clock.now(),
  );
  for (const { mute, hook, quietUntilMs } of quiet)
    out.tell(`${hook} keeps quiet about ${mute.unit} until ${utcTime(quietUntilMs ?? 0)}`);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('status')
    .description('show how a run stands now')
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .option('--handover', 'all that the next shift must know, to paste; -o json for machines')
    .action((name: string, options: StatusOptions, command: Command) =>
      invocation.act(command, (desk) => status(desk, name, options)),
    );
}
