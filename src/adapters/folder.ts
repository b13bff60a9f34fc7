import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder with those above it, unless it is there. Not left to `recursive`: where a folder is there and refuses
 * all the same, as /proc does, that never ends.
 */
export function makeFolder(path: string, mode = 0o777): void {
  try {
    mkdirSync(path, { mode });
  } catch (thrown) {
    const code: unknown = Object(thrown).code;
    const parent = dirname(resolve(path));
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(parent)) throw thrown;
    makeFolder(parent, mode);
    makeFolder(path, mode);
  }
}
