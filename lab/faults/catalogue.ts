import type { FaultSheet } from '../world/fault.js';
import { authRefusedAfterReload } from './auth-refused-after-reload.js';
import { bootsOldImage } from './boots-old-image.js';
import { configLost } from './config-lost.js';
import { corruptCopy } from './corrupt-copy.js';
import { flashFull } from './flash-full.js';
import { flashFullMember } from './flash-full-member.js';
import { garbledOutput } from './garbled-output.js';
import { hostKeyChanged } from './host-key-changed.js';
import { hungSession } from './hung-session.js';
import { neighbourMissing } from './neighbour-missing.js';
import { neverReturns } from './never-returns.js';
import { sessionDroppedAfter } from './session-dropped-after.js';
import { sessionDroppedBefore } from './session-dropped-before.js';
import { sessionDroppedInConfig } from './session-dropped-in-config.js';
import { slowBoot } from './slow-boot.js';
import { transferDropped } from './transfer-dropped.js';
import { transferStalls } from './transfer-stalls.js';
import { truncatedCopy } from './truncated-copy.js';
import { wrongHostname } from './wrong-hostname.js';

/** Every fault that the lab knows, by id in alphabetical order. */
export const faultSheets: readonly FaultSheet[] = [
  authRefusedAfterReload,
  bootsOldImage,
  configLost,
  corruptCopy,
  flashFull,
  flashFullMember,
  garbledOutput,
  hostKeyChanged,
  hungSession,
  neighbourMissing,
  neverReturns,
  sessionDroppedAfter,
  sessionDroppedBefore,
  sessionDroppedInConfig,
  slowBoot,
  transferDropped,
  transferStalls,
  truncatedCopy,
  wrongHostname,
];
