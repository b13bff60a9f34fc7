import { existsSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { makePrivateFile } from './private-file.js';
import { stateFault } from './sqlite-fault.js';

/** All pages in one go: one read transaction, which no writer has to wait for, and nothing to begin again. */
const PAGES = 0x7fffffff;

/**
 * Copies a database as it is at one instant, also while other processes write to it, into one new file without side
 * files, mode 0600. Faults as of the store.
 */
export async function copyDatabase(from: string, to: string): Promise<void> {
  let source: Database.Database | undefined;
  const isNew = !existsSync(to);
  try {
    source = new Database(from, { readonly: true, fileMustExist: true, timeout: 5000 });
    makePrivateFile(to);
    await source.backup(to, { progress: () => PAGES });
    const copy = new Database(to);
    try {
      copy.pragma('journal_mode = DELETE');
    } finally {
      copy.close();
    }
  } catch (error) {
    if (isNew) rmSync(to, { force: true });
    throw stateFault(error, { doing: 'write', file: to });
  } finally {
    source?.close();
  }
}
