import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../src/kernel/json.js';
import { unitId, type UnitId } from '../../src/kernel/id.js';
import type { Plan } from '../../src/plan/plan.js';
import { fold, initialState, isActive, type RunState } from '../../src/run/state.js';
import { isFenced } from '../../src/run/window-fence.js';
import { HOUR_MS, planOf, ROLLBACK_WORST_MS, T0, unitPlanOf, windowOf } from './plan-of.js';
import { Walker, type Walk, type WalkedEvent } from './walk.js';

const MOVES_MAX = 20_000;

const ids = ['a', 'b', 'c', 'd', 'e'].map(unitId);

/** Windows that just about hold a change and its rollback: staging may eat what is left of them. */
const tightMs = fc.integer({ min: 1.5 * HOUR_MS, max: 1.6 * HOUR_MS });

/** Random plans: links, pairs, waves, windows, soaks and budgets. */
const plans = fc
  .record({
    count: fc.integer({ min: 1, max: ids.length }),
    links: fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { maxLength: 3 }),
    grouped: fc.boolean(),
    cut: fc.nat(4),
    lengthsMs: fc.array(fc.oneof(fc.integer({ min: HOUR_MS, max: 8 * HOUR_MS }), tightMs), {
      minLength: 1,
      maxLength: 3,
    }),
    parallel: fc.integer({ min: 1, max: 4 }),
    stopAfterFailures: fc.integer({ min: 1, max: 3 }),
    soakMs: fc.constantFrom(0, HOUR_MS, 48 * HOUR_MS),
    waveSoakMs: fc.constantFrom(0, HOUR_MS),
    rollback: fc.constantFrom('automatic' as const, 'hold' as const),
  })
  .map((drawn): Plan => {
    const units = ids.slice(0, drawn.count);
    const links = drawn.links.flatMap(([a, b]) => {
      const [from, to] = [units[a], units[b]];
      return from === undefined || to === undefined || from === to ? [] : [[from, to] as const];
    });
    const windows = drawn.lengthsMs.map((lengthMs, day) =>
      windowOf(T0 + day * 24 * HOUR_MS, lengthMs),
    );
    const group = drawn.grouped && units.length > 1 ? units.slice(0, 2) : [];
    const waves = [units.slice(0, drawn.cut), units.slice(drawn.cut)].map((members, index) => ({
      name: `wave ${index}`,
      units: members,
      soakMs: drawn.waveSoakMs,
      together: [],
    }));
    return planOf(
      units.map((id) =>
        unitPlanOf(id, {
          windows,
          neighbours: links.flatMap(([a, b]) => (a === id ? [b] : b === id ? [a] : [])),
          ...(group.includes(id) ? { redundancyGroup: 'pair' } : {}),
        }),
      ),
      {
        waves,
        rollback: drawn.rollback,
        strategy: {
          parallel: drawn.parallel,
          stopAfterFailures: drawn.stopAfterFailures,
          soakMs: drawn.soakMs,
        },
        redundancyGroups: group.length === 2 ? [{ name: 'pair', units: group, minHealthy: 1 }] : [],
      },
    );
  });

const luck = fc.constantFrom(0.6, 0.9, 0.97, 1);

/** Holds what every walk over random plans must keep to. */
function holds(judge: (walk: Walk, plan: Plan) => void): void {
  fc.assert(
    fc.property(plans, fc.integer(), luck, (plan, seed, lucky) => {
      const walker = new Walker(plan, { seed, luck: lucky, startMs: T0 - HOUR_MS });
      judge(walker.walk(MOVES_MAX), plan);
    }),
    { numRuns: 150 },
  );
}

function activeIn(state: RunState): readonly UnitId[] {
  return [...state.units.values()].filter(isActive).map((each) => each.unit);
}

function worstFrom(plan: Plan, { event }: WalkedEvent): number {
  if (event.kind !== 'step-intent') return 0;
  const steps = plan.body.units.find((each) => each.unit === event.unit)?.steps ?? [];
  return steps.slice(event.step).reduce((sum, each) => sum + each.maxMs, 0);
}

describe('whatever devices and people do', () => {
  test('every unit comes to an ending and the run finishes', () => {
    holds(({ state, moves }) => {
      expect(moves).toBeLessThan(MOVES_MAX);
      expect(state.finished).toBe(true);
      expect([...state.units.values()].filter((each) => each.ended === undefined)).toEqual([]);
    });
  });

  test('no more units are being changed than the plan allows', () => {
    holds(({ events }, plan) => {
      const most = Math.max(0, ...events.map((each) => activeIn(each.after).length));
      expect(most).toBeLessThanOrEqual(plan.body.strategy.parallel);
    });
  });

  test('no two linked units and no two of a pair are being changed together', () => {
    holds(({ events }, plan) => {
      const apart = new Set(
        plan.body.units.flatMap(({ unit, neighbours, redundancyGroup }) =>
          plan.body.units
            .filter(
              (other) =>
                other.unit !== unit &&
                (neighbours.includes(other.unit) ||
                  (redundancyGroup !== undefined && other.redundancyGroup === redundancyGroup)),
            )
            .map((other) => `${unit} ${other.unit}`),
        ),
      );
      for (const each of events) {
        const active = activeIn(each.after);
        const pairs = active.flatMap((a) => active.map((b) => `${a} ${b}`));
        expect(pairs.filter((pair) => apart.has(pair))).toEqual([]);
      }
    });
  });

  test('nobody is admitted after the budget was spent, until somebody resumes', () => {
    holds(({ events }, plan) => {
      for (const { event, before } of events) {
        if (event.kind !== 'unit-admitted') continue;
        expect(before.failures).toBeLessThan(plan.body.strategy.stopAfterFailures);
        expect(before).toMatchObject({ stopped: undefined, paused: false, aborted: false });
      }
    });
  });

  test('a disruptive step begins only while it, the rest and the rollback fit an open window', () => {
    holds(({ events }, plan) => {
      for (const each of events) {
        const { event, atMs } = each;
        if (event.kind !== 'step-intent' || event.list !== 'forward' || event.attempt > 1) continue;
        const unitPlan = plan.body.units.find((one) => one.unit === event.unit);
        const step = unitPlan?.steps[event.step];
        if (!unitPlan || !step || !isFenced(step)) continue;
        const needMs = worstFrom(plan, each) + ROLLBACK_WORST_MS;
        const fits = unitPlan.windows.some(
          ({ startMs, endMs }) => startMs <= atMs && atMs + needMs <= endMs,
        );
        expect(fits).toBe(true);
      }
    });
  });

  test('an untouched unit begins no step while the run is paused or aborted', () => {
    holds(({ events }) => {
      for (const { event, before } of events) {
        if (event.kind !== 'step-intent' || event.attempt > 1) continue;
        const unit = before.units.get(event.unit);
        if (unit?.touched === true) continue;
        expect(before).toMatchObject({ paused: false, aborted: false });
      }
    });
  });

  test('a unit is checked after its last admission and before its first change', () => {
    holds(({ events }) => {
      const fresh = new Map<UnitId, boolean>();
      for (const { event } of events) {
        if (event.kind === 'unit-admitted') fresh.set(event.unit, false);
        if (event.kind === 'unit-checked' && event.when === 'before') {
          fresh.set(event.unit, event.passed);
        }
        if (event.kind === 'step-intent') expect(fresh.get(event.unit)).toBe(true);
      }
    });
  });

  test('the journal alone gives the state back, and any beginning of it the state of then', () => {
    holds(({ events, state }, plan) => {
      let again = initialState(plan);
      for (const { event, atMs, after } of events) {
        const stored = JSON.parse(canonicalJson(event)) as typeof event;
        again = fold(again, stored, atMs, plan);
        expect(again.failures).toBe(after.failures);
      }
      expect(again).toEqual(state);
      const half = events.slice(0, Math.floor(events.length / 2));
      const then = half.reduce(
        (one, each) => fold(one, each.event, each.atMs, plan),
        initialState(plan),
      );
      expect(then).toEqual(half.at(-1)?.after ?? initialState(plan));
    });
  });
});
