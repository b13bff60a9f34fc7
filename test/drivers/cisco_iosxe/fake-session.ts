import { readFileSync } from 'node:fs';
import { Fault } from '../../../src/kernel/fault.js';
import type { FileSource } from '../../../src/ports/dialer.js';
import type { Facts, Snapshot } from '../../../src/driver/facts.js';
import type { Known, Step, StepContext } from '../../../src/driver/step.js';
import type { CliSession, CommandOutcome } from '../../../src/session/dialect.js';
import { platform } from '../../../drivers/cisco_iosxe/platform.js';

export interface Transcript {
  readonly name: string;
  readonly prompt: string;
  readonly commands: Readonly<Record<string, string>>;
  readonly facts: Facts;
  readonly snapshot?: Partial<Snapshot>;
}

export function transcript(name: string): Transcript {
  const url = new URL(`../../../drivers/cisco_iosxe/transcripts/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Transcript;
}

const UNKNOWN = "                ^\n% Invalid input detected at '^' marker.\n";

function outcomeOf(text: string): CommandOutcome {
  const marker = text
    .split('\n')
    .find((line) => platform.dialect.failures.some((each) => each.test(line)));
  return marker === undefined
    ? { kind: 'output', text, mode: 'enable' }
    : { kind: 'failed', text, marker };
}

export type Script = Readonly<Record<string, string | CommandOutcome>>;

/** Answers from a script; a command that is not in it is unknown to the device. */
export function fakeSession(script: Script, sent: string[] = [], hostname = 'sw1'): CliSession {
  const send = (line: string): Promise<CommandOutcome> => {
    sent.push(line);
    const answer = script[line] ?? UNKNOWN;
    return Promise.resolve(typeof answer === 'string' ? outcomeOf(answer) : answer);
  };
  return {
    isOpen: true,
    hostname,
    banner: '',
    send,
    async read(line) {
      const outcome = await send(line);
      if (outcome.kind === 'output') return outcome.text;
      throw new Fault('garbled-answer', `"${line}" gave ${outcome.kind}`);
    },
    close: () => undefined,
  };
}

export function sessionOf(from: Transcript): CliSession {
  return fakeSession(from.commands, [], from.prompt.replace(/[#>]$/, ''));
}

export interface ContextOptions {
  readonly script: Script;
  readonly known?: Known;
  readonly nowMs?: number;
  readonly intentAtMs?: number;
  readonly sent?: string[];
}

export function contextOf(step: Step, options: ContextOptions): StepContext {
  const sent = options.sent ?? [];
  const session = fakeSession(options.script, sent);
  return {
    step,
    known: options.known ?? {},
    nowMs: options.nowMs ?? 0,
    intentAtMs: options.intentAtMs,
    pause: () => Promise.resolve(),
    session: () => Promise.resolve(session),
    send: (index) => session.send(step.commands[index]?.send ?? ''),
    upload: () => Promise.resolve({ kind: 'refused', detail: 'no upload here' }),
    offer: () => Promise.reject(new Error('nothing is offered here')),
    image: (): FileSource => ({ path: '', sizeBytes: 0, sha512: '', md5: '' }),
    keep: () => Promise.resolve('digest'),
    progress: () => undefined,
  };
}
