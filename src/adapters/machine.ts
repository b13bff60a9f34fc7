import { existsSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';

/** What this machine and this Node bring along. */
export interface MachineFacts {
  readonly node: string;
  /** False: ssh2 falls back to JavaScript, and copies are slower. */
  readonly nativeCrypto: boolean;
  /** Free on the disk of the folder, or of the nearest folder above it that is there. */
  readonly freeBytes: number;
}

const require = createRequire(import.meta.url);

function loads(module: string): boolean {
  try {
    require(module);
    return true;
  } catch {
    return false;
  }
}

export function machineFacts(directory: string): MachineFacts {
  let folder = resolve(directory);
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const nativeCrypto = loads('ssh2/lib/protocol/crypto/build/Release/sshcrypto.node');
  return { node: process.versions.node, nativeCrypto, freeBytes: bavail * bsize };
}
