import type { InstantMs, RunId } from '../kernel/id.js';
import type { JsonObject } from '../kernel/json.js';

/** One durable fact of a run. `seq` counts from 1 within the run; `hash` chains to the record before. */
export interface JournalRecord {
  readonly run: RunId;
  readonly seq: number;
  readonly atMs: InstantMs;
  readonly epoch: number;
  /** When this record waits for something in time: the instant at which it is due. */
  readonly dueAtMs?: InstantMs;
  readonly event: JsonObject;
  readonly hash: string;
}

export interface JournalEntry {
  readonly atMs: InstantMs;
  readonly dueAtMs?: InstantMs;
  readonly event: JsonObject;
}

/**
 * Append-only. `append` resolves when the record is durable (the disk said so) and fails with Fault `state-locked`
 * when `epoch` is not the newest of the run, with `state-unwritable` when the disk refuses.
 */
export interface Journal {
  append(
    run: RunId,
    epoch: number,
    entries: readonly JournalEntry[],
  ): Promise<readonly JournalRecord[]>;
  /** In order of seq. Verifies the hash chain from the start; Fault `journal-tampered` names the record. */
  read(run: RunId, afterSeq: number): Promise<readonly JournalRecord[]>;
  /** The next epoch of a run: whoever holds an older one can append no more. */
  takeOver(run: RunId): Promise<number>;
  runs(): Promise<readonly RunId[]>;
}
