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

/** The inventory as observed: the newest sighting of every unit. */
export interface Fleet {
  readonly sightings: readonly Sighting[];
}

/** The newest sighting of each unit, from the store. */
export async function loadFleet(store: Store, units: readonly UnitId[]): Promise<Fleet> {
  const rows = await Promise.all(units.map((unit) => store.latest('facts', unit)));
  return { sightings: rows.flatMap((row) => (row ? [recall<Sighting>(row.value)] : [])) };
}
