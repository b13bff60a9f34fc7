import { Fault } from '../kernel/fault.js';
import type { UnitId } from '../kernel/id.js';
import type { Inventory, Unit } from '../inventory/inventory.js';
import type { Playbook } from '../playbook/playbook.js';
import type { Breach, Proof, ProofPlan, ProofUnit } from '../proof/proof.js';
import { provePlan, separationsOf, type Separation } from '../proof/prove.js';
import { topologyOf, type Topology } from '../topology/topology.js';
import type { PlannedNetwork, PlannedWave, UnitPlan } from './plan.js';
import { planWaves, type WaveCandidate } from './waves.js';

/** The part of a plan that its waves and their proof rest on. */
export interface ProvingInputs {
  readonly inventory: Inventory;
  readonly playbook: Playbook;
  readonly units: readonly UnitPlan[];
  readonly candidates: readonly WaveCandidate[];
}

export interface Proven {
  readonly waves: readonly PlannedWave[];
  readonly proof: Proof;
  readonly network: PlannedNetwork;
}

/** Better orders are looked for so often; each time at least one pair more is kept apart. */
const ROUNDS_MAX = 50;

const DARK: ReadonlySet<string> = new Set(['forwarding', 'whole device']);

/** How long the unit forwards nothing at worst; 0: never. */
function outageOf({ steps, rollback }: UnitPlan): number {
  const dark = (list: UnitPlan['steps']) =>
    list.filter((each) => DARK.has(each.disrupts)).reduce((sum, each) => sum + each.maxMs, 0);
  return Math.max(dark(steps), dark(rollback));
}

function proofUnitOf(unitPlan: UnitPlan, unit: Unit | undefined): ProofUnit {
  const outageMs = outageOf(unitPlan);
  return {
    unit: unitPlan.unit,
    site: unitPlan.site,
    jump: (unit?.device.jump ?? []).map((each) => each.name),
    outageMs,
    goesDown: outageMs > 0,
  };
}

/** The fences of a run: linked units and members of one group are never changed at the same time. */
function apartOf({ inventory, units }: ProvingInputs): ProofPlan['apart'] {
  return new Map(
    units.map(({ unit, neighbours, redundancyGroup }) => {
      const group = inventory.redundancyGroups.find((each) => each.name === redundancyGroup);
      const mates = (group?.units ?? []).filter((each) => each !== unit);
      return [unit, new Set([...neighbours, ...mates])];
    }),
  );
}

function pairKey([a, b]: Separation): string {
  return [a, b].toSorted().join(' ');
}

/** Waves in which no two units are down together that would take from others what neither takes alone, where possible. */
function orderedWaves(
  inputs: ProvingInputs,
  topology: Topology,
  planOf: (waves: readonly PlannedWave[]) => ProofPlan,
): readonly PlannedWave[] {
  const { candidates, playbook } = inputs;
  const apart = new Map<string, Separation>();
  let waves = planWaves(candidates, playbook.strategy);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const found = separationsOf(topology, planOf(waves));
    const fresh = found.filter((pair) => !apart.has(pairKey(pair)));
    if (fresh.length === 0) break;
    for (const pair of fresh) apart.set(pairKey(pair), pair);
    waves = planWaves(candidates, playbook.strategy, [...apart.values()]);
  }
  return waves;
}

function sentence({ what, more, down, failed }: Breach): string {
  const also = more > 0 ? ` and ${more} more` : '';
  const fails = failed === undefined ? '' : ` and ${failed} fails`;
  return `while ${down.join(', ')} ${down.length > 1 ? 'are' : 'is'} down${fails}: ${what.join('; ')}${also}`;
}

/** Fault `plan-refused` with the smallest counterexample, drawn. */
function refuse(proof: Proof, policy: 'strict' | 'warn'): void {
  const [first] = [...proof.broken.shown, ...(policy === 'strict' ? proof.added.shown : [])];
  const drawing = (first?.drawing ?? []).map((line) => `\n    ${line}`).join('');
  if (first) {
    const alone = first.down.length === 1 && first.failed === undefined;
    throw new Fault('plan-refused', `${sentence(first)}${drawing}`, {
      mend: alone
        ? 'no order avoids it: promise the flow an `outage` in flows.yaml, or leave the unit out with --limit'
        : 'smaller waves or `parallel: 1` avoid it',
    });
  }
  const [unproven] = proof.unproven;
  if (policy === 'strict' && unproven !== undefined) {
    throw new Fault('plan-refused', `not proven: ${unproven}`, {
      mend: 'smaller waves have fewer combinations; or set `proof: warn` in the playbook',
    });
  }
}

/** What a picture of the plan shows: its units, what they are cabled to, and what hangs on either. */
function networkOf(
  inventory: Inventory,
  topology: Topology,
  ids: ReadonlySet<UnitId>,
): PlannedNetwork {
  const names = (edge: Topology['edges'][number]) =>
    [topology.nodes[edge.a]?.name ?? '', topology.nodes[edge.b]?.name ?? ''] as const;
  const changed = new Set<string>(ids);
  const near = new Set(
    topology.edges
      .map(names)
      .flatMap((pair) => (pair.some((each) => changed.has(each)) ? pair : [])),
  );
  const shown = topology.nodes.filter(({ name }) => changed.has(name) || near.has(name));
  const known = new Set(shown.map((each) => each.name));
  const ends = (inventory.flows ?? []).map(({ name, from, to }) => ({ name, from, to }));
  return {
    nodes: shown.map(({ name, kind, site, role }) => ({ name, kind, site, role })),
    links: topology.edges.map(names).filter(([a, b]) => known.has(a) && known.has(b)),
    flows: ends,
    groups: inventory.redundancyGroups
      .filter((each) => each.units.some((unit) => known.has(unit)))
      .map(({ name, units }) => ({ name, units })),
    unitsInAll: inventory.units.length,
  };
}

/** Waves, the proof that the network holds through them, and the network that it is about. Fault `plan-refused`. */
export function provenWaves(inputs: ProvingInputs): Proven {
  const { inventory, playbook, units } = inputs;
  const topology = topologyOf(inventory);
  const byId = new Map(inventory.units.map((each) => [each.id, each]));
  const rest = {
    units: units.map((each) => proofUnitOf(each, byId.get(each.unit))),
    parallel: playbook.strategy.parallel,
    apart: apartOf(inputs),
  };
  const planOf = (waves: readonly PlannedWave[]): ProofPlan => ({ ...rest, waves });
  const waves = orderedWaves(inputs, topology, planOf);
  const proof = provePlan(topology, planOf(waves));
  refuse(proof, playbook.proof ?? 'warn');
  const network = networkOf(inventory, topology, new Set(units.map((each) => each.unit)));
  return { waves, proof, network };
}
