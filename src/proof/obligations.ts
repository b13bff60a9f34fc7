import type { Service } from '../inventory/inventory.js';
import type { Ends } from '../topology/way.js';
import type { Topology } from '../topology/topology.js';
import type { ProofUnit } from './proof.js';

/** One set of nodes reaches another. */
export interface Reach extends Ends {
  readonly kind: 'flow' | 'management';
  /** In words, when it does not. */
  readonly what: string;
  /** By number: what goes down here loses nothing but itself. */
  readonly exempt: ReadonlySet<number>;
  /** Management: holds while units of this unit's wave are down, as many as may be beside it. */
  readonly unit?: number;
  /** A flow: lost for so long at a time it counts as promised. */
  readonly outageMs: number;
}

const SERVICES: readonly Exclude<Service, 'desk' | 'jump-host'>[] = ['aaa', 'image-server', 'dns'];

/** Attachments that give a service to a site, by number, those of the same cables once. */
interface Provider {
  readonly nodes: readonly number[];
  readonly names: readonly string[];
  readonly services: readonly string[];
}

function providersOf(topology: Topology, site: string): readonly Provider[] {
  const byCables = new Map<string, Provider>();
  for (const service of SERVICES) {
    const giving = topology.attachments.filter(
      (each) =>
        each.services.includes(service) && (each.sites.length === 0 || each.sites.includes(site)),
    );
    if (giving.length === 0) continue;
    const key = JSON.stringify(giving.map((each) => each.name));
    const known = byCables.get(key);
    byCables.set(key, {
      nodes: giving.flatMap((each) => topology.at.get(each.name) ?? []),
      names: giving.map((each) => each.name),
      services: [...(known?.services ?? []), service],
    });
  }
  return [...byCables.values()];
}

/** The stations from our desk to a unit: desk, jump hosts, the unit. What is not attached is left out. */
function stationsOf(topology: Topology, unit: ProofUnit): readonly string[] {
  const desks = topology.attachments.filter(
    ({ services, sites }) =>
      services.includes('desk') && (sites.length === 0 || sites.includes(unit.site)),
  );
  const jumps = unit.jump.filter((name) =>
    topology.attachments.some((each) => each.name === name && each.services.includes('jump-host')),
  );
  return [...desks.slice(0, 1).map((each) => each.name), ...jumps, unit.unit];
}

function managementOf(topology: Topology, unit: ProofUnit): readonly Reach[] {
  const own = topology.at.get(unit.unit);
  if (own === undefined) return [];
  const base = { kind: 'management', exempt: new Set([own]), unit: own, outageMs: 0 } as const;
  const stations = stationsOf(topology, unit);
  const legs = stations.slice(1).flatMap((name, index): Reach[] => {
    const before = stations[index] ?? '';
    const ends = [topology.at.get(before), topology.at.get(name)];
    const [from, to] = ends;
    if (from === undefined || to === undefined) return [];
    const last = name === unit.unit ? '' : `, on the way to ${unit.unit}`;
    // From the unit's side: what hangs on the core would look at the whole network first.
    return [{ ...base, what: `${before} does not reach ${name}${last}`, from: [to], to: [from] }];
  });
  const services = providersOf(topology, unit.site).map(
    ({ nodes, names, services: given }): Reach => ({
      ...base,
      what: `${unit.unit} does not reach ${names.join(' or ')} (${given.join(', ')})`,
      from: [own],
      to: nodes,
    }),
  );
  return [...legs, ...services];
}

/** Flows that must not lose any of their pairs are ways that must exist. */
function flowReaches(topology: Topology): readonly Reach[] {
  return topology.flows.flatMap(({ name, from, to, lossPercent, outageMs }) => {
    const pairs = from.flatMap((a) => to.filter((b) => b !== a).map((b) => [a, b] as const));
    if (pairs.length > 1 && lossPercent > 0) return [];
    if (lossPercent >= 100) return [];
    return pairs.map(([a, b]): Reach => {
      const ends = [topology.nodes[a]?.name, topology.nodes[b]?.name];
      const which = pairs.length > 1 ? ` from ${ends[0]} to ${ends[1]}` : '';
      const exempt = new Set([a, b]);
      return {
        kind: 'flow',
        what: `flow ${name} is cut${which}`,
        from: [a],
        to: [b],
        exempt,
        outageMs,
      };
    });
  });
}

/** All ways that must exist while the units are changed. */
export function reachesOf(topology: Topology, units: readonly ProofUnit[]): readonly Reach[] {
  return [...units.flatMap((unit) => managementOf(topology, unit)), ...flowReaches(topology)];
}
