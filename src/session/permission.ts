import { Fault } from '../kernel/fault.js';
import type { Dialect } from './dialect.js';

/** Longest line that is sent to a device. */
const LINE_LENGTH_MAX = 4000;
const CONTROL = /\p{Cc}|[\u2028\u2029]/u;

/** Which lines beyond the read-only ones may be sent now. The holder changes `current` as the work goes on. */
export interface Permit {
  current: (line: string) => boolean;
  /** While true nothing passes but read-only lines, whatever `current` says, and nothing is copied. */
  sealed?: boolean;
}

/** Lets nothing through but what the dialect declares read-only. */
export function readOnlyPermit(): Permit {
  return { current: () => false };
}

/** Lets nothing through but what is read-only, whatever a step holds; until a person lifts the seal for one act. */
export function sealedPermit(): Permit {
  return { current: () => false, sealed: true };
}

/** Throws Fault `line-not-permitted` unless `line` is one clean line that is read-only or let through by `permit`. */
export function checkLine(line: string, dialect: Dialect, permit: Permit): void {
  checkClean(line);
  if (dialect.readOnly.some((expression) => expression.test(line))) return;
  if (!permit.sealed && permit.current(line)) return;
  throw new Fault('line-not-permitted', `the line ${JSON.stringify(line)} is not permitted now`);
}

/** Throws Fault `line-not-permitted` for a line that would be more than one line to the device. */
export function checkClean(line: string): void {
  if (line.length > LINE_LENGTH_MAX)
    throw new Fault('line-not-permitted', `a line of ${line.length} characters is too long`);
  if (CONTROL.test(line))
    throw new Fault(
      'line-not-permitted',
      `the line ${JSON.stringify(line)} holds control characters`,
    );
}
