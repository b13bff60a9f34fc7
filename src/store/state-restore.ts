import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { Fault } from '../kernel/fault.js';
import type { Restored } from '../ports/state-keeper.js';
import { bringFileUpToDate } from './old-schema.js';
import { makePrivateDirectory } from './private-file.js';
import { openRunnerPlace } from './runner-place.js';
import { isBusy, stateFault } from './sqlite-fault.js';
import { unpackBackup, type BackupPlace, type Unpacked } from './state-backup.js';
import { checkDatabase, reading, versionOf } from './state-check.js';

const DATABASE = 'nightshift.db';
const { COPYFILE_EXCL } = constants;
/** Left beside a database only where it is damaged. */
const SIDES = ['-wal', '-shm'] as const;

interface RestoreOptions {
  readonly replace: boolean;
  readonly keys?: string;
}

/** Holds both places of the directory, so that neither a runner nor a teller begins meanwhile. */
export async function withPlaces<T>(
  { directory, clock }: BackupPlace,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const runner = openRunnerPlace(directory, clock).take(what);
  try {
    const teller = openRunnerPlace(directory, clock, 'teller').take(what);
    try {
      return await work();
    } finally {
      teller.leave();
    }
  } finally {
    runner.leave();
  }
}

function isEmptyState(file: string): boolean {
  if (!existsSync(file)) return true;
  return reading(file, (database) => {
    if (versionOf(database) === 0) return true;
    const used = 'select (select count(*) from book) + (select count(*) from journal) as n';
    return database.prepare<[], { n: number }>(used).get()?.n === 0;
  });
}

/**
 * Leaving WAL needs the file to itself, so it fails exactly when another process has the state open; and it brings
 * everything into the one file. A file that SQLite cannot read is nobody's.
 */
function requireAlone(file: string): void {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { fileMustExist: true, timeout: 1000 });
    database.pragma('journal_mode = DELETE');
  } catch (error) {
    if (!isBusy(error)) return;
    throw new Fault('state-locked', `${file}: another process has the state open`, {
      retry: 'safe',
      mend: 'End the other commands that work here, then try again.',
    });
  } finally {
    database?.close();
  }
}

function setAside(directory: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const aside = mkdtempSync(join(directory, `replaced-${stamp}-`));
  for (const side of SIDES) {
    const file = join(directory, `${DATABASE}${side}`);
    if (existsSync(file)) renameSync(file, join(aside, `${DATABASE}${side}`));
  }
  // A second name, not a move: the backup then takes the place in one step, and at no moment is there no state.
  linkSync(join(directory, DATABASE), join(aside, DATABASE));
  return aside;
}

/** Verified in its own version, then brought forward, then verified as a whole. */
async function prepare(unpacked: Unpacked): Promise<void> {
  await bringFileUpToDate(unpacked.database);
  const wrong = (await checkDatabase(unpacked.database)).find((each) => each.wrong !== undefined);
  if (!wrong) return;
  const code = wrong.what === 'journal' ? 'journal-tampered' : 'backup-invalid';
  throw new Fault(code, `${wrong.name}: ${wrong.wrong}`);
}

/** Where the keys of the backup will go; written only once the state is in its place. */
function keysOf(unpacked: Unpacked, folder: string | undefined) {
  if (folder === undefined) return [];
  makePrivateDirectory(folder);
  return unpacked.keys.map(({ name, path }) => {
    const target = join(folder, basename(name));
    if (existsSync(target)) throw new Fault('state-occupied', `${target} is there already`);
    return { path, target };
  });
}

/** Puts a backup in the place of the state. Nothing is changed before all of it is verified. */
export async function restoreState(
  place: BackupPlace,
  file: string,
  options: RestoreOptions,
): Promise<Restored> {
  const { directory, clock } = place;
  const target = join(directory, DATABASE);
  try {
    makePrivateDirectory(directory);
    const work = mkdtempSync(join(directory, '.restoring-'));
    try {
      const unpacked = await unpackBackup(file, work);
      await prepare(unpacked);
      const wanted = keysOf(unpacked, options.keys);
      const aside = await withPlaces(place, `restore of ${file}`, async () => {
        if (!options.replace && !isEmptyState(target)) {
          throw new Fault('state-occupied', `${directory} holds a state already`);
        }
        if (existsSync(target)) requireAlone(target);
        const old = existsSync(target) ? setAside(directory, clock.now()) : undefined;
        renameSync(unpacked.database, target);
        return old;
      });
      for (const { path, target: key } of wanted) copyFileSync(path, key, COPYFILE_EXCL);
      const keys = wanted.map((each) => each.target);
      const { manifest, digest } = unpacked;
      return { file, manifest, digest, setAside: aside, keys };
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  } catch (error) {
    throw stateFault(error, { doing: 'write', file });
  }
}
