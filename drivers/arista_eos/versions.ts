import type { Version, Versions } from '../../src/driver/driver.js';

const LENGTH_MAX = 80;

/** `EOS-4.28.3M.swi`, `4.29.2.1F`, `4.31.6M-39953990.4316M (engineering build)`. */
const SPELLING =
  /^(?:Arista )?(?:EOS(?:64)?[- ])?(?:version )?v?(\d(?:\.\d{1,4}){2,4})([A-Z]{1,3})?(-[\w.-]*\w)?(?:\.swi)?(?: \((?:engineering|custom) build\))?$/;

interface Parts {
  readonly numbers: readonly number[];
  readonly letter: string;
  readonly suffix: string;
}

function partsOf(text: string): Parts | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  const match = SPELLING.exec(text.trim().replace(/\.swi$/, ''));
  const numbers = match?.[1]?.split('.').map(Number);
  if (!match || !numbers) return undefined;
  return { numbers, letter: match[2] ?? '', suffix: match[3] ?? '' };
}

function numericOrder(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

const sameTrain = (a: Parts, b: Parts) =>
  numericOrder(a.numbers.slice(0, 2), b.numbers.slice(0, 2)) === 0;

function order(a: Parts, b: Parts): number | undefined {
  const byNumber = numericOrder(a.numbers, b.numbers);
  if (byNumber === 0) {
    if (a.suffix !== b.suffix) return undefined;
    return a.letter === b.letter || a.letter === '' || b.letter === '' ? 0 : undefined;
  }
  const [older, newer] = byNumber < 0 ? [a, b] : [b, a];
  const parallel = older.letter.startsWith('M') && newer.letter.startsWith('F');
  return parallel && !sameTrain(a, b) ? undefined : byNumber;
}

/**
 * EOS versions: `major.minor.maintenance[.respin]`, then F (feature phase) or M (maintenance phase), then a build
 * suffix on images outside the release line. Numbers decide; the change from F to M does not reset them. Advisories
 * drop the letter: 4.28.3 equals 4.28.3M, and both keep their spelling as normal form. No order: a maintenance
 * release of an older train against a feature release of a newer one (cut in parallel), and builds of one release
 * with different suffixes.
 */
export const versions: Versions = {
  parse(text: string): Version | undefined {
    const parts = partsOf(text);
    if (!parts) return undefined;
    const train = parts.numbers.slice(0, 2).join('.');
    const normal = `${parts.numbers.join('.')}${parts.letter}${parts.suffix}`;
    return { normal, train, ...(parts.suffix === '' ? {} : { hotfix: parts.suffix.slice(1) }) };
  },

  compare(a: Version, b: Version): number | undefined {
    const left = partsOf(a.normal);
    const right = partsOf(b.normal);
    return left && right ? order(left, right) : undefined;
  },
};

/** Does the version carry its phase letter, as every image since 4.10 does? */
export function hasPhaseLetter(version: Version): boolean {
  return (partsOf(version.normal)?.letter ?? '') !== '';
}

/** The version that the name of an image file holds: `EOS64-4.28.3M.swi` -> 4.28.3M. Undefined for `EOS.swi`. */
export function versionInFileName(name: string): Version | undefined {
  const match = /^(?:v?EOS(?:64)?|cEOS(?:64)?-lab)-(\d.*)\.swi$/i.exec(name);
  return match?.[1] === undefined ? undefined : versions.parse(match[1]);
}
