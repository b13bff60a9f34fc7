import type { InstantMs } from '../kernel/id.js';
import type { BookName } from './store.js';

/** One thing that was looked at in a state directory or a backup; `wrong` undefined: it is as it was written. */
export interface StateCheck {
  readonly what: 'file' | 'database' | 'schema' | 'journal' | 'rows' | 'tombstones';
  readonly name: string;
  readonly records: number;
  readonly wrong: string | undefined;
}

/** What a backup says of itself; its digest is to be noted down elsewhere. */
export interface BackupManifest {
  readonly format: 1;
  readonly madeAt: string;
  /** Of the program that made it, and of its tables. */
  readonly program: string;
  readonly schema: number;
  /** The end of each run's chain. */
  readonly runs: readonly {
    readonly run: string;
    readonly records: number;
    readonly head: string;
  }[];
  readonly files: readonly {
    readonly name: string;
    readonly sizeBytes: number;
    readonly sha256: string;
  }[];
}

export interface Backup {
  readonly file: string;
  readonly manifest: BackupManifest;
  /** Over the manifest, and so over everything. */
  readonly digest: string;
}

export interface Restored extends Backup {
  /** Where what was there before is now. */
  readonly setAside: string | undefined;
  /** Keys that were written back. */
  readonly keys: readonly string[];
}

export interface MigrationDone {
  readonly from: number;
  readonly to: number;
  /** The state as it was before; undefined: nothing was to be done. */
  readonly backup: string | undefined;
}

/** The rows of a book under a key at one instant, or a run's journal by its last record. */
export interface StoredRows {
  readonly book: BookName | 'journal';
  readonly key: string;
  readonly atMs: InstantMs;
  readonly records: number;
  readonly sizeBytes: number;
}

/** What is to go: all of a run's journal and requests, or the rows of a book under a key at an instant. */
export type Going =
  | { readonly kind: 'journal'; readonly run: string }
  | {
      readonly kind: 'rows';
      readonly book: BookName;
      readonly key: string;
      readonly atMs: InstantMs;
    };

/** Looks after a state directory as a whole. Nothing here may be open meanwhile but by others. */
export interface StateKeeper {
  /** While a run is active too. Faults `backup-invalid` where the file is there already, `state-...`. */
  backUp(file: string, options: { readonly keys?: string }): Promise<Backup>;
  /**
   * Verifies everything before it changes anything. Faults: `backup-invalid`, `journal-tampered`, `state-locked` over a
   * runner or any other process that has the state open, `state-occupied` over a state unless `replace`.
   */
  restore(
    file: string,
    options: { readonly replace: boolean; readonly keys?: string },
  ): Promise<Restored>;
  /** Everything that can be told without the plans' own rules; of a backup file when one is named. */
  verify(file?: string): Promise<readonly StateCheck[]>;
  /** Brings an older state forward, after a backup. */
  migrate(): Promise<MigrationDone>;
  /** Room for this user on the disk of the directory, or of where it will be. */
  freeBytes(): Promise<number>;
  /** What there is, oldest first. */
  rows(): Promise<readonly StoredRows[]>;
  /** Deletes, with a tombstone each, while no runner is at work; gives the bytes that the file shrank by. */
  prune(
    going: readonly Going[],
    why: { readonly by: string; readonly reason: string },
  ): Promise<number>;
}
