import { atMostOnce } from './at-most-once.js';
import { audit } from './audit.js';
import { blastRadius } from './blast-radius.js';
import { commitTimer } from './commit-timer.js';
import { noFalseSuccess, rollbackTruth } from './endings-are-true.js';
import type { Invariant } from './invariant.js';
import { noFalseFailure } from './no-false-failure.js';
import { redundancy } from './redundancy.js';
import { secrets } from './secrets.js';
import { singleDriver } from './single-driver.js';
import { stop } from './stop.js';
import { termination } from './termination.js';
import { windowInvariant } from './window.js';
import { writeAhead } from './write-ahead.js';

/** Every invariant that is checked, by its number. */
export const invariants: readonly Invariant[] = [
  windowInvariant,
  redundancy,
  blastRadius,
  stop,
  atMostOnce,
  writeAhead,
  singleDriver,
  noFalseSuccess,
  noFalseFailure,
  rollbackTruth,
  commitTimer,
  termination,
  secrets,
  audit,
];
