import { open, type FileHandle } from 'node:fs/promises';
import type { Client, SFTPWrapper } from 'ssh2';
import { messageOf } from '../kernel/fault.js';
import type { UploadOutcome, UploadRequest } from '../ports/dialer.js';
import { pathProblem, RemoteRefusal, UploadGuard } from './upload-guard.js';

/** The largest write that every server must take. */
const WRITE_BYTES = 32 * 1024;
/** Writes under way at once: 4 MiB, enough for 100 MB/s at 40 ms. */
const WRITES_MAX = 128;
const READ_BYTES = 1024 * 1024;
/** SSH_FX_NO_SPACE_ON_FILESYSTEM and SSH_FX_QUOTA_EXCEEDED of later protocol versions. */
const NO_SPACE_CODES: readonly unknown[] = [14, 15];

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** One sftp request. A status from the device is a refusal; a lost channel is not. */
function ask<T>(what: string, request: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    request((error, value) => {
      if (error) reject(statusError(what, error));
      else resolve(value);
    });
  });
}

function statusError(what: string, error: Error): Error {
  const code = 'code' in error ? error.code : undefined;
  if (typeof code !== 'number') return error;
  const space = NO_SPACE_CODES.includes(code) ? 'no space: ' : '';
  return new RemoteRefusal(`${what}: ${space}${messageOf(error)}`);
}

/** Keeps many writes under way and knows up to where all of them are done: that is where a resume may begin. */
class WritePipe {
  readonly #sftp: SFTPWrapper;
  readonly #handle: Buffer;
  readonly #guard: UploadGuard;
  readonly #done = new Map<number, number>();
  #contiguous: number;
  #inFlight = 0;
  #wake: () => void = () => undefined;

  constructor(sftp: SFTPWrapper, handle: Buffer, guard: UploadGuard) {
    this.#sftp = sftp;
    this.#handle = handle;
    this.#guard = guard;
    this.#contiguous = guard.sentBytes;
  }

  async write(bytes: Buffer, position: number): Promise<void> {
    while (this.#inFlight >= WRITES_MAX) await this.#change();
    await this.#guard.pace(bytes.length);
    if (this.#guard.failed) throw this.#guard.failed;
    this.#inFlight += 1;
    this.#sftp.write(this.#handle, bytes, 0, bytes.length, position, (error) => {
      this.#inFlight -= 1;
      if (error) this.#guard.fail(statusError('write', error));
      else this.#acknowledge(position, bytes.length);
      this.#wake();
    });
  }

  async drain(): Promise<void> {
    while (this.#inFlight > 0) await this.#change();
    if (this.#guard.failed) throw this.#guard.failed;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #acknowledge(position: number, length: number): void {
    this.#done.set(position, length);
    for (let next = this.#done.get(this.#contiguous); next !== undefined;) {
      this.#done.delete(this.#contiguous);
      this.#contiguous += next;
      next = this.#done.get(this.#contiguous);
    }
    this.#guard.progress(this.#contiguous);
  }
}

async function sendFile(file: FileHandle, pipe: WritePipe, request: UploadRequest): Promise<void> {
  const { sizeBytes, path } = request.source;
  let position = request.resumeFromBytes;
  while (position < sizeBytes) {
    const want = Math.min(READ_BYTES, sizeBytes - position);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(want), 0, want, position);
    if (bytesRead === 0) throw new Error(`${path} is shorter than its catalogued size`);
    for (let at = 0; at < bytesRead; at += WRITE_BYTES) {
      const piece = buffer.subarray(at, Math.min(at + WRITE_BYTES, bytesRead));
      await pipe.write(piece, position + at);
    }
    position += bytesRead;
  }
  await pipe.drain();
}

async function checkResume(sftp: SFTPWrapper, request: UploadRequest): Promise<void> {
  const { resumeFromBytes, remotePath, source } = request;
  if (resumeFromBytes === 0) return;
  const { size } = await ask<{ size: number }>('stat', (done) => {
    sftp.stat(remotePath, done);
  });
  if (size < resumeFromBytes || size > source.sizeBytes)
    throw new RemoteRefusal(`the device holds ${size} bytes: no resume from ${resumeFromBytes}`);
}

async function transfer(sftp: SFTPWrapper, guard: UploadGuard, request: UploadRequest) {
  await checkResume(sftp, request);
  const flags = request.resumeFromBytes > 0 ? 'r+' : 'w';
  const handle = await ask<Buffer>('open', (done) => {
    sftp.open(request.remotePath, flags, done);
  });
  const file = await open(request.source.path, 'r');
  try {
    await sendFile(file, new WritePipe(sftp, handle, guard), request);
  } finally {
    await file.close();
  }
  await ask<unknown>('close', (done) => {
    sftp.close(handle, (error) => {
      done(error, undefined);
    });
  });
}

/** Copies by SFTP, many writes at once, from `resumeFromBytes` on. The connection stays open whatever happens. */
export async function sftpUpload(client: Client, request: UploadRequest): Promise<UploadOutcome> {
  const problem = pathProblem(request.remotePath);
  if (problem !== undefined) return { kind: 'refused', detail: problem };
  const guard = new UploadGuard(request);
  let opened: SFTPWrapper | undefined;
  const lost = () => {
    guard.fail(new Error('the connection ended'));
  };
  client.once('close', lost);
  return guard.run(
    async () => {
      const sftp = await ask<SFTPWrapper>('sftp', (done) => {
        client.sftp((error, wrapper) => {
          if (error) guard.fail(new RemoteRefusal(`no sftp: ${messageOf(error)}`));
          else done(undefined, wrapper);
        });
      });
      opened = sftp;
      sftp.on('error', (error: Error) => {
        guard.fail(error);
      });
      sftp.once('close', () => {
        guard.fail(new Error('the device ended the sftp session'));
      });
      await transfer(sftp, guard, request);
    },
    () => {
      client.removeListener('close', lost);
      opened?.end();
    },
  );
}
