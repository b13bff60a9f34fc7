import type { UpgradeTarget } from '../../src/driver/driver.js';
import type { Facts } from '../../src/driver/facts.js';
import type { UpgradeProposal } from '../../src/driver/proposal.js';
import { hasBuild, isEvolved, isSame, versionInFileName, versions } from './versions.js';

/** What the installer unpacks beside the package, and logs. */
const SPARE_BYTES = 256 * 1024 * 1024;
const FILE_NAME = /^[A-Za-z0-9][\w.-]{0,119}\.tgz$/;

type Refusal = Extract<UpgradeProposal, { readonly kind: 'refused' }>;

function refused(why: string, mend: string): Refusal {
  return { kind: 'refused', why, mend };
}

function refuseVersion(target: UpgradeTarget, facts: Facts): Refusal | undefined {
  const wanted = versions.parse(target.version);
  const running = versions.parse(facts.runningVersion);
  if (!wanted || !running)
    return refused(
      `"${target.version}" or the running "${facts.runningVersion}" is no Junos version`,
      'Write the version as the vendor does: 22.4R3-S2.',
    );
  if (isEvolved(wanted) || isEvolved(running))
    return refused(
      'Junos OS Evolved is installed in another way, which is not known here',
      'Upgrade this device by hand.',
    );
  if (!hasBuild(wanted))
    return refused(
      `"${target.version}" has no build number, so that it could not be verified afterwards`,
      'Write the version as the name of the package has it: 22.4R3-S2.11.',
    );
  if (isSame(wanted.normal, running.normal))
    return refused(`it runs ${running.normal} already`, 'Leave this unit out.');
  if (versions.parse(target.image.version)?.normal !== wanted.normal)
    return refused(
      `image ${target.image.name} is of ${target.image.version}, not ${wanted.normal}`,
      'Mend the version in the image catalogue, or choose another image.',
    );
  return undefined;
}

function refuseFile(target: UpgradeTarget, facts: Facts): Refusal | undefined {
  const { fileName } = target.image;
  const wanted = versions.parse(target.version);
  if (!FILE_NAME.test(fileName))
    return refused(
      `the image file name ${JSON.stringify(fileName)} cannot be used on the device`,
      'Keep the name that the vendor gave the package: letters, digits, dot, dash, ending in .tgz.',
    );
  const named = versionInFileName(fileName);
  if (named && !isSame(named.normal, wanted?.normal ?? ''))
    return refused(
      `the file name ${fileName} names ${named.normal}, not ${wanted?.normal}`,
      'Keep the name that the vendor gave the package.',
    );
  const isVmHost = facts.details['vmhost'] === true;
  if (/vmhost/.test(fileName) !== isVmHost)
    return refused(
      isVmHost
        ? `it is a vmhost, and ${fileName} is no vmhost package`
        : `it is no vmhost, and ${fileName} is a vmhost package`,
      'Choose the package of this model: vmhost packages are named junos-vmhost-install-.',
    );
  return undefined;
}

/** Firewalls and their kin keep two partitions or a host of their own, and do not show what is pending. */
const OTHER_KIND = /^(?:v?srx|nfx|j\d{4}|csrx)/i;

function refuseState(target: UpgradeTarget, facts: Facts): Refusal | undefined {
  const { chassisUnits, pending, ospf, isis } = facts.details;
  if (Number(chassisUnits ?? 0) > 1 || facts.members.length > 2)
    return refused(
      'it is a virtual chassis or cluster of several devices',
      'Upgrade it by hand; only one device with one or two routing engines is done here.',
    );
  if (OTHER_KIND.test(facts.model))
    return refused(
      `a ${facts.model} does not show which software it boots next`,
      'Upgrade it by hand; routers and switches are done here.',
    );
  if (typeof pending === 'string' && pending !== '')
    return refused(
      `${pending} is installed and waits for a reboot`,
      'Take it back with `request system software rollback`, or reboot into it by hand.',
    );
  if (target.drain && (ospf === 'overload' || isis === 'overload'))
    return refused(
      'it advertises overload already, and not by us',
      'End the overload by hand, or plan without drain.',
    );
  return undefined;
}

function refuseEngines(facts: Facts): Refusal | undefined {
  const late = facts.members.find((each) => each.state !== 'ready');
  if (late)
    return refused(
      `routing engine ${late.id} is ${late.state}`,
      'Bring both routing engines in order first; see `show chassis routing-engine`.',
    );
  const other = facts.members.find(
    (each) => versions.parse(each.version)?.normal !== facts.runningVersion,
  );
  if (!other) return undefined;
  return refused(
    `routing engine ${other.id} runs ${other.version}, not ${facts.runningVersion}`,
    'Bring both routing engines to one version first.',
  );
}

/** Bytes that each engine needs, by file system. A copy that is there already is written over. */
export function spareFor(target: UpgradeTarget, facts: Facts): Readonly<Record<string, number>> {
  const { fileName, sizeBytes } = target.image;
  const present = Number(facts.details[`/var/tmp/${fileName}`] ?? 0);
  return Object.fromEntries(
    facts.members.map((each) => [
      each.flash?.fileSystem ?? `${each.id}:/var/tmp`,
      Math.max(0, sizeBytes - (each.role === 'active' ? present : 0)) + SPARE_BYTES,
    ]),
  );
}

function refuseSpace(target: UpgradeTarget, facts: Facts): Refusal | undefined {
  const needs = spareFor(target, facts);
  const tight = facts.members.find(
    (each) => (each.flash?.freeBytes ?? 0) < (needs[each.flash?.fileSystem ?? ''] ?? Infinity),
  );
  if (!tight) return undefined;
  const where = tight.flash?.fileSystem ?? `${tight.id}:/var/tmp`;
  return refused(
    `${where} has ${tight.flash?.freeBytes ?? 'unknown'} bytes free, ${needs[where] ?? '?'} are needed`,
    'Look at `request system storage cleanup dry-run` and make room by hand, before anything is staged.',
  );
}

/** Why this device is not upgraded so; undefined: it may be. */
export function refuse(target: UpgradeTarget, facts: Facts): Refusal | undefined {
  return (
    refuseVersion(target, facts) ??
    refuseFile(target, facts) ??
    refuseState(target, facts) ??
    refuseEngines(facts) ??
    refuseSpace(target, facts)
  );
}
