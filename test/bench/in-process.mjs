// What is measured without a network: rehearsals on virtual time, and the store on the real disk.
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { personalityLoaders } from '../../dist/lab/world/personality-loaders.js';
import { createSimWorld, loadPersonalities } from '../../dist/lab/world/world.js';
import { LAB_SECRET, rehearsalWorld } from '../../dist/lab/rehearse/rehearsal-world.js';
import { rehearse } from '../../dist/lab/rehearse/rehearse.js';
import { twinOf } from '../../dist/lab/rehearse/twin.js';
import { createSystemClock } from '../../dist/src/adapters/system-clock.js';
import { fingerprint } from '../../dist/src/fingerprint/fingerprint.js';
import { loadFleet } from '../../dist/src/fingerprint/fleet.js';
import { personId, runId } from '../../dist/src/kernel/id.js';
import { makePlan } from '../../dist/src/plan/make-plan.js';
import { createMemoryStore } from '../../dist/src/store/memory-store.js';
import { openSqliteStore } from '../../dist/src/store/sqlite-store.js';
import { occurrencesAt } from '../../dist/src/window/occurrences.js';
import { figure, median } from './figures.mjs';
import { inventoryOf, loadDrivers, playbookOf, START_MS, twinFactsOf } from './network.mjs';
import { newFolder } from './wire.mjs';

const HOUR_MS = 3_600_000;
const SOAK_MS = 48 * HOUR_MS;

/** Looks at the network once in a lab of its own, and plans its upgrade. */
async function rehearsalInputs(count) {
  const inventory = inventoryOf(count, { net: 20, linked: true });
  const facts = twinFactsOf(count);
  const drivers = await loadDrivers();
  const spec = twinOf({
    inventory,
    facts,
    images: [],
    secrets: { resolve: () => LAB_SECRET },
    seed: 'production',
    startMs: START_MS,
    faults: [],
  });
  const personalities = await loadPersonalities(spec, personalityLoaders);
  const sim = createSimWorld(spec, personalities);
  const store = createMemoryStore(sim.ports.clock);
  const { units } = inventory;
  const look = fingerprint({
    world: rehearsalWorld(sim, store),
    drivers,
    units,
    parallel: 8,
    acceptFirst: { by: 'bench', reason: 'first contact' },
  });
  await sim.scheduler.drain(look);
  const fleet = await loadFleet(
    store,
    units.map((each) => each.id),
  );
  const plan = planOf({ inventory, drivers, fleet, nowMs: sim.ports.clock.now() });
  return { plan, inventory, drivers, personalities, facts, faults: [] };
}

function planOf({ inventory, drivers, fleet, nowMs }) {
  const range = { fromMs: nowMs, untilMs: nowMs + 720 * HOUR_MS, count: 5 };
  return makePlan({
    inventory,
    units: inventory.units,
    fleet,
    playbook: playbookOf(SOAK_MS),
    drivers,
    author: personId('otto'),
    nowMs,
    occurrences: (unit, names) => occurrencesAt(inventory, unit.device.site, names, range),
  });
}

export async function benchRehearsal({ units, rounds }) {
  const inputs = await rehearsalInputs(units);
  const took = [];
  let last;
  // The first one is not counted: the program is still being compiled.
  for (let round = 0; round <= rounds; round += 1) {
    const startMs = performance.now();
    last = await rehearse({ ...inputs, seed: String(round) });
    took.push(performance.now() - startMs);
  }
  const tookMs = median(took.slice(1));
  const unfinished = last.units.filter((each) => each.ended !== 'done');
  const remarks = unfinished.map((each) => `${each.unit} ended ${each.ended}: ${each.why}`);
  const hours = Math.round(last.virtualMs / HOUR_MS);
  return {
    title: `Rehearsal of ${units} devices with a soak of 48 h, median of ${rounds}`,
    figures: [
      figure('rehearsals', 1000 / tookMs, 'per second', { note: `${last.events} lab events each` }),
      figure('virtual : real time', last.virtualMs / tookMs, 'x', { note: `${hours} h each` }),
    ],
    remarks,
  };
}

async function perSecond(forMs, work) {
  const startMs = performance.now();
  let count = 0;
  while (performance.now() - startMs < forMs) {
    await work(count);
    count += 1;
  }
  return (count / (performance.now() - startMs)) * 1000;
}

/** One page written behind the other, each one synced: what the disk allows. */
async function syncsPerSecond(directory, forMs) {
  const file = openSync(join(directory, 'probe'), 'w');
  const page = Buffer.alloc(4096, 1);
  try {
    return await perSecond(forMs, () => {
      writeSync(file, page);
      fsyncSync(file);
    });
  } finally {
    closeSync(file);
  }
}

export async function benchStore({ forMs }) {
  const directory = newFolder();
  const store = await openSqliteStore({ directory, clock: createSystemClock() });
  try {
    const run = runId('bench');
    const epoch = await store.journal.takeOver(run);
    const event = { kind: 'step-ended', unit: 'sw1', step: 'upload', how: 'done', note: 'bench' };
    const appends = await perSecond(forMs, (count) =>
      store.journal.append(run, epoch, [{ atMs: START_MS + count, event }]),
    );
    const puts = await perSecond(forMs, (count) =>
      store.put('facts', { key: `sw${count % 500}`, atMs: START_MS + count, value: event }),
    );
    const syncs = await syncsPerSecond(directory, forMs);
    return {
      title: 'Store, SQLite with synchronous=FULL, one commit each',
      figures: [
        figure('journal appends', appends, 'per second'),
        figure('book rows', puts, 'per second'),
        figure('bare 4 KiB write and fsync', syncs, 'per second', { note: 'same directory' }),
      ],
      remarks: [],
    };
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
