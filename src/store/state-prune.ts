import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { digestText } from '../kernel/digest.js';
import { Fault } from '../kernel/fault.js';
import type { Going, StoredRows } from '../ports/state-keeper.js';
import { bringFileUpToDate, keepOldSchema } from './old-schema.js';
import { stateFault } from './sqlite-fault.js';
import type { BackupPlace } from './state-backup.js';
import { reading } from './state-check.js';
import { withPlaces } from './state-restore.js';
import { bury, type Tombstone } from './tombstone.js';

const DATABASE = 'nightshift.db';

/** What lies in the state: the rows of every key at one instant, and each run's journal by its last record. */
export function storedRows(directory: string): readonly StoredRows[] {
  const file = join(directory, DATABASE);
  if (!existsSync(file)) return [];
  const sql = `select book, key, at_ms as atMs, count(*) as records, sum(length(value)) as sizeBytes
    from book group by book, key, at_ms
    union all
    select 'journal', run, max(at_ms), count(*), sum(length(event)) from journal group by run
    order by 3`;
  return reading(file, (database) => database.prepare<[], StoredRows>(sql).all());
}

type Buried = Pick<Tombstone, 'kind' | 'key' | 'recordCount' | 'digest'>;

function dropJournal(database: Database.Database, run: string): Buried | undefined {
  const head = database
    .prepare<[string], { records: number; head: string }>(
      'select record_count as records, head_hash as head from run_epoch where run = ?',
    )
    .get(run);
  if (!head) return undefined;
  database.prepare('delete from journal where run = ?').run(run);
  // The last number stays taken: whoever reads requests goes by it.
  database
    .prepare('delete from request where run = ? and id < (select max(id) from request)')
    .run(run);
  database.prepare('delete from run_epoch where run = ?').run(run);
  return { kind: 'journal', key: run, recordCount: head.records, digest: head.head };
}

function dropRows(
  database: Database.Database,
  { book, key, atMs }: Extract<Going, { readonly kind: 'rows' }>,
): Buried | undefined {
  const where = 'book = ? and key = ? and at_ms = ? and id < (select max(id) from book)';
  const values = database
    .prepare<[string, string, number], { value: string }>(
      `select value from book where ${where} order by id`,
    )
    .all(book, key, atMs);
  if (values.length === 0) return undefined;
  database.prepare(`delete from book where ${where}`).run(book, key, atMs);
  const digest = digestText(values.map((each) => each.value).join('\n'));
  return { kind: book, key, recordCount: values.length, digest };
}

/** Deletes in one transaction, each thing with its tombstone; then gives the room back to the disk. */
export async function pruneState(
  place: BackupPlace,
  going: readonly Going[],
  why: { readonly by: string; readonly reason: string },
): Promise<number> {
  const file = join(place.directory, DATABASE);
  if (!existsSync(file)) throw new Fault('state-unreadable', `${place.directory} holds no state`);
  await bringFileUpToDate(file, async (version) => {
    await keepOldSchema({ ...place, file }, version);
  });
  return withPlaces(place, 'state prune', async () => {
    let database: Database.Database | undefined;
    try {
      database = new Database(file, { fileMustExist: true, timeout: 5000 });
      const before = statSync(file).size;
      const atMs = place.clock.now();
      const open = database;
      const work = open.transaction(() => {
        const buried = going.flatMap((each): Tombstone[] => {
          const one = each.kind === 'journal' ? dropJournal(open, each.run) : dropRows(open, each);
          return one ? [{ ...one, atMs, ...why }] : [];
        });
        bury(open, buried);
      });
      open.pragma('synchronous = FULL');
      work.immediate();
      open.exec('vacuum');
      open.pragma('wal_checkpoint(TRUNCATE)');
      return Math.max(0, before - statSync(file).size);
    } catch (error) {
      throw stateFault(error, { doing: 'write', file });
    } finally {
      database?.close();
    }
  });
}
