import type { Command } from 'commander';
import { shortDigest } from '../../kernel/digest.js';
import { Fault } from '../../kernel/fault.js';
import type { App } from '../../app.js';
import type { Desk } from '../desk.js';
import { exitCodes, exitCodeOfFault } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';

interface Row {
  readonly kind: 'run' | 'plan';
  readonly name: string;
  readonly records: number;
  readonly lastHash: string;
  readonly fault: Fault | undefined;
}

const columns: readonly Column<Row>[] = [
  { key: 'kind', value: (row) => row.kind },
  { key: 'name', value: (row) => row.name },
  { key: 'records', value: (row) => row.records, right: true },
  {
    key: 'verdict',
    value: (row) => row.fault?.code ?? 'whole',
    paint: (row, paint) => (row.fault ? paint.bad : paint.good),
  },
  { key: 'lastHash', title: 'last hash', value: (row) => row.lastHash, wide: true },
  { key: 'why', value: (row) => row.fault?.message ?? '', flow: true },
];

/** A Fault is a finding here; anything else is not ours to swallow. */
async function judged(
  about: Pick<Row, 'kind' | 'name'>,
  read: () => Promise<Pick<Row, 'records' | 'lastHash'>>,
): Promise<Row> {
  try {
    return { ...about, ...(await read()), fault: undefined };
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { ...about, records: 0, lastHash: '', fault: thrown };
  }
}

async function rowsOf(app: App, name: string | undefined): Promise<readonly Row[]> {
  const { journal } = app.world.store;
  const runs = name === undefined ? await journal.runs() : [(await app.findRun(name)).run];
  const rows: Row[] = [];
  for (const run of runs) {
    const read = async () => {
      const records = await journal.read(run, 0);
      return { records: records.length, lastHash: records.at(-1)?.hash ?? '' };
    };
    rows.push(await judged({ kind: 'run', name: run }, read));
  }
  const plans = name === undefined ? await app.plans() : [];
  for (const { digest } of plans) {
    const read = async () => {
      await app.findPlan(digest);
      return { records: 1, lastHash: digest };
    };
    rows.push(await judged({ kind: 'plan', name: shortDigest(digest) }, read));
  }
  return rows;
}

async function verify(desk: Desk, name: string | undefined): Promise<number> {
  const rows = await rowsOf(await desk.app('read'), name);
  desk.out.list(columns, rows);
  const first = rows.find((each) => each.fault)?.fault;
  if (!first) {
    desk.out.say('every record is as it was written');
    return exitCodes.done;
  }
  desk.out.say(`${desk.out.talkPaint.bad(`error[${first.code}]:`)} ${first.message}`);
  desk.out.say(`  more: nightshift explain ${first.code}`);
  return exitCodeOfFault(first.code);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('audit')
    .description('the records')
    .command('verify')
    .description('read the whole chain of every journal and the digest of every plan')
    .argument('[run]', 'only this run')
    .action((name: string | undefined, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => verify(desk, name)),
    );
}
