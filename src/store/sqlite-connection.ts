import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { assert } from '../kernel/assert.js';
import { makePrivateFile } from './private-file.js';
import type { SqlConnection } from './sql-connection.js';
import { isBusy, stateFault } from './sqlite-fault.js';
import type { Attempt } from './sqlite-fault.js';
import type { Tables } from './tables.js';

export interface SqliteOptions {
  readonly file: string;
  readonly readOnly: boolean;
  /** Most pages of 4 KiB that the file may have; SQLite's own limit when absent. */
  readonly maxPages?: number;
}

const busyTimeoutMs = 5000;
/** Switching a new file to WAL does not honour the busy timeout when several processes do it at once. */
const openTries = 100;
const openPauseMs = 20;

/** Opens a SQLite file: WAL, every commit synced to disk before it resolves, 5 s of patience with other processes. */
export async function openSqliteConnection(options: SqliteOptions): Promise<SqlConnection> {
  const attempt: Attempt = { doing: options.readOnly ? 'read' : 'write', file: options.file };
  for (let tries = 1; ; tries += 1) {
    try {
      return connectionOver(openDatabase(options), options.file);
    } catch (error) {
      if (!isBusy(error) || tries >= openTries) throw stateFault(error, attempt);
    }
    await pause(openPauseMs);
  }
}

function openDatabase(options: SqliteOptions): Database.Database {
  const { file, readOnly } = options;
  if (!readOnly) makePrivateFile(file);
  const database = new Database(file, {
    readonly: readOnly,
    fileMustExist: true,
    timeout: busyTimeoutMs,
  });
  try {
    if (!readOnly) database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma('trusted_schema = OFF');
    if (options.maxPages !== undefined) database.pragma(`max_page_count = ${options.maxPages}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function connectionOver(database: Database.Database, file: string): SqlConnection {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  const inTurn = createTurns();
  const transaction = async <T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T> => {
    database.exec('begin immediate');
    try {
      const result = await work(db);
      database.exec('commit');
      return result;
    } finally {
      // SQLite itself has rolled back after some errors, such as a full disk.
      if (database.inTransaction) database.exec('rollback');
    }
  };
  const guarded = async <T>(doing: Attempt['doing'], work: () => Promise<T>): Promise<T> => {
    assert(database.open, 'the store is used after it was closed');
    try {
      return await work();
    } catch (error) {
      throw stateFault(error, { doing, file });
    }
  };
  return {
    read: (work) => inTurn(() => guarded('read', () => work(db))),
    write: (work) => inTurn(() => guarded('write', () => transaction(work))),
    close: () => inTurn(() => guardedClose(database, file)),
  };
}

async function guardedClose(database: Database.Database, file: string): Promise<void> {
  try {
    database.close();
  } catch (error) {
    throw stateFault(error, { doing: 'write', file });
  }
}

/** One piece of work at a time, in order: there is one connection, and a transaction spans several turns of the loop. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
