import type { Command } from 'commander';
import { Fault } from '../../kernel/fault.js';
import type { Raised } from '../../notice/outbox.js';
import type { Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import { isoTime, utcTime } from '../moment.js';

const columns: readonly Column<Raised>[] = [
  { key: 'notice', value: ({ notice }) => notice.id },
  {
    key: 'at',
    value: ({ notice }) => isoTime(notice.atMs),
    text: ({ notice }) => utcTime(notice.atMs),
  },
  { key: 'event', value: ({ notice }) => notice.kind },
  { key: 'criticality', value: ({ notice }) => notice.criticality, wide: true },
  { key: 'what', value: ({ notice }) => notice.what, flow: true },
  {
    key: 'sent',
    value: ({ deliveries }) => deliveries.map((each) => each.told).join('; '),
    flow: true,
  },
  {
    key: 'acknowledged',
    value: ({ acknowledged: ack }) => (ack ? `${ack.by}: ${ack.reason}` : ''),
    text: ({ notice, acknowledged: ack }) => {
      if (ack) return `${ack.by}: ${ack.reason}`;
      return notice.needsPerson ? 'NO' : '';
    },
    flow: true,
  },
];

async function list(desk: Desk, name: string): Promise<void> {
  const app = await desk.app('read');
  const row = await app.findRun(name);
  desk.out.list(columns, await app.notices.outbox(row.run));
}

async function test(desk: Desk, channel: string): Promise<void> {
  const app = await desk.app('read');
  const inventory = await desk.inventory(app);
  const to = await app.notices.test(inventory, channel, desk.parts.user);
  desk.out.say(`${channel} took it, for ${to.join(', ')}`);
}

const RETRY_MS_MAX = 120_000;

async function retry(desk: Desk, name: string): Promise<number> {
  const app = await desk.app('write');
  const row = await app.findRun(name);
  const inventory = await desk.inventory(app);
  const stuck = async () =>
    (await app.notices.outbox(row.run)).flatMap((each) =>
      each.deliveries.filter((delivery) => delivery.state !== 'sent'),
    );
  const before = await stuck();
  const by = desk.parts.user;
  if (before.length > 0)
    await app.notices.revive(row.run, { deliveries: before.map((each) => each.id), by });
  const teller = await app.notices.teller(inventory, `${by}, notices retry`);
  if ((await teller.isSettled(row.run)) === undefined) {
    desk.out.say('another process sends notices: it tries them again now');
    return exitCodes.done;
  }
  await teller.close(RETRY_MS_MAX);
  const after = await stuck();
  desk.out.say(`${before.length - after.length} of ${before.length} sent`);
  const [first] = after;
  if (first) throw new Fault('notice-undelivered', `${first.channel}: ${first.why}`);
  return exitCodes.done;
}

async function watch(desk: Desk, options: { readonly once?: boolean }): Promise<number> {
  const app = await desk.app('write');
  const inventory = await desk.inventory(app);
  const once = options.once === true;
  const teller = await app.notices.teller(inventory, `${desk.parts.user}, notices watch`, once);
  if (once) {
    await teller.close(RETRY_MS_MAX);
    return exitCodes.done;
  }
  desk.out.say('sending notices and escalating; Ctrl-C ends it');
  teller.start();
  await new Promise<void>((stop) => {
    const release = desk.parts.console.onStop(() => {
      release();
      stop();
    });
  });
  await teller.close(1000);
  return exitCodes.done;
}

export function define(program: Command, invocation: Invocation): void {
  const notices = program
    .command('notices')
    .description('whom a run told what; test channels, send again');
  notices
    .command('list', { isDefault: true })
    .description('the notices of a run, where they went, and who acknowledged them')
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .action((name: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => list(desk, name)),
    );
  notices
    .command('test')
    .description('send a test through a channel of notices.yaml, now')
    .argument('<channel>', 'its name')
    .action((channel: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => test(desk, channel)),
    );
  notices
    .command('retry')
    .description('send again what could not be sent')
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .action((name: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => retry(desk, name)),
    );
  notices
    .command('watch')
    .description('send, escalate, and look after silent runners, until it is stopped')
    .option('--once', 'look once and end: for a timer')
    .action((options: { once?: boolean }, command: Command) =>
      invocation.act(command, (desk) => watch(desk, options)),
    );
}
