import type { InstantMs, RunId } from '../kernel/id.js';
import type { JsonObject } from '../kernel/json.js';
import type { Journal } from './journal.js';

/** What a record book holds: one row a key and version, newest last. */
export interface BookRow {
  readonly key: string;
  readonly atMs: InstantMs;
  readonly value: JsonObject;
}

/** Names of the record books. `plan` and `approval` rows are content-addressed by their readers. */
export type BookName =
  | 'facts'
  | 'snapshot'
  | 'plan'
  | 'approval'
  | 'rehearsal'
  | 'run'
  | 'host-key'
  | 'out-of-band'
  | 'artefact'
  | 'acceptance'
  | 'staged'
  | 'notice'
  | 'mute'
  | 'answer';

/** A request to the runner from another process, in order; the runner marks it read by journaling what it did. */
export interface RunRequest {
  readonly id: number;
  readonly run: RunId;
  readonly atMs: InstantMs;
  readonly kind: 'pause' | 'resume' | 'abort';
  readonly by: string;
  readonly reason: string;
}

/** Append-only tables beside the journal. All writes are durable when they resolve. */
export interface Store {
  readonly journal: Journal;
  put(book: BookName, row: BookRow): Promise<void>;
  /** The newest row of a key. */
  latest(book: BookName, key: string): Promise<BookRow | undefined>;
  /** All rows of a key, or of the book, oldest first; at most `limit` newest ones. */
  rows(
    book: BookName,
    options?: { key?: string; sinceMs?: InstantMs; limit?: number },
  ): Promise<readonly BookRow[]>;
  ask(request: Omit<RunRequest, 'id'>): Promise<RunRequest>;
  requests(run: RunId, afterId: number): Promise<readonly RunRequest[]>;
  /** Takes the one runner's place; Fault `state-locked` names the holder. Freed by `release` or by the death of the process. */
  holdRunner(holder: string): Promise<RunnerHold>;
  /** Who holds the runner's place now, if anybody. */
  runnerHolder(): Promise<string | undefined>;
  /** When the holder last showed a sign of life; undefined: nobody holds the place. */
  runnerBeatMs(): Promise<InstantMs | undefined>;
  /** Takes the place of the one process that sends notices; undefined: another one has it. Freed as the runner's is. */
  holdTeller(holder: string): Promise<TellerHold | undefined>;
  close(): Promise<void>;
}

export interface TellerHold {
  release(): Promise<void>;
}

export interface RunnerHold {
  /** A sign of life, for those who look. Cheap; fails silently. */
  beat(): void;
  release(): Promise<void>;
}
