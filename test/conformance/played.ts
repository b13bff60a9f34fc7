import { Fault } from '../../src/kernel/fault.js';
import type { CliSession, CommandOutcome, Dialect } from '../../src/session/dialect.js';
import type { Transcript } from './conformer.js';

/** The hostname that the dialect reads from a prompt. */
export function hostOf(dialect: Dialect, prompt: string): string | undefined {
  for (const { prompt: expression } of dialect.modes) {
    const host = expression.exec(prompt)?.groups?.['host'];
    if (host !== undefined) return host;
  }
  return undefined;
}

export function outcomeOf(dialect: Dialect, text: string): CommandOutcome {
  const marker = text
    .split('\n')
    .find((line) => dialect.failures.some((expression) => expression.test(line)));
  if (marker !== undefined) return { kind: 'failed', text, marker };
  return { kind: 'output', text, mode: dialect.home };
}

export interface Played {
  readonly session: CliSession;
  readonly sent: readonly string[];
}

/** A session that answers as recorded; whatever was not recorded is a command that the device does not know. */
export function played(transcript: Transcript, dialect: Dialect): Played {
  const sent: string[] = [];
  const send = (line: string): Promise<CommandOutcome> => {
    sent.push(line);
    const text = transcript.commands[line];
    return Promise.resolve(
      text === undefined
        ? { kind: 'failed', text: '% Invalid input', marker: '% Invalid input' }
        : outcomeOf(dialect, text),
    );
  };
  const session: CliSession = {
    isOpen: true,
    hostname: hostOf(dialect, transcript.prompt),
    banner: '',
    send,
    async read(line) {
      const outcome = await send(line);
      if (outcome.kind === 'output') return outcome.text;
      throw new Fault('garbled-answer', `"${line}" gave ${outcome.kind}`);
    },
    close: () => undefined,
  };
  return { session, sent };
}
