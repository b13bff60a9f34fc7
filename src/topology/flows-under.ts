import { FlowMeter, type FlowLoss } from './flow-meter.js';
import { outageOf, type Down, type Outage } from './outage.js';
import type { Tree } from './shortest.js';
import type { Topology } from './topology.js';

/** One flow under an outage, with some of the ways that it takes. */
export interface FlowUnder extends FlowLoss {
  /** Does any of it get through? */
  readonly isReachable: boolean;
  /** Names of the nodes of each way, from its source on; the first few among equals. */
  readonly paths: readonly (readonly string[])[];
}

const PATHS_MAX = 4;

interface Search {
  readonly meter: FlowMeter;
  readonly tree: Tree;
  readonly outage: Outage;
  readonly found: (readonly string[])[];
}

function follow(search: Search, node: number, soFar: readonly string[]): void {
  const { meter, tree, outage, found } = search;
  if (found.length >= PATHS_MAX) return;
  const path = [...soFar, meter.topology.nodes[node]?.name ?? ''];
  if (node === tree.root) {
    found.push(path);
    return;
  }
  const next = new Set(meter.nextHops(tree, node, outage).map((arc) => arc.far));
  for (const far of next) follow(search, far, path);
}

/** Every flow of the topology while `down` is down, with its ways. For many outages use a FlowMeter. */
export function flowsUnder(topology: Topology, down: Down): readonly FlowUnder[] {
  const meter = new FlowMeter(topology);
  const outage = outageOf(topology, down);
  return meter.measure(outage).map((loss, flow) => {
    const paths: (readonly string[])[] = [];
    for (const { tree, sources } of meter.waysOf(flow)) {
      for (const source of sources) follow({ meter, tree, outage, found: paths }, source, []);
    }
    return { ...loss, isReachable: loss.lossPercent < 100, paths };
  });
}
