import { AssertionFault } from '../kernel/assert.js';
import type { InstantMs, RunId } from '../kernel/id.js';
import { Fault } from '../kernel/fault.js';
import type { Clock } from '../ports/clock.js';
import type { Journal, JournalEntry, JournalRecord } from '../ports/journal.js';
import type { BookName, BookRow, RunRequest, Store } from '../ports/store.js';
import { emptyChain, fenced, objectOf, recordOf, sealEntries, storedJson } from './record-chain.js';
import type { ChainHead, StoredRecord } from './record-chain.js';

/** Stands for the death of the process at a journal boundary. Nothing but a simulation throws or catches it. */
export class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash';
}

/** `crash-before`: nothing of this append is kept. `crash-after`: it is durable, but the writer never learns so. */
export type CrashPoint = 'crash-before' | 'crash-after';

export interface MemoryStoreOptions {
  /** Asked at every append that the journal would take; an answer kills this handle. */
  readonly onAppend?: (run: RunId, entries: readonly JournalEntry[]) => CrashPoint | undefined;
  /** Told of every row that a book has taken. */
  readonly onPut?: (book: BookName, row: BookRow) => void;
}

/** A handle is one process's view: it can die, and another one be opened on what it left. */
export interface MemoryStore extends Store {
  /** Dies now, as on `kill -9`: the runner's place is free, and every later call rejects with SimulatedCrash. */
  crash(): void;
  /** Another handle on the same data, as a new process would get, alive whatever became of this one. */
  reopen(options?: MemoryStoreOptions): MemoryStore;
}

interface Kept {
  readonly clock: Clock;
  readonly runs: Map<RunId, KeptRun>;
  readonly books: Map<BookName, Book>;
  readonly requests: RunRequest[];
  runner: { readonly handle: Handle; readonly name: string } | undefined;
  beatMs: InstantMs;
  teller: Handle | undefined;
}

interface KeptRun {
  epoch: number;
  head: ChainHead;
  readonly records: StoredRecord[];
}

/** Rows in order, and again by key: the newest of a key is asked for all the time. */
interface Book {
  readonly rows: KeptRow[];
  readonly byKey: Map<string, KeptRow[]>;
}

interface KeptRow {
  readonly key: string;
  readonly atMs: InstantMs;
  readonly value: string;
}

interface Handle {
  /** Why this handle answers no more. */
  gone: Error | undefined;
}

/** The store without a disk: same promises, no I/O; everything resolves in microtasks. */
export function createMemoryStore(clock: Clock, options: MemoryStoreOptions = {}): MemoryStore {
  const kept: Kept = {
    clock,
    runs: new Map(),
    books: new Map(),
    requests: [],
    runner: undefined,
    beatMs: 0,
    teller: undefined,
  };
  return openHandle(kept, options);
}

function openHandle(kept: Kept, options: MemoryStoreOptions): MemoryStore {
  const handle: Handle = { gone: undefined };
  const end = (why: Error) => {
    handle.gone ??= why;
    if (kept.runner?.handle === handle) kept.runner = undefined;
    if (kept.teller === handle) kept.teller = undefined;
  };
  const alive = () => {
    if (handle.gone) throw handle.gone;
  };
  return {
    journal: journalOf(kept, { alive, end, options }),
    ...booksOf(kept, alive, options),
    holdRunner: async (holder) => {
      alive();
      return takePlace(kept, handle, holder);
    },
    runnerHolder: async () => {
      alive();
      return kept.runner?.name;
    },
    runnerBeatMs: async () => {
      alive();
      return kept.runner && kept.beatMs;
    },
    holdTeller: async () => {
      alive();
      if (kept.teller) return undefined;
      kept.teller = handle;
      return {
        release: async () => {
          if (kept.teller === handle) kept.teller = undefined;
        },
      };
    },
    close: async () => {
      end(new AssertionFault('the store is used after it was closed'));
    },
    crash: () => {
      end(new SimulatedCrash('the process was killed'));
    },
    reopen: (fresh = {}) => openHandle(kept, fresh),
  };
}

function takePlace(kept: Kept, handle: Handle, holder: string) {
  if (kept.runner) {
    throw new Fault('state-locked', `the store is held by ${kept.runner.name}`, { retry: 'safe' });
  }
  const since = new Date(kept.clock.now()).toISOString();
  const mine = { handle, name: `${holder} (since ${since})` };
  kept.runner = mine;
  const beat = () => {
    if (kept.runner === mine) kept.beatMs = kept.clock.now();
  };
  beat();
  return {
    beat,
    release: async () => {
      if (kept.runner === mine) kept.runner = undefined;
    },
  };
}

interface Life {
  /** Throws once the handle is dead or closed. */
  readonly alive: () => void;
  readonly end: (why: Error) => void;
  readonly options: MemoryStoreOptions;
}

function journalOf(kept: Kept, life: Life): Journal {
  return {
    append: async (run, epoch, entries) => {
      life.alive();
      return append(kept, life, { run, epoch, entries });
    },
    read: async (run, afterSeq) => {
      life.alive();
      const records = kept.runs.get(run)?.records ?? [];
      return records.slice(Math.max(0, afterSeq)).map(recordOf);
    },
    takeOver: async (run) => {
      life.alive();
      const known = kept.runs.get(run) ?? { epoch: 0, head: emptyChain, records: [] };
      known.epoch += 1;
      kept.runs.set(run, known);
      return known.epoch;
    },
    runs: async () => {
      life.alive();
      return [...kept.runs].filter(([, { head }]) => head.count > 0).map(([run]) => run);
    },
  };
}

function append(
  kept: Kept,
  { end, options }: Life,
  { run, epoch, entries }: { run: RunId; epoch: number; entries: readonly JournalEntry[] },
): readonly JournalRecord[] {
  const known = kept.runs.get(run);
  if (!known || known.epoch !== epoch) throw fenced(run, epoch, known?.epoch ?? 0);
  const sealed = sealEntries(run, epoch, known.head, entries);
  const crash = options.onAppend?.(run, entries);
  if (crash !== 'crash-before') keep(known, sealed);
  if (crash) {
    const dead = new SimulatedCrash(`${crash} of run ${run}, last record ${known.head.count}`);
    end(dead);
    throw dead;
  }
  return sealed.map(recordOf);
}

function keep(known: KeptRun, sealed: readonly StoredRecord[]): void {
  // One by one: as arguments of one call, a very long append would overflow the stack.
  for (const record of sealed) {
    known.records.push(record);
    known.head = { count: record.seq, hash: record.hash };
  }
}

function booksOf(
  kept: Kept,
  alive: () => void,
  { onPut }: MemoryStoreOptions,
): Pick<Store, 'put' | 'latest' | 'rows' | 'ask' | 'requests'> {
  const bookOf = (name: BookName): Book => {
    const book = kept.books.get(name) ?? { rows: [], byKey: new Map() };
    kept.books.set(name, book);
    return book;
  };
  const rowsOf = (name: BookName, key: string | undefined) => {
    const book = bookOf(name);
    return key === undefined ? book.rows : (book.byKey.get(key) ?? []);
  };
  return {
    put: async (book, { key, atMs, value }) => {
      alive();
      const { rows, byKey } = bookOf(book);
      const row = { key, atMs, value: storedJson(value) };
      rows.push(row);
      byKey.set(key, byKey.get(key) ?? []);
      byKey.get(key)?.push(row);
      onPut?.(book, bookRowOf(row));
    },
    latest: async (book, key) => {
      alive();
      const row = rowsOf(book, key).at(-1);
      return row && bookRowOf(row);
    },
    rows: async (book, { key, sinceMs, limit } = {}) => {
      alive();
      const found = rowsOf(book, key).filter((row) => row.atMs >= (sinceMs ?? row.atMs));
      return found
        .slice(limit === undefined ? 0 : Math.max(0, found.length - limit))
        .map(bookRowOf);
    },
    ask: async ({ run, atMs, kind, by, reason }) => {
      alive();
      const request = { id: kept.requests.length + 1, run, atMs, kind, by, reason };
      kept.requests.push(request);
      return { ...request };
    },
    requests: async (run, afterId) => {
      alive();
      const later = kept.requests.filter((request) => request.run === run && request.id > afterId);
      return later.map((request) => ({ ...request }));
    },
  };
}

function bookRowOf({ key, atMs, value }: KeptRow): BookRow {
  return { key, atMs, value: objectOf(value, `a row of key ${key}`) };
}
