import { isOpen, type Outage } from './outage.js';
import { isTransit } from './shortest.js';
import type { Arc, Topology } from './topology.js';

/** A way through the network: nodes, and the edges between them. */
export interface Way {
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
}

/** From any node of one set to any of another. */
export interface Ends {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** One round of a search: what is reached at the same price. */
interface Level {
  readonly price: number;
  readonly outage: Outage;
  readonly targets: ReadonlySet<number>;
  readonly avoid: (node: number) => boolean;
  readonly dearer: number[];
}

/** Finds ways that avoid given nodes where they can; keeps its buffers, one search at a time. */
export class WayFinder {
  readonly topology: Topology;
  private readonly cost: Int32Array;
  private readonly from: Int32Array;
  private readonly by: (Arc | undefined)[];

  constructor(topology: Topology) {
    this.topology = topology;
    this.cost = new Int32Array(topology.nodes.length);
    this.from = new Int32Array(topology.nodes.length);
    this.by = topology.nodes.map(() => undefined);
  }

  /** A way with as few nodes as possible that `avoid` says yes to, then with few hops; undefined: there is none. */
  find(ends: Ends, outage: Outage, avoid: (node: number) => boolean): Way | undefined {
    const { cost } = this;
    cost.fill(-1);
    const targets = new Set(ends.to);
    let level: number[] = [];
    for (const node of ends.from) {
      if (outage.nodes[node] === 1) continue;
      cost[node] = 0;
      this.by[node] = undefined;
      level.push(node);
    }
    for (let price = 0; level.length > 0; price += 1) {
      const dearer: number[] = [];
      const found = this.walk(level, { price, outage, targets, avoid, dearer });
      if (found !== undefined) return this.wayTo(found);
      level = dearer;
    }
    return undefined;
  }

  /** All that is reached without a further avoided node; those are left in `dearer`. */
  private walk(level: readonly number[], search: Level): number | undefined {
    const settled = level.filter((node) => this.cost[node] === search.price);
    for (const node of settled) {
      if (search.targets.has(node)) return node;
      const isPassable = this.by[node] === undefined || isTransit(this.topology, node);
      const found = isPassable ? this.step(node, search, settled) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** One hop on; the target, when it is there at no higher price. */
  private step(node: number, search: Level, settled: number[]): number | undefined {
    const { price, outage, avoid, dearer, targets } = search;
    for (const arc of this.topology.arcs[node] ?? []) {
      if (!isOpen(outage, arc)) continue;
      const next = avoid(arc.far) ? price + 1 : price;
      if (!this.isCheaper(arc.far, next)) continue;
      this.cost[arc.far] = next;
      this.from[arc.far] = node;
      this.by[arc.far] = arc;
      if (next === price && targets.has(arc.far)) return arc.far;
      (next === price ? settled : dearer).push(arc.far);
    }
    return undefined;
  }

  private isCheaper(node: number, price: number): boolean {
    const known = this.cost[node] ?? -1;
    return known === -1 || price < known;
  }

  private wayTo(end: number): Way {
    const nodes = [end];
    const edges: number[] = [];
    for (let node = end, arc = this.by[node]; arc; arc = this.by[node]) {
      node = this.from[node] ?? 0;
      nodes.unshift(node);
      edges.unshift(arc.edge);
    }
    return { nodes, edges };
  }
}
