import type { Client, PseudoTtyOptions } from 'ssh2';
import type { ByteChannel, Connection, UploadOutcome, UploadRequest } from '../ports/dialer.js';
import { scpUpload } from './scp-upload.js';
import { sftpUpload } from './sftp-upload.js';
import { byteChannel } from './ssh-channel.js';

/** Wide and tall, so that lines are not wrapped and pagers rarely appear. */
const TERMINAL: PseudoTtyOptions = { term: 'vt100', cols: 511, rows: 1000, width: 0, height: 0 };
const SHELL_MS_MAX = 30_000;

export interface SshConnectionParts {
  readonly hostKey: () => string;
  /** Why the way to the device broke, when it was not the device. */
  readonly loss: () => string | undefined;
}

/** One authenticated ssh2 connection. */
export class SshConnection implements Connection {
  readonly #client: Client;
  readonly #parts: SshConnectionParts;
  #open = true;
  #reason: string | undefined;

  constructor(client: Client, parts: SshConnectionParts) {
    this.#client = client;
    this.#parts = parts;
    client.on('error', (error) => {
      this.#reason ??= error.message;
    });
    client.on('close', () => {
      this.#open = false;
    });
    client.on('end', () => {
      this.#open = false;
    });
  }

  get hostKey(): string {
    return this.#parts.hostKey();
  }

  get isOpen(): boolean {
    return this.#open;
  }

  openShell(): Promise<ByteChannel | undefined> {
    if (!this.#open) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      let answered = false;
      const answer = (channel: ByteChannel | undefined) => {
        answered = true;
        clearTimeout(timer);
        this.#client.removeListener('close', gone);
        resolve(channel);
      };
      const gone = () => {
        answer(undefined);
      };
      const timer = setTimeout(gone, SHELL_MS_MAX);
      this.#client.once('close', gone);
      try {
        this.#client.shell(TERMINAL, (error, stream) => {
          if (answered) stream?.close();
          else
            answer(
              error ? undefined : byteChannel(stream, () => this.#parts.loss() ?? this.#reason),
            );
        });
      } catch {
        gone();
      }
    });
  }

  async upload(request: UploadRequest): Promise<UploadOutcome> {
    if (!this.#open) {
      const sentBytes = request.resumeFromBytes;
      return { kind: 'broken', sentBytes, detail: 'the connection is gone' };
    }
    return request.method === 'sftp'
      ? sftpUpload(this.#client, request)
      : scpUpload(this.#client, request);
  }

  close(): void {
    this.#open = false;
    this.#client.end();
  }
}
