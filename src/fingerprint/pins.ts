import type { UnitId } from '../kernel/id.js';
import type { Store } from '../ports/store.js';

/** A person's recorded acceptance of a host key. */
export interface HostKeyPin {
  readonly fingerprint: string;
  readonly by: string;
  readonly reason: string;
}

/** The host keys that people accepted for a unit: the newest acceptance counts, older ones are history. */
export async function acceptedHostKeys(store: Store, unit: UnitId): Promise<readonly string[]> {
  const row = await store.latest('host-key', unit);
  const keys = row?.value['fingerprints'];
  return Array.isArray(keys) ? keys.filter((each) => typeof each === 'string') : [];
}

/** Records an acceptance. `keepOld` for a unit whose members answer with several keys. */
export async function acceptHostKey(
  store: Store,
  unit: UnitId,
  pin: HostKeyPin & { readonly atMs: number; readonly keepOld?: boolean },
): Promise<void> {
  const old = pin.keepOld ? await acceptedHostKeys(store, unit) : [];
  const fingerprints = [...new Set([...old, pin.fingerprint])];
  const value = { fingerprints, by: pin.by, reason: pin.reason };
  await store.put('host-key', { key: unit, atMs: pin.atMs, value });
}
