import { closeSync, mkdirSync, openSync } from 'node:fs';

/** Makes the directory, for its owner only, unless it is there. */
export function makePrivateDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
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
