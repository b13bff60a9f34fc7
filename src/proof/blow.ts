import type { Outage } from '../topology/outage.js';
import type { Topology } from '../topology/topology.js';

/** One thing that fails by itself, in no plan. */
export type Blow =
  | { readonly kind: 'unit'; readonly node: number }
  | { readonly kind: 'link'; readonly edge: number }
  | { readonly kind: 'member'; readonly node: number; readonly member: number };

export function blowKey(blow: Blow): string {
  if (blow.kind === 'unit') return `n${blow.node}`;
  return blow.kind === 'link' ? `e${blow.edge}` : `m${blow.node}/${blow.member}`;
}

export function blowText(topology: Topology, blow: Blow): string {
  if (blow.kind === 'link') return `link ${topology.edges[blow.edge]?.name ?? ''}`;
  const unit = topology.nodes[blow.node]?.name ?? '';
  return blow.kind === 'unit' ? unit : `member ${blow.member} of ${unit}`;
}

function edgesOf(topology: Topology, blow: Blow): readonly number[] {
  if (blow.kind === 'unit') return [];
  if (blow.kind === 'link') return [blow.edge];
  return topology.edges.flatMap(({ a, b, memberA, memberB }, edge) => {
    const isHit =
      (a === blow.node && memberA === blow.member) || (b === blow.node && memberB === blow.member);
    return isHit ? [edge] : [];
  });
}

/** Lets it strike; the result takes it back. */
export function strike(topology: Topology, outage: Outage, blow: Blow): () => void {
  if (blow.kind === 'unit') {
    const before = outage.nodes[blow.node] ?? 0;
    outage.nodes[blow.node] = 1;
    return () => (outage.nodes[blow.node] = before);
  }
  const hit = edgesOf(topology, blow).filter((edge) => outage.edges[edge] !== 1);
  for (const edge of hit) outage.edges[edge] = 1;
  return () => {
    for (const edge of hit) outage.edges[edge] = 0;
  };
}

/** What could fail of one cable: itself, and the members that it ends in. */
export function blowsOfEdge(topology: Topology, edge: number): readonly Blow[] {
  const link = topology.edges[edge];
  if (!link) return [];
  const { a, b, memberA, memberB } = link;
  return [
    { kind: 'link', edge },
    ...(memberA === undefined ? [] : [{ kind: 'member', node: a, member: memberA } as const]),
    ...(memberB === undefined ? [] : [{ kind: 'member', node: b, member: memberB } as const]),
  ];
}
