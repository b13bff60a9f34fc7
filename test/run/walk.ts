import type { Step } from '../../src/driver/step.js';
import { Fault } from '../../src/kernel/fault.js';
import type { UnitId } from '../../src/kernel/id.js';
import type { Plan } from '../../src/plan/plan.js';
import { judgeAway } from '../../src/run/away.js';
import { decide } from '../../src/run/decide.js';
import type { RunEvent } from '../../src/run/event.js';
import { fold, initialState, type RunState, type UnitState } from '../../src/run/state.js';
import { decideUnit, judgeProbe } from '../../src/run/unit-decide.js';
import { aborted, checked, ended, paused, resumed } from './plan-of.js';

export interface WalkedEvent {
  readonly event: RunEvent;
  readonly atMs: number;
  readonly before: RunState;
  readonly after: RunState;
}

export interface Walk {
  readonly events: readonly WalkedEvent[];
  readonly state: RunState;
  readonly moves: number;
}

/** A stream of chance that the same seed repeats. */
function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Runs the pure core against a world of chance: whatever devices and people do, only its own decisions are followed. */
export class Walker {
  readonly #plan: Plan;
  readonly #next: () => number;
  readonly #luck: number;
  readonly #events: WalkedEvent[] = [];
  readonly #asleep = new Map<UnitId, number>();
  #state: RunState;
  #nowMs: number;

  constructor(plan: Plan, options: { seed: number; luck: number; startMs: number }) {
    this.#plan = plan;
    this.#next = chanceOf(options.seed);
    this.#luck = options.luck;
    this.#state = initialState(plan);
    this.#nowMs = options.startMs;
  }

  walk(movesMax: number): Walk {
    let moves = 0;
    for (; moves < movesMax && !this.#state.finished; moves += 1) this.#move();
    return { events: this.#events, state: this.#state, moves };
  }

  #lucky(): boolean {
    return this.#next() < this.#luck;
  }

  #pick<T>(...choices: readonly T[]): T {
    const chosen = choices[Math.floor(this.#next() * choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  #fold(...events: readonly RunEvent[]): void {
    for (const event of events) {
      const before = this.#state;
      this.#state = fold(before, event, this.#nowMs, this.#plan);
      this.#events.push({ event, atMs: this.#nowMs, before, after: this.#state });
    }
  }

  #move(): void {
    if (this.#next() < 0.03) this.#fold(this.#pick(paused, paused, paused, paused, aborted));
    const decision = decide(this.#state, this.#plan, this.#nowMs);
    if (decision.leave) return this.#fold(resumed);
    if (decision.events.length > 0) return this.#fold(...decision.events);
    const awake = decision.work.filter((each) => (this.#asleep.get(each) ?? 0) <= this.#nowMs);
    const worked = awake.filter((each) => this.#work(each));
    if (worked.length > 0) return;
    if (this.#state.paused && this.#next() < 0.3) return this.#fold(resumed);
    const alarms = [...this.#asleep.values(), decision.wakeAtMs ?? 0].filter(
      (each) => each > this.#nowMs,
    );
    this.#nowMs = Math.min(this.#nowMs + 600_000, ...alarms);
  }

  /** One task of one unit; false when it has nothing to do now. */
  #work(id: UnitId): boolean {
    const unit = this.#state.units.get(id);
    const unitPlan = this.#plan.body.units.find((each) => each.unit === id);
    if (!unit || !unitPlan) throw new Error(`${id} is not of this run`);
    const scene = {
      run: this.#state,
      plan: this.#plan,
      unitPlan,
      nowMs: this.#nowMs,
      wallMs: this.#nowMs,
    };
    const task = decideUnit(unit, scene);
    switch (task.kind) {
      case 'stop':
        return false;
      case 'record':
        this.#fold(...task.events);
        return true;
      case 'check-before':
        this.#fold(
          this.#lucky()
            ? checked(id, 'before')
            : this.#pick<RunEvent>(checked(id, 'before', false), ended(id, 'dropped')),
        );
        return true;
      case 'check-after':
        this.#fold(
          this.#lucky()
            ? checked(id, 'after')
            : this.#pick<RunEvent>(checked(id, 'after', false), ended(id, 'held')),
        );
        return true;
      case 'check-reverted':
        this.#fold(ended(id, this.#lucky() ? 'reverted' : 'quarantined'));
        return true;
      case 'check-soak':
        this.#soak(unit);
        return true;
      case 'observe':
      case 'staged':
        this.#fold(ended(id, 'done'));
        return true;
      case 'probe':
        this.#step(unit, task.step);
        return true;
    }
  }

  #soak(unit: UnitState): void {
    if (!this.#lucky())
      return this.#fold(checked(unit.unit, 'soak', false), ended(unit.unit, 'held'));
    this.#fold(checked(unit.unit, 'soak'));
    if (this.#nowMs >= (unit.soakUntilMs ?? 0)) this.#fold(ended(unit.unit, 'done'));
  }

  #step(unit: UnitState, step: Step): void {
    const at = { unit: unit.unit, list: unit.list, step: unit.step, id: step.id };
    const sleep = (ms: number) => this.#asleep.set(unit.unit, this.#nowMs + ms);
    if (this.#next() > 0.5 + this.#luck / 2) {
      const code = this.#pick('unreachable', 'auth-refused', 'no-prompt', 'host-key-changed');
      const fault = new Fault(code, 'away', { retry: this.#pick('safe', 'never') });
      const verdict = judgeAway({ unit, step, fault, nowMs: this.#nowMs, heardAtMs: 0 });
      if (verdict.kind === 'again') sleep(verdict.afterMs);
      else this.#fold(ended(unit.unit, verdict.kind));
      return;
    }
    const hopeful = unit.intent ? 'done' : 'absent';
    const answer = this.#lucky()
      ? hopeful
      : this.#pick('absent', 'partial', 'done', 'failed', 'unknown');
    const probe = { answer, why: answer } as const;
    const verdict = judgeProbe({ unit, step, changes: true, probe, nowMs: this.#nowMs });
    switch (verdict.kind) {
      case 'again':
        sleep(verdict.afterMs);
        return;
      case 'done':
        return this.#fold({ kind: 'step-done', ...at, skipped: false, why: '', known: {} });
      case 'failed':
        return this.#fold({ kind: 'step-failed', ...at, why: verdict.why });
      case 'held':
        return this.#fold(ended(unit.unit, 'held'));
      case 'act': {
        const { attempt } = verdict;
        this.#fold({ kind: 'step-intent', ...at, attempt, known: {} });
        // Now and then the controller dies here: the outcome is never journaled.
        if (this.#next() < 0.1) return;
        const result = this.#lucky() ? 'acted' : this.#pick('acted', 'refused', 'ambiguous');
        this.#nowMs += Math.floor(this.#next() * 120_000);
        this.#fold({ kind: 'step-acted', ...at, result, why: '', known: {} });
      }
    }
  }
}
