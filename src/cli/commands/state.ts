import { InvalidArgumentError, type Command } from 'commander';
import { Fault, messageOf } from '../../kernel/fault.js';
import { parseDurationMs } from '../../kernel/duration.js';
import type { Backup, StateCheck } from '../../ports/state-keeper.js';
import type { Prunable, RetentionAges } from '../../run/retention.js';
import { required, type Desk } from '../desk.js';
import { exitCodeOfFault, exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import { isoTime, utcTime } from '../moment.js';
import { bytesText, count } from '../text.js';
import { visible } from '../visible.js';

const checkColumns: readonly Column<StateCheck>[] = [
  { key: 'what', value: (each) => each.what },
  { key: 'name', value: (each) => each.name },
  { key: 'records', value: (each) => each.records, right: true },
  {
    key: 'verdict',
    value: (each) => (each.wrong === undefined ? 'whole' : 'wrong'),
    paint: (each, paint) => (each.wrong === undefined ? paint.good : paint.bad),
  },
  { key: 'why', value: (each) => each.wrong ?? '', flow: true },
];

const goingColumns: readonly Column<Prunable>[] = [
  { key: 'what', value: (each) => each.what },
  { key: 'name', value: (each) => each.name },
  { key: 'at', value: (each) => isoTime(each.atMs), text: (each) => utcTime(each.atMs) },
  { key: 'records', value: (each) => each.records, right: true },
  {
    key: 'sizeBytes',
    title: 'size',
    value: (each) => each.sizeBytes,
    text: (each) => bytesText(each.sizeBytes),
    right: true,
  },
];

function backupLines({ file, manifest, digest }: Backup): readonly string[] {
  const keys = manifest.files.filter((each) => each.name.startsWith('keys/')).length;
  const records = manifest.runs.reduce((sum, each) => sum + each.records, 0);
  return [
    `${visible(file)}, made ${manifest.madeAt} by nightshift ${visible(manifest.program)}`,
    `  ${count(manifest.runs.length, 'run')} with ${count(records, 'record')}, schema ${manifest.schema}`,
    `  ${keys === 0 ? 'no keys' : count(keys, 'key file')}`,
    `  digest ${digest}`,
  ];
}

interface KeysOption {
  readonly keys?: string;
}

async function backUp(desk: Desk, file: string, options: KeysOption): Promise<void> {
  const keeper = await desk.keeper();
  const backup = await keeper.backUp(file, options);
  desk.out.value(backup, () => backupLines(backup));
  if (options.keys === undefined) {
    desk.out.tell('No signing key is in it: they are not in the state. To take some along: --keys');
  }
}

/** A run that was open when the backup was made did things since that its journal does not know of. */
async function warnOfOpenRuns(desk: Desk): Promise<void> {
  const app = await desk.app('read');
  for (const row of await app.runs()) {
    const { state } = await app.runState(row);
    if (state.finished) continue;
    desk.out.warn(
      `run ${row.run} was not over when the backup was made: fingerprint its units before you resume it`,
    );
  }
}

interface RestoreOptions extends KeysOption {
  readonly replace?: boolean;
}

async function restore(desk: Desk, file: string, options: RestoreOptions): Promise<void> {
  const { keys, replace = false } = options;
  const keeper = await desk.keeper();
  const restored = await keeper.restore(file, { replace, ...(keys === undefined ? {} : { keys }) });
  desk.out.value(restored, () => backupLines(restored));
  if (restored.setAside !== undefined) desk.out.say(`the old state is in ${restored.setAside}`);
  for (const each of restored.keys) desk.out.say(`key ${each}`);
  await warnOfOpenRuns(desk);
}

/** The plans are judged by their own rules: each is what its digest says. */
async function planChecks(desk: Desk): Promise<readonly StateCheck[]> {
  const app = await desk.app('read');
  const checks: StateCheck[] = [];
  for (const { digest } of await app.plans()) {
    const wrong = await app.findPlan(digest).then(
      () => undefined,
      (thrown: unknown) => messageOf(thrown),
    );
    checks.push({ what: 'rows', name: `plan ${digest}`, records: 1, wrong });
  }
  return checks;
}

async function verify(desk: Desk, file: string | undefined): Promise<number> {
  const { out, settings } = desk;
  const found = await (await desk.keeper()).verify(file);
  const isSound = found.every((each) => each.wrong === undefined);
  const plans = isSound && file === undefined ? await planChecks(desk) : [];
  const checks = [...found, ...plans];
  if (settings.format === 'junit') {
    const cases = checks.map(({ what, name, wrong }) => {
      const result =
        wrong === undefined
          ? ({ kind: 'passed' } as const)
          : ({ kind: 'failed', message: wrong } as const);
      return { name: `${name} is as it was written`, about: what, result };
    });
    out.junit('nightshift state verify', [{ name: file ?? settings.state, cases }]);
  } else out.list(checkColumns, checks);
  const wrong = checks.filter((each) => each.wrong !== undefined);
  if (wrong.length === 0) {
    out.say('everything is as it was written');
    return exitCodes.done;
  }
  const code = wrong.some((each) => each.what === 'journal')
    ? 'journal-tampered'
    : file === undefined
      ? 'state-unreadable'
      : 'backup-invalid';
  out.say(`  more: nightshift explain ${code}`);
  return exitCodeOfFault(code);
}

async function migrate(desk: Desk): Promise<void> {
  const done = await (await desk.keeper()).migrate();
  const { from, to, backup } = done;
  desk.out.value(done, () =>
    backup === undefined
      ? [`schema ${to}: nothing to do`]
      : [`schema ${from} -> ${to}`, `as it was before: ${visible(backup)}`],
  );
}

interface PruneOptions {
  readonly olderThan?: number;
  readonly do?: boolean;
  readonly reason?: string;
}

/** Everything at the age that was typed, else each kind at that of the inventory's `retention.yaml`. */
async function agesOf(desk: Desk, { olderThan }: PruneOptions): Promise<RetentionAges> {
  if (olderThan !== undefined) {
    const [transcripts, backups, images] = [olderThan, olderThan, olderThan];
    return { transcripts, backups, images, runs: olderThan, plans: olderThan };
  }
  const app = await desk.app('read');
  const ages = await app.retentionAges(await desk.inventory(app));
  if (Object.keys(ages).length > 0) return ages;
  throw new Fault('usage', 'nothing says what is old', {
    mend: '--older-than 400d, or write retention.yaml: nightshift schema retention',
  });
}

async function prune(desk: Desk, options: PruneOptions): Promise<void> {
  const isReal = options.do === true;
  const reason = isReal ? required(options.reason, '--reason', 'why, for the record') : '';
  const keeper = await desk.keeper();
  const ages = await agesOf(desk, options);
  const app = await desk.app('read');
  const { goes, refusal } = await app.pruning(await keeper.rows(), ages);
  if (refusal !== undefined) throw new Fault('state-locked', `${refusal}: nothing is pruned`);
  desk.out.list(goingColumns, goes);
  const size = bytesText(goes.reduce((sum, each) => sum + each.sizeBytes, 0));
  const what = `${count(goes.length, 'thing')}, ${size}`;
  if (!isReal) {
    desk.out.tell(`${what} would go; nothing was deleted. To do it: --do --reason "..."`);
    return;
  }
  if (goes.length === 0) return;
  const going = goes.map((each) => each.going);
  const freed = await keeper.prune(going, { by: desk.parts.user, reason });
  desk.out.tell(`${what} went, with a tombstone each; ${bytesText(freed)} are free again`);
}

function age(text: string): number {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const ms = days === undefined ? parseDurationMs(text) : Number(days) * 86_400_000;
  if (ms !== undefined && ms >= 86_400_000) return ms;
  throw new InvalidArgumentError('An age is 400d, P400D or the like, and a day or more.');
}

export function define(program: Command, invocation: Invocation): void {
  const state = program
    .command('state')
    .description('back up, restore, verify, migrate and prune the state directory');
  state
    .command('backup')
    .description('write the whole state to one file, also while a run is active')
    .argument('<file>', 'a new file: a tar archive with a manifest')
    .option('--keys <folder>', 'the files of this folder go along (they are not encrypted anew)')
    .action((file: string, options: KeysOption, command: Command) =>
      invocation.act(command, (desk) => backUp(desk, file, options)),
    );
  state
    .command('restore')
    .description('verify a backup and put it in the place of the state')
    .argument('<file>', 'of state backup')
    .option('--replace', 'move a state that is there aside')
    .option('--keys <folder>', 'write the keys of the backup there; without it they stay in it')
    .action((file: string, options: RestoreOptions, command: Command) =>
      invocation.act(command, (desk) => restore(desk, file, options)),
    );
  state
    .command('verify')
    .description('integrity, chains, digests and foreign rows of the state, or of a backup')
    .argument('[file]', 'a backup')
    .action((file: string | undefined, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => verify(desk, file)),
    );
  state
    .command('migrate')
    .description('bring the state of an older nightshift forward, after a backup')
    .action((_options: unknown, command: Command) => invocation.act(command, migrate));
  state
    .command('prune')
    .description('show what is old enough to go; with --do, delete it and leave tombstones')
    .option('--older-than <age>', 'instead of retention.yaml: 400d', age)
    .option('--do', 'delete it')
    .option('--reason <text>', 'why (required with --do, and recorded)')
    .action((options: PruneOptions, command: Command) =>
      invocation.act(command, (desk) => prune(desk, options)),
    );
}
