import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Files } from '../../src/ports/files.js';

/** The files of a record, read-only. */
export function filesIn(contents: Readonly<Record<string, string>>): Files {
  return {
    readText: async (path: string) => contents[path],
    list: async (path: string) => {
      const inside = Object.keys(contents).filter((each) => each.startsWith(`${path}/`));
      const names = inside.map((each) => each.slice(path.length + 1).split('/')[0] ?? '');
      return inside.length > 0 ? [...new Set(names)].sort() : undefined;
    },
  } as unknown as Files;
}

/** The `.yaml` files of a folder on disk, under their own paths. */
export function folderOnDisk(directory: string): Record<string, string> {
  const names = readdirSync(directory).filter((each) => each.endsWith('.yaml'));
  const paths = names.map((each) => join(directory, each));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}
