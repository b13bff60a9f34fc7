import type { PersonId } from '../../src/kernel/id.js';
import type { Driver } from '../../src/driver/driver.js';
import type { Personality } from '../../src/driver/personality.js';
import { fingerprint } from '../../src/fingerprint/fingerprint.js';
import { keptConfigs, loadFleet } from '../../src/fingerprint/fleet.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import { selectUnits } from '../../src/inventory/pattern.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import type { Playbook } from '../../src/playbook/playbook.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { occurrencesAt } from '../../src/window/occurrences.js';
import { createSimWorld } from '../world/world.js';
import { LAB_SECRET, rehearsalWorld } from './rehearsal-world.js';
import { twinOf, type TwinFacts } from './twin.js';

/** A network that stands nowhere but in the lab, and what is to be done to it. */
export interface LabCase {
  readonly inventory: Inventory;
  readonly facts: ReadonlyMap<string, TwinFacts>;
  readonly drivers: ReadonlyMap<string, Driver>;
  readonly personalities: Readonly<Record<string, Personality>>;
  readonly playbook: Playbook;
  readonly author: PersonId;
  /** When the devices are fingerprinted and the plan is made. */
  readonly startMs: number;
}

const HORIZON_MS = 30 * 86_400_000;
const WINDOWS_MAX = 5;

/** Fingerprints the network in a lab of its own and makes the plan for it, as a person would in production. */
export async function planInLab(given: LabCase): Promise<Plan> {
  const { inventory, facts, drivers, personalities, playbook, author, startMs } = given;
  const secrets = { resolve: () => LAB_SECRET };
  const spec = twinOf({
    inventory,
    facts,
    images: [],
    secrets,
    seed: 'production',
    startMs,
    faults: [],
  });
  const sim = createSimWorld(spec, personalities);
  const store = createMemoryStore(sim.ports.clock);
  const world = rehearsalWorld(sim, store);
  const acceptFirst = { by: author, reason: 'first contact' };
  await sim.scheduler.drain(
    fingerprint({ world, drivers, units: inventory.units, parallel: 8, acceptFirst }),
  );
  const nowMs = sim.ports.clock.now();
  const ids = inventory.units.map((each) => each.id);
  return makePlan({
    inventory,
    units: selectUnits(inventory, playbook.limit),
    fleet: await loadFleet(store, ids),
    playbook,
    drivers,
    configs: await keptConfigs(store, ids),
    author,
    nowMs,
    occurrences: (unit, names, count = WINDOWS_MAX) =>
      occurrencesAt(inventory, unit.device.site, names, {
        fromMs: nowMs,
        untilMs: nowMs + HORIZON_MS,
        count,
      }),
  });
}
