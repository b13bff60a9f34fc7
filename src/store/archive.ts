import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { Fault } from '../kernel/fault.js';

/** A file in an archive: its name there, and where it is. */
export interface Packed {
  readonly name: string;
  readonly path: string;
}

/** Where a member lies in an archive file. */
export interface Member {
  readonly name: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

const BLOCK = 512;
const CHUNK = 1024 * 1024;
const MEMBERS_MAX = 1000;
/** What eleven octal digits hold. */
const SIZE_MAX = 8 ** 11 - 1;
const NAME = /^[a-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/;

function octal(value: number, digits: number): string {
  return `${value.toString(8).padStart(digits, '0')}\0`;
}

/** A POSIX ustar header: any tar can list and unpack the file. */
function header(name: string, sizeBytes: number, atMs: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100, 'latin1');
  block.write(octal(0o600, 7), 100, 'latin1');
  block.write(octal(0, 7), 108, 'latin1');
  block.write(octal(0, 7), 116, 'latin1');
  block.write(octal(sizeBytes, 11), 124, 'latin1');
  block.write(octal(Math.floor(atMs / 1000), 11), 136, 'latin1');
  block.write('        ', 148, 'latin1');
  block.write('0', 156, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  block.write(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function sumOf(block: Buffer): number {
  let sum = 0;
  for (const [at, byte] of block.entries()) sum += at >= 148 && at < 156 ? 0x20 : byte;
  return sum;
}

/** Reads `sizeBytes` from `offset` on, a piece at a time. Fault `backup-invalid` when the file ends before. */
function* piecesOf(file: number, offset: number, sizeBytes: number): Generator<Buffer> {
  const buffer = Buffer.alloc(Math.min(CHUNK, Math.max(1, sizeBytes)));
  for (let done = 0; done < sizeBytes;) {
    const wanted = Math.min(buffer.length, sizeBytes - done);
    const got = readSync(file, buffer, 0, wanted, offset + done);
    if (got === 0) throw new Fault('backup-invalid', 'the backup ends before its contents do');
    yield buffer.subarray(0, got);
    done += got;
  }
}

function copyInto(target: number, source: number, from: { offset: number; sizeBytes: number }) {
  for (const piece of piecesOf(source, from.offset, from.sizeBytes)) writeAll(target, piece);
}

function writeAll(target: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length;) done += writeSync(target, bytes, done);
}

function withFile<T>(path: string, flags: string, work: (file: number) => T): T {
  const file = openSync(path, flags, 0o600);
  try {
    return work(file);
  } finally {
    closeSync(file);
  }
}

/** Writes a new archive, mode 0600, on the disk when it returns. Throws what the file system says. */
export function writeArchive(
  path: string,
  members: readonly (Packed | { readonly name: string; readonly text: string })[],
  atMs: number,
): void {
  withFile(path, 'wx', (target) => {
    for (const member of members) {
      if ('text' in member) {
        const bytes = Buffer.from(member.text, 'utf8');
        writeAll(target, header(member.name, bytes.length, atMs));
        writeAll(target, bytes);
        writeAll(target, Buffer.alloc(-bytes.length & (BLOCK - 1)));
      } else {
        withFile(member.path, 'r', (source) => {
          const sizeBytes = fstatSync(source).size;
          writeAll(target, header(member.name, sizeBytes, atMs));
          copyInto(target, source, { offset: 0, sizeBytes });
          writeAll(target, Buffer.alloc(-sizeBytes & (BLOCK - 1)));
        });
      }
    }
    writeAll(target, Buffer.alloc(2 * BLOCK));
    fsyncSync(target);
  });
}

function memberAt(block: Buffer, offset: number): Member {
  const text = (from: number, to: number) =>
    block.toString('latin1', from, to).replace(/\0[^]*$/, '');
  const name = text(0, 100);
  const size = text(124, 136).trim();
  const isOurs =
    text(257, 262) === 'ustar' &&
    Number.parseInt(text(148, 156), 8) === sumOf(block) &&
    text(156, 157) === '0' &&
    NAME.test(name) &&
    /^[0-7]{11}$/.test(size);
  if (!isOurs) throw new Fault('backup-invalid', 'the file is no backup, or it is damaged');
  const sizeBytes = Math.min(SIZE_MAX, Number.parseInt(size, 8));
  return { name, offset: offset + BLOCK, sizeBytes };
}

/** The members of an archive, in order. Fault `backup-invalid` for anything that `writeArchive` does not write. */
export function membersOf(path: string): readonly Member[] {
  return withFile(path, 'r', (file) => {
    const length = fstatSync(file).size;
    const members: Member[] = [];
    const block = Buffer.alloc(BLOCK);
    for (let offset = 0; ;) {
      const got = readSync(file, block, 0, BLOCK, offset);
      if (got < BLOCK) throw new Fault('backup-invalid', 'the backup has no end');
      if (block.every((byte) => byte === 0)) return members;
      const member = memberAt(block, offset);
      offset = member.offset + Math.ceil(member.sizeBytes / BLOCK) * BLOCK;
      if (offset > length || members.length >= MEMBERS_MAX) {
        throw new Fault('backup-invalid', 'the backup ends before its contents do');
      }
      members.push(member);
    }
  });
}

/** A member as text, when it is not longer than `maxBytes`. */
export function textOf(path: string, member: Member, maxBytes: number): string {
  if (member.sizeBytes > maxBytes) {
    throw new Fault('backup-invalid', `${member.name} has ${member.sizeBytes} bytes`);
  }
  return withFile(path, 'r', (file) => {
    const pieces = [...piecesOf(file, member.offset, member.sizeBytes)].map((each) =>
      Buffer.from(each),
    );
    return Buffer.concat(pieces).toString('utf8');
  });
}

/** Unpacks a member into a new file, mode 0600, and gives the SHA-256 of what was written. */
export function unpack(path: string, member: Member, to: string): string {
  return withFile(path, 'r', (source) =>
    withFile(to, 'wx', (target) => {
      const hash = createHash('sha256');
      for (const piece of piecesOf(source, member.offset, member.sizeBytes)) {
        hash.update(piece);
        writeAll(target, piece);
      }
      fsyncSync(target);
      return hash.digest('hex');
    }),
  );
}

/** The SHA-256 of a file, lower-case hex. */
export function hashOfFile(path: string): string {
  return withFile(path, 'r', (file) => {
    const hash = createHash('sha256');
    for (const piece of piecesOf(file, 0, fstatSync(file).size)) hash.update(piece);
    return hash.digest('hex');
  });
}
