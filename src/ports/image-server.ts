import type { FileSource, PullMethod } from './dialer.js';

/** One file, for one device to fetch, for a while. */
export interface OfferRequest {
  readonly source: FileSource;
  readonly method: PullMethod;
  /** The address that the device comes from; nobody else is served. */
  readonly client: string;
  /** Our own address as the device reaches it; undefined: the server's choice. */
  readonly address?: string;
  readonly expiresMs: number;
  readonly onProgress: (sentBytes: number) => void;
}

/** Where the device finds the file. The path cannot be guessed and is gone after one whole fetch, or on `close`. */
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
