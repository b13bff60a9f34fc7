import {
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '../kernel/fault.js';
import type { Clock } from '../ports/clock.js';
import { makePrivateFile } from './private-file.js';
import { isBusy, stateFault } from './sqlite-fault.js';

/** A place of a state directory that one process has at a time: its runner's, or that of who sends notices. */
export interface RunnerPlace {
  /** Takes the place; Fault `state-locked` names who has it. */
  take(holder: string): PlaceHold;
  /** Takes the place if nobody has it. */
  tryTake(holder: string): PlaceHold | undefined;
  /** Who has the place now. */
  holder(): string | undefined;
  /** When the holder last gave a sign of life. */
  beatMs(): number | undefined;
}

export interface PlaceHold {
  readonly leave: () => void;
  readonly beat: () => void;
}

/** Longer than any look at the lock by `holder()`, which keeps it shared for an instant. */
const takeTimeoutMs = 1000;
const longestNote = 4096;

/**
 * The place is an exclusive transaction on a side file: the operating system ends it when the process dies, however it
 * dies. The note beside it only names the holder and decides nothing.
 */
export function openRunnerPlace(
  directory: string,
  clock: Clock,
  role: 'runner' | 'teller' = 'runner',
): RunnerPlace {
  const lockFile = join(directory, `${role}.lock.db`);
  const noteFile = join(directory, `${role}.json`);
  const named = () => readNote(noteFile) ?? 'another process';
  const beat = () => beatOn(noteFile, clock.now());
  const takeWithin = (holder: string, timeoutMs: number): PlaceHold | undefined => {
    const lock = lockOrNothing(lockFile, timeoutMs);
    if (!lock) return undefined;
    try {
      writeNote(noteFile, noteText(holder, clock));
      beat();
    } catch (error) {
      lock.close();
      throw stateFault(error, { doing: 'write', file: noteFile });
    }
    return { leave: () => leave(lock, noteFile), beat };
  };
  return {
    take: (holder) => {
      const hold = takeWithin(holder, takeTimeoutMs);
      if (hold) return hold;
      throw new Fault('state-locked', `${directory} is held by ${named()}`, { retry: 'safe' });
    },
    tryTake: (holder) => takeWithin(holder, 0),
    holder: () => (isHeld(lockFile) ? named() : undefined),
    beatMs: () =>
      isHeld(lockFile) ? statSync(noteFile, { throwIfNoEntry: false })?.mtimeMs : undefined,
  };
}

/** The time of the note's file is that of the holder's clock. */
function beatOn(noteFile: string, nowMs: number): void {
  try {
    utimesSync(noteFile, nowMs / 1000, nowMs / 1000);
  } catch {
    // A sign of life that cannot be given is one that is missed: that is what it is for.
  }
}

function lockOrNothing(lockFile: string, timeoutMs: number): Database.Database | undefined {
  let lock: Database.Database | undefined;
  try {
    makePrivateFile(lockFile);
    lock = new Database(lockFile, { timeout: timeoutMs });
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock?.close();
    if (isBusy(error)) return undefined;
    throw stateFault(error, { doing: 'write', file: lockFile });
  }
}

function leave(lock: Database.Database, noteFile: string): void {
  if (!lock.open) return;
  try {
    rmSync(noteFile, { force: true });
  } catch {
    // The note decides nothing: whoever comes next writes over it.
  } finally {
    lock.close();
  }
}

/** Looks without taking: a reader is let in exactly when nobody has the exclusive transaction. */
function isHeld(lockFile: string): boolean {
  if (!existsSync(lockFile)) return false;
  let look: Database.Database | undefined;
  try {
    look = new Database(lockFile, { readonly: true, timeout: 0 });
    look.prepare('select count(*) from sqlite_master').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw stateFault(error, { doing: 'read', file: lockFile });
  } finally {
    look?.close();
  }
}

function noteText(holder: string, clock: Clock): string {
  return `${JSON.stringify({
    holder: holder.slice(0, 1000),
    pid: process.pid,
    user: userName(),
    host: hostname(),
    since: new Date(clock.now()).toISOString(),
  })}\n`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Whole or not at all: a reader may come at any moment. */
function writeNote(noteFile: string, text: string): void {
  const fresh = `${noteFile}.${process.pid}`;
  writeFileSync(fresh, text, { mode: 0o600 });
  renameSync(fresh, noteFile);
}

function readNote(noteFile: string): string | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(noteFile, 'utf8').slice(0, longestNote));
    const part = (name: string) => printable(note, name);
    const who = `pid ${part('pid')}, ${part('user')} on ${part('host')}, since ${part('since')}`;
    return `${part('holder')} (${who})`;
  } catch {
    return undefined;
  }
}

function printable(note: unknown, name: string): string {
  const value: unknown =
    typeof note === 'object' && note !== null ? Reflect.get(note, name) : undefined;
  if (typeof value !== 'string' && typeof value !== 'number') return '?';
  return String(value).replaceAll(/\p{Cc}/gu, ' ');
}
