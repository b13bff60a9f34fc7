import type { Version, Versions } from '../../src/driver/driver.js';

const LENGTH_MAX = 120;

/** `7.2.8`, `v7.2.8 build1639`, `v7.2.8,build1639,240313 (GA.M)`, `7.2.8-build8083`. */
const SPELLING =
  /^(?:FortiOS[ -])?v?([3-9]\.\d{1,2}\.\d{1,3})(?:\.[MF])?(?:[ ,-]{1,2}(?:FW-)?build ?(\d{4,5}))?(?:[ ,-]{1,2}\d{6})?(?: ?\(([A-Za-z]{2,12}(?:\.[A-Z])?\d{0,2})\))?$/i;

/** Builds from here on are cut for single customers and cases; the line of releases stays below. */
const SPECIAL_BUILD_MIN = 4000;

interface Parts {
  readonly numbers: readonly [number, number, number];
  /** Of a build outside the line of releases: `build8083`. */
  readonly special: string;
}

function specialOf(build: string | undefined, label: string | undefined): string {
  if (build === undefined || Number(build) < SPECIAL_BUILD_MIN) return '';
  return label !== undefined && /^GA\b/i.test(label) ? '' : `build${build}`;
}

function partsOf(text: string): Parts | undefined {
  if (text.length > LENGTH_MAX) return undefined;
  const match = SPELLING.exec(text.trim());
  const [major, minor, patch] = (match?.[1] ?? '').split('.').map(Number);
  if (!match || major === undefined || minor === undefined || patch === undefined) return undefined;
  return { numbers: [major, minor, patch], special: specialOf(match[2], match[3]) };
}

/**
 * FortiOS versions: `major.minor.patch`, compared by their numbers. Build number and maturity (feature or mature) say
 * nothing more about a release: they are left out of the normal form. A build outside the line of releases keeps its
 * number, `7.2.8-build8083`, and has no order to the release that it was made from.
 */
export const versions: Versions = {
  parse(text: string): Version | undefined {
    const parts = partsOf(text);
    if (!parts) return undefined;
    const plain = parts.numbers.join('.');
    const train = parts.numbers.slice(0, 2).join('.');
    if (parts.special === '') return { normal: plain, train };
    return { normal: `${plain}-${parts.special}`, train, hotfix: parts.special };
  },

  compare(a: Version, b: Version): number | undefined {
    const left = partsOf(a.normal);
    const right = partsOf(b.normal);
    if (!left || !right) return undefined;
    for (const at of [0, 1, 2] as const) {
      const difference = left.numbers[at] - right.numbers[at];
      if (difference !== 0) return Math.sign(difference);
    }
    return left.special === right.special ? 0 : undefined;
  },
};

/** What the name of an image file says of it. */
export interface NamedImage {
  /** `FGT_60F`. */
  readonly model: string;
  readonly version: Version;
  readonly build: number;
}

/** Reads `FGT_60F-v7.2.8.M-build1639-FORTINET.out`; undefined for other names. */
export function imageOfFileName(name: string): NamedImage | undefined {
  const match =
    /^((?:FGT|FGR|FWF|FGVM|FG)[A-Z0-9_]{1,30})-v?([3-9]\.\d{1,2}\.\d{1,3})(?:\.[MF])?-build(\d{4,5})(?:-FORTINET)?\.out$/.exec(
      name,
    );
  const version = match?.[2] === undefined ? undefined : versions.parse(match[2]);
  if (!match?.[1] || !match[3] || !version) return undefined;
  return { model: match[1], version, build: Number(match[3]) };
}

/** `feature` or `mature`, as the version line tells it; undefined where it does not. */
export function maturityOf(printed: string): 'feature' | 'mature' | undefined {
  const letter = /\(GA\.([MF])\)/.exec(printed)?.[1];
  if (letter === undefined) return undefined;
  return letter === 'M' ? 'mature' : 'feature';
}
