import type { Versions } from '../driver/driver.js';
import type { Facts } from '../driver/facts.js';
import type { ImageEntry } from '../inventory/inventory.js';
import { modelMatches } from './catalogue.js';

const HOPS_MAX = 8;

/** May this image be installed on a device that runs `version`? An image that names no releases takes any. */
function takes(image: ImageEntry, version: string): boolean {
  return image.from.length === 0 || modelMatches(image.from, version);
}

/**
 * The images to install one after the other, the wanted one last: the fewest, each allowed on the release before it. In
 * words when the catalogue knows no way.
 */
export function upgradePath(
  images: readonly ImageEntry[],
  facts: Facts,
  wanted: ImageEntry,
  versions: Versions,
): readonly ImageEntry[] | string {
  const normal = (text: string) => versions.parse(text)?.normal ?? text;
  const fitting = images
    .filter((each) => each.platform === facts.platform && modelMatches(each.models, facts.model))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  /** The way up never leads over an older release. */
  const isBack = (from: string, to: string) => {
    const [a, b] = [versions.parse(from), versions.parse(to)];
    return a !== undefined && b !== undefined && (versions.compare(a, b) ?? 0) > 0;
  };
  const start = normal(facts.runningVersion);
  const seen = new Set([start]);
  let front: { readonly at: string; readonly path: readonly ImageEntry[] }[] = [
    { at: start, path: [] },
  ];
  for (let hop = 1; hop <= HOPS_MAX && front.length > 0; hop += 1) {
    const direct = front.find(({ at }) => takes(wanted, at));
    if (direct) return [...direct.path, wanted];
    front = front.flatMap(({ at, path }) =>
      fitting.flatMap((image) => {
        const version = normal(image.version);
        if (seen.has(version) || !takes(image, at) || isBack(at, version)) return [];
        seen.add(version);
        return [{ at: version, path: [...path, image] }];
      }),
    );
  }
  const from = wanted.from.join(', ');
  return (
    `${wanted.name} may only be installed on ${from}, and the catalogue has no way there from ` +
    `${facts.runningVersion}: add the images in between`
  );
}
