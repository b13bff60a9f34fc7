import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../kernel/fault.js';
import type { Clock } from '../ports/clock.js';
import type { RunnerHold, Store } from '../ports/store.js';
import { makePrivateDirectory } from './private-file.js';
import { openRunnerPlace } from './runner-place.js';
import { bringUpToDate, requireUpToDate } from './schema.js';
import { createSqlBooks } from './sql-books.js';
import type { SqlConnection } from './sql-connection.js';
import { createSqlJournal } from './sql-journal.js';
import { openSqliteConnection } from './sqlite-connection.js';
import { stateFault } from './sqlite-fault.js';
import { keepOldSchema } from './old-schema.js';

/** The name of the database in the state directory. */
export const databaseName = 'nightshift.db';

export interface SqliteStoreOptions {
  /** The state directory; made with mode 0700 when it is not there. */
  readonly directory: string;
  readonly clock: Clock;
  /** Changes nothing, makes nothing: writes and `holdRunner` give Fault `state-unwritable`. */
  readonly readOnly?: boolean;
  /** Most pages of 4 KiB that the database may have; beyond it writes give Fault `state-unwritable`. */
  readonly maxPages?: number;
}

/**
 * The store in one SQLite file. Several processes may have it open; one at a time is the runner. Faults:
 * `state-unwritable` (disk full, read-only, no rights), `state-unreadable` (damaged, of a newer version, or read-only
 * and not there), `state-locked` (kept busy by another process for more than 5 s), `journal-tampered`.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { directory, readOnly = false, maxPages } = options;
  prepareDirectory(directory, readOnly);
  const file = join(directory, databaseName);
  const connection = await openSqliteConnection({
    file,
    readOnly,
    ...(maxPages === undefined ? {} : { maxPages }),
  });
  try {
    if (readOnly) await requireUpToDate(connection);
    else {
      await bringUpToDate(connection, async (version) => {
        await keepOldSchema({ directory, file, clock: options.clock }, version);
      });
    }
  } catch (error) {
    await connection.close();
    throw error;
  }
  return storeOver(connection, options);
}

function prepareDirectory(directory: string, readOnly: boolean): void {
  if (readOnly) {
    if (existsSync(join(directory, databaseName))) return;
    throw new Fault('state-unreadable', `${directory} holds no ${databaseName}`, {
      mend: 'Name the right state directory with --state; the first plan or run makes it.',
    });
  }
  try {
    makePrivateDirectory(directory);
  } catch (error) {
    throw stateFault(error, { doing: 'write', file: directory });
  }
}

function storeOver(connection: SqlConnection, options: SqliteStoreOptions): Store {
  const { directory, clock, readOnly = false } = options;
  const place = openRunnerPlace(directory, clock);
  const tellers = openRunnerPlace(directory, clock, 'teller');
  const held = new Set<() => void>();
  const releaseOf = (leave: () => void) => {
    held.add(leave);
    return async () => {
      held.delete(leave);
      leave();
    };
  };
  const leaveAll = () => {
    for (const leave of held) leave();
    held.clear();
  };
  return {
    journal: createSqlJournal(connection),
    ...createSqlBooks(connection),
    holdRunner: async (holder): Promise<RunnerHold> => {
      if (readOnly) throw new Fault('state-unwritable', `${directory} is open for reading only`);
      const { leave, beat } = place.take(holder);
      return { beat, release: releaseOf(leave) };
    },
    runnerBeatMs: async () => place.beatMs(),
    holdTeller: async (holder) => {
      if (readOnly) return undefined;
      const hold = tellers.tryTake(holder);
      return hold && { release: releaseOf(hold.leave) };
    },
    runnerHolder: async () => place.holder(),
    close: async () => {
      leaveAll();
      await connection.close();
    },
  };
}
