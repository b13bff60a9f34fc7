import { join } from 'node:path';
import type { Clock } from '../ports/clock.js';
import { makePrivateDirectory } from './private-file.js';
import { bringUpToDate, schemaVersion } from './schema.js';
import { copyDatabase } from './sqlite-copy.js';
import { openSqliteConnection } from './sqlite-connection.js';

/** Copies a database of an older schema into `backups` before it is changed; gives the name of the copy. */
export async function keepOldSchema(
  { directory, file, clock }: { directory: string; file: string; clock: Clock },
  version: number,
): Promise<string> {
  const stamp = new Date(clock.now()).toISOString().replaceAll(/[-:.]/g, '');
  const folder = join(directory, 'backups');
  makePrivateDirectory(folder);
  const name = `schema-${version}-before-${schemaVersion}-${stamp}-${process.pid}.db`;
  const copy = join(folder, name);
  await copyDatabase(file, copy);
  return copy;
}

/** Brings a database file forward that nobody else has open; gives the version that it had. */
export async function bringFileUpToDate(
  file: string,
  keepOld?: (version: number) => Promise<void>,
): Promise<number> {
  const connection = await openSqliteConnection({ file, readOnly: false });
  try {
    return await bringUpToDate(connection, keepOld);
  } finally {
    await connection.close();
  }
}
