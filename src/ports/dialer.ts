import type { Pace } from './pace.js';

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

/** How one machine is logged in to. */
export interface SshLogin {
  readonly endpoint: Endpoint;
  readonly username: string;
  readonly auth: readonly AuthMethod[];
  readonly algorithms: AlgorithmProfile;
  /**
   * Asked with `SHA256:<base64>` of the host key before any authentication, and again before a connection that is open
   * already is shared. False ends the dial.
   */
  readonly acceptHostKey: (fingerprint: string) => boolean;
}

/** A jump host on the way to a device. Connections to it are shared by dials that log in to it alike. */
export interface SshHop extends SshLogin {
  /** For messages. */
  readonly name: string;
}

export interface DialRequest extends SshLogin {
  /** The jump hosts on the way, the nearest to us first; left out, the device is reached directly. */
  readonly via?: readonly SshHop[];
  /** Monotonic: TCP, key exchange and authentication together, of every hop as well. */
  readonly timeoutMs: number;
  readonly keepaliveMs: number;
}

/** Why a dial came to nothing. */
export type DialTrouble =
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'timeout'; readonly detail: string }
  | { readonly kind: 'auth-refused'; readonly detail: string }
  /** The login asked something that no method answers: a one-time code, a new password. Nothing was guessed. */
  | { readonly kind: 'unknown-question'; readonly question: string }
  | { readonly kind: 'host-key-refused'; readonly fingerprint: string }
  /** `legacyHelps`: with the `legacy` profile there would have been one. */
  | { readonly kind: 'no-common-algorithm'; readonly detail: string; readonly legacyHelps: boolean }
  | { readonly kind: 'protocol-error'; readonly detail: string };

/** `hop` names the jump host where the dial ended; without it, it was the device itself. */
export type DialFailure = DialTrouble & { readonly hop?: string };

export type DialOutcome =
  { readonly kind: 'connected'; readonly connection: Connection } | DialFailure;

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
  /** Waiting for it is no stall. */
  readonly pace?: Pace;
  readonly signal?: AbortSignal;
}

export type UploadOutcome =
  | { readonly kind: 'sent'; readonly sentBytes: number }
  | { readonly kind: 'broken'; readonly sentBytes: number; readonly detail: string }
  | { readonly kind: 'no-space'; readonly sentBytes: number; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string };
