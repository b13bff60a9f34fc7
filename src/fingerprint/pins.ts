import type { UnitId } from '../kernel/id.js';
import type { Store } from '../ports/store.js';
import type { Device } from '../inventory/inventory.js';

/** A person's recorded acceptance of a host key. */
export interface HostKeyPin {
  readonly fingerprint: string;
  readonly by: string;
  readonly reason: string;
}

/** Whose host key: a unit's, or a jump host's. */
export type KeyHolder = UnitId | `jump/${string}`;

/** No name holds a slash, so a jump host is never taken for a unit. */
export const jumpHolder = (name: string): KeyHolder => `jump/${name}`;

/** The host keys that people accepted: the newest acceptance counts, older ones are history. */
export async function acceptedHostKeys(
  store: Pick<Store, 'latest'>,
  holder: KeyHolder,
): Promise<readonly string[]> {
  const row = await store.latest('host-key', holder);
  const keys = row?.value['fingerprints'];
  return Array.isArray(keys) ? keys.filter((each) => typeof each === 'string') : [];
}

/** The accepted keys of the jump hosts on the way to a device, by their names. */
export async function acceptedHopKeys(
  store: Pick<Store, 'latest'>,
  { jump = [] }: Pick<Device, 'jump'>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const entries = jump.map(
    async ({ name }) => [name, await acceptedHostKeys(store, jumpHolder(name))] as const,
  );
  return new Map(await Promise.all(entries));
}

/** Records an acceptance. `keepOld` for a unit whose members answer with several keys. */
export async function acceptHostKey(
  store: Store,
  holder: KeyHolder,
  pin: HostKeyPin & { readonly atMs: number; readonly keepOld?: boolean },
): Promise<void> {
  const old = pin.keepOld ? await acceptedHostKeys(store, holder) : [];
  const fingerprints = [...new Set([...old, pin.fingerprint])];
  const value = { fingerprints, by: pin.by, reason: pin.reason };
  await store.put('host-key', { key: holder, atMs: pin.atMs, value });
}
