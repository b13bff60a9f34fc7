import type { InstantMs } from '../kernel/id.js';
import type { Plan, UnitPlan } from '../plan/plan.js';
import type { RunState, UnitState } from '../run/state.js';
import type { Column } from './list.js';
import { isoTime } from './moment.js';
import type { Paint } from './paint.js';
import { signed, toneOf } from './unit-sign.js';

export interface StatusRow {
  readonly unit: UnitPlan;
  readonly state: UnitState;
}

export function statusRows(plan: Plan, state: RunState): readonly StatusRow[] {
  return plan.body.units.flatMap((unit) => {
    const own = state.units.get(unit.unit);
    return own ? [{ unit, state: own }] : [];
  });
}

function stepOf({ unit, state }: StatusRow): string {
  if (!state.admitted || state.ended) return '';
  const steps = state.list === 'forward' ? unit.steps : unit.rollback;
  const title = steps[state.step]?.title ?? '';
  return `${Math.min(state.step + 1, steps.length)}/${steps.length} ${title}`;
}

function whyOf({ state }: StatusRow): string {
  return state.ended?.why ?? (state.failure || state.cause);
}

function timeOf(atMs: InstantMs | undefined): string | null {
  return atMs === undefined ? null : isoTime(atMs);
}

export function statusColumns(paint: Paint): readonly Column<StatusRow>[] {
  return [
    { key: 'unit', value: ({ unit }) => unit.unit },
    {
      key: 'state',
      value: ({ state }) => state.kind,
      text: ({ state }) => signed(state.kind, paint),
      paint: ({ state }, own) => toneOf(state.kind, own),
    },
    { key: 'step', value: stepOf, flow: true },
    { key: 'from', value: ({ unit }) => unit.fromVersion, wide: true },
    { key: 'to', value: ({ unit }) => unit.toVersion, wide: true },
    { key: 'waitUntil', value: ({ state }) => timeOf(state.waitUntilMs), wide: true },
    { key: 'soakUntil', value: ({ state }) => timeOf(state.soakUntilMs), wide: true },
    { key: 'endedAt', value: ({ state }) => timeOf(state.endedAtMs), wide: true },
    { key: 'why', value: whyOf, flow: true },
    { key: 'next', value: ({ state }) => state.ended?.next ?? '', flow: true },
    { key: 'code', value: ({ state }) => state.ended?.code ?? '', wide: true },
  ];
}
