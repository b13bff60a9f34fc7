import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FlowMeter } from '../../src/topology/flow-meter.js';
import { flowsUnder } from '../../src/topology/flows-under.js';
import { outageOf } from '../../src/topology/outage.js';
import { topologyOf, type Described, type Topology } from '../../src/topology/topology.js';
import { attached, cables, describedBy, flow, unitAt } from './network.js';

/** A diamond: left and right between top and bottom, the right way longer by its cost. */
const units = ['top', 'left', 'right', 'bottom'].map((each) => unitAt(each));
const diamond = (more: Partial<Described> = {}) =>
  topologyOf(
    describedBy({
      units,
      links: cables('top-left', 'left-bottom', 'top-right', 'right-bottom'),
      flows: [flow('down', 'top>bottom', { demandBps: 100 })],
      ...more,
    }),
  );
const only = (topology: Topology, ...down: readonly string[]) => {
  const [first] = flowsUnder(topology, { units: down });
  if (!first) throw new Error('the topology has no flow');
  return first;
};

describe('a flow', () => {
  test('takes all ways of the least cost', () => {
    expect(only(diamond())).toMatchObject({
      isReachable: true,
      lossPercent: 0,
      paths: [
        ['top', 'left', 'bottom'],
        ['top', 'right', 'bottom'],
      ],
    });
  });

  test('goes around what is down while there is a way', () => {
    expect(only(diamond(), 'left')).toMatchObject({
      lossPercent: 0,
      paths: [['top', 'right', 'bottom']],
    });
    expect(only(diamond(), 'left', 'right')).toMatchObject({
      isReachable: false,
      lossPercent: 100,
      ownPercent: 0,
    });
  });

  test('lost with its own end is told apart', () => {
    expect(only(diamond(), 'top')).toMatchObject({ lossPercent: 100, ownPercent: 100 });
  });

  test('loses what a narrow link cannot carry', () => {
    const links = cables('top-left', 'left-bottom', 'top-right', 'right-bottom').map((link) => ({
      ...link,
      capacityBps: 60,
    }));
    expect(only(diamond({ links })).lossPercent).toBe(0);
    expect(only(diamond({ links }), 'right').lossPercent).toBeCloseTo(40);
  });

  test('of a site is that of each of its units', () => {
    const flows = [flow('all', 'ams>net')];
    const attachments = [attached('net', ['bottom'])];
    const topology = diamond({ flows, attachments });
    expect(only(topology, 'left')).toMatchObject({ lossPercent: 25, ownPercent: 25 });
    expect(only(topology, 'left', 'right')).toMatchObject({ lossPercent: 75, ownPercent: 50 });
  });

  test('is not carried by what only hangs on the network', () => {
    const links = cables('top-left');
    const attachments = [attached('server', ['left', 'bottom'])];
    expect(only(diamond({ links, attachments })).isReachable).toBe(false);
  });

  test('loses the cables of a member with the member', () => {
    const [first, ...rest] = cables('top-bottom', 'top-bottom');
    const links = [...(first ? [{ ...first, members: { a: 2 } }] : []), ...rest];
    const topology = diamond({ links: links.slice(0, 1) });
    const members = [{ unit: 'top', member: 2 }];
    const loss = (each: Topology) => flowsUnder(each, { units: [], members })[0]?.lossPercent;
    expect(loss(topology)).toBe(100);
    expect(loss(diamond({ links }))).toBe(0);
  });
});

interface Small {
  readonly count: number;
  readonly links: readonly { a: number; b: number; cost: number; capacity: number }[];
  readonly flows: readonly { from: number; to: number; demand: number }[];
  readonly down: readonly number[];
}

const small: fc.Arbitrary<Small> = fc.integer({ min: 2, max: 6 }).chain((count) => {
  const node = fc.integer({ min: 0, max: count - 1 });
  const distinct = <T extends { a: number; b: number }>(each: T) => each.a !== each.b;
  return fc.record({
    count: fc.constant(count),
    links: fc.array(
      fc
        .record({
          a: node,
          b: node,
          cost: fc.integer({ min: 1, max: 3 }),
          capacity: fc.constantFrom(10, 50, Infinity),
        })
        .filter(distinct),
      { maxLength: 9 },
    ),
    flows: fc.array(
      fc
        .record({ from: node, to: node, demand: fc.integer({ min: 0, max: 100 }) })
        .filter(({ from, to }) => from !== to),
      { minLength: 1, maxLength: 3 },
    ),
    down: fc.array(node, { maxLength: 2 }),
  });
});

/** The same by definition: distances by relaxing until nothing changes, traffic split by recursion. */
function naive({ count, links, flows, down }: Small): readonly number[] {
  const up = (node: number) => !down.includes(node);
  const both = links.flatMap((link, index) => [
    { key: `${index}>`, from: link.a, to: link.b, ...link },
    { key: `${index}<`, from: link.b, to: link.a, ...link },
  ]);
  const arcs = both.filter(({ from, to }) => up(from) && up(to));
  const distances = (root: number) => {
    const far = Array.from({ length: count }, (_, node) =>
      node === root && up(node) ? 0 : Infinity,
    );
    for (let round = 0; round < count; round += 1) {
      for (const { from, to, cost } of arcs) far[from] = Math.min(far[from]!, far[to]! + cost);
    }
    return far;
  };
  const hops = (node: number, far: readonly number[]) =>
    arcs.filter(({ from, to, cost }) => from === node && far[from] === far[to]! + cost);
  let load = new Map<string, number>();
  const send = (node: number, root: number, amount: number, pass: typeof load): void => {
    const far = distances(root);
    if (node === root || far[node] === Infinity) return;
    const next = hops(node, far);
    for (const { key, to } of next) {
      load.set(key, (load.get(key) ?? 0) + amount / next.length);
      send(to, root, (amount / next.length) * (pass.get(key) ?? 1), pass);
    }
  };
  let pass = new Map<string, number>();
  for (let round = 0; round < 4; round += 1) {
    load = new Map();
    for (const { from, to, demand } of flows) send(from, to, demand, pass);
    pass = new Map(
      both.map(({ key, capacity }) => [key, Math.min(1, capacity / (load.get(key) ?? 0))]),
    );
  }
  const arrives = (node: number, root: number): number => {
    const far = distances(root);
    if (!up(node) || far[node] === Infinity) return 0;
    if (node === root) return 1;
    const next = hops(node, far);
    const parts = next.map(({ key, to }) => (pass.get(key) ?? 1) * arrives(to, root));
    return parts.reduce((sum, each) => sum + each, 0) / next.length;
  };
  return flows.map(({ from, to }) => 100 * (1 - arrives(from, to)));
}

describe('the meter', () => {
  test('agrees with the definition on every small network', () => {
    fc.assert(
      fc.property(small, (each) => {
        const names = Array.from({ length: each.count }, (_, index) => `n${index}`);
        const topology = topologyOf(
          describedBy({
            units: names.map((name) => unitAt(name)),
            links: each.links.map((link, index) => ({
              ...cables(`n${link.a}-n${link.b}`)[0]!,
              a: { ...cables(`n${link.a}-n${link.b}`)[0]!.a, port: `p${index}` },
              cost: link.cost,
              capacityBps: link.capacity,
            })),
            flows: each.flows.map(({ from, to, demand }, index) =>
              flow(`f${index}`, `n${from}>n${to}`, { demandBps: demand }),
            ),
          }),
        );
        const meter = new FlowMeter(topology);
        const down = outageOf(topology, { units: each.down.map((node) => `n${node}`) });
        meter.measure(outageOf(topology, { units: [] }));
        const measured = meter.measure(down).map(({ lossPercent }) => lossPercent);
        naive(each).forEach((lost, index) => expect(measured[index]).toBeCloseTo(lost, 4));
      }),
      { numRuns: 400 },
    );
  });
});
