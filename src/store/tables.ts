/** The tables, in the SQL that SQLite and Postgres share: text, integers, JSON as text, times as whole milliseconds. */
export interface Tables {
  readonly meta: MetaTable;
  readonly run_epoch: RunEpochTable;
  readonly journal: JournalTable;
  readonly book: BookTable;
  readonly request: RequestTable;
}

export interface MetaTable {
  readonly name: string;
  readonly value: string;
}

/** One row a run: who may write (the epoch), and the head of its chain, so that a cut-off end is noticed. */
export interface RunEpochTable {
  readonly run: string;
  /** Runs in the order in which they were first taken over. */
  readonly ordinal: number;
  readonly epoch: number;
  readonly record_count: number;
  readonly head_hash: string;
}

export interface JournalTable {
  readonly run: string;
  readonly seq: number;
  readonly at_ms: number;
  readonly epoch: number;
  readonly due_at_ms: number | null;
  readonly event: string;
  readonly previous_hash: string;
  readonly hash: string;
}

export interface BookTable {
  readonly id: number;
  readonly book: string;
  readonly key: string;
  readonly at_ms: number;
  readonly value: string;
}

export interface RequestTable {
  readonly id: number;
  readonly run: string;
  readonly at_ms: number;
  readonly kind: string;
  readonly requested_by: string;
  readonly reason: string;
}
