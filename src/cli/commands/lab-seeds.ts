import { InvalidArgumentError, type Command } from 'commander';
import { formatDuration } from '../../kernel/duration.js';
import type { Plan } from '../../plan/plan.js';
import type { Desk } from '../desk.js';
import { exitCodes } from '../exit-code.js';
import type { LabCommands, SeedsOptions, SeedsResult } from '../lab-commands.js';
import { oneLine } from '../visible.js';

type Work = (lab: LabCommands, desk: Desk) => Promise<number | void>;
export type Act = (command: Command, work: Work) => Promise<void>;

export const SEED = 'nightshift';
export const PLAN_ARGUMENT =
  "a plan's digest, playbook, or last; without it, the lab's own network";

const COUNT_MAX = 1_000_000;

type Replayed = SeedsResult['violations'][number] & {
  readonly replay: string;
  readonly shrink: string;
};

interface SeedsLine {
  readonly count: number;
  readonly seed: string;
  readonly first: number;
  readonly only?: readonly number[];
}

export function whole(text: string): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : -1;
  if (value >= 0 && value <= COUNT_MAX) return value;
  throw new InvalidArgumentError(`A whole number from 0 to ${COUNT_MAX}.`);
}

function numbers(text: string): readonly number[] {
  if (/^\d{1,4}(?:,\d{1,4})*$/.test(text)) return text.split(',').map(Number);
  throw new InvalidArgumentError('Numbers with commas between them, such as 1,4.');
}

function shellWord(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function planWord(plan: Plan | undefined): string {
  return plan ? ` ${plan.digest.slice(0, 'sha256:'.length + 12)}` : '';
}

/** The line that plays one night again. */
export function replayLine(plan: Plan | undefined, seed: string, night: number): string {
  return `nightshift lab seeds${planWord(plan)} --seed ${shellWord(seed)} --first ${night} --count 1`;
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

/** The line that looks for what the broken rule of a night needs. */
function shrinkLine(plan: Plan | undefined, seed: string, night: number): string {
  return `nightshift lab shrink${planWord(plan)} --seed ${shellWord(seed)} --night ${night}`;
}

export async function planned(desk: Desk, name: string): Promise<NonNullable<SeedsOptions['of']>> {
  const app = await desk.app('write');
  return { plan: await app.findPlan(name), inventory: await desk.inventory(app) };
}

/** The broken rules, each with the line that plays its night again, and what all came to. */
function tell({ out }: Desk, result: SeedsResult, violations: readonly Replayed[]): void {
  for (const [at, { night, invariant, why, replay, shrink }] of violations.entries()) {
    out.say(`${out.talkPaint.bad('violated:')} night ${night}, ${invariant}: ${oneLine(why)}`);
    if (violations[at + 1]?.night === night) continue;
    out.say(`  again: ${replay}`);
    out.say(`  with less: ${shrink}`);
  }
  const tone = violations.length === 0 ? out.talkPaint.good : out.talkPaint.bad;
  const nights = `${result.played} ${result.played === 1 ? 'night' : 'nights'}`;
  const took = `${(result.tookMs / 1000).toFixed(1)} s`;
  out.say(
    `${tone(`${violations.length} violations`)} in ${nights}, ${formatDuration(result.virtualMs)} ` +
      `in the lab, in ${took}: ${result.perHour} an hour`,
  );
}

async function playSeeds(
  lab: LabCommands,
  desk: Desk,
  { name, options }: { readonly name: string | undefined; readonly options: SeedsLine },
): Promise<number> {
  const of = name === undefined ? undefined : await planned(desk, name);
  const { count, seed, first, only } = options;
  const result = await lab.seeds({ count, seed, first, ...(only && { only }), ...(of && { of }) });
  const violations = result.violations.map((each) => ({
    ...each,
    replay: replayLine(of?.plan, seed, each.night),
    shrink: shrinkLine(of?.plan, seed, each.night),
  }));
  const shown = { ...result, plan: of?.plan.digest ?? 'proof', violations };
  desk.out.value(shown, () => textOf(result));
  tell(desk, result, violations);
  return violations.length === 0 ? exitCodes.done : exitCodes.checkFailed;
}

export function defineSeeds(lab: Command, act: Act): void {
  lab
    .command('seeds')
    .description('play drawn nights: faults, crashes, requests; nothing may be violated')
    .argument('[plan]', PLAN_ARGUMENT)
    .option('--count <n>', 'so many nights', whole, 100)
    .option('--seed <text>', 'another seed, other nights', SEED)
    .option('--first <n>', 'begin with this night: the next batch, or one night again', whole, 0)
    .option('--only <numbers>', 'of what befalls a night only these, as lab shrink counts', numbers)
    .action((name: string | undefined, options: SeedsLine, command: Command) =>
      act(command, (commands, desk) => playSeeds(commands, desk, { name, options })),
    );
}
