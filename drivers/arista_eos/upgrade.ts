import { commonSteps } from '../../src/driver/common-steps.js';
import type { UpgradeTarget } from '../../src/driver/driver.js';
import type { UpgradeProposal } from '../../src/driver/proposal.js';
import type { Facts } from '../../src/driver/facts.js';
import type { Phase, Step } from '../../src/driver/step.js';
import { platform } from './platform.js';
import { line, MINUTE_MS, saveConfig, SECOND_MS, step } from './steps.js';
import { hasPhaseLetter, versionInFileName, versions } from './versions.js';

/** Beside the image: startup-config, logs and the few files that EOS writes while it boots. */
const SPARE_BYTES = 32 * 1024 * 1024;
const FILE_NAME = /^[A-Za-z0-9][\w.-]{0,99}\.swi$/;
/** Of the slowest platforms, where the device names no delay itself. */
const RELOAD_DELAY_MAX_MS = 1_020_000;

function maintenance(id: string, kind: 'drain' | 'undrain'): Step {
  return step(
    {
      id,
      kind,
      phase: kind,
      title:
        kind === 'drain' ? 'drain: put unit System under maintenance' : 'undrain: end maintenance',
      expectedMs: MINUTE_MS,
      maxMs: 10 * MINUTE_MS,
    },
    {
      commands: [
        line('configure'),
        line('maintenance'),
        line('unit System'),
        line(kind === 'drain' ? 'quiesce' : 'no quiesce'),
        line('end'),
      ],
      disrupts: 'control plane',
    },
  );
}

function setBoot(id: string, phase: Phase, image: string): Step {
  return step(
    {
      id,
      kind: 'set-boot',
      phase,
      title: `next boot: ${image}`,
      expectedMs: 45 * SECOND_MS,
      maxMs: 15 * MINUTE_MS,
    },
    {
      params: { image },
      commands: [
        line('configure'),
        line(`boot system ${image}`, { idleMs: 8 * MINUTE_MS, totalMs: 10 * MINUTE_MS }),
        line('end'),
      ],
      settleMs: MINUTE_MS,
    },
  );
}

function reload(id: string, version: string): Step {
  return step(
    {
      id,
      kind: 'reload',
      phase: 'activate',
      title: `reload into ${version}`,
      expectedMs: platform.timing.reloadExpectedMs,
      maxMs: platform.timing.reloadMaxMs,
    },
    {
      params: { version },
      commands: [
        {
          send: 'reload',
          dialogs: [
            {
              ask: String.raw`System configuration has been modified\. Save\? \[yes/no/cancel/diff\]:?\s*$`,
              answer: 'no',
            },
            { ask: String.raw`Proceed with reload\? ?\[confirm\]\s*$`, answer: 'y', enter: false },
          ],
          ends: 'disconnect',
          limits: { idleMs: MINUTE_MS, totalMs: 3 * MINUTE_MS },
        },
      ],
      disrupts: 'whole device',
      pointOfNoReturn: true,
      settleMs: 2 * MINUTE_MS,
    },
  );
}

function mlagSettled(id: string, phase: Phase, waitMs: number): Step {
  return step(
    {
      id,
      kind: 'mlag-settled',
      phase,
      title: 'MLAG is active, connected and past its reload delay',
      expectedMs: Math.max(waitMs, 5 * SECOND_MS),
      maxMs: waitMs + (waitMs === 0 ? 2 : 10) * MINUTE_MS,
    },
    { settleMs: 0 },
  );
}

/** The whole way, as far as it is the same for both directions after the reload. */
function afterReload(
  prefix: string,
  version: string,
  target: UpgradeTarget,
  facts: Facts,
): readonly Step[] {
  const delay = facts.details['mlagReloadDelayMs'];
  const waitMs = typeof delay === 'number' ? delay : RELOAD_DELAY_MAX_MS;
  return [
    commonSteps.verifyVersion({
      id: `${prefix}verify-version`,
      serials: facts.serials,
      version,
      expectedMs: 10 * SECOND_MS,
      maxMs: 5 * MINUTE_MS,
    }),
    ...(facts.details['mlag'] === true
      ? [mlagSettled(`${prefix}mlag-settled`, 'verify', waitMs)]
      : []),
    ...(target.drain ? [maintenance(`${prefix}undrain`, 'undrain')] : []),
  ];
}

/** Of a file on flash, as `facts` saw it; undefined when it is not there. */
function sizeOnFlash(facts: Facts, name: string): number | undefined {
  const size = facts.details[`flash:${name}`];
  return typeof size === 'number' ? size : undefined;
}

function refused(why: string, mend: string): UpgradeProposal {
  return { kind: 'refused', why, mend };
}

function refuseTarget(target: UpgradeTarget, facts: Facts): UpgradeProposal | undefined {
  const { fileName } = target.image;
  const wanted = versions.parse(target.version);
  if (!wanted || !hasPhaseLetter(wanted) || !versions.parse(facts.runningVersion))
    return refused(
      `"${target.version}" or the running "${facts.runningVersion}" is no complete EOS version`,
      'Write the version as the image names it, with its letter: 4.31.2F.',
    );
  if (wanted.normal === facts.runningVersion)
    return refused(`it runs ${wanted.normal} already`, 'Leave this unit out.');
  if (versions.parse(target.image.version)?.normal !== wanted.normal)
    return refused(
      `image ${target.image.name} is of ${target.image.version}, not ${wanted.normal}`,
      'Mend the version in the image catalogue, or choose another image.',
    );
  if (!FILE_NAME.test(fileName))
    return refused(
      `the image file name ${JSON.stringify(fileName)} cannot be used on flash`,
      'Use letters, digits, dot, dash and underscore, ending in .swi.',
    );
  const named = versionInFileName(fileName);
  if (named && named.normal !== wanted.normal)
    return refused(
      `the file name ${fileName} names ${named.normal}, not ${wanted.normal}`,
      'Name the file after the version that it holds.',
    );
  return undefined;
}

/** Without an image on flash that is known to be the running one, there is no way back. */
function refuseFallback(target: UpgradeTarget, facts: Facts): UpgradeProposal | undefined {
  const next = facts.nextBoot;
  if (next === undefined)
    return refused('`show boot-config` names no image', 'Set `boot system` to the running image.');
  const name = next.replace(/^flash:/, '');
  if (!next.startsWith('flash:') || sizeOnFlash(facts, name) === undefined)
    return refused(
      `the boot image ${next} is not on flash`,
      'Copy the running image to flash: and set `boot system` to it.',
    );
  const held = versionInFileName(name);
  if (held?.normal !== facts.runningVersion)
    return refused(
      `the boot image ${next} is not known to hold the running ${facts.runningVersion}: no safe way back`,
      `Have the running image on flash as EOS-${facts.runningVersion}.swi and set \`boot system\` to it.`,
    );
  if (name === target.image.fileName)
    return refused(
      `${name} is the image it boots from now`,
      'Give the new image another file name.',
    );
  return undefined;
}

function refuseState(target: UpgradeTarget, facts: Facts): UpgradeProposal | undefined {
  const { supervisors, mlag, mlagHealthy, mlagState, maintenance: state } = facts.details;
  if (facts.members.length !== 1 || Number(supervisors ?? 0) > 1)
    return refused(
      'it has more than one supervisor',
      'Upgrade this chassis by hand; both supervisors need the image.',
    );
  if (mlag === true && mlagHealthy !== true)
    return refused(
      `MLAG is not healthy: ${mlagState}`,
      'Bring the MLAG pair in order first; see `show mlag detail`.',
    );
  if (target.drain && state !== 'active')
    return refused(
      `unit System is not in normal operation (maintenance: ${state})`,
      'End maintenance by hand, or plan without drain.',
    );
  return undefined;
}

function refuseSpace(target: UpgradeTarget, facts: Facts): UpgradeProposal | undefined {
  const free = facts.members[0]?.flash?.freeBytes;
  const need = spaceNeeded(target, facts);
  if (free !== undefined && free >= need) return undefined;
  return refused(
    `flash: has ${free ?? 'unknown'} bytes free, ${need} are needed`,
    'Make room on flash: by hand; keep the running image.',
  );
}

/** A copy that is there already, whole or broken, is written over. */
function spaceNeeded(target: UpgradeTarget, facts: Facts): number {
  const present = sizeOnFlash(facts, target.image.fileName) ?? 0;
  return Math.max(0, target.image.sizeBytes - present) + SPARE_BYTES;
}

function forward(target: UpgradeTarget, facts: Facts): readonly Step[] {
  const { image } = target;
  const version = versions.parse(target.version)?.normal ?? target.version;
  const devicePath = `flash:${image.fileName}`;
  const hashMs = 20 * SECOND_MS + Math.ceil(image.sizeBytes / 30_000);
  const { uploadExpectedBps, uploadMinBps } = platform.timing;
  const beforeReload: Phase = target.drain ? 'drain' : 'arm';
  return [
    commonSteps.backupConfig(),
    commonSteps.freeSpace({ 'flash:': spaceNeeded(target, facts) }, { image, devicePath }),
    commonSteps.stageImage({
      image,
      devicePath,
      remotePath: `/mnt/flash/${image.fileName}`,
      method: 'scp',
      uploadExpectedBps,
      uploadMinBps,
    }),
    commonSteps.verifyImage({
      id: 'verify-staged',
      phase: 'stage',
      image,
      devicePath,
      expectedMs: hashMs,
    }),
    ...(facts.details['mlag'] === true ? [mlagSettled('mlag-ready', beforeReload, 0)] : []),
    saveConfig('save-config', beforeReload),
    ...(target.drain ? [maintenance('drain', 'drain')] : []),
    commonSteps.verifyImage({
      id: 'verify-armed',
      phase: 'arm',
      image,
      devicePath,
      expectedMs: hashMs,
    }),
    setBoot('set-boot', 'arm', devicePath),
    reload('reload', version),
    ...afterReload('', version, target, facts),
    saveConfig('save-committed', 'commit'),
    setBoot('keep-boot', 'commit', devicePath),
  ];
}

function back(target: UpgradeTarget, facts: Facts): readonly Step[] {
  return [
    setBoot('rollback-set-boot', 'arm', facts.nextBoot ?? ''),
    reload('rollback-reload', facts.runningVersion),
    ...afterReload('rollback-', facts.runningVersion, target, facts),
  ];
}

/** Beside the version: the image lies on flash, and is what it boots. */
export function factsAfter({ image }: UpgradeTarget, expected: Facts): Facts {
  const nextBoot = `flash:${image.fileName}`;
  return { ...expected, nextBoot, details: { ...expected.details, [nextBoot]: image.sizeBytes } };
}

/** Steps of an upgrade by boot image and reload, and the way back to the image that runs now. */
export function proposeUpgrade(target: UpgradeTarget, facts: Facts): UpgradeProposal {
  return (
    refuseTarget(target, facts) ??
    refuseFallback(target, facts) ??
    refuseState(target, facts) ??
    refuseSpace(target, facts) ?? {
      kind: 'steps',
      steps: forward(target, facts),
      rollback: back(target, facts),
    }
  );
}
