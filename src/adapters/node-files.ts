import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { Fault, messageOf } from '../kernel/fault.js';
import type { FileInfo, Files } from '../ports/files.js';
import { makeFolder } from './folder.js';

const READ_BYTES = 1024 * 1024;

/** Undefined for a missing file, a Fault for anything else that the disk says. */
async function unlessMissing<T>(path: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    if (isMissing(thrown)) return undefined;
    throw new Fault('document-unreadable', `${path}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function isMissing(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return false;
  return thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR';
}

/** Reads no more than the limit, even from a file that grows or that has no size. */
async function readBytes(path: string, maxBytes: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const chunks: Buffer[] = [];
    let total = 0;
    for (;;) {
      const { bytesRead, buffer } = await handle.read({
        buffer: Buffer.alloc(Math.min(READ_BYTES, maxBytes + 1)),
      });
      if (bytesRead === 0) return Buffer.concat(chunks);
      chunks.push(buffer.subarray(0, bytesRead));
      total += bytesRead;
      if (total > maxBytes)
        throw new Fault('document-unreadable', `${path} is larger than ${maxBytes} bytes`);
    }
  } finally {
    await handle.close();
  }
}

async function readText(path: string, maxBytes: number): Promise<string | undefined> {
  const bytes = await unlessMissing(path, () => readBytes(path, maxBytes));
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw new Fault('document-unreadable', `${path} is not UTF-8 text`, { cause: thrown });
  }
}

async function describe(path: string): Promise<FileInfo> {
  const info = await stat(path);
  return {
    path,
    sizeBytes: info.size,
    isDirectory: info.isDirectory(),
    mode: info.mode & 0o777,
  };
}

async function writeText(path: string, text: string, mode?: number): Promise<void> {
  try {
    makeFolder(dirname(path));
    await writeFileAtomic(path, text, {
      encoding: 'utf8',
      ...(mode === undefined ? {} : { mode }),
    });
  } catch (thrown) {
    throw new Fault('state-unwritable', `${path}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

async function hash(path: string) {
  const sha512 = createHash('sha512');
  const md5 = createHash('md5');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
    sha512.update(chunk);
    md5.update(chunk);
    sizeBytes += chunk.length;
  }
  return { sizeBytes, sha512: sha512.digest('hex'), md5: md5.digest('hex') };
}

/** The disk of this machine. */
export function createNodeFiles(): Files {
  return {
    readText,
    writeText,
    stat: (path) => unlessMissing(path, () => describe(path)),
    list: (path) => unlessMissing(path, async () => (await readdir(path)).toSorted()),
    hash: (path) => unlessMissing(path, () => hash(path)),
  };
}
