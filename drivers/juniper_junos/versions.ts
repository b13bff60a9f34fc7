import type { Version, Versions } from '../../src/driver/driver.js';

const LENGTH_MAX = 60;

/** Year and quarter (`21.4`), kind (R, X, F, B) and number, service or branch release, build, `-EVO`. */
const SPELLING =
  /^(?:JUNOS |Junos(?: OS)? )?(\d{1,2}\.\d)([RXFB])(\d{1,3})(?:-(S|D)(\d{1,4})(?:-(D)(\d{1,4}))?)?(?:\.(\d{1,3}))?(-[CJ]\d{1,2})?(-EVO)?$/i;

interface Parts {
  readonly train: string;
  readonly kind: string;
  readonly number: number;
  /** `-S9`, `-D150`, `-S2-D20`; 0 where there is none. */
  readonly service: number;
  readonly branch: number;
  /** As it was written; empty where it was left out. */
  readonly build: string;
  readonly letter: string;
  readonly custom: string;
  readonly evolved: boolean;
}

function partsOf(text: string): Parts | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LENGTH_MAX) return undefined;
  const match = SPELLING.exec(trimmed);
  if (!match) return undefined;
  const [
    ,
    train = '',
    kind = '',
    number,
    letter = '',
    service,
    ,
    branch,
    build = '',
    custom,
    evolved,
  ] = match;
  return {
    train,
    kind: kind.toUpperCase(),
    number: Number(number),
    letter: letter.toUpperCase(),
    service: Number(service ?? 0),
    branch: Number(branch ?? 0),
    build: build.replace(/^0+(?=\d)/, ''),
    custom: (custom ?? '').toUpperCase(),
    evolved: evolved !== undefined,
  };
}

/** An X release is a train of its own: it was branched off for some hardware. */
const trainOf = (parts: Parts) =>
  parts.train + (parts.kind === 'X' ? `X${parts.number}` : '') + (parts.evolved ? '-EVO' : '');

function normalOf(parts: Parts): string {
  const service = parts.letter === '' ? '' : `-${parts.letter}${parts.service}`;
  const branch = parts.branch === 0 ? '' : `-D${parts.branch}`;
  const evolved = parts.evolved ? '-EVO' : '';
  const build = parts.build === '' ? '' : `.${parts.build}`;
  return `${parts.train}${parts.kind}${parts.number}${service}${branch}${build}${parts.custom}${evolved}`;
}

function numericOrder(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : Math.sign((a[at] ?? 0) - (b[at] ?? 0));
}

const quarters = (parts: Parts) => parts.train.split('.').map(Number);

/** Betas go before releases of their train; F and R were made side by side. Builds of one release have no order. */
function orderInTrain(a: Parts, b: Parts): number | undefined {
  if (a.kind !== b.kind) {
    if (a.kind !== 'B' && b.kind !== 'B') return undefined;
    return a.kind === 'B' ? -1 : 1;
  }
  const order = numericOrder([a.number, a.service, a.branch], [b.number, b.service, b.branch]);
  const sameBuild = a.build === b.build || a.build === '' || b.build === '';
  return order === 0 && !sameBuild ? undefined : order;
}

/** A maintenance or service release of an older train and the first of a newer one were made side by side. */
function orderOfTrains(a: Parts, b: Parts): number | undefined {
  if (a.kind !== 'R' || b.kind !== 'R') return undefined;
  const byTrain = numericOrder(quarters(a), quarters(b));
  const [older, newer] = byTrain < 0 ? [a, b] : [b, a];
  const grown = older.number > 1 || older.service > 0;
  return grown && newer.number === 1 ? undefined : byTrain;
}

/**
 * Junos versions: `21.4R3-S5.4` is the train 21.4, its third release, the fifth service release on that, build 4. People
 * and advisories leave the build out: 21.4R3-S5 equals 21.4R3-S5.4, and both keep their spelling as normal form. No order:
 * two builds of one release, X releases against any other train, F against R, Junos against Junos Evolved, custom builds,
 * and a later release of an older train against the first release of a newer one.
 */
export const versions: Versions = {
  parse(text: string): Version | undefined {
    const parts = partsOf(text);
    if (!parts) return undefined;
    const hotfix = parts.letter === 'S' ? { hotfix: `S${parts.service}` } : {};
    return { normal: normalOf(parts), train: trainOf(parts), ...hotfix };
  },

  compare(a: Version, b: Version): number | undefined {
    if (a.normal === b.normal) return 0;
    const [left, right] = [partsOf(a.normal), partsOf(b.normal)];
    if (!left || !right) return undefined;
    if (left.evolved !== right.evolved || left.custom !== '' || right.custom !== '')
      return undefined;
    if (trainOf(left) === trainOf(right)) return orderInTrain(left, right);
    return orderOfTrains(left, right);
  },
};

/** Are both the same release? A build that one of them leaves out does not count. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [versions.parse(a), versions.parse(b)];
  return left && right ? versions.compare(left, right) === 0 : a === b;
}

/** Does the version carry its build number, as the device prints it? */
export function hasBuild(version: Version): boolean {
  return (partsOf(version.normal)?.build ?? '') !== '';
}

/** Junos OS Evolved is other software with another way of installing. */
export function isEvolved(version: Version): boolean {
  return version.normal.endsWith('-EVO');
}

/** The version that the name of a package holds: `junos-install-mx-x86-64-21.4R3-S5.4.tgz` -> 21.4R3-S5.4. */
export function versionInFileName(name: string): Version | undefined {
  const found =
    /-(\d{1,2}\.\d[RXFB]\d{1,3}(?:-[SD]\d{1,4}){0,2}(?:\.\d{1,3})?(?:-EVO)?)(?:-[a-z-]{1,40})?\.(?:tgz|iso)$/i.exec(
      name.slice(0, 200),
    );
  return found?.[1] === undefined ? undefined : versions.parse(found[1]);
}
