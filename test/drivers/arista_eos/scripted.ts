import { readFileSync, readdirSync } from 'node:fs';
import type { Json } from '../../../src/kernel/json.js';
import type { Facts, Snapshot } from '../../../src/driver/facts.js';
import type { Step, StepContext } from '../../../src/driver/step.js';
import type { CliSession, CommandOutcome } from '../../../src/session/dialect.js';
import { platform } from '../../../drivers/arista_eos/platform.js';

export interface Transcript {
  readonly name: string;
  readonly prompt: string;
  readonly commands: Readonly<Record<string, string>>;
  readonly facts: Facts;
  readonly snapshot?: Partial<Snapshot>;
}

const folder = new URL('../../../drivers/arista_eos/transcripts/', import.meta.url);

export const transcriptNames = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.replace('.json', ''));

export function transcript(name: string): Transcript {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Transcript;
}

/** A session that answers from a map; what it does not know is an invalid input, as on the device. */
export function scripted(commands: Readonly<Record<string, string>>, hostname = 'sw-a12') {
  const sent: string[] = [];
  const answer = (line: string): CommandOutcome => {
    sent.push(line);
    const text = commands[line] ?? "% Invalid input (at token 1: 'x')";
    const marker = text
      .split('\n')
      .find((each) => platform.dialect.failures.some((failure) => failure.test(each)));
    if (marker !== undefined) return { kind: 'failed', text, marker };
    return { kind: 'output', text, mode: 'enable' };
  };
  const session: CliSession = {
    isOpen: true,
    hostname,
    banner: '',
    send: (line) => Promise.resolve(answer(line)),
    read: (line) => {
      const outcome = answer(line);
      return outcome.kind === 'output'
        ? Promise.resolve(outcome.text)
        : Promise.reject(new Error(`${line}: ${outcome.kind}`));
    },
    close: () => undefined,
  };
  return { session, sent };
}

export interface Setting {
  readonly commands: Readonly<Record<string, string>>;
  readonly known?: StepContext['known'];
  readonly nowMs?: number;
  readonly intentAtMs?: number;
  /** What the device answers to the step's own lines, by index; `output` where none is given. */
  readonly outcomes?: Readonly<Record<number, CommandOutcome>>;
}

export function contextOf(step: Step, setting: Setting) {
  const { session } = scripted(setting.commands);
  const sent: string[] = [];
  const context: StepContext = {
    step,
    known: setting.known ?? {},
    nowMs: setting.nowMs ?? 1_000_000_000,
    intentAtMs: setting.intentAtMs,
    pause: () => Promise.resolve(),
    session: () => Promise.resolve(session),
    send: (index) => {
      sent.push(step.commands[index]?.send ?? '');
      return Promise.resolve(
        setting.outcomes?.[index] ?? { kind: 'output', text: '', mode: 'enable' },
      );
    },
    upload: () => Promise.resolve({ kind: 'refused', detail: 'not here' }),
    offer: () => Promise.reject(new Error('nothing is offered here')),
    image: () => ({ path: '', sizeBytes: 0, sha512: '', md5: '' }),
    keep: () => Promise.resolve('digest'),
    progress: () => undefined,
  };
  return { context, sent };
}

export const known = (step: string, values: Readonly<Record<string, Json>>) => ({ [step]: values });
