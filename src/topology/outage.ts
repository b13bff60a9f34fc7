import type { Arc, Topology } from './topology.js';

/** What is down at one instant, by name. */
export interface Down {
  readonly units: readonly string[];
  readonly links?: readonly string[];
  /** Members of units that stay up without them: the cables that end in these are gone. */
  readonly members?: readonly { readonly unit: string; readonly member: number }[];
}

/** The same by number; 1: down. Owned by who made it. */
export interface Outage {
  readonly nodes: Uint8Array;
  readonly edges: Uint8Array;
}

export function noOutage(topology: Topology): Outage {
  return {
    nodes: new Uint8Array(topology.nodes.length),
    edges: new Uint8Array(topology.edges.length),
  };
}

/** Does an arc lead anywhere, its own beginning being up? */
export function isOpen(outage: Outage, arc: Arc): boolean {
  return outage.edges[arc.edge] !== 1 && outage.nodes[arc.far] !== 1;
}

function memberDown(topology: Topology, outage: Outage, node: number, member: number): void {
  topology.edges.forEach(({ a, b, memberA, memberB }, edge) => {
    const isIn = (a === node && memberA === member) || (b === node && memberB === member);
    if (isIn) outage.edges[edge] = 1;
  });
}

/** Names that the topology does not have are taken as absent from it. */
export function outageOf(topology: Topology, down: Down): Outage {
  const outage = noOutage(topology);
  for (const unit of down.units) {
    const node = topology.at.get(unit);
    if (node !== undefined) outage.nodes[node] = 1;
  }
  const links = new Set(down.links);
  if (links.size > 0) {
    topology.edges.forEach(({ name }, edge) => {
      if (links.has(name)) outage.edges[edge] = 1;
    });
  }
  for (const { unit, member } of down.members ?? []) {
    const node = topology.at.get(unit);
    if (node !== undefined) memberDown(topology, outage, node, member);
  }
  return outage;
}
