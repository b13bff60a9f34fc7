import type { Command } from 'commander';
import { oneOf, type Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import type { ReportFormat } from '../parts.js';

const formats = ['html', 'md', 'json'] as const;

interface ReportOptions {
  readonly format?: string;
  readonly out?: string;
}

/** As asked; else by the name of the file; else Markdown, which a terminal can show. */
function formatOf(desk: Desk, { format, out }: ReportOptions): ReportFormat {
  if (format !== undefined) return oneOf(format, '--format', formats);
  if (desk.settings.format === 'json') return 'json';
  if (out === undefined) return 'md';
  return formats.find((each) => out.endsWith(`.${each}`)) ?? 'html';
}

async function report(desk: Desk, name: string, options: ReportOptions): Promise<void> {
  const format = formatOf(desk, options);
  const app = await desk.app('read');
  const made = await app.report(await app.findRun(name));
  const text = await desk.parts.renderReport(made, format);
  if (options.out === undefined) return desk.out.text(text);
  await app.world.files.writeText(options.out, desk.redact(text));
  desk.out.tell(made.verdict.headline);
  desk.out.say(`the report is in ${options.out}`);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('report')
    .description('write the report of a run: planned, happened, what is left to do')
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .option('--format <format>', 'html, md or json (default: by the file name, else md)')
    .option('--out <file>', 'write it there; without it: to stdout')
    .action((name: string, options: ReportOptions, command: Command) =>
      invocation.act(command, (desk) => report(desk, name, options)),
    );
}
