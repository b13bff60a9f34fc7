import { noOutage, type Outage } from '../topology/outage.js';
import type { Topology } from '../topology/topology.js';
import type { Ends, Way, WayFinder } from '../topology/way.js';
import { strike } from './blow.js';
import type { Hit } from './search.js';

const WAYS_MAX = 4;

interface Struck {
  readonly topology: Topology;
  readonly hit: Hit;
  /** All of the hit at once. */
  readonly gone: Outage;
}

function nodeText({ topology, hit }: Struck, node: number): string {
  const name = topology.nodes[node]?.name ?? '';
  if (hit.down.includes(node)) return `[${name}: changed]`;
  const fails = hit.blow?.kind === 'unit' && hit.blow.node === node;
  return fails ? `[${name}: fails]` : name;
}

function wayText(struck: Struck, way: Way): string {
  const parts = way.nodes.map((node, index) => {
    const edge = way.edges[index - 1];
    const hop = edge !== undefined && struck.gone.edges[edge] === 1 ? ' --x-- ' : ' ----- ';
    return index === 0 ? nodeText(struck, node) : `${hop}${nodeText(struck, node)}`;
  });
  return parts.join('');
}

/** Is anything of the hit on the way? Then it is taken away in `outage`. */
function takeAway({ gone }: Struck, way: Way, outage: Outage): boolean {
  const nodes = way.nodes.filter((node) => gone.nodes[node] === 1);
  const edges = way.edges.filter((edge) => gone.edges[edge] === 1);
  for (const node of nodes) outage.nodes[node] = 1;
  for (const edge of edges) outage.edges[edge] = 1;
  return nodes.length + edges.length > 0;
}

/** The ways between the ends, the one that was taken first: what is gone from each, and what is left in the end. */
export function drawWays(finder: WayFinder, ends: Ends, hit: Hit): readonly string[] {
  const { topology } = finder;
  const gone = noOutage(topology);
  for (const node of hit.down) gone.nodes[node] = 1;
  if (hit.blow) strike(topology, gone, hit.blow);
  const struck = { topology, hit, gone };
  const outage = noOutage(topology);
  const lines: string[] = [];
  while (lines.length < WAYS_MAX) {
    const way = finder.find(ends, outage, () => false);
    if (!way) return [...lines, 'no way is left'];
    lines.push(wayText(struck, way));
    if (!takeAway(struck, way, outage)) return [...lines.slice(0, -1), `${lines.at(-1)} is left`];
  }
  return lines;
}

/** The members of a group, and which of them are gone. */
export function drawGroup(topology: Topology, units: readonly string[], hit: Hit): string {
  const gone: Outage = noOutage(topology);
  const names = units.map((unit) => {
    const node = topology.at.get(unit);
    return node === undefined ? unit : nodeText({ topology, hit, gone }, node);
  });
  return names.join('   ');
}
