import type { FileSource, PullMethod } from './dialer.js';
import type { Pace } from './pace.js';

/** One file, for one device to fetch, for a while. */
export interface OfferRequest {
  readonly source: FileSource;
  readonly method: PullMethod;
  /** The address (or the name of it) that the device comes from; nobody else is served. */
  readonly client: string;
  /** Our own address as the device reaches it; undefined: the one that leads to the client. */
  readonly address?: string;
  /** Where to listen; 0: any free port. Undefined: any for HTTP, 69 for TFTP. */
  readonly port?: number;
  /** The offer is gone after so long, as the clock's wall time counts. */
  readonly expiresMs: number;
  /** Monotonic: the longest time that a transfer stands still before it is ended. */
  readonly stallMs: number;
  readonly pace?: Pace;
  /** So many bytes of the file are with the device. */
  readonly onProgress: (sentBytes: number) => void;
}

/**
 * Where the device finds the file. The path has no leading slash, cannot be guessed, ends in the file's own name, and is
 * gone after one whole fetch, or on `close`, which also ends what is under way.
 */
export interface ImageOffer {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  close(): void;
}

/** Serves image files to devices that fetch. Fault `image-server` when it cannot listen or read. */
export interface ImageServer {
  offer(request: OfferRequest): Promise<ImageOffer>;
}
