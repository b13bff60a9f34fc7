import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Makes the directory, for its owner only, unless it is there. */
export function makePrivateDirectory(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    const code = errorCodeOf(error);
    const parent = dirname(resolve(directory));
    if (code === 'EEXIST' && statSync(directory).isDirectory()) return;
    // Not left to `recursive`: where a folder is there and refuses all the same, as /proc does, that never ends.
    if (code !== 'ENOENT' || existsSync(parent)) throw error;
    makePrivateDirectory(parent);
    makePrivateDirectory(directory);
  }
}

/**
 * Makes an empty file, for its owner only, unless it is there; SQLite gives the files beside it the same mode.
 * A file that exists is not even opened: closing it again would drop this process's locks on it (POSIX).
 */
export function makePrivateFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  }
}

/** The `code` of what the file system or SQLite threw, judged by its shape: it may come from another realm. */
export function errorCodeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
