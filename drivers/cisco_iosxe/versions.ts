import type { Version, Versions } from '../../src/driver/driver.js';

const TEXT_LENGTH_MAX = 80;
/** 16 and later: `17.12.4`, `17.09.04a`, `17.09.04a.0.6` (with the build), `17.03.03.CSCvz54210` (a SMU). */
const MODERN =
  /^(\d{2})\.(\d{1,3})\.(\d{1,2})([a-z]{0,3}\d{0,3})(?:\.(CSC[a-z]{2}\d{5})|(?:\.\d{1,8}){1,3})?$/i;
/** Up to 3.18: `3.16.5S`, `3.7.4aS`; devices print `03.16.05.S`, `03.06.07E`. */
const CLASSIC = /^0?3\.(\d{1,2})\.(\d{1,2})([a-z]?)\.?(S|SP|E|EX|SE|SG|XO|SQ)(\d{0,2})$/;
/** Rebuild letters that mark builds for one hardware platform, not a place in the order. */
const SPECIAL = /^[w-z]/;

interface Parts {
  readonly major: number;
  readonly minor: number;
  readonly maintenance: number;
  readonly rebuild: string;
  /** Letters of a 3.x train: `S` routers, `E`, `SE`, `SG` switches. Empty from 16 on. */
  readonly letters: string;
  readonly hotfix: string;
}

function strip(text: string): string {
  return text
    .slice(0, TEXT_LENGTH_MAX)
    .trim()
    .replace(/^version\s+/i, '')
    .replace(/ - .*$/, '');
}

function split(text: string): Parts | undefined {
  const cleaned = text.length > TEXT_LENGTH_MAX ? '' : strip(text);
  const modern = MODERN.exec(cleaned);
  if (modern && Number(modern[1]) >= 16) {
    return {
      major: Number(modern[1]),
      minor: Number(modern[2]),
      maintenance: Number(modern[3]),
      rebuild: (modern[4] ?? '').toLowerCase(),
      letters: '',
      hotfix: smuId(modern[5] ?? ''),
    };
  }
  const classic = CLASSIC.exec(cleaned);
  if (!classic) return undefined;
  return {
    major: 3,
    minor: Number(classic[1]),
    maintenance: Number(classic[2]),
    rebuild: classic[3] ?? '',
    letters: `${classic[4] ?? ''}${classic[5] ?? ''}`,
    hotfix: '',
  };
}

function smuId(text: string): string {
  return text === '' ? '' : `CSC${text.slice(3).toLowerCase()}`;
}

function parse(text: string): Version | undefined {
  const parts = split(text);
  if (!parts) return undefined;
  const base = `${parts.major}.${parts.minor}.${parts.maintenance}${parts.rebuild}${parts.letters}`;
  const train = `${parts.major}.${parts.minor}${parts.letters}`;
  return parts.hotfix === ''
    ? { normal: base, train }
    : { normal: `${base}.${parts.hotfix}`, train, hotfix: parts.hotfix };
}

function rebuildOrder(text: string): readonly [string, number] {
  const found = /^([a-z]*)(\d*)$/.exec(text);
  return [found?.[1] ?? '', Number(found?.[2] ?? 0)];
}

/** Within one maintenance release: the plain one first, then its rebuilds; `a` before `b` before `aa`. */
function compareRebuilds(a: string, b: string): number {
  const [lettersA, numberA] = rebuildOrder(a);
  const [lettersB, numberB] = rebuildOrder(b);
  if (lettersA.length !== lettersB.length) return lettersA.length - lettersB.length;
  if (lettersA !== lettersB) return lettersA < lettersB ? -1 : 1;
  return numberA - numberB;
}

function specialOf(parts: Parts): string {
  return SPECIAL.test(parts.rebuild) ? parts.rebuild.charAt(0) : '';
}

function compareHotfixes(a: string, b: string): number | undefined {
  if (a === b) return 0;
  if (a === '') return -1;
  return b === '' ? 1 : undefined;
}

function sameTrain(a: Parts, b: Parts): boolean {
  return a.major === b.major && a.minor === b.minor;
}

/** Is there an order between two different releases? */
function ordered(a: Parts, b: Parts): boolean {
  const special = specialOf(a);
  // A platform special stands beside the line that all platforms follow: only its own rebuilds have an order.
  if (special !== specialOf(b)) return false;
  if (special !== '') return sameTrain(a, b) && a.maintenance === b.maintenance;
  // From 16 on, rebuilds are made for several maintained trains side by side: none is before the other.
  const bothRebuilt = a.rebuild !== '' && b.rebuild !== '' && a.letters + b.letters === '';
  return sameTrain(a, b) || !bothRebuilt;
}

function compareParts(a: Parts, b: Parts): number | undefined {
  const numbers = a.major - b.major || a.minor - b.minor || a.maintenance - b.maintenance;
  if (numbers === 0 && a.rebuild === b.rebuild) return compareHotfixes(a.hotfix, b.hotfix);
  if (!ordered(a, b)) return undefined;
  return numbers || compareRebuilds(a.rebuild, b.rebuild);
}

function compare(a: Version, b: Version): number | undefined {
  if (a.normal === b.normal) return 0;
  const left = split(a.normal);
  const right = split(b.normal);
  // Up to 3.18 the S, E, SE and SG trains are other products; 16 and later went on from all of them.
  if (!left || !right || (left.major === right.major && left.letters !== right.letters))
    return undefined;
  return compareParts(left, right);
}

/** IOS-XE release numbers. Normal form as in the release notes: no padding, `17.9.4a`, `3.16.5S`. */
export const versions: Versions = { parse, compare };
