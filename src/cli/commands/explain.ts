import type { Command } from 'commander';
import { Fault } from '../../kernel/fault.js';
import { faultPages, isFaultCode, type FaultCode } from '../../kernel/fault-codes.js';
import { suggest } from '../../kernel/suggest.js';
import type { Desk } from '../desk.js';
import { exitCodeOfFault, exitCodePages, type ExitCodePage } from '../exit-code.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import { wrap } from '../text.js';

const codes = Object.keys(faultPages).filter(isFaultCode).sort();

const columns: readonly Column<FaultCode>[] = [
  { key: 'code', value: (code) => code },
  { key: 'title', value: (code) => faultPages[code].title },
  { key: 'exitCode', title: 'exit', value: exitCodeOfFault, right: true },
  { key: 'why', value: (code) => faultPages[code].why, wide: true },
  { key: 'mend', value: (code) => faultPages[code].mend, wide: true },
];

const exitColumns: readonly Column<ExitCodePage>[] = [
  { key: 'exitCode', title: 'exit', value: (each) => each.exitCode, right: true },
  { key: 'meaning', value: (each) => each.meaning },
  { key: 'faults', title: 'error codes', value: (each) => each.faults, flow: true },
];

async function explain(desk: Desk, code: string | undefined): Promise<void> {
  const { out } = desk;
  if (code === undefined) return out.list(columns, codes);
  if (code === 'exit-codes') return out.list(exitColumns, exitCodePages(codes), 'exit-codes@1');
  if (!isFaultCode(code)) {
    const near = suggest(code, [...codes, 'exit-codes']);
    throw new Fault('usage', `there is no code ${code}`, {
      mend: near ? `did you mean ${near}?` : 'nightshift explain lists all of them',
    });
  }
  const page = faultPages[code];
  const exitCode = exitCodeOfFault(code);
  out.value(
    { code, ...page, exitCode },
    () => [
      `${out.paint.bold(code)}: ${page.title}`,
      '',
      ...wrap(page.why, out.width),
      '',
      ...wrap(`What to do: ${page.mend}`, out.width),
      out.paint.dim(`Exit code ${exitCode}.`),
    ],
    'fault-code@1',
  );
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('explain')
    .description('explain an error code, or the exit codes')
    .argument('[code]', 'as in error[code], or exit-codes; without it: all of them')
    .action((code: string | undefined, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => explain(desk, code)),
    );
}
