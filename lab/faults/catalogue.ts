import type { FaultSheet } from '../world/fault.js';
import { aaaLateAfterReload } from './aaa-late-after-reload.js';
import { authRefusedAfterReload } from './auth-refused-after-reload.js';
import { autoAbortBeforeCommit } from './auto-abort-before-commit.js';
import { autoAbortDespiteCommit } from './auto-abort-despite-commit.js';
import { bgpPeerNotEstablished } from './bgp-peer-not-established.js';
import { bootLoop } from './boot-loop.js';
import { bootOverrunsWindow } from './boot-overruns-window.js';
import { bootVariableNotKept } from './boot-variable-not-kept.js';
import { bootsOldImage } from './boots-old-image.js';
import { clusterSplitBrain } from './cluster-split-brain.js';
import { configChangedByAnother } from './config-changed-by-another.js';
import { configLocked } from './config-locked.js';
import { configLost } from './config-lost.js';
import { configPartlyRejected } from './config-partly-rejected.js';
import { corruptCopy } from './corrupt-copy.js';
import { cpuStorm } from './cpu-storm.js';
import { crashesAfter20Hours } from './crashes-after-20-hours.js';
import { fallsToLoader } from './falls-to-loader.js';
import { fewerRoutes } from './fewer-routes.js';
import { flashFull } from './flash-full.js';
import { flashFullMember } from './flash-full-member.js';
import { flashReadOnly } from './flash-read-only.js';
import { garbledOutput } from './garbled-output.js';
import { hostKeyChanged } from './host-key-changed.js';
import { hungSession } from './hung-session.js';
import { imageOfOtherPlatform } from './image-of-other-platform.js';
import { logLinesInOutput } from './log-lines-in-output.js';
import { managementThroughIt } from './management-through-it.js';
import { manualBootMember } from './manual-boot-member.js';
import { memberVersionMismatch } from './member-version-mismatch.js';
import { neighbourMissing } from './neighbour-missing.js';
import { neverReturns } from './never-returns.js';
import { noCommonCipher } from './no-common-cipher.js';
import { opticRefused } from './optic-refused.js';
import { ospfStuckInExstart } from './ospf-stuck-in-exstart.js';
import { otherBanner } from './other-banner.js';
import { pagerComesBack } from './pager-comes-back.js';
import { powerOffForHosts } from './power-off-for-hosts.js';
import { privilegeLost } from './privilege-lost.js';
import { questionAfterLogin } from './question-after-login.js';
import { rolesSwapped } from './roles-swapped.js';
import { sessionDroppedAfter } from './session-dropped-after.js';
import { sessionDroppedBefore } from './session-dropped-before.js';
import { sessionDroppedInConfig } from './session-dropped-in-config.js';
import { sessionsLostAtFailover } from './sessions-lost-at-failover.js';
import { signatureRejected } from './signature-rejected.js';
import { slowBoot } from './slow-boot.js';
import { snmpEngineReset } from './snmp-engine-reset.js';
import { snmpLost } from './snmp-lost.js';
import { someFlowsDropped } from './some-flows-dropped.js';
import { splitBrain } from './split-brain.js';
import { stagedImageDeleted } from './staged-image-deleted.js';
import { standbyNotHot } from './standby-not-hot.js';
import { transferDropped } from './transfer-dropped.js';
import { transferStalls } from './transfer-stalls.js';
import { truncatedCopy } from './truncated-copy.js';
import { uncommittedChange } from './uncommitted-change.js';
import { unsupportedJump } from './unsupported-jump.js';
import { wrongHostname } from './wrong-hostname.js';

/** Every fault that the lab knows, by id in alphabetical order. */
export const faultSheets: readonly FaultSheet[] = [
  aaaLateAfterReload,
  authRefusedAfterReload,
  autoAbortBeforeCommit,
  autoAbortDespiteCommit,
  bgpPeerNotEstablished,
  bootLoop,
  bootOverrunsWindow,
  bootVariableNotKept,
  bootsOldImage,
  clusterSplitBrain,
  configChangedByAnother,
  configLocked,
  configLost,
  configPartlyRejected,
  corruptCopy,
  cpuStorm,
  crashesAfter20Hours,
  fallsToLoader,
  fewerRoutes,
  flashFull,
  flashFullMember,
  flashReadOnly,
  garbledOutput,
  hostKeyChanged,
  hungSession,
  imageOfOtherPlatform,
  logLinesInOutput,
  managementThroughIt,
  manualBootMember,
  memberVersionMismatch,
  neighbourMissing,
  neverReturns,
  noCommonCipher,
  opticRefused,
  ospfStuckInExstart,
  otherBanner,
  pagerComesBack,
  powerOffForHosts,
  privilegeLost,
  questionAfterLogin,
  rolesSwapped,
  sessionDroppedAfter,
  sessionDroppedBefore,
  sessionDroppedInConfig,
  sessionsLostAtFailover,
  signatureRejected,
  slowBoot,
  snmpEngineReset,
  snmpLost,
  someFlowsDropped,
  splitBrain,
  stagedImageDeleted,
  standbyNotHot,
  transferDropped,
  transferStalls,
  truncatedCopy,
  uncommittedChange,
  unsupportedJump,
  wrongHostname,
];
