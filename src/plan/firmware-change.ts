import type { Driver, UpgradeTarget } from '../driver/driver.js';
import type { Facts } from '../driver/facts.js';
import { chooseImage, type Wanted } from '../image/catalogue.js';
import type { ImageEntry } from '../inventory/inventory.js';
import { upgradePath } from '../image/path.js';
import { inSequence } from './hops.js';
import type { PlannedImage } from './plan.js';
import { refused, type Candidate, type NoChange, type UnitChange } from './unit-change.js';

function versionRefusal(
  driver: Driver,
  running: string,
  image: ImageEntry,
  wanted: Wanted,
): NoChange | undefined {
  const from = driver.versions.parse(running);
  const to = driver.versions.parse(image.version);
  if (!from || !to) return refused(`version ${running} cannot be read`);
  if (from.normal === to.normal) return { kind: 'nothing to do', why: `runs ${running} already` };
  const order = driver.versions.compare(from, to);
  if (wanted.kind === 'version') return undefined;
  // Parallel trains have no order; what is golden was decided by people, and the board sees from and to.
  return order !== undefined && order > 0
    ? refused(`${running} is newer than the golden ${image.version}`)
    : undefined;
}

function plannedImage(image: ImageEntry): PlannedImage {
  const { name, fileName, path, version, sizeBytes, sha512, md5 } = image;
  return { name, fileName, path, version, sizeBytes, sha512, md5 };
}

/** What the unit will be once it runs that image: what the next hop is planned from. */
function factsAfter(driver: Driver, target: UpgradeTarget, facts: Facts): Facts {
  const { sizeBytes } = target.image;
  const members = facts.members.map((each) => {
    const { flash } = each;
    const left = flash && { ...flash, freeBytes: Math.max(0, flash.freeBytes - sizeBytes) };
    return { ...each, version: target.version, ...(left ? { flash: left } : {}) };
  });
  const expected = { ...facts, members, runningVersion: target.version };
  return driver.afterUpgrade ? driver.afterUpgrade(target, expected) : expected;
}

/** One hop from what `facts` say to that image. */
function hopChange(
  { driver, unit }: Candidate,
  image: ImageEntry,
  facts: Facts,
): { readonly change: UnitChange; readonly after: Facts } | NoChange {
  const version = driver.versions.parse(image.version)?.normal ?? image.version;
  const target = { version, image, drain: unit.drain };
  const proposal = driver.upgrade(target, facts);
  if (proposal.kind === 'refused') return refused(`${proposal.why} (${proposal.mend})`);
  const { steps, rollback } = proposal;
  const images = [plannedImage(image)];
  const fromVersion = facts.runningVersion;
  return {
    change: { fromVersion, toVersion: version, images, hops: [], steps, rollback },
    after: factsAfter(driver, target, facts),
  };
}

/** The steps to the wanted release, over as many hops as the catalogue asks for, or why there are none. */
export function firmwareChange(candidate: Candidate, wanted: Wanted): UnitChange | NoChange {
  const { inventory, seen, driver } = candidate;
  const image = chooseImage(inventory.images, seen.facts, wanted, driver.versions);
  if (typeof image === 'string') return refused(image);
  const version = versionRefusal(driver, seen.facts.runningVersion, image, wanted);
  if (version) return version;
  const path = upgradePath(inventory.images, seen.facts, image, driver.versions);
  if (typeof path === 'string') return refused(path);
  const changes: UnitChange[] = [];
  let { facts } = seen;
  for (const each of path) {
    const hop = hopChange(candidate, each, facts);
    if (!('change' in hop)) {
      const which = path.length > 1 ? `hop ${changes.length + 1} to ${each.version}: ` : '';
      return refused(`${which}${hop.why}`);
    }
    if (path.length > 1 && !hop.change.steps.some((step) => step.phase === 'commit')) {
      return refused('its platform has no commit between two hops, where the checks would stand');
    }
    changes.push(hop.change);
    facts = hop.after;
  }
  return inSequence(changes);
}
