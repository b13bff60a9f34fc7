import { InvalidArgumentError, type Command } from 'commander';
import { parseDurationMs } from '../../kernel/duration.js';
import type { Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { LabCommands, ShrinkResult } from '../lab-commands.js';
import { oneLine } from '../visible.js';
import { PLAN_ARGUMENT, planned, replayLine, SEED, whole, type Act } from './lab-seeds.js';

interface ShrinkLine {
  readonly seed: string;
  readonly night: number;
  readonly within: number;
}

function durationMs(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('A duration such as PT60S.');
}

function verdict({ out }: Desk, result: ShrinkResult, replay: string): number {
  const { invariant, events, of, why, isWhole } = result;
  if (invariant === undefined) {
    out.say(`${out.talkPaint.good('nothing is violated')} in night ${result.night} of this seed`);
    return exitCodes.done;
  }
  const size = `${events.length} of ${of} ${of === 1 ? 'event' : 'events'}`;
  const doubt = isWhole ? '' : '; time ran out, so perhaps by fewer';
  out.say(`${out.talkPaint.bad('violated:')} ${invariant} by ${size}: ${oneLine(why)}${doubt}`);
  out.say(`  again: ${replay}`);
  return exitCodes.checkFailed;
}

async function shrink(
  lab: LabCommands,
  desk: Desk,
  { name, options }: { readonly name: string | undefined; readonly options: ShrinkLine },
): Promise<number> {
  const of = name === undefined ? undefined : await planned(desk, name);
  const { seed, night, within: limitMs } = options;
  const result = await lab.shrink({ seed, night, limitMs, ...(of && { of }) });
  const { events, invariant } = result;
  // No event has the number 0: that plays the night without any.
  const only = events.map((each) => each.number).join(',') || '0';
  const replay = `${replayLine(of?.plan, seed, night)} --only ${only}`;
  const shown = { ...result, invariant: invariant ?? '', replay, plan: of?.plan.digest ?? 'proof' };
  desk.out.value(shown, () => events.map(({ number, what }) => `  ${number} ${oneLine(what)}`));
  return verdict(desk, result, replay);
}

export function defineShrink(lab: Command, act: Act): void {
  lab
    .command('shrink')
    .description('take away what the broken rule of one night does not need')
    .argument('[plan]', PLAN_ARGUMENT)
    .option('--seed <text>', 'the seed of the night', SEED)
    .option('--night <n>', 'its number', whole, 0)
    .option('--within <duration>', 'look no longer than this', durationMs, 60_000)
    .action((name: string | undefined, options: ShrinkLine, command: Command) =>
      act(command, (commands, desk) => shrink(commands, desk, { name, options })),
    );
}
