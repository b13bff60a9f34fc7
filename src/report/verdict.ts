import { changedWord } from '../kernel/change-words.js';
import type { Plan } from '../plan/plan.js';
import type { Ending } from '../run/event.js';
import { isActive, isOver, type RunState, type UnitState } from '../run/state.js';
import type { ExitCode, Standing, Verdict, VerdictKind } from './report-form.js';

const ENDING_STANDING: Record<Ending, Standing> = {
  done: 'done',
  reverted: 'rolled back',
  dropped: 'not started',
  held: 'needs a human',
  quarantined: 'needs a human',
  lost: 'needs a human',
};

/** The column of the closing table that a unit belongs in. */
export function standingOfUnit(unit: UnitState): Standing {
  if (unit.ended) return ENDING_STANDING[unit.ended.as];
  return unit.admitted ? 'under way' : 'not started';
}

/** Dropped because something about it was not right, rather than because its turn never came. */
function droppedByChecks({ admitted, ended, failure }: UnitState): boolean {
  if (!admitted || ended?.as !== 'dropped') return false;
  return ended.code !== 'outside-window' && (failure !== '' || ended.code !== '');
}

/**
 * What the process says at its end: 0 all done, 3 only pre-checks failed, 4 rolled back, 5 partial: somebody is needed,
 * the run was aborted, or units were not come to.
 */
export function exitCodeOf(state: RunState): ExitCode {
  const units = [...state.units.values()];
  if (units.every((each) => each.ended?.as === 'done')) return 0;
  const settled = (each: UnitState) =>
    each.ended?.as === 'done' || each.ended?.as === 'reverted' || droppedByChecks(each);
  if (state.aborted || !units.every(settled)) return 5;
  return units.some((each) => each.ended?.as === 'reverted') ? 4 : 3;
}

function isRunning(state: RunState): boolean {
  if (state.finished) return false;
  const units = [...state.units.values()];
  if (!state.stopped && !state.aborted) return !units.every(isOver) || units.length === 0;
  return units.some((each) => isActive(each) || each.kind === 'soaking');
}

function count(state: RunState, standing: Standing): number {
  return [...state.units.values()].filter((each) => standingOfUnit(each) === standing).length;
}

function kindOf(state: RunState, exitCode: ExitCode): VerdictKind {
  if (isRunning(state)) return 'running';
  if (exitCode === 0) return 'done';
  if (exitCode === 3) return 'check failed';
  if (exitCode === 4) return 'rolled back';
  return count(state, 'needs a human') > 0 ? 'needs people' : 'partial';
}

function tally(state: RunState): string {
  const all: readonly Standing[] = [
    'done',
    'rolled back',
    'needs a human',
    'under way',
    'not started',
  ];
  return all
    .map((standing) => ({ standing, units: count(state, standing) }))
    .filter((each) => each.units > 0)
    .map((each) => `${each.units} ${each.standing}`)
    .join(', ');
}

function unitsText(units: number): string {
  return units === 1 ? 'unit' : `${units} units`;
}

function headlineOf(state: RunState, kind: VerdictKind, changed: string): string {
  const { size } = state.units;
  const counted = tally(state);
  switch (kind) {
    case 'done':
      if (state.mode === 'stage')
        return `The images of the ${unitsText(size)} are staged and verified.`;
      return state.mode === 'observe'
        ? `Observed only: nothing was changed on the ${unitsText(size)}.`
        : size === 1
          ? `The unit is ${changed} and checked.`
          : `All ${size} units are ${changed} and checked.`;
    case 'check failed':
      return `Checks kept units from being touched: ${counted}.`;
    case 'rolled back':
      return `What failed was rolled back and checked: ${counted}.`;
    case 'partial':
      return `The run ended before all units were come to: ${counted}.`;
    case 'needs people':
      return `Units need a person before anything else is done: ${counted}.`;
    case 'running':
      return runningHeadline(state, counted);
  }
}

function runningHeadline(state: RunState, counted: string): string {
  if (state.plan === undefined) return `The run has not begun: ${counted}.`;
  if (state.aborted) return `The run was aborted and is coming to a safe point: ${counted}.`;
  if (state.stopped) return `The run stopped (${state.stopped.why}): ${counted}.`;
  if (state.paused) return `The run is paused: ${counted}.`;
  return `The run is not over: ${counted}.`;
}

/** How the run stands, in a word, a sentence and an exit code. */
export function verdictOf(state: RunState, plan: Plan): Verdict {
  const exitCode = exitCodeOf(state);
  const kind = kindOf(state, exitCode);
  return { kind, headline: headlineOf(state, kind, changedWord(plan.body.units)), exitCode };
}
