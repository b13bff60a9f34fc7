import type { Command } from 'commander';
import type { ConfigComparison } from '../../config/comparison.js';
import { unitId } from '../../kernel/id.js';
import { diffLines, maskedText } from '../config-text.js';
import { required, type Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import { visible } from '../visible.js';

interface ConfigOptions {
  readonly platform?: string;
  readonly context?: string;
  readonly exitCode?: boolean;
}

interface Files {
  readonly before: string;
  readonly after: string;
}

const CONTEXT_MAX = 1000;

function contextOf({ context }: ConfigOptions): number {
  if (context === undefined) return 0;
  const count = /^\d{1,4}$/.test(context) ? Number(context) : CONTEXT_MAX + 1;
  if (count <= CONTEXT_MAX) return count;
  required(undefined, '--context', `a whole number from 0 to ${CONTEXT_MAX}`);
  return 0;
}

async function compare(desk: Desk, files: Files, options: ConfigOptions) {
  const platform = required(
    options.platform,
    '--platform',
    'the platform whose configuration they are',
  );
  const context = contextOf(options);
  const app = await desk.app('read');
  const comparison = await app.compareConfigs({ ...files, platform, context });
  for (const line of maskedText(comparison.masked)) desk.out.say(`masked ${visible(line)}`);
  return comparison;
}

/** 2 where differences were asked to be told by the exit code. */
function codeOf({ same }: ConfigComparison, { exitCode }: ConfigOptions): number {
  return exitCode && !same ? exitCodes.changesPending : exitCodes.done;
}

async function diff(desk: Desk, files: Files, options: ConfigOptions): Promise<number> {
  const comparison = await compare(desk, files, options);
  const { same, masked } = comparison;
  desk.out.value({ same, diff: comparison.diff, masked }, () =>
    diffLines(comparison.diff, desk.out),
  );
  if (same) desk.out.say('no difference');
  return codeOf(comparison, options);
}

async function patch(desk: Desk, files: Files, options: ConfigOptions): Promise<number> {
  const comparison = await compare(desk, files, options);
  const { same } = comparison;
  desk.out.value({ same, patch: comparison.patch }, () => comparison.patch.map(visible));
  if (comparison.patch.length === 0) desk.out.say('nothing to type');
  return codeOf(comparison, options);
}

interface BackupOptions {
  readonly run?: string;
  readonly startup?: boolean;
}

/** What a person pastes at the console, byte by byte as the device gave it. */
async function backup(desk: Desk, unit: string, options: BackupOptions): Promise<void> {
  const app = await desk.app('read');
  const which = options.startup ? 'startup' : 'running';
  const kept = await app.configBackup(unitId(unit), which, options.run);
  const day = new Date(kept.atMs).toISOString();
  desk.out.say(`${which} configuration of ${kept.unit}, kept by run ${kept.run} at ${day}`);
  if (kept.text.includes('<secret>')) desk.out.say('secrets of ours were left out: <secret>');
  desk.out.value(kept, () => kept.text.trimEnd().split('\n').map(visible));
}

/** Both take the same words. */
function addCompared(command: Command): Command {
  return command
    .argument('<before>', 'the file with the configuration as it is')
    .argument('<after>', 'the file with the configuration as it shall be')
    .option('--platform <platform>', 'whose configuration they are, by its id')
    .option('--exit-code', 'exit with 2 when they differ');
}

export function define(program: Command, invocation: Invocation): void {
  const config = program
    .command('config')
    .description('compare configurations; work out what to type; print backups');
  addCompared(config.command('diff'))
    .description('show what differs, section by section')
    .option('--context <count>', 'unchanged statements shown beside a change (default: 0)')
    .action((before: string, after: string, options: ConfigOptions, command: Command) =>
      invocation.act(command, (desk) => diff(desk, { before, after }, options)),
    );
  addCompared(config.command('patch'))
    .description('print what to type in configuration mode to come from one to the other')
    .action((before: string, after: string, options: ConfigOptions, command: Command) =>
      invocation.act(command, (desk) => patch(desk, { before, after }, options)),
    );
  config
    .command('backup')
    .description('print the configuration that a run kept before it changed the unit')
    .argument('<unit>', 'the unit')
    .option('--run <run>', 'of this run (default: the newest that kept one)')
    .option('--startup', 'the saved configuration, not the one that ran')
    .action((unit: string, options: BackupOptions, command: Command) =>
      invocation.act(command, (desk) => backup(desk, unit, options)),
    );
}
