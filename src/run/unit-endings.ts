import type { Fault } from '../kernel/fault.js';
import type { UnitId } from '../kernel/id.js';
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
