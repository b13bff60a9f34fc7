import type { RunState, UnitState } from '../run/state.js';
import type { Desk } from './desk.js';
import type { Column } from './list.js';
import { signOf } from './run-lines.js';

const columns: readonly Column<UnitState>[] = [
  { key: 'unit', value: (row) => row.unit },
  {
    key: 'state',
    value: (row) => row.kind,
    paint: (row, paint) => paint[signOf(row.kind).colour],
  },
  {
    key: 'step',
    value: (row) => (row.admitted && !row.ended ? `${row.list} ${row.step + 1}` : ''),
  },
  { key: 'why', value: (row) => row.ended?.why ?? row.failure },
  { key: 'next', value: (row) => row.ended?.next ?? '', wide: true },
  { key: 'code', value: (row) => row.ended?.code ?? '', wide: true },
];

/** The table of all units as they stand. */
export function standingRows(desk: Desk, state: RunState): void {
  desk.out.list(columns, [...state.units.values()]);
}
