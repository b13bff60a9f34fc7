import type { Kysely } from 'kysely';
import type { RunId } from '../kernel/id.js';
import { runId } from '../kernel/id.js';
import type { Journal, JournalEntry, JournalRecord } from '../ports/journal.js';
import { emptyChain, fenced, follow, recordOf, sealEntries, tampered } from './record-chain.js';
import type { ChainHead, StoredRecord } from './record-chain.js';
import type { SqlConnection } from './sql-connection.js';
import type { Tables } from './tables.js';

/** Records in one statement: bounds the parameters of an insert and the memory of a read. */
const pageSize = 500;

/** Where a run stands according to its row, and according to its records. */
interface Standing {
  readonly epoch: number;
  readonly head: ChainHead;
  readonly lastSeq: number;
}

/**
 * The journal in a SQL database. A read from 0 verifies the whole chain. A later read verifies what it returns against
 * the end of the chain that this object has verified before, so that following a long run does not verify its
 * beginning again and again.
 */
export function createSqlJournal(connection: SqlConnection): Journal {
  const verified = new Map<RunId, ChainHead>();

  return {
    append: (run, epoch, entries) => connection.write((db) => append(db, run, { epoch, entries })),
    read: async (run, afterSeq) => {
      const { head, lastSeq } = await connection.read((db) => standingOf(db, run));
      const known = verified.get(run) ?? emptyChain;
      requireWhole(run, { head, lastSeq, known });
      const records: JournalRecord[] = [];
      let reached = await startOf(connection, run, { known, afterSeq });
      while (reached.count < head.count) {
        const after = reached.count;
        const page = await connection.read((db) => pageOf(db, run, { after, upTo: head.count }));
        if (page.length === 0) throw tampered(run, after + 1, 'is missing');
        for (const stored of page) {
          reached = follow(run, reached, stored);
          requireSame(run, reached, known);
          if (stored.seq > afterSeq) records.push(recordOf(stored));
        }
      }
      requireSame(run, reached, head);
      if (reached.count > (verified.get(run)?.count ?? 0)) verified.set(run, reached);
      return records;
    },
    takeOver: (run) => connection.write((db) => takeOver(db, run)),
    runs: () => connection.read(runsOf),
  };
}

/**
 * From where a read has to follow the chain. Between the start and a known end, the first record's own word for the
 * hash before it will do: a chain that arrives at the known hash cannot have begun otherwise.
 */
async function startOf(
  connection: SqlConnection,
  run: RunId,
  { known, afterSeq }: { known: ChainHead; afterSeq: number },
): Promise<ChainHead> {
  if (known.count <= afterSeq) return known;
  if (afterSeq < 1) return emptyChain;
  const [first] = await connection.read((db) =>
    pageOf(db, run, { after: afterSeq, upTo: afterSeq + 1 }),
  );
  if (!first) throw tampered(run, afterSeq + 1, 'is missing');
  return { count: afterSeq, hash: first.previousHash };
}

/** Fault `journal-tampered` when the chain passes the place of `expected` with another hash. */
function requireSame(run: RunId, reached: ChainHead, expected: ChainHead): void {
  if (reached.count === expected.count && reached.hash !== expected.hash) {
    throw tampered(run, reached.count, 'is not the one last written');
  }
}

async function append(
  db: Kysely<Tables>,
  run: RunId,
  { epoch, entries }: { epoch: number; entries: readonly JournalEntry[] },
): Promise<readonly JournalRecord[]> {
  const standing = await standingOf(db, run);
  if (epoch !== standing.epoch || epoch < 1) throw fenced(run, epoch, standing.epoch);
  const { head } = standing;
  requireWhole(run, { ...standing, known: emptyChain });
  const sealed = sealEntries(run, epoch, head, entries);
  for (let start = 0; start < sealed.length; start += pageSize) {
    const rows = sealed.slice(start, start + pageSize).map(rowOf);
    await db.insertInto('journal').values(rows).execute();
  }
  const last = sealed.at(-1);
  if (last) {
    await db
      .updateTable('run_epoch')
      .set({ record_count: last.seq, head_hash: last.hash })
      .where('run', '=', run)
      .execute();
  }
  return sealed.map(recordOf);
}

/** Fault `journal-tampered` when the records do not end where the run's row, or our own memory, says they do. */
function requireWhole(
  run: RunId,
  { head, lastSeq, known }: { head: ChainHead; lastSeq: number; known: ChainHead },
): void {
  if (lastSeq < head.count) throw tampered(run, lastSeq + 1, 'was cut off');
  if (lastSeq > head.count) throw tampered(run, head.count + 1, 'was not written by a runner');
  if (head.count < known.count) throw tampered(run, head.count + 1, 'was cut off');
}

/** One statement, hence one instant: another process may be appending. */
async function standingOf(db: Kysely<Tables>, run: RunId): Promise<Standing> {
  const row = await db
    .selectNoFrom((eb) => [
      eb.selectFrom('run_epoch').select('epoch').where('run', '=', run).as('epoch'),
      eb.selectFrom('run_epoch').select('record_count').where('run', '=', run).as('count'),
      eb.selectFrom('run_epoch').select('head_hash').where('run', '=', run).as('hash'),
      eb
        .selectFrom('journal')
        .select((journal) => journal.fn.max('seq').as('last'))
        .where('run', '=', run)
        .as('last'),
    ])
    .executeTakeFirstOrThrow();
  return {
    epoch: row.epoch ?? 0,
    head: { count: row.count ?? 0, hash: row.hash ?? emptyChain.hash },
    lastSeq: row.last ?? 0,
  };
}

async function pageOf(
  db: Kysely<Tables>,
  run: RunId,
  { after, upTo }: { after: number; upTo: number },
): Promise<readonly StoredRecord[]> {
  const rows = await db
    .selectFrom('journal')
    .selectAll()
    .where('run', '=', run)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .orderBy('seq')
    .limit(pageSize)
    .execute();
  return rows.map((row) => ({
    run: row.run,
    seq: row.seq,
    atMs: row.at_ms,
    epoch: row.epoch,
    dueAtMs: row.due_at_ms,
    event: row.event,
    previousHash: row.previous_hash,
    hash: row.hash,
  }));
}

function rowOf(stored: StoredRecord): Tables['journal'] {
  return {
    run: stored.run,
    seq: stored.seq,
    at_ms: stored.atMs,
    epoch: stored.epoch,
    due_at_ms: stored.dueAtMs,
    event: stored.event,
    previous_hash: stored.previousHash,
    hash: stored.hash,
  };
}

async function takeOver(db: Kysely<Tables>, run: RunId): Promise<number> {
  const { epoch } = await standingOf(db, run);
  if (epoch > 0) {
    await db
      .updateTable('run_epoch')
      .set({ epoch: epoch + 1 })
      .where('run', '=', run)
      .execute();
    return epoch + 1;
  }
  const { last } = await db
    .selectFrom('run_epoch')
    .select((eb) => eb.fn.max('ordinal').as('last'))
    .executeTakeFirstOrThrow();
  await db
    .insertInto('run_epoch')
    .values({
      run,
      ordinal: (last ?? 0) + 1,
      epoch: 1,
      record_count: 0,
      head_hash: emptyChain.hash,
    })
    .execute();
  return 1;
}

/** Runs with at least one record, in the order in which they began. */
async function runsOf(db: Kysely<Tables>): Promise<readonly RunId[]> {
  const rows = await db
    .selectFrom('run_epoch')
    .select('run')
    .where('record_count', '>', 0)
    .orderBy('ordinal')
    .execute();
  return rows.map((row) => runId(row.run));
}
