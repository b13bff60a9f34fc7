import type { Attachment, Inventory, Link, RedundancyGroup } from '../inventory/inventory.js';

/** A unit, or what hangs on units and carries nobody else's traffic. */
export interface TopologyNode {
  readonly name: string;
  readonly kind: 'unit' | 'attachment';
  /** Empty for an attachment. */
  readonly site: string;
  readonly role: string;
  /** How many members the unit is known to have; 1 at least. */
  readonly members: number;
}

/** A cable. `a` and `b` index the nodes. */
export interface TopologyEdge {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  /** Bits a second each way; Infinity: never too narrow. */
  readonly capacityBps: number;
  readonly cost: number;
  readonly memberA?: number;
  readonly memberB?: number;
  /** The ports of a cable between units; an attachment has none. */
  readonly portA?: string;
  readonly portB?: string;
}

/** A flow with its ends as nodes. Each pair of ends has an equal share of the demand. */
export interface TopologyFlow {
  readonly name: string;
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly demandBps: number;
  readonly lossPercent: number;
  readonly outageMs: number;
}

/** A network as a graph. Everything in it is indexed by number; `at` finds a node by its name. */
export interface Topology {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly at: ReadonlyMap<string, number>;
  /** By node, what leads out of it. */
  readonly arcs: readonly (readonly Arc[])[];
  readonly flows: readonly TopologyFlow[];
  readonly groups: readonly RedundancyGroup[];
  readonly attachments: readonly Attachment[];
}

/** One direction of an edge: its number is twice the edge's, plus one from `b` to `a`. */
export interface Arc {
  readonly id: number;
  readonly edge: number;
  readonly far: number;
  readonly cost: number;
}

/** What a topology is made from: an inventory, or as much of it. */
export interface Described extends Pick<
  Inventory,
  'links' | 'redundancyGroups' | 'attachments' | 'flows'
> {
  readonly units: readonly {
    readonly id: string;
    readonly device: { readonly id: string; readonly site: string; readonly role?: string };
    readonly serials: readonly string[];
  }[];
}

function nodesOf({ units, attachments = [] }: Described): readonly TopologyNode[] {
  return [
    ...units.map((unit): TopologyNode => ({
      name: unit.id,
      kind: 'unit',
      site: unit.device.site,
      role: unit.device.role ?? '',
      members: Math.max(1, unit.serials.length),
    })),
    ...attachments.map(({ name }): TopologyNode => ({
      name,
      kind: 'attachment',
      site: '',
      role: '',
      members: 1,
    })),
  ];
}

function edgeOf(link: Link, ends: readonly [number, number]): TopologyEdge {
  const { a, b, capacityBps = Infinity, cost = 1, members } = link;
  return {
    name: `${a.device}:${a.port} - ${b.device}:${b.port}`,
    a: ends[0],
    b: ends[1],
    capacityBps,
    cost,
    portA: a.port,
    portB: b.port,
    ...(members?.a === undefined ? {} : { memberA: members.a }),
    ...(members?.b === undefined ? {} : { memberB: members.b }),
  };
}

function edgesOf(
  { units, links, attachments = [] }: Described,
  at: ReadonlyMap<string, number>,
): readonly TopologyEdge[] {
  const byDevice = new Map<string, number | undefined>(
    units.map((unit) => [unit.device.id, at.get(unit.id)]),
  );
  return [
    ...links.flatMap((link) => {
      const [a, b] = [byDevice.get(link.a.device), byDevice.get(link.b.device)];
      return a === undefined || b === undefined || a === b ? [] : [edgeOf(link, [a, b])];
    }),
    ...attachments.flatMap(({ name, units: on, capacityBps = Infinity }) =>
      on.flatMap((unit): TopologyEdge[] => {
        const [a, b] = [at.get(name), at.get(unit)];
        if (a === undefined || b === undefined) return [];
        return [{ name: `${name} - ${unit}`, a, b, capacityBps, cost: 1 }];
      }),
    ),
  ];
}

function arcsOf(count: number, edges: readonly TopologyEdge[]): readonly (readonly Arc[])[] {
  const out: Arc[][] = Array.from({ length: count }, () => []);
  edges.forEach(({ a, b, cost }, edge) => {
    out[a]?.push({ id: 2 * edge, edge, far: b, cost });
    out[b]?.push({ id: 2 * edge + 1, edge, far: a, cost });
  });
  return out;
}

function endNodes(name: string, { units }: Described, at: ReadonlyMap<string, number>) {
  const own = at.get(name);
  if (own !== undefined) return [own];
  return units.filter(({ device }) => device.site === name).flatMap(({ id }) => at.get(id) ?? []);
}

/** The network that an inventory describes. Pure. */
export function topologyOf(described: Described): Topology {
  const nodes = nodesOf(described);
  const at = new Map(nodes.map((node, index) => [node.name, index]));
  const edges = edgesOf(described, at);
  return {
    nodes,
    edges,
    at,
    arcs: arcsOf(nodes.length, edges),
    flows: (described.flows ?? []).map(({ from, to, ...flow }) => ({
      ...flow,
      from: endNodes(from, described, at),
      to: endNodes(to, described, at),
    })),
    groups: described.redundancyGroups,
    attachments: described.attachments ?? [],
  };
}
