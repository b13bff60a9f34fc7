// A process of its own that works on a state directory: `store-process.ts DIRECTORY hold|write|open`.
// It tells each durable fact in a line on stdout, and lives until it is killed or its stdin ends.
import { writeSync } from 'node:fs';
import { runId } from '../../src/kernel/id.js';
import { openSqliteStore } from '../../src/store/sqlite-store.js';
import { fixedClock } from './fixed-clock.js';

const [directory = '', task = ''] = process.argv.slice(2);
const tell = (line: string) => writeSync(1, `${line}\n`);
process.stdin.on('end', () => process.exit(0)).resume();

const store = await openSqliteStore({ directory, clock: fixedClock(1_700_000_000_000) });
tell('open');
if (task !== 'open') {
  await store.holdRunner('the other process');
  tell('held');
}
if (task === 'write') {
  const run = runId('run-1');
  const epoch = await store.journal.takeOver(run);
  for (let number = 1; ; number += 1) {
    const event = { number, padding: 'x'.repeat((number * 37) % 5000) };
    const [record] = await store.journal.append(run, epoch, [{ atMs: number, event }]);
    tell(`acknowledged ${record?.seq} ${record?.hash}`);
  }
}
