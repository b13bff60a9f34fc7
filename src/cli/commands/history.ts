import type { Command } from 'commander';
import { shortDigest } from '../../kernel/digest.js';
import type { Desk } from '../desk.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import { isoTime, utcTime } from '../moment.js';
import type { Verdict } from '../../report/report-form.js';
import type { RunRow } from '../../run/run.js';
import type { RunState } from '../../run/state.js';

interface Row extends RunRow {
  readonly playbook: string;
  readonly state: RunState;
  readonly verdict: Verdict;
  readonly isAtWork: boolean;
}

const FINISHED = {
  run: 'finished',
  observe: 'observed',
  stage: 'staged',
  manual: 'finished by hand',
} as const;

function stands({ state, mode, isAtWork }: Row): string {
  if (state.finished) return FINISHED[mode];
  if (isAtWork) return state.paused ? 'paused' : 'under way';
  if (state.aborted) return 'aborted';
  if (state.stopped) return 'stopped';
  return state.paused ? 'paused' : 'interrupted';
}

function counted(state: RunState): string {
  const counts = new Map<string, number>();
  for (const { kind } of state.units.values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}

const columns: readonly Column<Row>[] = [
  { key: 'run', value: (row) => row.run },
  {
    key: 'started',
    value: (row) => isoTime(row.startedAtMs),
    text: (row) => utcTime(row.startedAtMs),
  },
  { key: 'by', value: (row) => row.by },
  { key: 'playbook', value: (row) => row.playbook },
  { key: 'plan', value: (row) => shortDigest(row.plan) },
  { key: 'stands', value: stands },
  { key: 'units', value: (row) => counted(row.state), flow: true },
  { key: 'exitCode', title: 'exit', value: (row) => row.verdict.exitCode, wide: true },
  { key: 'verdict', value: (row) => row.verdict.headline, wide: true },
];

async function history(desk: Desk): Promise<void> {
  const app = await desk.app('read');
  const holder = await app.world.store.runnerHolder();
  const rows: Row[] = [];
  for (const row of await app.runs()) {
    const { plan, state, verdict } = await app.runState(row);
    const isAtWork = holder?.includes(row.run) === true;
    rows.push({ ...row, playbook: plan.body.playbook.name, state, verdict, isAtWork });
  }
  desk.out.list(columns, rows);
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('history')
    .description('list the runs, oldest first')
    .action((_options: unknown, command: Command) => invocation.act(command, history));
}
