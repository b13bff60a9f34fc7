import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unitId, type UnitId } from '../../src/kernel/id.js';
import { provePlan, separationsOf } from '../../src/proof/prove.js';
import type { ProofPlan } from '../../src/proof/proof.js';
import { FlowMeter } from '../../src/topology/flow-meter.js';
import { outageOf, type Down } from '../../src/topology/outage.js';
import { topologyOf, type Described, type Topology } from '../../src/topology/topology.js';
import { attached, cables, describedBy, flow, unitAt } from '../topology/network.js';

const NAMES = ['core1', 'core2', 'dist1', 'dist2', 'acc1', 'acc2'];

/** Two cores, two distribution switches, acc1 on both of them, acc2 on one alone; servers on both cores. */
function campus(more: Partial<Described> = {}): Topology {
  return topologyOf(
    describedBy({
      units: NAMES.map((name) => unitAt(name)),
      links: cables(
        'core1-core2',
        'core1-dist1',
        'core2-dist1',
        'core1-dist2',
        'core2-dist2',
        'dist1-acc1',
        'dist2-acc1',
        'dist1-acc2',
      ),
      attachments: [attached('servers', ['core1', 'core2'], ['aaa', 'dns'])],
      ...more,
    }),
  );
}

function planOf(waves: readonly (readonly string[])[], more: Partial<ProofPlan> = {}): ProofPlan {
  return {
    waves: waves.map((units) => ({ units: units.map(unitId) })),
    units: waves.flat().map((name) => ({
      unit: unitId(name),
      site: 'ams',
      jump: [],
      outageMs: 600_000,
      goesDown: true,
    })),
    parallel: 10,
    apart: new Map(),
    ...more,
  };
}

describe('the proof', () => {
  test('of a plan that never takes a way from anybody holds', () => {
    const proof = provePlan(campus(), planOf([['core1'], ['core2'], ['acc1']]));
    expect(proof).toMatchObject({ verdict: 'holds', broken: { count: 0 }, added: { count: 0 } });
    expect(proof.obligations).toEqual({ flow: 0, management: 3, redundancy: 0 });
  });

  test('fails with the smallest counterexample, drawn, when two units of one wave leave no way', () => {
    const proof = provePlan(campus(), planOf([['dist1', 'dist2', 'acc1', 'core1']]));
    expect(proof.verdict).toBe('broken');
    expect(proof.broken.shown[0]).toEqual({
      what: ['acc1 does not reach servers (aaa, dns)'],
      more: 0,
      down: ['dist1', 'dist2'],
      drawing: [
        'acc1 ----- [dist1: changed] ----- core1 ----- servers',
        'acc1 ----- [dist2: changed] ----- core1 ----- servers',
        'no way is left',
      ],
    });
  });

  test('minds that units kept apart, and more than may run at once, are never down together', () => {
    const wave = [['dist1', 'dist2', 'acc1']];
    expect(provePlan(campus(), planOf(wave, { parallel: 2 })).verdict).toBe('holds');
    const apart = new Map([[unitId('dist1'), new Set([unitId('dist2')])]]);
    const both = new Map([...apart, [unitId('dist2'), new Set([unitId('dist1')])]]);
    expect(provePlan(campus(), planOf(wave, { apart: both })).verdict).toBe('holds');
  });

  test('tells the risk that the plan adds from that of the change and of the network as it is', () => {
    const flows = [flow('theatre', 'acc1>servers'), flow('ward', 'acc2>servers')];
    const proof = provePlan(campus({ flows }), planOf([['core1', 'dist2']]));
    expect(proof.verdict).toBe('risky');
    const first = (list: typeof proof.added) =>
      list.shown.map(({ down, failed, what }) => ({ down, failed, what: what.length }));
    // What is left of dist1 leads over core2, and dist2 with its way over core2 is changed too.
    expect(first(proof.added)).toContainEqual({
      down: ['core1', 'dist2'],
      failed: 'link core2:p2 - dist1:p2',
      what: 2,
    });
    expect(first(proof.ofTheChange)).toContainEqual({ down: ['core1'], failed: 'core2', what: 3 });
    expect(first(proof.inherent)).toContainEqual({ down: [], failed: 'dist1', what: 1 });
  });

  test('refuses a flow that one unit alone cuts, unless an outage as long as that was promised', () => {
    const cut = (outageMs: number) =>
      provePlan(
        campus({ flows: [flow('ward', 'acc2>servers', { outageMs })] }),
        planOf([['dist1']]),
      );
    expect(cut(0).broken.shown[0]).toMatchObject({ what: ['flow ward is cut'], down: ['dist1'] });
    expect(cut(599_999).verdict).toBe('broken');
    expect(cut(600_000).verdict).toBe('holds');
  });

  test('sees that a way is left and is too narrow', () => {
    const links = campus().edges.slice(0, 8);
    expect(links).toHaveLength(8);
    const narrow = cables('core1-dist1', 'core2-dist1', 'dist1-acc2').map((link, index) =>
      index < 2 ? { ...link, capacityBps: 60 } : link,
    );
    const flows = [flow('ward', 'acc2>servers', { demandBps: 100, lossPercent: 10 })];
    const proof = provePlan(campus({ links: narrow, flows }), planOf([['core1'], ['acc1']]));
    expect(proof.broken.shown[0]).toMatchObject({
      what: ['flow ward loses 40 %, 10 % may be lost'],
      down: ['core1'],
    });
  });

  test('shows that a pair has nobody left when the other fails while one is changed', () => {
    const group = { name: 'dist', units: [unitId('dist1'), unitId('dist2')], minHealthy: 1 };
    const proof = provePlan(campus({ redundancyGroups: [group] }), planOf([['dist1']]));
    expect(proof.ofTheChange.shown).toContainEqual({
      what: ['dist has 0 of the 1 that must stay up'],
      more: 0,
      down: ['dist1'],
      failed: 'dist2',
      drawing: ['[dist1: changed]   [dist2: fails]'],
    });
  });

  test('follows the way from our desk over the jump host', () => {
    const attachments = [
      attached('office', ['core1'], ['desk']),
      attached('hop', ['dist2'], ['jump-host']),
    ];
    const plan = planOf([['dist2', 'acc2']]);
    const units = plan.units.map((each) => ({ ...each, jump: ['hop'] }));
    const proof = provePlan(campus({ attachments }), { ...plan, units });
    expect(proof.broken.shown[0]).toMatchObject({
      down: ['dist2'],
      what: ['office does not reach hop, on the way to acc2', 'hop does not reach acc2'],
    });
  });
});

describe('separations', () => {
  test('name the units that a better order keeps apart', () => {
    expect(separationsOf(campus(), planOf([['dist1', 'acc2']]))).toEqual([['dist1', 'acc2']]);
    expect(separationsOf(campus(), planOf([['dist1', 'dist2', 'acc1']]))).toEqual([
      ['dist1', 'dist2'],
    ]);
    expect(separationsOf(campus(), planOf([['dist1'], ['acc2']]))).toEqual([]);
  });
});

/** All subsets up to a size. */
function subsets<T>(all: readonly T[], most: number): readonly (readonly T[])[] {
  return all.reduce<readonly (readonly T[])[]>(
    (sets, each) => [
      ...sets,
      ...sets.filter((set) => set.length < most).map((set) => [...set, each]),
    ],
    [[]],
  );
}

describe('on every small network the proof', () => {
  test('finds a breach exactly where trying everything finds one', () => {
    const node = fc.integer({ min: 0, max: 5 });
    const shape = fc.record({
      pairs: fc.array(
        fc.tuple(node, node).filter(([a, b]) => a !== b),
        { maxLength: 10 },
      ),
      ends: fc.tuple(node, node).filter(([a, b]) => a !== b),
      wave: fc.uniqueArray(node, { maxLength: 4 }),
      parallel: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(shape, ({ pairs, ends: [from, to], wave, parallel }) => {
        const name = (each: number) => NAMES[each] ?? '';
        const topology = topologyOf(
          describedBy({
            units: NAMES.map((each) => unitAt(each)),
            links: cables(...pairs.map(([a, b]) => `${name(a)}-${name(b)}`)),
            flows: [flow('f', `${name(from)}>${name(to)}`)],
          }),
        );
        const meter = new FlowMeter(topology);
        const ends = [name(from), name(to)];
        const isCut = (down: Down) =>
          meter.measure(outageOf(topology, down))[0]?.lossPercent === 100;
        const candidates = wave.map(name).filter((each) => !ends.includes(each));
        const failures: readonly Down[] = [
          ...NAMES.filter((each) => !ends.includes(each)).map((each) => ({ units: [each] })),
          ...topology.edges.map((edge) => ({ units: [], links: [edge.name] })),
        ];
        const isCutBy = (down: readonly string[], more?: Down) =>
          isCut({ units: [...down, ...(more?.units ?? [])], links: more?.links ?? [] });
        const sets = subsets(candidates, parallel);
        const plain = sets.some((down) => isCutBy(down));
        const single = failures.some((more) => isCutBy([], more));
        const oneAndMore = candidates.some((down) =>
          failures.some((more) => isCutBy([down], more) && !isCutBy([down]) && !isCutBy([], more)),
        );
        const proof = provePlan(topology, planOf([wave.map(name)], { parallel }));
        const always = isCutBy([]);
        expect(proof.broken.count > 0).toBe(plain && !always);
        expect(proof.inherent.count > 0).toBe(single || always);
        if (!always) expect(proof.ofTheChange.count > 0).toBe(oneAndMore);
        for (const { down, failed } of proof.added.shown) {
          expect(down.length).toBeGreaterThan(1);
          expect(failed).toBeDefined();
        }
        const isNew = (down: readonly string[], more: Down) =>
          isCutBy(down, more) &&
          subsets(down, down.length).every(
            (less) => less.length === down.length || !isCutBy(less, more),
          ) &&
          !isCutBy(down);
        const several = sets.filter((down) => down.length > 1);
        const added = several.some((down) => failures.some((more) => isNew(down, more)));
        if (!always) expect(proof.added.count > 0).toBe(added);
      }),
      { numRuns: 600 },
    );
  });
});

test('a unit that the inventory does not cable is in nobody’s way', () => {
  const topology = topologyOf(describedBy({ units: [unitAt('lone')] }));
  const proof = provePlan(topology, planOf([['lone']]));
  const lone: UnitId = unitId('lone');
  expect(proof.verdict).toBe('holds');
  expect(separationsOf(topology, planOf([[lone]]))).toEqual([]);
});
