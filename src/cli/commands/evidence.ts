import type { Command } from 'commander';
import type { Evidence } from '../../review/evidence.js';
import type { Desk } from '../desk.js';
import { evidenceText } from '../evidence-text.js';
import type { Invocation } from '../invocation.js';
import type { Column } from '../list.js';
import { isoTime } from '../moment.js';

const columns: readonly Column<Evidence>[] = [
  { key: 'platform', value: (each) => each.platform },
  { key: 'model', value: (each) => each.model },
  { key: 'level', value: (each) => each.level, text: evidenceText },
  { key: 'units', value: (each) => each.units, wide: true },
  { key: 'lastAt', title: 'last', value: (each) => isoTime(each.lastAtMs), wide: true },
];

async function evidence(desk: Desk): Promise<void> {
  const app = await desk.app('read');
  desk.out.list(columns, await app.evidence());
}

export function define(program: Command, invocation: Invocation): void {
  program
    .command('evidence')
    .description('how far each platform and model was taken, by our own journal')
    .action((_options: unknown, command: Command) => invocation.act(command, evidence));
}
