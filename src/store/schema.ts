import type { Kysely } from 'kysely';
import { Fault } from '../kernel/fault.js';
import { tables } from './migrations/0001-tables.js';
import { tombstones } from './migrations/0002-tombstones.js';
import type { Migration } from './migrations/migration.js';
import type { SqlConnection } from './sql-connection.js';
import type { Tables } from './tables.js';

const migrations: readonly Migration[] = [tables, tombstones];
const versionName = 'schema-version';

/** The schema version that this build writes. */
export const schemaVersion = migrations.length;

/**
 * Brings an older schema forward, all steps in one transaction; leaves one of this version alone without writing.
 * `keepOld` is done before anything is changed in a database that has a schema already; gives the version that it had.
 * Fault `state-unreadable` when the database is of a newer version, or is not one of ours.
 */
export async function bringUpToDate(
  connection: SqlConnection,
  keepOld?: (version: number) => Promise<void>,
): Promise<number> {
  const before = await connection.read(versionOf);
  if (before === schemaVersion) return before;
  if (before > 0) await keepOld?.(before);
  await connection.write(async (db) => {
    const found = await versionOf(db);
    for (const migration of migrations) {
      if (migration.version > found) await migration.up(db.schema);
    }
    await db.deleteFrom('meta').where('name', '=', versionName).execute();
    await db
      .insertInto('meta')
      .values({ name: versionName, value: String(schemaVersion) })
      .execute();
  });
  return before;
}

/** Fault `state-unreadable` unless the schema is exactly of this build's version. Writes nothing. */
export async function requireUpToDate(connection: SqlConnection): Promise<void> {
  const found = await connection.read(versionOf);
  if (found === schemaVersion) return;
  throw new Fault(
    'state-unreadable',
    `the database has schema ${found} and this build reads schema ${schemaVersion}`,
    { mend: 'nightshift state migrate brings it forward, after a backup.' },
  );
}

/** 0 for an empty database. */
async function versionOf(db: Kysely<Tables>): Promise<number> {
  const names = (await db.introspection.getTables()).map((table) => table.name);
  if (names.length === 0) return 0;
  if (!names.includes('meta')) {
    throw new Fault('state-unreadable', 'the database was not made by nightshift');
  }
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('name', '=', versionName)
    .executeTakeFirst();
  const version = Number(row?.value);
  if (!Number.isSafeInteger(version) || version < 1) {
    throw new Fault('state-unreadable', 'the database does not name the version of its schema');
  }
  if (version <= schemaVersion) return version;
  throw new Fault(
    'state-unreadable',
    `the database has schema ${version}, which a newer nightshift wrote; this build knows schema ${schemaVersion}`,
    { mend: 'Use the newer version, or restore a backup made before the upgrade.' },
  );
}
