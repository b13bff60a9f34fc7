import type { InstantMs, UnitId } from '../kernel/id.js';
import { recall } from '../kernel/recall.js';
import type { Store } from '../ports/store.js';
import type { Facts } from '../driver/facts.js';

/** How a fact was come by, for people: `snmp sysDescr`, `ssh show version`. */
export interface FactEvidence {
  readonly how: string;
  readonly text: string;
}

/** Why a unit was not seen, and when that was. */
export interface SightingFailure {
  readonly atMs: InstantMs;
  readonly code: string;
  readonly why: string;
}

/** A device's clock beside ours. */
export interface ClockSight {
  /** Negative: it is behind. Without a known zone (`isExact` false) to the nearest quarter of an hour. */
  readonly aheadMs: number;
  readonly isExact: boolean;
  readonly synchronised?: boolean;
}

/** What fingerprinting a unit led to. */
export type Sighting =
  | {
      readonly kind: 'seen';
      readonly unit: UnitId;
      readonly atMs: InstantMs;
      readonly facts: Facts;
      readonly hostKey: string;
      /** SHA-256 over the masked running config. */
      readonly configDigest: string;
      readonly evidence: readonly FactEvidence[];
      /** How its clock stood against ours; left out: it could not be read. */
      readonly clock?: ClockSight;
      /** A later look that failed: what is known is of before. Only in a fleet, never stored. */
      readonly failure?: SightingFailure;
    }
  | {
      readonly kind: 'not-seen';
      readonly unit: UnitId;
      readonly atMs: InstantMs;
      /** A fault code and its text. */
      readonly code: string;
      readonly why: string;
      readonly evidence: readonly FactEvidence[];
    };

/** A running config as it was kept: our own secrets in it replaced, with the digest of its sighting. */
export interface KeptConfig {
  readonly text: string;
  /** As `configDigest` of the sighting that it was read in. */
  readonly digest: string;
}

/** Where the last running config of a unit is kept. */
export function configKey(unit: UnitId): string {
  return `facts/${unit}/running-config`;
}

/** The last running config of each unit that one was kept of. */
export async function keptConfigs(
  store: Store,
  units: readonly UnitId[],
): Promise<ReadonlyMap<UnitId, KeptConfig>> {
  const rows = await Promise.all(units.map((unit) => store.latest('artefact', configKey(unit))));
  return new Map(
    units.flatMap((unit, index) => {
      const row = rows[index];
      return row ? [[unit, recall<KeptConfig>(row.value)] as const] : [];
    }),
  );
}

/** The inventory as observed: of every unit the newest sighting that saw it, else the newest there is. */
export interface Fleet {
  readonly sightings: readonly Sighting[];
}

/** A look that failed takes nothing away from what was seen before; it stands beside it. */
async function sightingOf(store: Store, unit: UnitId): Promise<readonly Sighting[]> {
  const row = await store.latest('facts', unit);
  if (!row) return [];
  const newest = recall<Sighting>(row.value);
  if (newest.kind === 'seen') return [newest];
  const earlier = (await store.rows('facts', { key: unit })).map((each) =>
    recall<Sighting>(each.value),
  );
  const good = earlier.findLast((each) => each.kind === 'seen');
  const { atMs, code, why } = newest;
  return [good?.kind === 'seen' ? { ...good, failure: { atMs, code, why } } : newest];
}

/** What is known of each unit, from the store. */
export async function loadFleet(store: Store, units: readonly UnitId[]): Promise<Fleet> {
  const found = await Promise.all(units.map((unit) => sightingOf(store, unit)));
  return { sightings: found.flat() };
}
