import { changedWord } from '../kernel/change-words.js';
import type { Fault } from '../kernel/fault.js';
import type { UnitId } from '../kernel/id.js';
import type { UnitPlan } from '../plan/plan.js';
import type { RunEvent } from './event.js';

/** What was dropped before anything was changed on it. */
export function droppedUnit(unit: UnitId, fault: Fault): RunEvent {
  return {
    kind: 'unit-ended',
    unit,
    as: 'dropped',
    why: fault.message,
    next: fault.mend ?? `nothing was changed on it; nightshift explain ${fault.code}`,
    code: fault.code,
    failure: true,
    healthy: fault.code !== 'unreachable' && fault.code !== 'jump-host-unreachable',
  };
}

/** What was only looked at. */
export function observedUnit(unit: UnitId): RunEvent {
  return {
    kind: 'unit-ended',
    unit,
    as: 'done',
    why: 'observed only: nothing was changed',
    next: '',
    code: '',
    failure: false,
    healthy: true,
  };
}

/** What runs its old release again, as it did before. */
export function revertedUnit(unit: UnitId, cause: string): RunEvent {
  return {
    kind: 'unit-ended',
    unit,
    as: 'reverted',
    why: cause,
    next: 'find the cause, then make a new plan for it',
    code: '',
    failure: true,
    healthy: true,
  };
}

/** What stayed well through its soak. */
export function soakedUnit(plan: UnitPlan): RunEvent {
  return {
    kind: 'unit-ended',
    unit: plan.unit,
    as: 'done',
    why: `${changedWord([plan])}, checked and soaked`,
    next: '',
    code: '',
    failure: false,
    healthy: true,
  };
}

/** What is left for a person. */
export function troubled(
  unit: UnitId,
  as: 'held' | 'quarantined',
  why: string,
  next: string,
): RunEvent {
  const rest = { code: '', failure: true, healthy: false } as const;
  return { kind: 'unit-ended', unit, as, why, next, ...rest };
}

/** Nobody goes back on a device that he cannot read: what he did there would be guessed as well. */
export function unreadableUnit(unit: UnitId, fault: Fault): RunEvent {
  const next = 'see what it answers to you; then take the upgrade over or back by hand';
  return troubled(unit, 'held', `it cannot be looked at: ${fault.message}`, next);
}
