import type { FileHandle } from 'node:fs/promises';
import type { OfferRequest } from '../ports/image-server.js';

/** Bytes of a file that are with the device, as ranges that neither touch nor overlap. */
type Ranges = readonly (readonly [from: number, to: number])[];

/** Transfers of one file at once: a client may open the next before it has closed the last. */
const TRANSFERS_MAX = 2;
/** A client that begins again and again is served so many times the file, and no more. */
const SERVED_TIMES_MAX = 4;
const SERVED_SPARE_BYTES = 1024 * 1024;

/** The ranges with one more. */
export function withRange(ranges: Ranges, from: number, to: number): Ranges {
  const apart = ranges.filter((each) => each[1] < from || each[0] > to);
  const joined = ranges.filter((each) => each[1] >= from && each[0] <= to);
  const low = Math.min(from, ...joined.map((each) => each[0]));
  const high = Math.max(to, ...joined.map((each) => each[1]));
  return [...apart, [low, high]];
}

/** An IPv4 address in its own form, also where the socket speaks IPv6. */
export function plainAddress(address: string): string {
  return address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
}

/** A file on offer: who may fetch it, how often, and what of it is with the device. */
export class OpenOffer {
  readonly path: string;
  readonly request: OfferRequest;
  readonly #clients: ReadonlySet<string>;
  readonly #file: FileHandle;
  readonly #onClose: () => void;
  readonly #transfers = new Set<() => void>();
  #there: Ranges = [];
  #servedBytes = 0;
  #open = true;

  constructor(parts: {
    readonly path: string;
    readonly request: OfferRequest;
    readonly clients: readonly string[];
    readonly file: FileHandle;
    readonly onClose: () => void;
  }) {
    this.path = parts.path;
    this.request = parts.request;
    this.#clients = new Set(parts.clients.map(plainAddress));
    this.#file = parts.file;
    this.#onClose = parts.onClose;
  }

  get sizeBytes(): number {
    return this.request.source.sizeBytes;
  }

  /** Changes with the content: a client may ask whether what it holds is of the same file. */
  get tag(): string {
    return `"${this.request.source.sha512.slice(0, 32)}"`;
  }

  isFor(address: string | undefined): boolean {
    return this.#open && address !== undefined && this.#clients.has(plainAddress(address));
  }

  /** A place for one transfer; `stop` is called when the offer ends first. Undefined when there is none. */
  begin(stop: () => void): (() => void) | undefined {
    const most = SERVED_TIMES_MAX * this.sizeBytes + SERVED_SPARE_BYTES;
    if (!this.#open || this.#transfers.size >= TRANSFERS_MAX) return undefined;
    if (this.#servedBytes >= most) return undefined;
    this.#transfers.add(stop);
    return () => {
      this.#transfers.delete(stop);
    };
  }

  /** The next bytes, once the bandwidth allows them. Undefined when the file has become shorter or the offer is over. */
  async read(from: number, length: number): Promise<Buffer | undefined> {
    await this.request.pace?.take(length);
    if (!this.#open) return undefined;
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, from);
    if (bytesRead < length) return undefined;
    this.#servedBytes += bytesRead;
    return buffer;
  }

  /** These bytes are with the device. */
  arrived(from: number, to: number): void {
    if (!this.#open || to <= from) return;
    this.#there = withRange(this.#there, from, to);
    this.request.onProgress(this.#there.reduce((sum, each) => sum + each[1] - each[0], 0));
  }

  /** A transfer is through: once all of the file is with the device, the offer is spent. */
  settle(): void {
    const [first] = this.#there;
    const isWhole = first?.[0] === 0 && first[1] === this.sizeBytes;
    if (isWhole || this.sizeBytes === 0) this.close();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const stop of Array.from(this.#transfers)) stop();
    this.#transfers.clear();
    void this.#file.close().catch(() => undefined);
    this.#onClose();
  }
}

/** How a protocol finds what a client asks for. */
export type FindOffer = (path: string, client: string | undefined) => OpenOffer | undefined;

/** An open port. */
export interface OfferListener {
  readonly port: number;
  /** Listens no more; what is being sent goes on. */
  close(): void;
}
