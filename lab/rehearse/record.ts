import { basename } from 'node:path';
import { formatDuration } from '../../src/kernel/duration.js';
import { Fault } from '../../src/kernel/fault.js';
import { runId } from '../../src/kernel/id.js';
import { toJson } from '../../src/kernel/recall.js';
import type { App } from '../../src/app.js';
import type { Personality } from '../../src/driver/personality.js';
import { keptConfigs } from '../../src/fingerprint/fleet.js';
import type { Sighting } from '../../src/fingerprint/fleet.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import { foretell, type Foretold } from '../../src/notice/foretell.js';
import type { Plan } from '../../src/plan/plan.js';
import { drawPicture } from '../../src/report/network-picture.js';
import { faultSheets } from '../faults/catalogue.js';
import { personalityLoaders } from '../world/personality-loaders.js';
import type { FaultStrike } from '../world/fault.js';
import type { LostFlow } from './flow-watch.js';
import { rehearse, type Rehearsal, type RehearsalInputs } from './rehearse.js';
import type { TwinFacts } from './twin.js';

export interface RehearsalRequest {
  readonly seed?: string;
  /** `unit=fault`, as typed. */
  readonly faults: readonly string[];
  readonly soakMs?: number;
  /** A simulated person types what a run by hand asks for; recorded as no evidence. */
  readonly manual?: boolean;
  /** Draw the network, what was down when, and the flows that lost something. */
  readonly picture?: boolean;
}

export interface RehearsalRecord {
  readonly passed: boolean;
  readonly seed: string;
  readonly headline: string;
  readonly units: Rehearsal['units'];
  /** Those that the night would have given; none was sent. */
  readonly notices: readonly Foretold[];
  readonly lost: readonly LostFlow[];
  /** SVG, when it was asked for and the plan knows its network. */
  readonly picture?: string;
  readonly virtualMs: number;
  readonly tookMs: number;
  readonly atMs: number;
}

/** The simulated side of these platforms. Fault `lab-fault` for one that the lab cannot play. */
export async function loadPersonalities(
  platforms: Iterable<string>,
): Promise<Readonly<Record<string, Personality>>> {
  const loaded: Record<string, Personality> = {};
  for (const platform of new Set(platforms)) {
    const load = Object.entries(personalityLoaders).find(([id]) => id === platform)?.[1];
    if (!load) throw new Fault('lab-fault', `the lab has no device of platform ${platform}`);
    loaded[platform] = (await load()).personality;
  }
  return loaded;
}

/** The file a twin booted, by the name that its original shows; by the vendor's habit where it shows none. */
function imageName(seen: Extract<Sighting, { kind: 'seen' }>, personality: Personality): string {
  const { facts } = seen;
  const shown = basename((facts.runningImage ?? facts.nextBoot ?? '').replace(/^.*:/, ''));
  if (shown !== '' && !shown.endsWith('.conf')) return shown;
  return personality.imageFileName(facts.runningVersion, facts.model);
}

/** What the twins of a plan's units are made of: the newest fingerprint and the config kept with it. */
async function twinFactsOf(
  app: App,
  plan: Plan,
  personalities: Readonly<Record<string, Personality>>,
): Promise<ReadonlyMap<string, TwinFacts>> {
  const { store } = app.world;
  const ids = plan.body.units.map((each) => each.unit);
  const fleet = await app.fleet(ids);
  const configs = await keptConfigs(store, ids);
  const facts = new Map<string, TwinFacts>();
  for (const seen of fleet.sightings) {
    if (seen.kind !== 'seen') continue;
    const personality = personalities[seen.facts.platform];
    if (!personality) continue;
    facts.set(seen.unit, {
      platform: seen.facts.platform,
      model: seen.facts.model,
      version: seen.facts.runningVersion,
      serials: seen.facts.members.map((each) => each.serial),
      imageFileName: imageName(seen, personality),
      config: configs.get(seen.unit)?.text ?? '',
    });
  }
  return facts;
}

/** `unit=fault` as a strike. Fault `usage` names what is known. */
export function strikeOf(text: string, inventory: Inventory): FaultStrike {
  const [unit = '', fault = ''] = text.split('=');
  const found = inventory.units.find((each) => each.id === unit);
  if (!found) throw new Fault('usage', `no unit ${unit}`, { mend: 'give UNIT=FAULT' });
  if (!faultSheets.some((each) => each.id === fault)) {
    const known = faultSheets.map((each) => each.id).join(', ');
    throw new Fault('usage', `no fault ${fault}`, { mend: `known: ${known}` });
  }
  return { fault, device: found.device.id };
}

function headlineOf(result: Rehearsal, faults: readonly FaultStrike[]): string {
  const counts = new Map<string, number>();
  for (const { ended } of result.units) counts.set(ended, (counts.get(ended) ?? 0) + 1);
  const ends = [...counts].map(([ended, count]) => `${count} ${ended}`).join(', ');
  const lies = result.units.filter((each) => !each.isTrue);
  const truth =
    lies.length === 0
      ? 'and the lab agrees with every ending'
      : `but the lab knows better of ${lies.map((each) => each.unit).join(', ')}`;
  const struck = faults.length > 0 ? `, with ${faults.length} fault(s) struck` : '';
  return `${ends}${struck}, ${truth}`;
}

/** The rehearsed night as SVG; nothing for a plan that was made without its network. */
function pictureOf(
  plan: Plan,
  inventory: Inventory,
  { down, lost, seed }: Rehearsal,
): { readonly picture?: string } {
  const { network, waves, playbook, units } = plan.body;
  if (!network) return {};
  const unitOf = new Map<string, string>(inventory.units.map((each) => [each.device.id, each.id]));
  const zones = new Set(units.map((each) => each.windows[0]?.timeZone ?? ''));
  const picture = drawPicture({
    title: `${playbook.name}, rehearsed in the lab (seed ${seed})`,
    network,
    waves,
    down: down.map(({ device, ...times }) => ({ name: unitOf.get(device) ?? device, ...times })),
    lost,
    zone: zones.size === 1 ? ([...zones][0] ?? '') : '',
  });
  return { picture };
}

/** What a rehearsal of a plan starts from: its twins, and the drivers and personalities that they need. */
export async function inputsOf(
  app: App,
  plan: Plan,
  inventory: Inventory,
): Promise<Omit<RehearsalInputs, 'seed' | 'faults'>> {
  const personalities = await loadPersonalities(
    plan.body.units.map((each) => each.material.platform),
  );
  const facts = await twinFactsOf(app, plan, personalities);
  return { plan, inventory, drivers: await app.drivers(), personalities, facts };
}

/** Rehearses a plan and, when no fault was asked for, records what came of it as the plan's lab evidence. */
export async function rehearseAndRecord(
  app: App,
  plan: Plan,
  inventory: Inventory,
  request: RehearsalRequest,
): Promise<RehearsalRecord> {
  const startedMs = app.world.clock.monotonicMs();
  const inputs = await inputsOf(app, plan, inventory);
  const { drivers } = inputs;
  const seed = request.seed ?? plan.digest.slice(-8);
  const faults = request.faults.map((each) => strikeOf(each, inventory));
  const rules = await app.notices.rules(inventory);
  const result = await rehearse({
    ...inputs,
    seed,
    faults,
    mode: request.manual === true ? 'manual' : 'run',
    ...(request.soakMs === undefined ? {} : { soakMs: request.soakMs }),
  });
  const notices = await foretell({
    store: result.store,
    run: runId('rehearsal'),
    plan,
    inventory,
    rules,
    commitTimerMs: (platform) => drivers.get(platform)?.platform.commitTimerMs,
    endMs: result.world.scheduler.nowMs(),
  });
  const record: RehearsalRecord = {
    passed: result.passed,
    seed,
    headline: headlineOf(result, faults),
    units: result.units,
    notices,
    lost: result.lost,
    ...(request.picture === true ? pictureOf(plan, inventory, result) : {}),
    virtualMs: result.virtualMs,
    tookMs: Math.round(app.world.clock.monotonicMs() - startedMs),
    atMs: app.world.clock.now(),
  };
  if (faults.length === 0 && request.manual !== true) {
    const value = toJson({
      passed: record.passed,
      headline: record.headline,
      seed,
      soak: formatDuration(result.soakMs),
      labTime: formatDuration(record.virtualMs),
      took: formatDuration(record.tookMs),
      events: result.events,
      logDigest: result.logDigest,
      units: record.units,
    });
    await app.world.store.put('rehearsal', { key: plan.digest, atMs: record.atMs, value });
  }
  return record;
}
