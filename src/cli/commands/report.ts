import type { Command } from 'commander';
import { oneOf, type Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import type { ReportFormat } from '../parts.js';
import { reportSuites } from '../run-junit.js';
import type { Report } from '../../report/report.js';

const formats = ['html', 'md', 'json'] as const;

interface ReportOptions {
  readonly format?: string;
  readonly out?: string;
}

/** As asked; else by the name of the file; else Markdown, which a terminal can show. */
function formatOf(desk: Desk, { format, out }: ReportOptions): ReportFormat {
  const { format: wanted } = desk.settings;
  if (format !== undefined) return oneOf(format, '--format', formats);
  if (wanted === 'html' || wanted === 'json') return wanted;
  if (wanted === 'markdown') return 'md';
  if (out === undefined) return 'md';
  return formats.find((each) => out.endsWith(`.${each}`)) ?? 'html';
}

/** In the format of -o; --format alone is text as it is. */
function show({ out, settings }: Desk, made: Report, text: string): void {
  if (settings.format === 'junit') out.junit('nightshift report', reportSuites(made));
  else if (settings.format === 'html' || settings.format === 'markdown') out.raw(text);
  else out.value(made, () => [text.replace(/\n$/, '')]);
}

async function report(desk: Desk, name: string, options: ReportOptions): Promise<void> {
  const format = formatOf(desk, options);
  const app = await desk.app('read');
  const made = await app.report(await app.findRun(name));
  const text = await desk.parts.renderReport(made, format);
  if (options.out === undefined) return show(desk, made, text);
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
