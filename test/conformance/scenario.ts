import { createHash } from 'node:crypto';
import { digestOf } from '../../src/kernel/digest.js';
import { personId } from '../../src/kernel/id.js';
import type { Driver } from '../../src/driver/driver.js';
import { fingerprint } from '../../src/fingerprint/fingerprint.js';
import { keptConfigs, loadFleet } from '../../src/fingerprint/fleet.js';
import type { ImageEntry, Inventory, Unit } from '../../src/inventory/inventory.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import type { Playbook } from '../../src/playbook/playbook.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { occurrencesAt } from '../../src/window/occurrences.js';
import { createSimWorld } from '../../lab/world/world.js';
import { LAB_SECRET, rehearsalWorld } from '../../lab/rehearse/rehearsal-world.js';
import type { RehearsalInputs } from '../../lab/rehearse/rehearse.js';
import { twinOf, type TwinFacts } from '../../lab/rehearse/twin.js';
import { labInventory, labPlaybook, START_MS } from '../rehearse/network.js';
import {
  conformers,
  IMAGE_BYTES,
  versionsOf,
  type Conformer,
  type Transcript,
} from './conformer.js';
import { routingOf } from './routing.js';

const DAY_MS = 86_400_000;
const SOAK_MS = 3_600_000;

type Spec = NonNullable<Parameters<typeof labInventory>[0]>[number];

/** What stands in the lab: a device, a stack, or two that are one redundancy group. */
export type Shape = 'one device' | 'a stack' | 'a pair';

export interface Scenario {
  readonly name: string;
  readonly one: Conformer;
  readonly shape: Shape;
  /** Of the units that are upgraded. */
  readonly units: readonly string[];
  readonly inputs: RehearsalInputs & { readonly plan: Plan };
}

function shapeOf({ facts, snapshot }: Transcript): Shape {
  if (facts.members.length > 1) return 'a stack';
  return snapshot?.ha !== undefined && snapshot.ha.kind !== 'none' ? 'a pair' : 'one device';
}

/** A recorded device of this shape that the personality plays, and not by accident: its family is named there. */
function modelFor(one: Conformer, shape: Shape): Transcript | undefined {
  const family = (model: string) => /^[A-Za-z]+-?\d+/.exec(model)?.[0] ?? model;
  const families = new Set(one.personality.models.map(family));
  const ofShape = one.transcripts.filter((each) => shapeOf(each) === shape);
  return ofShape.find(({ facts }) => families.has(family(facts.model))) ?? ofShape[0];
}

/** Its own routing, or the richest that was recorded of the platform: there must be something to drain. */
function configFor(one: Conformer, { commands }: Transcript): string {
  const all = one.transcripts.map((each) => routingOf(each.commands['show running-config'] ?? ''));
  const own = routingOf(commands['show running-config'] ?? '');
  return own === '' ? (all.toSorted((a, b) => b.length - a.length)[0] ?? '') : own;
}

/** Port names as the platform counts them. */
function portOf(one: Conformer, n: number): string {
  const names = one.transcripts.flatMap(({ commands, snapshot }) => [
    ...[...(commands['show running-config'] ?? '').matchAll(/^interface (\S+)$/gm)].map(
      (found) => found[1] ?? '',
    ),
    ...(snapshot?.interfaces ?? []).filter(({ oper }) => oper === 'up').map(({ id }) => id),
  ]);
  const name = names.find((each) => /Ethernet[\d/]*\d$/.test(each)) ?? 'Ethernet1';
  return name.replace(/\d+$/, String(n));
}

function specsOf(one: Conformer, shape: Shape, transcript: Transcript): readonly Spec[] {
  const [version = ''] = versionsOf(one);
  const { model, serials } = transcript.facts;
  const image = one.personality.imageFileName(version, model);
  const base = { platform: one.id, version, model, image, config: configFor(one, transcript) };
  const renumbered = serials.map((serial, at) => serial.replace(/.$/, String((at + 5) % 10)));
  const neighbour = { ...base, id: 'far1', serials: [`X${serials[0] ?? ''}`] };
  if (shape !== 'a pair') return [neighbour, { ...base, id: 'unit1', serials }];
  return [
    { ...base, id: 'unit1', serials, group: 'dist' },
    { ...base, id: 'unit2', serials: renumbered, group: 'dist' },
    neighbour,
  ];
}

function imageOf(one: Conformer, model: string): ImageEntry {
  const version = versionsOf(one).at(-1) ?? '';
  const fileName = one.personality.imageFileName(version, model);
  const hash = (algorithm: string) => createHash(algorithm).update(fileName).digest('hex');
  return {
    name: fileName,
    platform: one.id,
    models: [],
    from: [],
    version,
    path: `/images/${fileName}`,
    fileName,
    sizeBytes: IMAGE_BYTES,
    sha512: hash('sha512'),
    md5: hash('md5'),
    golden: true,
  };
}

function inventoryOf(one: Conformer, specs: readonly Spec[]): Inventory {
  const base = labInventory(specs);
  const numbered = (port: string) => portOf(one, Number(/\d+$/.exec(port)?.[0] ?? 1) % 40 || 1);
  const links = base.links.map(({ a, b }) => ({
    a: { ...a, port: numbered(a.port) },
    b: { ...b, port: numbered(b.port) },
  }));
  const changed = { ...base, links, images: [imageOf(one, specs[0]?.model ?? '')] };
  return { ...changed, digest: digestOf({ links, images: changed.images }) };
}

/** Fingerprints the units in a lab of their own and plans; `change` is made to the playbook. */
export async function planOf(
  inputs: Omit<RehearsalInputs, 'plan'>,
  units: readonly Unit[],
  change: (playbook: Playbook) => Playbook = (playbook) => playbook,
): Promise<Plan> {
  const { inventory, drivers, facts } = inputs;
  const spec = twinOf({
    inventory,
    facts,
    images: [],
    secrets: { resolve: () => LAB_SECRET },
    seed: 'production',
    startMs: START_MS,
    faults: [],
  });
  const sim = createSimWorld(spec, inputs.personalities);
  const store = createMemoryStore(sim.ports.clock);
  const world = rehearsalWorld(sim, store);
  const acceptFirst = { by: 'test', reason: 'first contact' };
  await sim.scheduler.drain(fingerprint({ world, drivers, units, parallel: 4, acceptFirst }));
  const nowMs = sim.ports.clock.now();
  const strategy = { ...labPlaybook().strategy, soakMs: SOAK_MS, stopAfterFailures: 9 };
  const canary = { perModel: 1, soakMs: SOAK_MS };
  return makePlan({
    inventory,
    units,
    fleet: await loadFleet(
      store,
      units.map((each) => each.id),
    ),
    playbook: change(labPlaybook({ strategy: { ...strategy, canary } })),
    drivers,
    configs: await keptConfigs(
      store,
      units.map((each) => each.id),
    ),
    author: personId('otto'),
    nowMs,
    occurrences: (unit, names) =>
      occurrencesAt(inventory, unit.device.site, names, {
        fromMs: nowMs,
        untilMs: nowMs + 30 * DAY_MS,
        count: 5,
      }),
  });
}

async function scenarioOf(one: Conformer, shape: Shape): Promise<readonly Scenario[]> {
  const transcript = modelFor(one, shape);
  if (!transcript) return [];
  const specs = specsOf(one, shape, transcript);
  const upgraded = specs.filter(({ id }) => id.startsWith('unit'));
  const inventory = inventoryOf(one, specs);
  const facts = new Map<string, TwinFacts>(
    upgraded.map(({ id, image, config, ...rest }) => [
      id,
      { ...rest, imageFileName: image, config: config ?? '' },
    ]),
  );
  const drivers = new Map<string, Driver>([[one.id, one.driver]]);
  const personalities = { [one.id]: one.personality };
  const rest = { inventory, drivers, personalities, facts, seed: '1', faults: [] };
  const units = inventory.units.filter((each) => facts.has(each.id));
  const plan = await planOf(rest, units);
  const name = `${one.id}: ${shape}`;
  return [{ name, one, shape, units: units.map((each) => each.id), inputs: { ...rest, plan } }];
}

const SHAPES: readonly Shape[] = ['one device', 'a stack', 'a pair'];

/** Every shape of every platform, made of what was recorded of it; each far end of a cable is a silent neighbour. */
export const scenarios: readonly Scenario[] = (
  await Promise.all(conformers.flatMap((one) => SHAPES.map((shape) => scenarioOf(one, shape))))
).flat();

/** For describe.each: those of one unit, and all of them. */
export const everyScenario = scenarios.map((each) => [each.name, each] as const);
export const loneScenarios = everyScenario.filter(([, each]) => each.shape !== 'a pair');
