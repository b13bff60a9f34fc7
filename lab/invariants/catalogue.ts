import { approval } from './approval.js';
import { atMostOnce } from './at-most-once.js';
import { audit } from './audit.js';
import { backup } from './backup.js';
import { blastRadius } from './blast-radius.js';
import { commitTimer } from './commit-timer.js';
import { crashResume } from './crash-resume.js';
import { noFalseSuccess } from './no-false-success.js';
import { rollbackTruth } from './rollback-truth.js';
import { fallback } from './fallback.js';
import { identity } from './identity.js';
import type { Invariant } from './invariant.js';
import { noFalseFailure } from './no-false-failure.js';
import { reachability } from './reachability.js';
import { redundancy } from './redundancy.js';
import { rightImage } from './right-image.js';
import { secrets } from './secrets.js';
import { singleDriver } from './single-driver.js';
import { space } from './space.js';
import { stop } from './stop.js';
import { termination } from './termination.js';
import { unknownIsUnknown } from './unknown-is-unknown.js';
import { windowInvariant } from './window.js';
import { writeAhead } from './write-ahead.js';

/** Every invariant that is checked, by its number. */
export const invariants: readonly Invariant[] = [
  windowInvariant,
  approval,
  redundancy,
  reachability,
  blastRadius,
  stop,
  rightImage,
  space,
  fallback,
  backup,
  atMostOnce,
  unknownIsUnknown,
  writeAhead,
  crashResume,
  singleDriver,
  noFalseSuccess,
  noFalseFailure,
  rollbackTruth,
  commitTimer,
  termination,
  secrets,
  audit,
  identity,
];
