import type { JsonObject } from '../kernel/json.js';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Diagnostics for the developers of Nightshift; what users need is in the journal. Synchronous. */
export interface Log {
  write(level: LogLevel, message: string, fields?: JsonObject): void;
}
