import { CommanderError } from 'commander';
import { complaint, failureOf, isBug } from './complain.js';
import type { Desk } from './desk.js';
import { exitCodeOf, exitCodes } from './exit-code.js';
import { makeInvocation, type Invocation } from './invocation.js';
import { makePaint, wantsColour, wantsUnicode } from './paint.js';
import type { CliParts } from './parts.js';
import { makeProgram } from './program.js';

function talkPaint({ console, env }: CliParts) {
  return makePaint(wantsColour('auto', env, console.err), wantsUnicode(env));
}

/** What commander objects to is usage; help and version are none of its objections. */
function settleCommander(thrown: CommanderError, parts: CliParts): number {
  if (thrown.exitCode === 0) return exitCodes.done;
  if (thrown.code === 'commander.help') return exitCodes.usage;
  const paint = talkPaint(parts);
  const message = thrown.message.replace(/^error: /, '').replace(/\n\(([^)]*)\)/, ' ($1)');
  parts.console.err.write(`${paint.bad('error[usage]:')} ${message}\n`);
  parts.console.err.write('  mend: add --help to see what the command takes\n');
  return exitCodes.usage;
}

function complainAt(desk: Desk, thrown: unknown, exitCode: number): void {
  const { out, parts, redact } = desk;
  const isOurs = isBug(thrown);
  if (isOurs) desk.logBug(thrown);
  const lines = complaint(thrown, out.talkPaint, isOurs ? desk.logFile : undefined);
  parts.console.err.write(redact(lines.map((each) => `${each}\n`).join('')));
  out.fail(failureOf(thrown, exitCode));
}

function settle(thrown: unknown, invocation: Invocation): number {
  const { parts, desk } = invocation;
  if (thrown instanceof CommanderError) return settleCommander(thrown, parts);
  const exitCode = exitCodeOf(thrown);
  if (desk) complainAt(desk, thrown, exitCode);
  else parts.console.err.write(complaint(thrown, talkPaint(parts)).join('\n') + '\n');
  return exitCode;
}

/** Runs one command line (without program and script) and gives the exit code. Never throws. */
export async function runCli(argv: readonly string[], parts: CliParts): Promise<number> {
  const invocation = makeInvocation(parts);
  try {
    const program = await makeProgram(argv, invocation);
    if (argv.length === 0) {
      program.outputHelp();
      return exitCodes.done;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return invocation.exitCode;
  } catch (thrown) {
    return settle(thrown, invocation);
  }
}
