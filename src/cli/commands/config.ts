import type { Command } from 'commander';
import type { ConfigComparison } from '../../config/comparison.js';
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
    .description('compare two configurations; work out what to type');
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
}
