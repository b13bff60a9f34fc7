import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Fault, messageOf } from '../kernel/fault.js';
import type { StateCheck, StateKeeper } from '../ports/state-keeper.js';
import { bringFileUpToDate, keepOldSchema } from './old-schema.js';
import { schemaVersion } from './schema.js';
import { stateFault } from './sqlite-fault.js';
import { backUpState, unpackBackup, type BackupPlace } from './state-backup.js';
import { checkDatabase, reading, versionOf } from './state-check.js';
import { pruneState, storedRows } from './state-prune.js';
import { restoreState } from './state-restore.js';

const DATABASE = 'nightshift.db';

async function migrate(place: BackupPlace) {
  const file = join(place.directory, DATABASE);
  if (!existsSync(file)) throw new Fault('state-unreadable', `${place.directory} holds no state`);
  let backup: string | undefined;
  const from = await bringFileUpToDate(file, async (version) => {
    backup = await keepOldSchema({ ...place, file }, version);
  });
  return { from, to: schemaVersion, backup };
}

async function verifyBackup(file: string): Promise<readonly StateCheck[]> {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-verify-'));
  try {
    const { database, manifest } = await unpackBackup(file, folder);
    const records = manifest.files.length;
    const whole: StateCheck = { what: 'file', name: file, records, wrong: undefined };
    const version = reading(database, versionOf);
    if (version >= schemaVersion || version < 1) return [whole, ...(await checkDatabase(database))];
    // An older backup is looked at as a restore would leave it.
    await bringFileUpToDate(database);
    return [whole, ...(await checkDatabase(database))];
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return [{ what: 'file', name: file, records: 0, wrong: messageOf(thrown) }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function freeBytesAt(directory: string): number {
  let path = resolve(directory);
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch (error) {
    throw stateFault(error, { doing: 'read', file: path });
  }
}

/** Looks after the state directory as a whole, from outside the store. */
export function createStateKeeper(place: BackupPlace): StateKeeper {
  const file = join(place.directory, DATABASE);
  return {
    backUp: (target, options) => backUpState(place, target, options),
    restore: (source, options) => restoreState(place, source, options),
    verify: async (backup) => {
      if (backup !== undefined) return verifyBackup(backup);
      if (existsSync(file)) return checkDatabase(file);
      throw new Fault('state-unreadable', `${place.directory} holds no state`, {
        mend: 'Name the right state directory with --state; the first plan or run makes it.',
      });
    },
    migrate: () => migrate(place),
    freeBytes: async () => freeBytesAt(place.directory),
    rows: async () => storedRows(dirname(file)),
    prune: (going, why) => pruneState(place, going, why),
  };
}
