import type { Command } from 'commander';
import { Fault } from '../../kernel/fault.js';
import type { Ask, Word } from '../../run/manual-word.js';
import { askedLines } from '../ask-text.js';
import type { Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';

const MEANINGS: Record<Word, string> = {
  done: 'it was typed: Nightshift looks at the device',
  let: 'Nightshift may copy the file itself',
  refuse: 'it is not done: the step has failed',
  stop: 'nothing more is begun in this run',
};

async function asked(desk: Desk, name: string, use: 'read' | 'write') {
  const app = await desk.app(use);
  const row = await app.findRun(name);
  const { plan, state } = await app.runState(row);
  return { app, row, about: { plan, state }, asks: app.asks(plan, state) };
}

async function show(desk: Desk, name: string): Promise<void> {
  const { app, row, about } = await asked(desk, name, 'read');
  const asks = app.asks(about.plan, about.state);
  desk.out.value({ run: row.run, asks }, () => askedLines(app, row.run, about));
  if (asks.length === 0) desk.out.say(`run ${row.run} asks nobody for anything now`);
}

function one(asks: readonly Ask[], unit: string | undefined, run: string): Ask {
  const found = asks.filter((each) => unit === undefined || each.unit === unit);
  const [first] = found;
  if (first && found.length === 1) return first;
  const names = asks.map((each) => each.unit).join(', ');
  const what = unit === undefined ? `run ${run}` : `${unit} in run ${run}`;
  throw new Fault('usage', first ? `${what} asks for more than one` : `${what} asks for nothing`, {
    mend: names === '' ? 'nightshift status shows how it stands' : `it asks at: ${names}`,
  });
}

async function say(
  desk: Desk,
  word: Word,
  about: { readonly run: string; readonly unit: string | undefined; readonly remark: string },
): Promise<void> {
  const { app, row, asks } = await asked(desk, about.run, 'write');
  const ask = one(asks, about.unit, row.run);
  await app.speak(row, ask, { word, by: desk.parts.user, remark: about.remark });
  desk.out.say(`${ask.unit}, ${ask.step.title}: ${word}`);
}

export function define(program: Command, invocation: Invocation): void {
  const manual = program.command('manual').description('the asks of a run by hand, and your word');
  manual
    .command('show', { isDefault: true })
    .description('what the run asks people to do now')
    .argument('[run]', 'the run or the beginning of its name', 'last')
    .action((run: string, _options: unknown, command: Command) =>
      invocation.act(command, (desk) => show(desk, run)),
    );
  for (const [word, meaning] of Object.entries(MEANINGS)) {
    manual
      .command(word)
      .description(meaning)
      .argument('[run]', 'the run or the beginning of its name', 'last')
      .argument('[unit]', 'where more than one is asked')
      .option('--remark <text>', 'goes into the journal', '')
      .action((run: string, unit: string | undefined, { remark }: { remark: string }, command) =>
        invocation.act(command, (desk) => say(desk, wordOf(word), { run, unit, remark })),
      );
  }
}

function wordOf(text: string): Word {
  return text === 'let' || text === 'refuse' || text === 'stop' ? text : 'done';
}
