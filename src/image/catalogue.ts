import type { Facts } from '../driver/facts.js';
import type { Versions } from '../driver/driver.js';
import type { Files } from '../ports/files.js';
import { Fault } from '../kernel/fault.js';
import type { ImageEntry } from '../inventory/inventory.js';

/** Which firmware is wanted: the golden image of platform and model, or a version by name. */
export type Wanted =
  { readonly kind: 'golden' } | { readonly kind: 'version'; readonly version: string };

/** `*` and `?` as in file names, over the whole model, upper and lower case alike. */
export function modelMatches(patterns: readonly string[], model: string): boolean {
  if (patterns.length === 0) return true;
  return patterns.some((pattern) => {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '.*')
      .replace(/\?/g, '.');
    return new RegExp(`^${source}$`, 'i').test(model);
  });
}

/** The one image that fits, or in words why there is none or more than one. */
export function chooseImage(
  images: readonly ImageEntry[],
  facts: Facts,
  wanted: Wanted,
  versions: Versions,
): ImageEntry | string {
  const fitting = images.filter(
    (each) => each.platform === facts.platform && modelMatches(each.models, facts.model),
  );
  const normal = (text: string) => versions.parse(text)?.normal ?? text;
  const chosen = fitting.filter((each) =>
    wanted.kind === 'golden' ? each.golden : normal(each.version) === normal(wanted.version),
  );
  const what = wanted.kind === 'golden' ? 'golden image' : `image of version ${wanted.version}`;
  const first = chosen[0];
  if (!first) return `the catalogue has no ${what} for ${facts.platform} ${facts.model}`;
  if (chosen.length > 1) {
    const names = chosen.map((each) => each.name).join(', ');
    return `the catalogue has more than one ${what} for ${facts.model}: ${names}`;
  }
  return first;
}

/** Holds each file against its entry. Fault `image-unknown` when it is missing, `image-hash-wrong` when it differs. */
export async function verifyImageFiles(
  files: Files,
  images: readonly Pick<ImageEntry, 'name' | 'path' | 'sizeBytes' | 'sha512' | 'md5'>[],
): Promise<void> {
  const byName = new Map(images.map((each) => [each.name, each]));
  for (const image of byName.values()) {
    const found = await files.hash(image.path);
    if (!found) throw new Fault('image-unknown', `image ${image.name}: no file ${image.path}`);
    const same =
      found.sizeBytes === image.sizeBytes &&
      found.sha512 === image.sha512 &&
      found.md5 === image.md5;
    if (same) continue;
    const message =
      `image ${image.name}: ${image.path} has ${found.sizeBytes} bytes and sha512 ` +
      `${found.sha512.slice(0, 16)}..., the catalogue says ${image.sizeBytes} and ${image.sha512.slice(0, 16)}...`;
    throw new Fault('image-hash-wrong', message);
  }
}
