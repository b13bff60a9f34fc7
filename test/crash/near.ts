import { recall } from '../../src/kernel/recall.js';
import type { JournalRecord } from '../../src/ports/journal.js';
import type { Step } from '../../src/driver/step.js';
import type { Plan, UnitPlan } from '../../src/plan/plan.js';
import type { RunEvent } from '../../src/run/event.js';
import type { WireClock } from '../../lab/world/wire-scheduler.js';

/** So close to an intent a kill is near it, in real time. */
export const NEAR_MS = 100;

/** Where a kill lies to an intent that reloads, activates or makes permanent. */
export interface Nearness {
  readonly side: 'before the intent' | 'after the intent';
  readonly unit: string;
  readonly step: string;
  /** Real time between the two. */
  readonly awayMs: number;
}

type StepEvent = Extract<RunEvent, { readonly step: number }>;

const FATEFUL_KINDS = new Set(['reload', 'install-activate', 'install-commit']);
/** Where there is no commit command, these make the upgrade permanent. */
const FATEFUL_STEPS = new Set(['save-committed', 'keep-boot']);

/** Reload, activate or commit: not what comes before them, nor what takes them back. */
export function isFateful(step: Step | undefined): boolean {
  return step !== undefined && (FATEFUL_KINDS.has(step.kind) || FATEFUL_STEPS.has(step.id));
}

/** The step of the event, or one that many places further on. */
export function stepOf(plan: UnitPlan | undefined, event: StepEvent, ahead = 0): Step | undefined {
  return (event.list === 'forward' ? plan?.steps : plan?.rollback)?.[event.step + ahead];
}

/** An instant of the run's clock as one of the machine's. */
export function realMsOf(clock: WireClock, atMs: number): number {
  return clock.realStartMs + (atMs - clock.virtualStartMs) / clock.speed;
}

/** One fateful step of one unit: since when it was due, and when it was intended. */
interface Due {
  readonly unit: string;
  readonly step: string;
  /** Under how many runners before; a runner that took over looks first at what it finds. */
  readonly runner: number;
  readonly sinceMs: number;
  intendedMs: number | undefined;
  intendedBy: number;
}

/** What the journal tells of fateful intents, in real time. */
export class Intents {
  readonly #intents: { readonly unit: string; readonly step: string; readonly atMs: number }[] = [];
  readonly #dues: Due[] = [];
  #runner = 0;

  constructor(records: readonly JournalRecord[], plan: Plan, clock: WireClock) {
    const plans = new Map(plan.body.units.map((each) => [each.unit, each]));
    for (const record of records) {
      const event = recall<RunEvent>(record.event);
      if (event.kind === 'runner-took-over') this.#runner += 1;
      if ('step' in event) this.#take(event, plans.get(event.unit), realMsOf(clock, record.atMs));
    }
  }

  #take(event: StepEvent, plan: UnitPlan | undefined, atMs: number): void {
    const next = stepOf(plan, event, 1);
    if (event.kind === 'step-done' && next && isFateful(next)) {
      const about = { unit: event.unit, step: next.id, runner: this.#runner, sinceMs: atMs };
      this.#dues.push({ ...about, intendedMs: undefined, intendedBy: -1 });
    }
    const step = stepOf(plan, event);
    if (event.kind !== 'step-intent' || !step || !isFateful(step)) return;
    this.#intents.push({ unit: event.unit, step: step.id, atMs });
    const due = this.#dues.findLast((each) => each.unit === event.unit && each.step === step.id);
    if (due && due.intendedMs === undefined) {
      due.intendedMs = atMs;
      due.intendedBy = this.#runner;
    }
  }

  /** What usually lies between the end of the step before and the intent, when nothing comes in between. */
  usualGapMs(): number {
    const gaps = this.#dues
      .flatMap((due) =>
        due.intendedMs !== undefined && due.intendedBy === due.runner
          ? [due.intendedMs - due.sinceMs]
          : [],
      )
      .toSorted((a, b) => a - b);
    return gaps[Math.floor(gaps.length / 2)] ?? Infinity;
  }

  /**
   * The intent that a kill at this instant is nearest to; undefined when none is within 100 ms. Before an intent is a
   * kill that kept it from coming: the step was due, its intent came under a later runner, and would have come within
   * 100 ms by what such intents usually take.
   */
  near(killedMs: number): Nearness | undefined {
    const after = this.#intents.map(({ unit, step, atMs }): Nearness => {
      return { side: 'after the intent', unit, step, awayMs: killedMs - atMs };
    });
    const gapMs = this.usualGapMs();
    const before = this.#dues
      .filter((due) => due.intendedBy > due.runner && killedMs >= due.sinceMs)
      .filter((due) => killedMs <= due.sinceMs + NEAR_MS)
      .map(({ unit, step, sinceMs }): Nearness => {
        const awayMs = Math.abs(sinceMs + gapMs - killedMs);
        return { side: 'before the intent', unit, step, awayMs };
      });
    const [nearest] = [...before, ...after]
      .filter((each) => each.awayMs >= 0 && each.awayMs <= NEAR_MS)
      .toSorted((a, b) => a.awayMs - b.awayMs);
    return nearest;
  }
}
