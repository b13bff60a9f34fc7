import { messageOf } from '../kernel/fault.js';
import type { UploadOutcome, UploadRequest } from '../ports/dialer.js';

const NO_SPACE = /no space|not enough space|insufficient (?:disk )?space|disk (?:is )?full|quota/i;
const REMOTE_PATH = /^[A-Za-z0-9_./:][A-Za-z0-9_./:@%+=~,-]{0,511}$/;

/** The device said no, in its own words. */
export class RemoteRefusal extends Error {
  override readonly name = 'RemoteRefusal';
}

/** Why this path may not be sent to a device; undefined if it may. Devices quote differently, so nothing needs quotes. */
export function pathProblem(remotePath: string): string | undefined {
  if (REMOTE_PATH.test(remotePath)) return undefined;
  return `the path ${JSON.stringify(remotePath)} holds characters that are not sent to a device`;
}

/** Limits, progress and the way out of one upload. */
export class UploadGuard {
  readonly #request: UploadRequest;
  readonly #timers: { stall?: NodeJS.Timeout; total?: NodeJS.Timeout } = {};
  readonly #abort = () => {
    this.fail(new Error('aborted'));
  };
  #reject: (error: Error) => void = () => undefined;
  #sentBytes: number;
  #paced = 0;
  #failed: Error | undefined;
  /** Never resolves; rejects when a limit, an abort or `fail` ends the upload. */
  readonly broken: Promise<never>;

  constructor(request: UploadRequest) {
    this.#request = request;
    this.#sentBytes = request.resumeFromBytes;
    this.broken = new Promise((_resolve, reject) => {
      this.#reject = reject;
    });
    this.broken.catch(() => undefined);
    this.#timers.total = setTimeout(() => {
      this.fail(new Error(`not done within ${request.totalMs} ms`));
    }, request.totalMs);
    this.#armStall();
    if (request.signal?.aborted) this.#abort();
    request.signal?.addEventListener('abort', this.#abort, { once: true });
  }

  get failed(): Error | undefined {
    return this.#failed;
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** All bytes before `sentBytes` are with the device. */
  progress(sentBytes: number): void {
    if (sentBytes <= this.#sentBytes || this.#failed) return;
    this.#sentBytes = sentBytes;
    this.#armStall();
    this.#request.onProgress(sentBytes);
  }

  /** Waits until the bandwidth that is shared allows so many bytes; that is no stall of the device's. */
  async pace(bytes: number): Promise<void> {
    if (!this.#request.pace) return;
    this.#paced += 1;
    clearTimeout(this.#timers.stall);
    await Promise.race([this.#request.pace.take(bytes), this.broken]);
    this.#paced -= 1;
    this.#armStall();
  }

  fail(error: Error): void {
    this.#failed ??= error;
    this.#reject(error);
  }

  /** Runs the upload under the limits; `cleanUp` is called however it ended. */
  async run(work: () => Promise<void>, cleanUp: () => void): Promise<UploadOutcome> {
    try {
      await Promise.race([work(), this.broken]);
      return { kind: 'sent', sentBytes: this.#sentBytes };
    } catch (thrown) {
      this.fail(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
      return this.#outcome(thrown);
    } finally {
      clearTimeout(this.#timers.stall);
      clearTimeout(this.#timers.total);
      this.#request.signal?.removeEventListener('abort', this.#abort);
      cleanUp();
    }
  }

  #armStall(): void {
    clearTimeout(this.#timers.stall);
    if (this.#paced > 0 || this.#failed) return;
    this.#timers.stall = setTimeout(() => {
      this.fail(new Error(`the device took no byte for ${this.#request.stallMs} ms`));
    }, this.#request.stallMs);
  }

  #outcome(thrown: unknown): UploadOutcome {
    const detail = messageOf(thrown);
    const sentBytes = this.#sentBytes;
    if (thrown instanceof RemoteRefusal && NO_SPACE.test(detail))
      return { kind: 'no-space', sentBytes, detail };
    return thrown instanceof RemoteRefusal && sentBytes === this.#request.resumeFromBytes
      ? { kind: 'refused', detail }
      : { kind: 'broken', sentBytes, detail };
  }
}
