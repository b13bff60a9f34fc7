import { isOpen, type Outage } from './outage.js';
import { emptyTree, growTree, isTransit, type Tree } from './shortest.js';
import type { Arc, Topology } from './topology.js';

/** What becomes of one flow. */
export interface FlowLoss {
  readonly name: string;
  /** Of the demand, in percent; what its own ends lose by being down is in it. */
  readonly lossPercent: number;
  /** Of `lossPercent`: because an end of the flow itself is down. */
  readonly ownPercent: number;
}

/** Traffic from one node to the tree's root. */
interface Part {
  readonly flow: number;
  readonly node: number;
  /** Of the flow's demand. */
  readonly share: number;
  readonly demandBps: number;
}

interface Knowledge {
  readonly outage: Outage;
  readonly truth: Outage;
  readonly hasHoles: boolean;
}

interface Grove {
  readonly tree: Tree;
  readonly parts: readonly Part[];
}

/** Loads and losses by arithmetic on floats: a millionth of a percent is none. */
const NOTHING = 1e-6;
const ROUNDS = 3;

function distanceTo(tree: Tree, node: number): number {
  return tree.distance[node] ?? Infinity;
}

function add(sums: Float64Array, at: number, amount: number): void {
  sums[at] = (sums[at] ?? 0) + amount;
}

function grovesOf(topology: Topology): readonly Grove[] {
  const parts = new Map<number, Part[]>();
  topology.flows.forEach(({ from, to, demandBps }, flow) => {
    const pairs = from.flatMap((node) =>
      to.filter((root) => root !== node).map((root) => [node, root]),
    );
    for (const [node = 0, root = 0] of pairs) {
      const share = 1 / pairs.length;
      const known = parts.get(root) ?? [];
      known.push({ flow, node, share, demandBps: demandBps * share });
      parts.set(root, known);
    }
  });
  return [...parts].map(([root, each]) => ({ tree: emptyTree(topology, root), parts: each }));
}

/** Could any link be too narrow, were all flows to take it? */
export function isTight({ edges, flows }: Topology): boolean {
  const demandBps = flows.reduce((sum, each) => sum + each.demandBps, 0);
  return edges.some((each) => each.capacityBps < demandBps);
}

/**
 * Measures flows under outages: shortest ways, shared evenly among equals at every hop; a link that is offered more than
 * its capacity passes on its share of each. Keeps its buffers: one measurement at a time, thousands a second.
 */
export class FlowMeter {
  readonly topology: Topology;
  private readonly groves: readonly Grove[];
  private readonly isTight: boolean;
  private readonly load: Float64Array;
  private readonly pass: Float64Array;
  private readonly amount: Float64Array;
  private readonly survival: Float64Array;

  constructor(topology: Topology) {
    this.topology = topology;
    this.groves = grovesOf(topology);
    this.isTight = isTight(topology);
    this.load = new Float64Array(2 * topology.edges.length);
    this.pass = new Float64Array(2 * topology.edges.length).fill(1);
    this.amount = new Float64Array(topology.nodes.length);
    this.survival = new Float64Array(topology.nodes.length);
  }

  /**
   * One entry a flow, in the order of the topology. `outage` is what everybody knows to be down; what is down in `truth`
   * beyond that is still sent to, and swallows it.
   */
  measure(outage: Outage, truth?: Outage): readonly FlowLoss[] {
    const { flows } = this.topology;
    const delivered = new Float64Array(flows.length);
    const own = new Float64Array(flows.length);
    for (const { tree } of this.groves) growTree(this.topology, outage, tree);
    if (this.isTight) this.settleLoad(outage);
    const known = { outage, truth: truth ?? outage, hasHoles: truth !== undefined };
    for (const grove of this.groves) this.deliver(grove, known, { delivered, own });
    return flows.map(({ name, from, to }, flow) => {
      const hasEnds = from.some((node) => to.some((root) => root !== node));
      const lost = hasEnds ? 100 * (1 - (delivered[flow] ?? 0)) : 0;
      return {
        name,
        lossPercent: lost < NOTHING ? 0 : Math.min(100, lost),
        ownPercent: 100 * (own[flow] ?? 0),
      };
    });
  }

  /** The arcs that traffic to the root of `tree` takes from `node`, among equals. */
  nextHops(tree: Tree, node: number, outage: Outage): readonly Arc[] {
    const here = distanceTo(tree, node);
    if (node === tree.root || here === Infinity) return [];
    return (this.topology.arcs[node] ?? []).filter(
      (arc) =>
        distanceTo(tree, arc.far) + arc.cost === here &&
        isOpen(outage, arc) &&
        (arc.far === tree.root || isTransit(this.topology, arc.far)),
    );
  }

  /** The trees of one flow as last measured, with the nodes that its traffic comes from. */
  waysOf(flow: number): readonly { readonly tree: Tree; readonly sources: readonly number[] }[] {
    return this.groves.flatMap(({ tree, parts }) => {
      const sources = parts.filter((part) => part.flow === flow).map((part) => part.node);
      return sources.length > 0 ? [{ tree, sources }] : [];
    });
  }

  /** What each arc is offered, as last measured; nothing where no capacity is known. */
  loadOf(arc: number): number {
    return this.load[arc] ?? 0;
  }

  /** What is lost on the way does not crowd the links after it: repeated until that is in the figures. */
  private settleLoad(outage: Outage): void {
    this.load.fill(0);
    this.pass.fill(1);
    for (const grove of this.groves) this.addLoad(grove, outage);
    for (let round = 0; round < ROUNDS && this.isCrowded(); round += 1) {
      this.load.fill(0);
      for (const grove of this.groves) this.addLoad(grove, outage);
    }
    this.isCrowded();
  }

  /** Takes over how much each arc passes on; false: all of it, everywhere. */
  private isCrowded(): boolean {
    let isCrowded = false;
    this.load.forEach((offered, arc) => {
      const capacity = this.topology.edges[arc >> 1]?.capacityBps ?? Infinity;
      this.pass[arc] = offered <= capacity ? 1 : capacity / offered;
      isCrowded ||= offered > capacity;
    });
    return isCrowded;
  }

  private addLoad({ tree, parts }: Grove, outage: Outage): void {
    const { amount, load, pass } = this;
    amount.fill(0);
    for (const { node, demandBps } of parts) {
      if (distanceTo(tree, node) < Infinity) add(amount, node, demandBps);
    }
    for (let at = tree.count - 1; at > 0; at -= 1) {
      const node = tree.order[at] ?? 0;
      const here = amount[node] ?? 0;
      if (here === 0) continue;
      const hops = this.nextHops(tree, node, outage);
      for (const arc of hops) {
        add(load, arc.id, here / hops.length);
        add(amount, arc.far, (here / hops.length) * (pass[arc.id] ?? 1));
      }
    }
  }

  private deliver(
    { tree, parts }: Grove,
    known: Knowledge,
    sums: { readonly delivered: Float64Array; readonly own: Float64Array },
  ): void {
    const { survival } = this;
    const { outage, truth } = known;
    const isPartial = this.isTight || known.hasHoles;
    if (isPartial) this.surviveFrom(tree, known);
    const isRootDown = outage.nodes[tree.root] === 1 || truth.nodes[tree.root] === 1;
    for (const { flow, node, share } of parts) {
      if (isRootDown || truth.nodes[node] === 1) {
        add(sums.own, flow, share);
      } else if (distanceTo(tree, node) < Infinity) {
        add(sums.delivered, flow, isPartial ? share * (survival[node] ?? 0) : share);
      }
    }
  }

  private surviveFrom(tree: Tree, { outage, truth }: Knowledge): void {
    const { survival, pass } = this;
    survival[tree.root] = 1;
    for (let at = 1; at < tree.count; at += 1) {
      const node = tree.order[at] ?? 0;
      const hops = this.nextHops(tree, node, outage);
      const through = hops.filter((arc) => isOpen(truth, arc));
      const sum = through.reduce(
        (all, arc) => all + (pass[arc.id] ?? 1) * (survival[arc.far] ?? 0),
        0,
      );
      survival[node] = sum / hops.length;
    }
  }
}
