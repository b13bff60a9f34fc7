import type { InstantMs, UnitId } from '../kernel/id.js';
import type { Store } from '../ports/store.js';
import type { World } from '../ports/world.js';
import type { OutOfBand, Unit } from '../inventory/inventory.js';

/** A try of a unit's console or out-of-band address. */
export interface OutOfBandTest {
  readonly unit: UnitId;
  readonly atMs: InstantMs;
  readonly address: string;
  readonly port: number;
  readonly answered: boolean;
  /** What it said by itself when it answered, else why it did not; may be empty. */
  readonly detail: string;
}

/** How a unit is reached when its own network is gone, and when that was last seen to work. */
export interface WayIn {
  readonly unit: UnitId;
  /** Undefined: the inventory has none. */
  readonly outOfBand: OutOfBand | undefined;
  /** The newest test of this address and port; undefined: never tested. */
  readonly lastTest: OutOfBandTest | undefined;
  /** Undefined: no test of this address and port succeeded yet. */
  readonly lastSuccessMs: InstantMs | undefined;
}

const KNOCK_MS_MAX = 10_000;
const TESTS_READ_MAX = 200;

/**
 * Finds out whether something listens at the unit's console or out-of-band address, without logging in, and records it.
 * Undefined when the inventory gives no such address.
 */
export async function testOutOfBand(
  world: Pick<World, 'knocker' | 'clock' | 'store'>,
  unit: Unit,
): Promise<OutOfBandTest | undefined> {
  const { outOfBand } = unit;
  if (!outOfBand) return undefined;
  const { address, port } = outOfBand;
  const outcome = await world.knocker.knock({ host: address, port }, KNOCK_MS_MAX);
  const answered = outcome.kind === 'answers';
  const detail = outcome.kind === 'answers' ? outcome.greeting : outcome.detail;
  const atMs = world.clock.now();
  const value = { address, port, answered, detail };
  await world.store.put('out-of-band', { key: unit.id, atMs, value });
  return { unit: unit.id, atMs, ...value };
}

/** The unit's way in and what its tests said. A test of another address or port counts for nothing. */
export async function wayIn(
  store: Pick<Store, 'rows'>,
  unit: Pick<Unit, 'id' | 'outOfBand'>,
): Promise<WayIn> {
  const { id, outOfBand } = unit;
  if (!outOfBand) {
    return { unit: id, outOfBand, lastTest: undefined, lastSuccessMs: undefined };
  }
  const rows = await store.rows('out-of-band', { key: id, limit: TESTS_READ_MAX });
  const { address, port } = outOfBand;
  const tests = rows
    .filter(({ value }) => value['address'] === address && value['port'] === port)
    .map(({ atMs, value }): OutOfBandTest => {
      const detail = typeof value['detail'] === 'string' ? value['detail'] : '';
      return { unit: id, atMs, address, port, answered: value['answered'] === true, detail };
    });
  const lastSuccessMs = tests.findLast((each) => each.answered)?.atMs;
  return { unit: id, outOfBand, lastTest: tests.at(-1), lastSuccessMs };
}
