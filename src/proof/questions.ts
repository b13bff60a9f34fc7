import { isTight, type FlowMeter } from '../topology/flow-meter.js';
import type { Outage } from '../topology/outage.js';
import { isTransit } from '../topology/shortest.js';
import type { Topology } from '../topology/topology.js';
import type { WayFinder } from '../topology/way.js';
import { blowsOfEdge, type Blow } from './blow.js';
import type { Reach } from './obligations.js';
import type { Question, Touches } from './search.js';

const never = () => false;

/** A way must exist: whatever breaks it takes something from every way, so from the one that avoids the wave best. */
export function reachQuestion(finder: WayFinder, reach: Reach): Question {
  const { topology } = finder;
  const { exempt } = reach;
  return {
    holds: (outage) => {
      // What its own end loses by being down is not held against the plan.
      const isOwn = [...exempt].some((node) => outage.nodes[node] === 1);
      return isOwn || finder.find(reach, outage, never) !== undefined;
    },
    touches(outage, mayTake): Touches {
      const isTaken = (node: number) => !exempt.has(node) && mayTake(node);
      const way = finder.find(reach, outage, isTaken);
      if (!way) return { nodes: [], blows: [] };
      const between = way.nodes.filter((node) => !exempt.has(node) && isTransit(topology, node));
      return {
        nodes: between.filter(isTaken),
        blows: [
          ...between.map((node): Blow => ({ kind: 'unit', node })),
          ...way.edges.flatMap((edge) => blowsOfEdge(topology, edge)),
        ],
      };
    },
  };
}

/** By flow: does it lose more than it may, its own ends aside? */
function overLoss(meter: FlowMeter, outage: Outage): ReadonlySet<number> {
  const { flows } = meter.topology;
  const over = meter.measure(outage).flatMap(({ lossPercent, ownPercent }, flow) => {
    const allowed = flows[flow]?.lossPercent ?? 0;
    return lossPercent - ownPercent > allowed + 1e-6 ? [flow] : [];
  });
  return new Set(over);
}

interface Carriers {
  readonly nodes: Set<number>;
  readonly edges: Set<number>;
}

/** Adds what carries the traffic of one flow to one of its ends, as last measured. */
function addCarriers(
  meter: FlowMeter,
  { tree, sources }: ReturnType<FlowMeter['waysOf']>[number],
  into: Carriers & { readonly outage: Outage },
): void {
  const seen = new Set(sources);
  for (const node of seen) {
    for (const { far, edge } of meter.nextHops(tree, node, into.outage)) {
      into.edges.add(edge);
      if (far !== tree.root && isTransit(meter.topology, far)) into.nodes.add(far);
      seen.add(far);
    }
  }
}

interface Measured {
  readonly over: ReadonlySet<number>;
  readonly nodes: readonly number[];
  readonly blows: readonly Blow[];
}

/** Measures each outage once, whichever flow asks. */
export class FlowLedger {
  readonly meter: FlowMeter;
  private readonly isTight: boolean;
  private readonly known = new Map<string, Measured>();

  constructor(meter: FlowMeter) {
    this.meter = meter;
    this.isTight = isTight(meter.topology);
  }

  at(outage: Outage, flow: number): Measured {
    const of = this.isTight ? -1 : flow;
    const key = `${of} ${outage.nodes.join('')} ${outage.edges.join('')}`;
    const known = this.known.get(key);
    if (known) return known;
    const measured = this.look(outage, of);
    this.known.set(key, measured);
    return measured;
  }

  /** What carries the traffic of one flow; of all, when they may crowd each other out. */
  private look(outage: Outage, flow: number): Measured {
    const { meter } = this;
    const over = overLoss(meter, outage);
    const flows = flow < 0 ? meter.topology.flows.map((_, each) => each) : [flow];
    const into = { nodes: new Set<number>(), edges: new Set<number>(), outage };
    for (const ways of flows.flatMap((each) => meter.waysOf(each))) addCarriers(meter, ways, into);
    const nodes = [...into.nodes];
    const blows = [
      ...nodes.map((node): Blow => ({ kind: 'unit', node })),
      ...[...into.edges].flatMap((edge) => blowsOfEdge(meter.topology, edge)),
    ];
    return { over, nodes, blows };
  }
}

/**
 * One flow must not lose more than it may: only what carries traffic now changes the figures, that of another flow too
 * where links may be too narrow for both.
 */
export function flowQuestion(ledger: FlowLedger, flow: number): Question {
  return {
    holds: (outage) => !ledger.at(outage, flow).over.has(flow),
    touches(outage, mayTake): Touches {
      const { nodes, blows } = ledger.at(outage, flow);
      return { nodes: nodes.filter(mayTake), blows };
    },
  };
}

/** Flows whose loss is a matter of room or of shares, not only of a way. */
export function meteredFlows(topology: Topology): readonly number[] {
  const isNarrow = isTight(topology);
  return topology.flows.flatMap(({ from, to, demandBps, lossPercent }, flow) => {
    if (lossPercent >= 100) return [];
    const hasRoomToLack = isNarrow && demandBps > 0;
    const isShared = from.length * to.length > 1 && lossPercent > 0;
    return hasRoomToLack || isShared ? [flow] : [];
  });
}
