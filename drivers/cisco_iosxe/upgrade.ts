import { commonSteps } from '../../src/driver/common-steps.js';
import type { UpgradeTarget } from '../../src/driver/driver.js';
import type { UpgradeProposal } from '../../src/driver/proposal.js';
import type { Facts } from '../../src/driver/facts.js';
import type { Line, Step } from '../../src/driver/step.js';
import type { Dialog } from '../../src/session/dialect.js';
import { bootReadyStep } from './boot-ready.js';
import { line, MINUTE_MS, quiet, saveStep, SECOND_MS } from './lines.js';
import { AUTO_ABORT_MINUTES, platform } from './platform.js';
import { refusal } from './refuse.js';
import { versions } from './versions.js';

/** What the packages of an image take beside it, as a share of the image. */
const UNPACKED_SHARE = 1.1;
/** A device computes SHA-512 of an image at about this speed. */
const HASH_BPS = 15_000_000;
/** An install operation goes on for minutes after its session has ended, and the device answers all the while. */
const INSTALL_SETTLE_MS = 6 * MINUTE_MS;

const proceed: Dialog = {
  ask: 'This (?:operation may require|operation requires|install (?:abort|rollback) would require) a reload(?: of the system)?\\.\\s+Do you want to proceed\\?\\s*\\[y/n\\]\\s*$',
  answer: 'y',
};
const saveAndProceed: Dialog = {
  ask: 'you may save configuration and re-enter the command\\.\\s*\\[y/n/q\\]\\s*$',
  answer: 'y',
};
/** Ids that `show install summary` names: switch numbers of a stack, nothing to hold a router against. */
function summaryMembers(facts: Facts): readonly string[] {
  return facts.members.length > 1 ? facts.members.map((each) => each.id) : [];
}

function addStep(target: UpgradeTarget, facts: Facts, devicePath: string): Step {
  return {
    ...quiet,
    id: 'install-add',
    kind: 'install-add',
    phase: 'stage',
    title: `unpack ${target.image.fileName} on every member`,
    params: { version: target.version, members: summaryMembers(facts) },
    commands: [
      line(`install add file ${devicePath}`, {
        limits: { idleMs: 20 * MINUTE_MS, totalMs: 40 * MINUTE_MS },
      }),
    ],
    expectedMs: 4 * MINUTE_MS + 2 * MINUTE_MS * (facts.members.length - 1),
    maxMs: 60 * MINUTE_MS,
    settleMs: INSTALL_SETTLE_MS,
  };
}

function rollbackPointStep(): Step {
  return {
    ...quiet,
    id: 'rollback-point',
    kind: 'rollback-point',
    phase: 'arm',
    title: 'note the rollback point of what runs now',
    params: {},
    commands: [],
    expectedMs: 5 * SECOND_MS,
    maxMs: 2 * MINUTE_MS,
    settleMs: 0,
  };
}

interface ReloadNeed {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly line: Line;
}

/** A step that reloads the whole unit. */
function reloadStep(need: ReloadNeed, target: UpgradeTarget, facts: Facts): Step {
  return {
    id: need.id,
    kind: need.kind,
    version: 1,
    phase: 'activate',
    title: need.title,
    params: { version: target.version, oldVersion: facts.runningVersion },
    commands: [{ ...need.line, limits: { idleMs: 15 * MINUTE_MS, totalMs: 30 * MINUTE_MS } }],
    disrupts: 'whole device',
    pointOfNoReturn: true,
    expectedMs: reloadMs(facts) + 4 * MINUTE_MS,
    maxMs: platform.timing.reloadMaxMs,
    settleMs: INSTALL_SETTLE_MS,
  };
}

function reloadMs(facts: Facts): number {
  return platform.timing.reloadExpectedMs + 2 * MINUTE_MS * (facts.members.length - 1);
}

function activateStep(target: UpgradeTarget, facts: Facts): Step {
  return reloadStep(
    {
      id: 'install-activate',
      kind: 'install-activate',
      title: `activate ${target.version} and reload; reverts by itself after ${AUTO_ABORT_MINUTES} minutes`,
      line: line(`install activate auto-abort-timer ${AUTO_ABORT_MINUTES}`, {
        dialogs: [saveAndProceed, proceed],
        ends: 'disconnect',
      }),
    },
    target,
    facts,
  );
}

function commitStep(id: string, version: string): Step {
  return {
    ...quiet,
    id,
    kind: 'install-commit',
    phase: 'commit',
    title: `make ${version} permanent and stop the auto-abort timer`,
    params: { version },
    commands: [
      line('install commit', { limits: { idleMs: 10 * MINUTE_MS, totalMs: 15 * MINUTE_MS } }),
    ],
    pointOfNoReturn: true,
    expectedMs: MINUTE_MS,
    maxMs: 20 * MINUTE_MS,
    settleMs: 3 * MINUTE_MS,
  };
}

interface Process {
  readonly header: string;
  readonly maxMetric: string | undefined;
}

/** Processes that the drain may touch: one that advertises max-metric already was drained by somebody else. */
function drainable(facts: Facts): readonly Process[] {
  const ids = String(facts.details['ospf.processes'] ?? '').split(',');
  return ids.flatMap((id): readonly Process[] => {
    const header = facts.details[`ospf.${id}`];
    const configured = facts.details[`ospf.${id}.maxMetric`];
    const maxMetric = typeof configured === 'string' ? configured : undefined;
    if (typeof header !== 'string') return [];
    return maxMetric === undefined || maxMetric.includes('on-startup')
      ? [{ header, maxMetric }]
      : [];
  });
}

function ospfStep(id: string, undo: boolean, processes: readonly Process[]): Step {
  const lines = processes.flatMap(({ header, maxMetric }) =>
    undo
      ? [header, 'no max-metric router-lsa', ...(maxMetric === undefined ? [] : [maxMetric])]
      : [header, 'max-metric router-lsa'],
  );
  return {
    ...quiet,
    id,
    kind: undo ? 'ospf-undrain' : 'ospf-drain',
    phase: undo ? 'undrain' : 'drain',
    title: undo
      ? 'OSPF: back to the configured metric'
      : 'OSPF: maximum metric, traffic goes around',
    params: { processes: processes.map((each) => each.header) },
    commands: ['configure terminal', ...lines, 'end'].map((each) => line(each)),
    disrupts: 'control plane',
    expectedMs: 10 * SECOND_MS,
    maxMs: 3 * MINUTE_MS,
    settleMs: 10 * SECOND_MS,
  };
}

function needBytes(
  target: UpgradeTarget,
  facts: Facts,
  devicePath: string,
): Record<string, number> {
  const { sizeBytes } = target.image;
  const inactive = String(facts.details['install.inactive'] ?? '').split(',');
  const added = inactive.includes(versions.parse(target.version)?.normal ?? target.version);
  const staged = facts.details[`file.${devicePath}`] === sizeBytes;
  const unpackedBytes = added ? 0 : Math.ceil(sizeBytes * UNPACKED_SHARE);
  return Object.fromEntries(
    facts.members.flatMap((each) => {
      if (!each.flash) return [];
      const present = each.role === 'active' ? staged : added;
      return [[each.flash.fileSystem, (present ? 0 : sizeBytes) + unpackedBytes]];
    }),
  );
}

function forward(
  target: UpgradeTarget,
  facts: Facts,
  processes: readonly Process[],
): readonly Step[] {
  const { image, version } = target;
  const fileSystem =
    facts.members.find((each) => each.role === 'active')?.flash?.fileSystem ?? 'flash:';
  const devicePath = `${fileSystem}${image.fileName}`;
  const hashMs = 30 * SECOND_MS + Math.ceil((image.sizeBytes / HASH_BPS) * SECOND_MS);
  const { uploadExpectedBps, uploadMinBps } = platform.timing;
  const drains = processes.length > 0;
  return [
    commonSteps.backupConfig(),
    saveStep('save-config', 'prepare'),
    bootReadyStep('boot-ready', 'prepare'),
    commonSteps.freeSpace(needBytes(target, facts, devicePath)),
    commonSteps.stageImage({
      image,
      devicePath,
      remotePath: devicePath,
      method: 'scp',
      uploadExpectedBps,
      uploadMinBps,
    }),
    commonSteps.verifyImage({
      id: 'verify-image',
      phase: 'stage',
      image,
      devicePath,
      expectedMs: hashMs,
    }),
    addStep(target, facts, devicePath),
    ...(drains ? [ospfStep('drain', false, processes)] : []),
    commonSteps.verifyImage({
      id: 'verify-image-again',
      phase: 'arm',
      image,
      devicePath,
      expectedMs: hashMs,
    }),
    rollbackPointStep(),
    bootReadyStep('boot-ready-again', 'arm'),
    activateStep(target, facts),
    commonSteps.verifyVersion({
      version,
      serials: facts.serials,
      expectedMs: MINUTE_MS,
      maxMs: 20 * MINUTE_MS,
    }),
    ...(drains ? [ospfStep('undrain', true, processes)] : []),
    commitStep('install-commit', version),
    saveStep('save-config-after', 'commit'),
  ];
}

/** Abort where the new image is not committed, roll back where it is: each decides by what it sees. */
function backward(
  target: UpgradeTarget,
  facts: Facts,
  processes: readonly Process[],
): readonly Step[] {
  const old = facts.runningVersion;
  const abort = reloadStep(
    {
      id: 'rollback-abort',
      kind: 'install-abort',
      title: `take ${target.version} back where it is not committed, and reload into ${old}`,
      line: line('install abort', { dialogs: [saveAndProceed, proceed], ends: 'disconnect' }),
    },
    target,
    facts,
  );
  const toPoint = reloadStep(
    {
      id: 'rollback-install',
      kind: 'install-rollback',
      title: `take ${target.version} back where it is committed, and reload into ${old}`,
      line: line('install rollback to id <rollbackId>', {
        dialogs: [saveAndProceed, proceed],
        holes: [{ name: 'rollbackId', from: 'rollback-point.rollbackId', permitted: '^\\d{1,3}$' }],
        ends: 'disconnect',
      }),
    },
    target,
    facts,
  );
  return [
    abort,
    toPoint,
    commonSteps.verifyVersion({
      id: 'rollback-verify-version',
      serials: facts.serials,
      version: old,
      expectedMs: MINUTE_MS,
      maxMs: 20 * MINUTE_MS,
    }),
    commitStep('rollback-commit', old),
    ...(processes.length > 0 ? [ospfStep('rollback-undrain', true, processes)] : []),
    saveStep('rollback-save', 'commit'),
  ];
}

/** Install mode in three steps: add, activate with the auto-abort timer, commit after the post-checks. */
export function upgrade(target: UpgradeTarget, facts: Facts): UpgradeProposal {
  const activeFlash = facts.members.find((each) => each.role === 'active')?.flash?.fileSystem;
  const devicePath = `${activeFlash ?? 'flash:'}${target.image.fileName}`;
  const refused = refusal(target, facts, needBytes(target, facts, devicePath));
  if (refused) return { kind: 'refused', ...refused };
  const processes = target.drain ? drainable(facts) : [];
  return {
    kind: 'steps',
    steps: forward(target, facts, processes),
    rollback: backward(target, facts, processes),
  };
}
