import type { Kysely } from 'kysely';
import { Fault } from '../kernel/fault.js';
import type { RunId } from '../kernel/id.js';
import { runId } from '../kernel/id.js';
import type { BookName, BookRow, RunRequest, Store } from '../ports/store.js';
import { objectOf, storedJson } from './record-chain.js';
import type { SqlConnection } from './sql-connection.js';
import type { Tables } from './tables.js';

/** The record books and the requests to the runner, in a SQL database. */
export type Books = Pick<Store, 'put' | 'latest' | 'rows' | 'ask' | 'requests'>;

export function createSqlBooks(connection: SqlConnection): Books {
  return {
    put: async (book, row) => {
      const value = storedJson(row.value);
      await connection.write(async (db) => {
        const id = await nextId(db, 'book');
        await db
          .insertInto('book')
          .values({ id, book, key: row.key, at_ms: row.atMs, value })
          .execute();
      });
    },
    latest: async (book, key) => {
      const [row] = await connection.read((db) => newest(db, book, { key, limit: 1 }));
      return row;
    },
    rows: async (book, options = {}) => {
      const found = await connection.read((db) => newest(db, book, options));
      return found.toReversed();
    },
    ask: (asked) =>
      connection.write(async (db) => {
        const { run, atMs, kind, by, reason } = asked;
        const id = await nextId(db, 'request');
        await db
          .insertInto('request')
          .values({ id, run, at_ms: atMs, kind, requested_by: by, reason })
          .execute();
        return { id, run, atMs, kind, by, reason };
      }),
    requests: (run, afterId) => connection.read((db) => requestsOf(db, run, afterId)),
  };
}

/** The newest row is never deleted, so the next number has never been used. Only inside a write. */
async function nextId(db: Kysely<Tables>, table: 'book' | 'request'): Promise<number> {
  const { last } = await db
    .selectFrom(table)
    .select((eb) => eb.fn.max('id').as('last'))
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}

/** Newest first. */
async function newest(
  db: Kysely<Tables>,
  book: BookName,
  options: { key?: string; sinceMs?: number; limit?: number },
): Promise<BookRow[]> {
  const { key, sinceMs, limit } = options;
  let query = db
    .selectFrom('book')
    .select(['id', 'key', 'at_ms', 'value'])
    .where('book', '=', book)
    .orderBy('id', 'desc');
  if (key !== undefined) query = query.where('key', '=', key);
  if (sinceMs !== undefined) query = query.where('at_ms', '>=', sinceMs);
  if (limit !== undefined) query = query.limit(limit);
  const rows = await query.execute();
  return rows.map((row) => ({
    key: row.key,
    atMs: row.at_ms,
    value: objectOf(row.value, `row ${row.id} of book ${book}`),
  }));
}

async function requestsOf(
  db: Kysely<Tables>,
  run: RunId,
  afterId: number,
): Promise<readonly RunRequest[]> {
  const rows = await db
    .selectFrom('request')
    .selectAll()
    .where('run', '=', run)
    .where('id', '>', afterId)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    run: runId(row.run),
    atMs: row.at_ms,
    kind: requestKind(row),
    by: row.requested_by,
    reason: row.reason,
  }));
}

function requestKind({ id, kind }: { id: number; kind: string }): RunRequest['kind'] {
  if (kind === 'pause' || kind === 'resume' || kind === 'abort') return kind;
  throw new Fault('state-unreadable', `request ${id} asks for "${kind}", which is not known`);
}
