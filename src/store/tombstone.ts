import type Database from 'better-sqlite3';
import { digestOf } from '../kernel/digest.js';
import { emptyChain } from './record-chain.js';

/** What was pruned, by whom and why. `digest`: the head of a run's chain, or over what the rows held. */
export interface Tombstone {
  readonly atMs: number;
  readonly kind: string;
  readonly key: string;
  readonly recordCount: number;
  readonly digest: string;
  readonly by: string;
  readonly reason: string;
}

interface Row {
  readonly id: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly key: string;
  readonly record_count: number;
  readonly digest: string;
  readonly pruned_by: string;
  readonly reason: string;
  readonly previous_hash: string;
  readonly hash: string;
}

function hashOf({ hash: _hash, ...open }: Row): string {
  return digestOf(open);
}

/** Adds to the end of the chain; inside a transaction of the caller. */
export function bury(database: Database.Database, stones: readonly Tombstone[]): void {
  const last = database.prepare<[], Row>('select * from tombstone order by id desc limit 1').get();
  let id = last?.id ?? 0;
  let previous = last?.hash ?? emptyChain.hash;
  const insert = database.prepare<Row>(
    `insert into tombstone values (@id, @at_ms, @kind, @key, @record_count, @digest, @pruned_by,
      @reason, @previous_hash, @hash)`,
  );
  for (const stone of stones) {
    id += 1;
    const open: Row = {
      id,
      at_ms: stone.atMs,
      kind: stone.kind,
      key: stone.key,
      record_count: stone.recordCount,
      digest: stone.digest,
      pruned_by: stone.by,
      reason: stone.reason,
      previous_hash: previous,
      hash: '',
    };
    previous = hashOf(open);
    insert.run({ ...open, hash: previous });
  }
}

/** How many there are, and what is wrong with their chain; undefined: nothing. */
export function judgeTombstones(database: Database.Database): {
  readonly count: number;
  readonly wrong: string | undefined;
} {
  let count = 0;
  let previous = emptyChain.hash;
  const rows = database.prepare<[], Row>('select * from tombstone order by id');
  for (const row of rows.iterate()) {
    count += 1;
    if (row.id !== count) return { count, wrong: `tombstone ${count} is missing` };
    if (row.previous_hash !== previous || row.hash !== hashOf(row)) {
      return { count, wrong: `tombstone ${count} was altered` };
    }
    previous = row.hash;
  }
  return { count, wrong: undefined };
}
