import { assert } from '../kernel/assert.js';
import { digestText } from '../kernel/digest.js';
import { Fault } from '../kernel/fault.js';
import { runId } from '../kernel/id.js';
import type { RunId } from '../kernel/id.js';
import { canonicalJson } from '../kernel/json.js';
import type { JsonObject } from '../kernel/json.js';
import type { JournalEntry, JournalRecord } from '../ports/journal.js';

/** A journal record as it lies in a table: the event as canonical JSON text, both ends of the link. */
export interface StoredRecord {
  readonly run: string;
  readonly seq: number;
  readonly atMs: number;
  readonly epoch: number;
  readonly dueAtMs: number | null;
  readonly event: string;
  readonly previousHash: string;
  readonly hash: string;
}

/** The end of a run's chain: how many records there are, and the hash of the last. */
export interface ChainHead {
  readonly count: number;
  readonly hash: string;
}

/** The head of a run that has no record yet. */
export const emptyChain: ChainHead = { count: 0, hash: `sha256:${'0'.repeat(64)}` };

/** Most characters that one event or one book row may have as JSON text. */
export const maxJsonLength = 16 * 1024 * 1024;

/** Canonical JSON of what a table is to hold; an object over the limit is our own bug. */
export function storedJson(value: JsonObject): string {
  const text = canonicalJson(value);
  assert(text.length <= maxJsonLength, `a stored object has ${text.length} characters of JSON`);
  return text;
}

/** The object behind text that `storedJson` wrote; Fault `state-unreadable` when it is no JSON object. */
export function objectOf(text: string, where: string): JsonObject {
  const value = parsed(text);
  if (isObject(value)) return value;
  throw new Fault('state-unreadable', `${where} does not hold a JSON object`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The hash of a record: SHA-256 over the canonical JSON of run, seq, atMs, epoch, dueAtMs, event and the hash before.
 * The text is put together here because the event is already canonical and its bytes are what must not change.
 */
function hashOf(record: Omit<StoredRecord, 'hash'>): string {
  const due = record.dueAtMs === null ? '' : `"dueAtMs":${JSON.stringify(record.dueAtMs)},`;
  return digestText(
    `{"atMs":${JSON.stringify(record.atMs)},${due}"epoch":${JSON.stringify(record.epoch)},` +
      `"event":${record.event},"previousHash":${JSON.stringify(record.previousHash)},` +
      `"run":${JSON.stringify(record.run)},"seq":${JSON.stringify(record.seq)}}`,
  );
}

/** Continues a chain with new entries, in order. */
export function sealEntries(
  run: RunId,
  epoch: number,
  head: ChainHead,
  entries: readonly JournalEntry[],
): readonly StoredRecord[] {
  let previousHash = head.hash;
  return entries.map(({ atMs, dueAtMs, event }, index) => {
    assert(Number.isSafeInteger(atMs), 'the time of a journal entry is whole milliseconds');
    assert(
      dueAtMs === undefined || Number.isSafeInteger(dueAtMs),
      'the due time of a journal entry is whole milliseconds',
    );
    const open = {
      run,
      seq: head.count + index + 1,
      atMs,
      epoch,
      dueAtMs: dueAtMs ?? null,
      event: storedJson(event),
      previousHash,
    };
    const hash = hashOf(open);
    previousHash = hash;
    return { ...open, hash };
  });
}

/** The record as its readers know it. */
export function recordOf(stored: StoredRecord): JournalRecord {
  const { seq, atMs, epoch, hash } = stored;
  const run = runId(stored.run);
  const event = objectOf(stored.event, `record ${seq} of run ${run}`);
  return stored.dueAtMs === null
    ? { run, seq, atMs, epoch, event, hash }
    : { run, seq, atMs, epoch, dueAtMs: stored.dueAtMs, event, hash };
}

/** Checks that `record` follows `before` unaltered and gives the head that it makes; Fault `journal-tampered` otherwise. */
export function follow(run: RunId, before: ChainHead, record: StoredRecord): ChainHead {
  const seq = before.count + 1;
  if (record.seq !== seq) throw tampered(run, seq, 'is missing');
  if (record.previousHash !== before.hash)
    throw tampered(run, seq, 'does not link to the one before');
  if (record.hash !== hashOf(record)) throw tampered(run, seq, 'does not match its hash');
  return { count: seq, hash: record.hash };
}

/** The Fault of a journal that somebody or something altered. */
export function tampered(run: RunId, seq: number, how: string): Fault {
  return new Fault('journal-tampered', `journal of run ${run}: record ${seq} ${how}`);
}

/** The Fault of a writer that somebody has taken over from. */
export function fenced(run: RunId, epoch: number, newest: number): Fault {
  return new Fault(
    'state-locked',
    `journal of run ${run}: epoch ${epoch} may not write, the newest epoch is ${newest}`,
    { mend: 'Another process has taken over this run; watch it with `nightshift attach`.' },
  );
}
