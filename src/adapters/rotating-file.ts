import { appendFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './folder.js';

export interface RotatingFileOptions {
  readonly path: string;
  /** Beyond this the file is renamed to `<path>.1`, which replaces the one before. */
  readonly maxBytes: number;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Appends at once, so that a crash loses no line; the file has mode 0600. A disk that refuses costs the text, never the
 * work that it is about.
 */
export function openRotatingFile({ path, maxBytes }: RotatingFileOptions): (text: string) => void {
  makeFolder(dirname(path), 0o700);
  let sizeBytes = sizeOf(path);
  return (text) => {
    const bytes = Buffer.from(text, 'utf8');
    try {
      if (sizeBytes > 0 && sizeBytes + bytes.length > maxBytes) {
        renameSync(path, `${path}.1`);
        sizeBytes = 0;
      }
      appendFileSync(path, bytes, { mode: 0o600 });
      sizeBytes += bytes.length;
    } catch {
      sizeBytes = sizeOf(path);
    }
  };
}
