import type { Command } from 'commander';
import { shortDigest } from '../../kernel/digest.js';
import type { App } from '../../app.js';
import type { Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import type { RunRow } from '../../run/run.js';
import type { RunState } from '../../run/state.js';

interface Row extends RunRow {
  readonly playbook: string;
  readonly state: RunState;
}

function stands({ state, mode }: Row): string {
  if (state.finished) return mode === 'observe' ? 'observed' : 'finished';
  if (state.aborted) return 'aborted';
  if (state.stopped) return 'stopped';
  return state.paused ? 'paused' : 'unfinished';
}

function counted(state: RunState): string {
  const counts = new Map<string, number>();
  for (const { kind } of state.units.values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}

const columns: readonly Column<Row>[] = [
  { key: 'run', value: (row) => row.run },
  { key: 'started', value: (row) => new Date(row.startedAtMs).toISOString().slice(0, 16) + 'Z' },
  { key: 'by', value: (row) => row.by },
  { key: 'playbook', value: (row) => row.playbook },
  { key: 'plan', value: (row) => shortDigest(row.plan) },
  { key: 'stands', value: stands },
  { key: 'units', value: (row) => counted(row.state) },
];

async function rowOf(app: App, row: RunRow): Promise<Row> {
  const { plan, state } = await app.runState(row);
  return { ...row, playbook: plan.body.playbook.name, state };
}

async function history(desk: Desk): Promise<void> {
  const app = await desk.app('read');
  const rows = await Promise.all((await app.runs()).map((row) => rowOf(app, row)));
  desk.out.list(columns, rows);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('history')
    .description('list the runs, oldest first')
    .action((_options: unknown, command: Command) => invocation.act(command, history));
}
