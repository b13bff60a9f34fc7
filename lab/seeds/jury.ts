import { createHash } from 'node:crypto';
import { recall } from '../../src/kernel/recall.js';
import type { BookName, BookRow } from '../../src/ports/store.js';
import type { JournalEntry } from '../../src/ports/journal.js';
import type { RunEvent } from '../../src/run/event.js';
import type { Plan } from '../../src/plan/plan.js';
import {
  fold,
  initialState,
  isActive,
  unitPlanOf,
  type RunState,
  type UnitState,
} from '../../src/run/state.js';
import { typedLine } from '../world/event-log.js';
import {
  unitOf,
  type Invariant,
  type NightEnd,
  type Scene,
  type Witness,
} from '../invariants/invariant.js';

export interface Violation {
  readonly invariant: string;
  readonly why: string;
  readonly atMs: number;
}

/** A fault that struck, and the phase of the step that its unit was in. */
export interface Struck {
  readonly fault: string;
  readonly phase: string;
}

const VIOLATIONS_MAX = 100;

/** The phase of the step that a unit is in; where it is in none, what it does instead. */
function phaseOf(state: UnitState, plan: Plan): string {
  const isStepping = isActive(state) && state.checkedBefore;
  if (!isStepping) return state.kind;
  const unitPlan = unitPlanOf(plan, state.unit);
  const steps = state.list === 'rollback' ? unitPlan?.rollback : unitPlan?.steps;
  return steps?.[state.step]?.phase ?? state.kind;
}

/** Holds a night against the invariants as it goes: told of the journal by its store, of the rest by the lab. */
export class Jury {
  readonly violations: Violation[] = [];
  readonly struck: Struck[] = [];
  readonly #scene: Scene;
  readonly #witnesses: readonly Witness[];
  readonly #hash = createHash('sha256');
  #state: RunState;

  constructor(scene: Scene, judges: readonly Invariant[]) {
    this.#scene = scene;
    this.#state = initialState(scene.plan);
    this.#witnesses = judges.map((judge) =>
      judge.witness(scene, (why) => this.#violated(judge.id, why)),
    );
    scene.sim.model.log.watch((entry) => this.#heard(entry));
  }

  /** What became durable, and nothing else: entries of an append that a crash lost are not told. */
  journaled(entries: readonly JournalEntry[]): void {
    // The time of the lab, whatever the controller takes it to be.
    const nowMs = this.#scene.sim.scheduler.nowMs();
    for (const { event: stored, atMs } of entries) {
      this.#hash.update(`${atMs} ${JSON.stringify(stored)}\n`);
      const event = recall<RunEvent>(stored);
      const before = this.#state;
      this.#state = fold(before, event, atMs, this.#scene.plan);
      const step = { event, before, after: this.#state, atMs: nowMs };
      for (const each of this.#witnesses) each.journaled?.(step);
    }
  }

  kept(book: BookName, row: BookRow): void {
    for (const each of this.#witnesses) each.kept?.(book, row);
  }

  /** A second runner got in beside one that lives. */
  intruded(): void {
    for (const each of this.#witnesses) each.intruded?.();
  }

  ended(end: NightEnd): void {
    for (const each of this.#witnesses) each.ended?.(end);
  }

  /** Over every entry of the journal and every event of the lab. */
  digest(): string {
    return this.#hash.copy().update(this.#scene.sim.logDigest()).digest('hex');
  }

  #violated(invariant: string, why: string): void {
    if (this.violations.length >= VIOLATIONS_MAX) return;
    this.violations.push({ invariant, why, atMs: this.#scene.sim.scheduler.nowMs() });
  }

  #heard(entry: string): void {
    const typed = typedLine(entry);
    if (typed) for (const each of this.#witnesses) each.typed?.(typed.device, typed.line);
    else if (entry.includes(' truth ')) this.#happened();
  }

  #happened(): void {
    const truth = this.#scene.sim.truth().at(-1);
    if (!truth) return;
    if (truth.kind === 'fault-struck') {
      const unit = unitOf(this.#scene, truth.device);
      const state = unit === undefined ? undefined : this.#state.units.get(unit);
      const phase = state ? phaseOf(state, this.#scene.plan) : 'outside the plan';
      this.struck.push({ fault: truth.detail, phase });
    }
    for (const each of this.#witnesses) each.happened?.(truth, this.#state);
  }
}
