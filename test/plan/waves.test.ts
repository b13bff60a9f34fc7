import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { unitId } from '../../src/kernel/id.js';
import { planWaves, type WaveCandidate } from '../../src/plan/waves.js';
import type { Strategy } from '../../src/playbook/playbook.js';

const candidate = (id: string, change: Partial<WaveCandidate> = {}): WaveCandidate => ({
  unit: unitId(id),
  platform: 'test',
  model: 'T1',
  redundancyGroup: undefined,
  isStandby: false,
  neighbours: [],
  ...change,
});

const strategyOf = (change: Partial<Strategy> = {}): Strategy => ({
  waves: [{ kind: 'rest' }],
  parallel: 4,
  stopAfterFailures: 1,
  soakMs: 0,
  ...change,
});

const candidates = fc
  .array(
    fc.record({
      group: fc.option(fc.constantFrom('g1', 'g2', 'g3', 'g4'), { nil: undefined }),
      model: fc.constantFrom('T1', 'T2', 'T3'),
      isStandby: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((drawn) =>
    drawn.map(({ group, ...rest }, index) =>
      candidate(`u${index}`, { ...rest, redundancyGroup: group }),
    ),
  );

const size = fc.oneof(
  fc.integer({ min: 1, max: 100 }).map((percent) => ({ kind: 'percent' as const, percent })),
  fc.integer({ min: 1, max: 10 }).map((count) => ({ kind: 'count' as const, count })),
  fc.constant({ kind: 'rest' as const }),
);
const strategies = fc
  .record({
    perModel: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    waves: fc.array(size, { minLength: 1, maxLength: 5 }),
  })
  .map(({ perModel, waves }) =>
    strategyOf({
      waves,
      ...(perModel === undefined ? {} : { canary: { perModel, soakMs: 1000 } }),
    }),
  );

describe('waves over any groups, sizes and strategies', () => {
  test('hold every unit exactly once', () => {
    fc.assert(
      fc.property(candidates, strategies, (all, strategy) => {
        const units = planWaves(all, strategy).flatMap((each) => each.units);
        expect(units).toHaveLength(all.length);
        expect(new Set(units)).toEqual(new Set(all.map((each) => each.unit)));
      }),
    );
  });

  test('never hold two members of one redundancy group', () => {
    fc.assert(
      fc.property(candidates, strategies, (all, strategy) => {
        const groupOf = new Map(all.map((each) => [each.unit, each.redundancyGroup]));
        for (const { units } of planWaves(all, strategy)) {
          const groups = units.flatMap((each) => groupOf.get(each) ?? []);
          expect(new Set(groups).size).toBe(groups.length);
        }
      }),
    );
  });

  test('begin with a canary of every model, as many as wanted at most', () => {
    fc.assert(
      fc.property(candidates, strategies, (all, strategy) => {
        fc.pre(strategy.canary !== undefined);
        const modelOf = new Map(all.map((each) => [each.unit, each.model]));
        const [canary] = planWaves(all, strategy);
        expect(canary).toMatchObject({ name: 'canary', soakMs: 1000 });
        const models = (canary?.units ?? []).map((each) => modelOf.get(each));
        for (const model of new Set(models)) {
          const many = models.filter((each) => each === model).length;
          expect(many).toBeLessThanOrEqual(strategy.canary?.perModel ?? 0);
        }
        const lone = all.filter((each) => each.redundancyGroup === undefined);
        for (const { model } of lone) expect(models).toContain(model);
      }),
    );
  });

  test('say of every unit why it is safe to change it in its wave', () => {
    fc.assert(
      fc.property(candidates, strategies, (all, strategy) => {
        for (const { units, together } of planWaves(all, strategy)) {
          expect(new Set(together.flatMap((each) => each.units))).toEqual(new Set(units));
          expect(together.every((each) => each.safeBecause.length > 0)).toBe(true);
        }
      }),
    );
  });
});

describe('the order of waves', () => {
  test('takes the standby of a pair before the active one', () => {
    const pair = [
      candidate('a', { redundancyGroup: 'g' }),
      candidate('b', { redundancyGroup: 'g', isStandby: true }),
    ];
    expect(planWaves(pair, strategyOf()).map((each) => each.units)).toEqual([['b'], ['a']]);
  });

  test('takes as canary one that is in no pair, when there is one of its model', () => {
    const all = [candidate('a', { redundancyGroup: 'g' }), candidate('z')];
    const [canary] = planWaves(all, strategyOf({ canary: { perModel: 1, soakMs: 0 } }));
    expect(canary?.units).toEqual(['z']);
  });

  test('follows the sizes of the strategy and takes the rest at the end', () => {
    const all = Array.from({ length: 10 }, (_, index) => candidate(`u${index}`));
    const waves = [
      { kind: 'percent', percent: 10 },
      { kind: 'count', count: 3 },
    ] as const;
    const sizes = planWaves(all, strategyOf({ waves })).map((each) => each.units.length);
    expect(sizes).toEqual([1, 3, 6]);
  });
});
