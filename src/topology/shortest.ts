import { isOpen, type Outage } from './outage.js';
import type { Topology } from './topology.js';

/** Distances to one node, over what is up. */
export interface Tree {
  readonly root: number;
  /** By node; Infinity: no way. */
  readonly distance: Float64Array;
  /** The nodes that have a way, nearest first. */
  readonly order: Int32Array;
  count: number;
}

export function emptyTree(topology: Topology, root: number): Tree {
  const { length } = topology.nodes;
  return { root, distance: new Float64Array(length), order: new Int32Array(length), count: 0 };
}

/** A heap of nodes by distance; entries that were overtaken are skipped when they come out. */
class Heap {
  private readonly keys: number[] = [];
  private readonly nodes: number[] = [];

  get size(): number {
    return this.keys.length;
  }

  push(key: number, node: number): void {
    const { keys, nodes } = this;
    let at = keys.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = keys[parent] ?? 0;
      if (above <= key) break;
      keys[at] = above;
      nodes[at] = nodes[parent] ?? 0;
      at = parent;
    }
    keys[at] = key;
    nodes[at] = node;
  }

  pop(): readonly [key: number, node: number] {
    const { keys, nodes } = this;
    const top = [keys[0] ?? 0, nodes[0] ?? 0] as const;
    const key = keys.pop() ?? 0;
    const node = nodes.pop() ?? 0;
    if (keys.length > 0) this.sink(key, node);
    return top;
  }

  private sink(key: number, node: number): void {
    const { keys, nodes } = this;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= keys.length) break;
      const right = keys[child + 1];
      if (right !== undefined && right < (keys[child] ?? 0)) child += 1;
      if ((keys[child] ?? 0) >= key) break;
      keys[at] = keys[child] ?? 0;
      nodes[at] = nodes[child] ?? 0;
      at = child;
    }
    keys[at] = key;
    nodes[at] = node;
  }
}

interface Ground {
  readonly topology: Topology;
  readonly outage: Outage;
  readonly distance: Float64Array;
  readonly heap: Heap;
}

/** Does traffic of others go through this node? */
export function isTransit(topology: Topology, node: number): boolean {
  return topology.nodes[node]?.kind === 'unit';
}

/** From `node` on, where nothing shorter is known. */
function spread(ground: Ground, node: number): void {
  const { topology, outage, distance, heap } = ground;
  const length = distance[node] ?? Infinity;
  for (const arc of topology.arcs[node] ?? []) {
    if (!isOpen(outage, arc)) continue;
    const next = length + arc.cost;
    if (next >= (distance[arc.far] ?? 0)) continue;
    distance[arc.far] = next;
    heap.push(next, arc.far);
  }
}

/** Fills the tree anew. A root that is down has no tree. */
export function growTree(topology: Topology, outage: Outage, tree: Tree): void {
  const { root, distance, order } = tree;
  const heap = new Heap();
  distance.fill(Infinity);
  tree.count = 0;
  if (outage.nodes[root] === 1) return;
  distance[root] = 0;
  heap.push(0, root);
  while (heap.size > 0) {
    const [length, node] = heap.pop();
    if (length > (distance[node] ?? 0)) continue;
    order[tree.count] = node;
    tree.count += 1;
    if (node === root || isTransit(topology, node)) {
      spread({ topology, outage, distance, heap }, node);
    }
  }
}
