import type { Kysely } from 'kysely';
import type { Tables } from './tables.js';

/** What the journal and the books need of a database. Errors arrive as Faults. */
export interface SqlConnection {
  /** Runs one statement that sees only what is committed. */
  read<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** Runs `work` as one transaction that no other writer can interleave with; durable when it resolves. */
  write<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
