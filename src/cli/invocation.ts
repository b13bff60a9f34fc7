import type { Command } from 'commander';
import { setUpDesk, type Desk } from './desk.js';
import { exitCodes } from './exit-code.js';
import { requireFormat, resultForm } from './result-form.js';
import type { CliParts } from './parts.js';
import { settingsOf, type GlobalOptions } from './settings.js';

/** One start of the program: what commands are defined with, and where their exit code ends up. */
export interface Invocation {
  readonly parts: CliParts;
  readonly width: number;
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  readonly exitCode: number;
  /** The desk of the command that ran, for what is said after it failed. */
  readonly desk: Desk | undefined;
  /** Runs a command's work at a desk made from its options; `work` gives the exit code, or nothing for 0. */
  act(command: Command, work: (desk: Desk) => Promise<number | void>): Promise<void>;
}

/** The words of a command below the program: `images list`. */
function wordsOf(command: Command): string {
  const { parent } = command;
  if (!parent) return '';
  return `${wordsOf(parent)} ${command.name()}`.trim();
}

export function makeInvocation(parts: CliParts): Invocation {
  const { console, env } = parts;
  let exitCode: number = exitCodes.done;
  let desk: Desk | undefined;
  return {
    parts,
    width: Math.max(40, console.out.columns ?? 80),
    writeOut: (text) => console.out.write(text),
    writeErr: (text) => console.err.write(text),
    get exitCode() {
      return exitCode;
    },
    get desk() {
      return desk;
    },
    async act(command, work) {
      const form = resultForm(wordsOf(command));
      const settings = settingsOf(command.optsWithGlobals<GlobalOptions>(), env);
      requireFormat(form, settings.format);
      desk = setUpDesk(parts, settings, form);
      try {
        exitCode = (await work(desk)) ?? exitCodes.done;
        desk.out.finish(exitCode);
      } finally {
        await desk.close();
      }
    },
  };
}
