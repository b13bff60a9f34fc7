import type { FaultCode } from './fault-codes.js';

/** May the same call be made again? `after-probe`: only after the device was observed. */
export type Retry = 'never' | 'safe' | 'after-probe';

export interface FaultOptions {
  readonly retry?: Retry;
  readonly cause?: unknown;
  /** What the reader should do next, in one sentence. */
  readonly mend?: string;
}

/** The one error class for what went wrong outside our code. `code` is stable and known to `nightshift explain`. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly retry: Retry;
  readonly mend: string | undefined;

  constructor(code: FaultCode, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retry = options.retry ?? 'never';
    this.mend = options.mend;
  }
}

/** The text of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
