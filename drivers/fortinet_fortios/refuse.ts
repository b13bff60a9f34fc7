import type { UpgradeTarget } from '../../src/driver/driver.js';
import type { UpgradeProposal } from '../../src/driver/proposal.js';
import type { Facts } from '../../src/driver/facts.js';
import { imageOfFileName, versions } from './versions.js';

type Refusal = Extract<UpgradeProposal, { kind: 'refused' }>;

function refused(why: string, mend: string): Refusal {
  return { kind: 'refused', why, mend };
}

/** `60F` of `FortiGate-60F` and of `FGT_60F`; the family before it stays apart. */
function modelTail(text: string): string {
  return text
    .replace(/^(?:FortiGateRugged|FortiGate|FortiWiFi|FGT|FGR|FWF|FG)[-_]?/, '')
    .replace(/[^A-Za-z0-9]/g, '')
    .toUpperCase();
}

function refuseVersion(target: UpgradeTarget, facts: Facts): Refusal | undefined {
  const wanted = versions.parse(target.version);
  if (!wanted || !versions.parse(facts.runningVersion))
    return refused(
      `"${target.version}" or the running "${facts.runningVersion}" is no complete FortiOS version`,
      'Write the version with its patch: 7.2.8.',
    );
  if (wanted.normal === facts.runningVersion)
    return refused(`it runs ${wanted.normal} already`, 'Leave this unit out.');
  if (versions.parse(target.image.version)?.normal !== wanted.normal)
    return refused(
      `image ${target.image.name} is of ${target.image.version}, not ${wanted.normal}`,
      'Mend the version in the image catalogue, or choose another image.',
    );
  return undefined;
}

/** Build and model are told only by the vendor's file name; without them nothing could be verified afterwards. */
function refuseImage(target: UpgradeTarget, facts: Facts): Refusal | undefined {
  const { fileName } = target.image;
  const named = imageOfFileName(fileName);
  if (!named)
    return refused(
      `the file name ${JSON.stringify(fileName)} does not tell model, version and build`,
      "Keep the vendor's name: FGT_60F-v7.2.8.M-build1639-FORTINET.out.",
    );
  if (named.version.normal !== versions.parse(target.version)?.normal)
    return refused(
      `the file name ${fileName} names ${named.version.normal}, not ${target.version}`,
      'Name the file after the version that it holds.',
    );
  if (modelTail(named.model) !== modelTail(facts.model))
    return refused(
      `the image ${fileName} is for ${named.model}, this is a ${facts.model}`,
      'Choose the image of this model; the device would refuse another one.',
    );
  return undefined;
}

function refuseShape({ details, members }: Facts): Refusal | undefined {
  const { vdoms, ha, signature } = details;
  if (vdoms !== 'disable')
    return refused(
      `it has virtual domains (${vdoms}); their routing and sessions are not looked at`,
      'Upgrade this unit by hand.',
    );
  if (ha !== 'standalone' && ha !== 'a-p')
    return refused(
      `it is in a cluster of mode ${ha}; only active-passive ones are upgraded`,
      'Upgrade this cluster by hand.',
    );
  if (ha === 'standalone' && members.length !== 1)
    return refused('a single unit shows more than one member', 'Look at `get system ha status`.');
  if (signature === 'un-certified')
    return refused(
      'the running firmware is not certified by the vendor',
      'Find out where this firmware comes from before anything else.',
    );
  return undefined;
}

/** The way back is the partition that runs now; a unit that has only one has none. */
function refuseFallback({ details }: Facts): Refusal | undefined {
  const { partitions, runningPartition, backupPartition, build } = details;
  if (typeof build !== 'number')
    return refused('`get system status` tells no build number', 'Upgrade this unit by hand.');
  if (partitions !== 2 || runningPartition === undefined || backupPartition === undefined)
    return refused(
      '`diagnose sys flash list` does not show two firmware partitions, one of them with the running build',
      'Upgrade this unit by hand: it keeps no old firmware to go back to.',
    );
  return undefined;
}

function refuseCluster({ details, members }: Facts): Refusal | undefined {
  if (details['ha'] === 'standalone') return undefined;
  if (members.length !== 2)
    return refused(
      `the cluster has ${members.length} members, two are needed`,
      'Bring both members into the cluster, or upgrade by hand.',
    );
  if (details['haHealthy'] !== true)
    return refused(
      `the cluster is not healthy (${details['haSync']})`,
      'Bring it in order first: `get system ha status`, `diagnose sys ha checksum cluster`.',
    );
  if (details['haOverride'] === true)
    return refused(
      'override is enabled: a member that comes back takes over at once, so it could not be taken back safely',
      'Set `override disable` under `config system ha` for the change, or upgrade by hand.',
    );
  const mode = details['haUpgradeMode'];
  if (mode !== undefined && mode !== 'uninterruptible')
    return refused(
      `the cluster upgrades its members ${mode}`,
      'Set the upgrade mode `uninterruptible` under `config system ha`.',
    );
  return undefined;
}

/** Why this unit is not upgraded so; undefined when nothing stands against it. */
export function refuse(target: UpgradeTarget, facts: Facts): Refusal | undefined {
  return (
    refuseVersion(target, facts) ??
    refuseImage(target, facts) ??
    refuseShape(facts) ??
    refuseFallback(facts) ??
    refuseCluster(facts)
  );
}
