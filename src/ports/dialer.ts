export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export type AuthMethod =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'key'; readonly privateKey: string; readonly passphrase?: string }
  | { readonly kind: 'agent'; readonly socket: string };

/** Which SSH algorithms may be offered; `legacy` adds the old ones, last in the list. */
export type AlgorithmProfile = 'modern' | 'legacy';

export interface DialRequest {
  readonly endpoint: Endpoint;
  readonly username: string;
  readonly auth: readonly AuthMethod[];
  readonly algorithms: AlgorithmProfile;
  /** Asked once, with `SHA256:<base64>` of the host key, before any authentication. False ends the dial. */
  readonly acceptHostKey: (fingerprint: string) => boolean;
  /** Monotonic: TCP, key exchange and authentication together. */
  readonly timeoutMs: number;
  readonly keepaliveMs: number;
}

export type DialOutcome =
  | { readonly kind: 'connected'; readonly connection: Connection }
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'timeout'; readonly detail: string }
  | { readonly kind: 'auth-refused'; readonly detail: string }
  | { readonly kind: 'host-key-refused'; readonly fingerprint: string }
  | { readonly kind: 'no-common-algorithm'; readonly detail: string }
  | { readonly kind: 'protocol-error'; readonly detail: string };

/** Opens authenticated connections. Never throws for what a device or network does. */
export interface Dialer {
  dial(request: DialRequest): Promise<DialOutcome>;
}

/** One authenticated SSH connection, kept and reused for a whole unit run. */
export interface Connection {
  /** `SHA256:<base64>` of the host key. */
  readonly hostKey: string;
  readonly isOpen: boolean;
  /** A shell with a wide, tall terminal. Undefined when the device refuses or the connection is gone. */
  openShell(): Promise<ByteChannel | undefined>;
  upload(request: UploadRequest): Promise<UploadOutcome>;
  close(): void;
}

/** Bytes both ways, in order. Listeners registered late get what arrived before. */
export interface ByteChannel {
  write(text: string): void;
  onData(listener: (chunk: Uint8Array) => void): void;
  /** Once, when either side ended it or the connection broke. */
  onClose(listener: (detail: string) => void): void;
  close(): void;
}

/** A file on the controller, by its catalogued identity. */
export interface FileSource {
  readonly path: string;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha512: string;
  readonly md5: string;
}

/** We send. */
export type UploadMethod = 'scp' | 'sftp';
/** The device fetches from our image server. */
export type PullMethod = 'http' | 'tftp';
export type TransferMethod = UploadMethod | PullMethod;

export interface UploadRequest {
  readonly source: FileSource;
  readonly remotePath: string;
  readonly method: UploadMethod;
  /** Bytes already on the device; only with sftp. */
  readonly resumeFromBytes: number;
  readonly onProgress: (sentBytes: number) => void;
  /** Monotonic: the longest time without a byte taken by the device. */
  readonly stallMs: number;
  readonly totalMs: number;
  readonly signal?: AbortSignal;
}

export type UploadOutcome =
  | { readonly kind: 'sent'; readonly sentBytes: number }
  | { readonly kind: 'broken'; readonly sentBytes: number; readonly detail: string }
  | { readonly kind: 'no-space'; readonly sentBytes: number; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string };
