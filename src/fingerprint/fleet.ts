import type { InstantMs, UnitId } from '../kernel/id.js';
import { recall } from '../kernel/recall.js';
import type { Store } from '../ports/store.js';
import type { Facts } from '../driver/facts.js';

/** How a fact was come by, for people: `snmp sysDescr`, `ssh show version`. */
export interface FactEvidence {
  readonly how: string;
  readonly text: string;
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

/** The inventory as observed: the newest sighting of every unit. */
export interface Fleet {
  readonly sightings: readonly Sighting[];
}

/** The newest sighting of each unit, from the store. */
export async function loadFleet(store: Store, units: readonly UnitId[]): Promise<Fleet> {
  const rows = await Promise.all(units.map((unit) => store.latest('facts', unit)));
  return { sightings: rows.flatMap((row) => (row ? [recall<Sighting>(row.value)] : [])) };
}
