import type { InstantMs, RunId, UnitId } from '../kernel/id.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import type { ReplayedEvent } from '../run/replay.js';
import { isOver, unitPlanOf, type RunState, type UnitState } from '../run/state.js';
import { worstFrom } from '../run/window-fence.js';
import { deviceTimers, type DeviceTimers } from './device-timer.js';
import { noticeOf, overrunOf, silentOf, type Scene } from './happening.js';
import type { Notice } from './notice.js';

/** A unit whose service may be interrupted, from its first change until it is checked and committed, or over. */
export interface Changing {
  readonly unit: UnitId;
  /** Number of the record that it began with. */
  readonly seq: number;
  readonly sinceMs: InstantMs;
  /** When the worst case would be over, as of its newest event. */
  readonly worstEndMs: InstantMs;
  /** End of the window that it began in. */
  readonly windowEndMs: InstantMs | undefined;
}

export interface WitnessOptions {
  readonly run: RunId;
  readonly plan: Plan;
  /** Own and inherited groups of a unit. */
  readonly groupsOf: (unit: UnitId) => readonly string[];
  /** Of a platform: after how long an upgrade reverts by itself unless committed. */
  readonly commitTimerMs: (platform: string) => number | undefined;
}

function isChanging(unit: UnitState): boolean {
  return unit.touched && !isOver(unit) && unit.kind !== 'soaking';
}

function worstEnd(unit: UnitState, unitPlan: UnitPlan, atMs: InstantMs): InstantMs {
  const forwardMs = unit.list === 'forward' ? worstFrom(unitPlan, unit.step) : 0;
  return atMs + forwardMs + unitPlan.rollbackWorstMs;
}

/**
 * Reads the journal of one run and says whom it gives cause to tell. What it says depends on the journal and the time
 * alone: read again after a crash, it gives the same notices with the same ids.
 */
export class Witness {
  readonly #options: WitnessOptions;
  readonly #timers: DeviceTimers;
  readonly #changing = new Map<UnitId, Changing>();
  readonly #overrun = new Set<UnitId>();
  #state: RunState | undefined;
  #seq = 0;
  #lastMs = 0;

  constructor(options: WitnessOptions) {
    this.#options = options;
    this.#timers = deviceTimers(options.commitTimerMs);
  }

  get changing(): readonly Changing[] {
    return [...this.#changing.values()];
  }

  get timers(): DeviceTimers {
    return this.#timers;
  }

  get state(): RunState | undefined {
    return this.#state;
  }

  /** The time of the newest record read. */
  get lastMs(): InstantMs {
    return this.#lastMs;
  }

  /** The notices of more of the journal, in order. */
  read(events: readonly ReplayedEvent[]): readonly Notice[] {
    return events.flatMap((each) => [...this.until(each.atMs), ...this.#one(each)]);
  }

  /** What the time alone has brought about by now: units still changing at the end of their window. */
  until(nowMs: InstantMs): readonly Notice[] {
    const state = this.#state;
    if (!state) return [];
    return this.changing.flatMap((each) => {
      const { unit, windowEndMs } = each;
      if (windowEndMs === undefined || windowEndMs > nowMs || this.#overrun.has(unit)) return [];
      this.#overrun.add(unit);
      return [overrunOf(this.#scene(state, windowEndMs), unit, windowEndMs)];
    });
  }

  /** When `until` may next have something to say. */
  get nextMs(): InstantMs | undefined {
    const ends = this.changing.flatMap((each) =>
      each.windowEndMs === undefined || this.#overrun.has(each.unit) ? [] : [each.windowEndMs],
    );
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** A silent run that went on, a stopped one that was resumed, an overrun that is over. */
  isMoot({ kind, atMs, unit }: Notice): boolean {
    if (kind === 'silent') return this.#lastMs > atMs;
    if (kind === 'stopped') return this.#state?.stopped === undefined;
    return kind === 'overrun' && unit !== undefined && !this.#changing.has(unit);
  }

  /** Does it matter at all that nobody works on it: is a unit in the middle of a change, or its turn still to come? */
  isAwaited(nowMs: InstantMs): boolean {
    if (this.#changing.size > 0) return true;
    return this.#options.plan.body.units.some((each) => {
      const unit = this.#state?.units.get(each.unit);
      return unit && !isOver(unit) && each.windows.some((window) => window.endMs > nowMs);
    });
  }

  /** Nobody works on the run, though it is not over: seen by whoever looks. */
  silent(what: string, nowMs: InstantMs): Notice | undefined {
    return this.#state && silentOf(this.#scene(this.#state, nowMs), this.#seq, what);
  }

  #scene(state: RunState, atMs: InstantMs): Scene {
    const { run, plan, groupsOf } = this.#options;
    return { run, plan, groupsOf, state, atMs, timers: this.#timers };
  }

  #one({ seq, atMs, event, state }: ReplayedEvent): readonly Notice[] {
    this.#state = state;
    this.#seq = seq;
    this.#lastMs = atMs;
    if ('unit' in event) {
      this.#follow(event.unit, { seq, atMs, state });
      const unitPlan = unitPlanOf(this.#options.plan, event.unit);
      if (unitPlan) this.#timers.see(event, atMs, unitPlan);
    }
    const notice = noticeOf(this.#scene(state, atMs), event, seq);
    return notice ? [notice] : [];
  }

  #follow(id: UnitId, { seq, atMs, state }: Pick<ReplayedEvent, 'seq' | 'atMs' | 'state'>): void {
    const unit = state.units.get(id);
    const unitPlan = unitPlanOf(this.#options.plan, id);
    if (!unit || !unitPlan || !isChanging(unit)) {
      this.#changing.delete(id);
      return;
    }
    const before = this.#changing.get(id);
    const window = unitPlan.windows.find((each) => each.startMs <= atMs && atMs < each.endMs);
    this.#changing.set(id, {
      unit: id,
      seq: before?.seq ?? seq,
      sinceMs: before?.sinceMs ?? atMs,
      worstEndMs: worstEnd(unit, unitPlan, atMs),
      windowEndMs: before ? before.windowEndMs : window?.endMs,
    });
  }
}
