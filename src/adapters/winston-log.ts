import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import winston from 'winston';
import type { Log, LogLevel } from '../ports/log.js';

export interface LogOptions {
  readonly path: string;
  readonly level: LogLevel;
  /** Beyond this the file is renamed to `<path>.1`, which replaces the one before. */
  readonly maxBytes: number;
  readonly redact: (text: string) => string;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Appends at once, so that a crash loses no line. A disk that refuses costs the log, never the run. */
function rotatingFile(options: LogOptions): Writable {
  mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
  let sizeBytes = sizeOf(options.path);
  return new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      const line = Buffer.from(options.redact(String(chunk)), 'utf8');
      try {
        if (sizeBytes > 0 && sizeBytes + line.length > options.maxBytes) {
          renameSync(options.path, `${options.path}.1`);
          sizeBytes = 0;
        }
        appendFileSync(options.path, line, { mode: 0o600 });
        sizeBytes += line.length;
      } catch {
        sizeBytes = sizeOf(options.path);
      }
      done();
    },
  });
}

/** JSON lines with time in a file of mode 0600, secrets blanked; nothing goes to the terminal. */
export function createWinstonLog(options: LogOptions): Log {
  const logger = winston.createLogger({
    level: options.level,
    exitOnError: false,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    transports: [new winston.transports.Stream({ stream: rotatingFile(options) })],
  });
  return {
    write(level, message, fields) {
      logger.log(level, message, fields === undefined ? {} : { fields });
    },
  };
}
