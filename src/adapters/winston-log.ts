import { Writable } from 'node:stream';
import winston from 'winston';
import type { Log, LogLevel } from '../ports/log.js';
import { openRotatingFile, type RotatingFileOptions } from './rotating-file.js';

export interface LogOptions extends RotatingFileOptions {
  readonly level: LogLevel;
  readonly redact: (text: string) => string;
}

function rotatingStream(options: LogOptions): Writable {
  const append = openRotatingFile(options);
  return new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      append(options.redact(String(chunk)));
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
    transports: [new winston.transports.Stream({ stream: rotatingStream(options) })],
  });
  return {
    write(level, message, fields) {
      logger.log(level, message, fields === undefined ? {} : { fields });
    },
  };
}
