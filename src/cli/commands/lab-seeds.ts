import { InvalidArgumentError, type Command } from 'commander';
import { formatDuration } from '../../kernel/duration.js';
import type { Plan } from '../../plan/plan.js';
import type { Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { LabCommands, SeedsOptions, SeedsResult } from '../lab-commands.js';
import { oneLine } from '../visible.js';

type Work = (lab: LabCommands, desk: Desk) => Promise<number | void>;

const COUNT_MAX = 1_000_000;

interface SeedsLine {
  readonly count: number;
  readonly seed: string;
  readonly first: number;
}

function whole(text: string): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : -1;
  if (value >= 0 && value <= COUNT_MAX) return value;
  throw new InvalidArgumentError(`A whole number from 0 to ${COUNT_MAX}.`);
}

function shellWord(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The line that plays one night again. */
function replayLine(plan: Plan | undefined, seed: string, night: number): string {
  const digest = plan ? ` ${plan.digest.slice(0, 'sha256:'.length + 12)}` : '';
  return `nightshift lab seeds${digest} --seed ${shellWord(seed)} --first ${night} --count 1`;
}

function textOf(result: SeedsResult): readonly string[] {
  const endings = Object.entries(result.endings).map(([ending, times]) => `${times} ${ending}`);
  const struck = result.struck.map(
    ({ fault, phase, times }) => `  ${fault.padEnd(26)} ${phase.padEnd(12)} ${times}`,
  );
  return [
    `units: ${endings.join(', ') || 'none'}`,
    `runners killed: ${result.deaths}; runs resumed after a stop: ${result.resumed}`,
    ...(struck.length > 0 ? ['faults that struck, by the phase of the unit:', ...struck] : []),
  ];
}

async function planned(desk: Desk, name: string): Promise<NonNullable<SeedsOptions['of']>> {
  const app = await desk.app('write');
  return { plan: await app.findPlan(name), inventory: await desk.inventory(app) };
}

async function playSeeds(
  lab: LabCommands,
  desk: Desk,
  { name, options }: { readonly name: string | undefined; readonly options: SeedsLine },
): Promise<number> {
  const of = name === undefined ? undefined : await planned(desk, name);
  const { count, seed, first } = options;
  const result = await lab.seeds({ count, seed, first, ...(of && { of }) });
  const violations = result.violations.map((each) => ({
    ...each,
    replay: replayLine(of?.plan, seed, each.night),
  }));
  const { out } = desk;
  out.value({ ...result, plan: of?.plan.digest ?? 'proof', violations }, () => textOf(result));
  for (const { night, invariant, why, replay } of violations) {
    out.say(`${out.talkPaint.bad('violated:')} night ${night}, ${invariant}: ${oneLine(why)}`);
    out.say(`  again: ${replay}`);
  }
  const tone = violations.length === 0 ? out.talkPaint.good : out.talkPaint.bad;
  const nights = `${result.played} ${result.played === 1 ? 'night' : 'nights'}`;
  const took = `${(result.tookMs / 1000).toFixed(1)} s`;
  out.say(
    `${tone(`${violations.length} violations`)} in ${nights}, ${formatDuration(result.virtualMs)} ` +
      `in the lab, in ${took}: ${result.perHour} an hour`,
  );
  return violations.length === 0 ? exitCodes.done : exitCodes.checkFailed;
}

export function defineSeeds(
  lab: Command,
  act: (command: Command, work: Work) => Promise<void>,
): void {
  lab
    .command('seeds')
    .description('play drawn nights: faults, crashes, requests; nothing may be violated')
    .argument('[plan]', "a plan's digest, playbook, or last; without it, the lab's own network")
    .option('--count <n>', 'so many nights', whole, 100)
    .option('--seed <text>', 'another seed, other nights', 'nightshift')
    .option('--first <n>', 'begin with this night: the next batch, or one night again', whole, 0)
    .action((name: string | undefined, options: SeedsLine, command: Command) =>
      act(command, (commands, desk) => playSeeds(commands, desk, { name, options })),
    );
}
