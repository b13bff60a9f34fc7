import { describe, expect, test } from '@jest/globals';
import { unitId } from '../../src/kernel/id.js';
import { decide, othersBlock } from '../../src/run/decide.js';
import {
  aborted,
  admitted,
  after,
  checked,
  ended,
  HOUR_MS,
  intended,
  paused,
  planOf,
  resumed,
  ROLLBACK_WORST_MS,
  soaking,
  T0,
  unitPlanOf,
  waveStarted,
  windowOf,
  WORST_MS,
} from './plan-of.js';

const two = [unitPlanOf('a'), unitPlanOf('b')];
const wave = (name: string, units: readonly string[], soakMs = 0) => ({
  name,
  units: units.map(unitId),
  soakMs,
  together: [],
});
const pair = { name: 'dist', units: [unitId('a'), unitId('b')], minHealthy: 1 };
const paired = (change: object = {}) =>
  planOf(
    ['a', 'b', 'c'].map((id) => unitPlanOf(id, id === 'c' ? {} : { redundancyGroup: 'dist' })),
    { redundancyGroups: [pair], ...change },
  );
const kinds = (decision: { readonly events: readonly { readonly kind: string }[] }) =>
  decision.events.map((each) => each.kind);

describe('a wave', () => {
  test('is announced before its first unit is admitted', () => {
    expect(decide(after(planOf(two), []), planOf(two), T0).events).toEqual([waveStarted]);
  });

  test('admits one unit per decision, in its own order', () => {
    const plan = planOf(two);
    const state = after(plan, [waveStarted]);
    expect(decide(state, plan, T0).events).toEqual([admitted('a')]);
    expect(decide(after(plan, [waveStarted, admitted('a')]), plan, T0).events).toEqual([
      admitted('b'),
    ]);
  });

  test('admits no more than the plan allows in parallel', () => {
    const plan = planOf(two, { strategy: { parallel: 1, stopAfterFailures: 9, soakMs: 0 } });
    const full = after(plan, [waveStarted, admitted('a')]);
    expect(decide(full, plan, T0)).toMatchObject({ events: [], work: ['a'] });
    const free = after(plan, [waveStarted, admitted('a'), soaking('a', T0 + HOUR_MS)]);
    expect(decide(free, plan, T0).events).toEqual([admitted('b')]);
  });

  test('soaks as a whole before the next one begins', () => {
    const waves = [wave('canary', ['a'], HOUR_MS), wave('wave 1', ['b'])];
    const plan = planOf(two, { waves });
    const over = [waveStarted, admitted('a'), ended('a', 'done')];
    const untilMs = T0 + HOUR_MS;
    const wanted = { kind: 'wave-soaking', wave: 0, untilMs } as const;
    expect(decide(after(plan, over), plan, T0).events).toEqual([wanted]);
    const soaks = after(plan, [...over, wanted]);
    expect(decide(soaks, plan, T0 + 1)).toMatchObject({ events: [], wakeAtMs: untilMs });
    expect(kinds(decide(soaks, plan, untilMs))).toEqual(['wave-done']);
  });

  test('goes on while the units of the one before still soak', () => {
    const plan = planOf(two, { waves: [wave('canary', ['a']), wave('wave 1', ['b'])] });
    const state = after(plan, [waveStarted, admitted('a'), soaking('a', T0 + HOUR_MS)]);
    expect(decide(state, plan, T0).events).toEqual([{ kind: 'wave-done', wave: 0 }]);
  });
});

describe('a window', () => {
  const needMs = WORST_MS + ROLLBACK_WORST_MS;

  test.each([
    ['to the millisecond', needMs, ['unit-admitted']],
    ['not by one millisecond', needMs - 1, ['unit-ended']],
  ])('that holds change and rollback %s decides so', (_how, lengthMs, wanted) => {
    const plan = planOf([unitPlanOf('a', { windows: [windowOf(T0, lengthMs)] })]);
    expect(kinds(decide(after(plan, [waveStarted]), plan, T0))).toEqual(wanted);
  });

  test('that opens later is told once and waited for', () => {
    const opensMs = T0 + 5 * HOUR_MS;
    const plan = planOf([unitPlanOf('a', { windows: [windowOf(opensMs, 3 * HOUR_MS)] })]);
    const state = after(plan, [waveStarted]);
    const [told] = decide(state, plan, T0).events;
    expect(told).toMatchObject({ kind: 'unit-waiting', unit: 'a', untilMs: opensMs });
    const waits = after(plan, [waveStarted, ...(told ? [told] : [])]);
    expect(decide(waits, plan, T0 + 1)).toMatchObject({ events: [], wakeAtMs: opensMs });
    expect(decide(waits, plan, opensMs).events).toEqual([admitted('a')]);
  });

  test('that is over for good drops the unit without a failure', () => {
    const plan = planOf([unitPlanOf('a', { windows: [windowOf(T0, HOUR_MS)] })]);
    expect(decide(after(plan, [waveStarted]), plan, T0 + 2 * HOUR_MS).events).toMatchObject([
      { kind: 'unit-ended', as: 'dropped', code: 'outside-window', failure: false },
    ]);
  });
});

describe('a unit that had to wait after its staging', () => {
  const waiting = {
    kind: 'unit-waiting',
    unit: unitId('a'),
    untilMs: T0 + 60_000,
    why: '',
  } as const;
  const events = [waveStarted, admitted('a'), checked('a', 'before'), waiting];

  test('is admitted anew, and looked at anew', () => {
    const plan = planOf([unitPlanOf('a')]);
    const state = after(plan, events);
    expect(state.units.get(unitId('a'))).toMatchObject({ admitted: false, checkedBefore: false });
    expect(decide(state, plan, T0 + 60_000).events).toEqual([admitted('a')]);
  });

  test('does not come back beside a linked unit that took its turn', () => {
    const [a, b] = [unitId('a'), unitId('b')];
    const plan = planOf([
      unitPlanOf('a', { neighbours: [b] }),
      unitPlanOf('b', { neighbours: [a] }),
    ]);
    const state = after(plan, [...events, admitted('b')]);
    expect(decide(state, plan, T0 + 60_000)).toMatchObject({ events: [], work: ['b'] });
  });

  test('does not come back beyond the places of the plan', () => {
    const plan = planOf(two, { strategy: { parallel: 1, stopAfterFailures: 1, soakMs: 0 } });
    const state = after(plan, [...events, admitted('b')]);
    expect(decide(state, plan, T0 + 60_000)).toMatchObject({ events: [], work: ['b'] });
  });
});

describe('redundancy', () => {
  test('keeps a unit waiting while its mate is being changed', () => {
    const plan = paired();
    const state = after(plan, [waveStarted, admitted('a')]);
    expect(othersBlock(state, plan, plan.body.units[1]!)).toMatchObject({ kind: 'wait' });
    expect(decide(state, plan, T0).events).toEqual([admitted('c')]);
  });

  test.each(['held', 'quarantined', 'lost'] as const)(
    'drops a unit whose mate is %s, naming it',
    (as) => {
      const plan = paired({ strategy: { parallel: 4, stopAfterFailures: 9, soakMs: 0 } });
      const state = after(plan, [waveStarted, admitted('a'), ended('a', as)]);
      const [event] = decide(state, plan, T0).events;
      expect(event).toMatchObject({ unit: 'b', as: 'dropped', code: 'plan-stale' });
      expect(event).toMatchObject({ why: `dist would be left without cover: a (${as})` });
    },
  );

  test.each(['done', 'reverted'] as const)('lets a unit go whose mate is %s', (as) => {
    const plan = paired({ strategy: { parallel: 4, stopAfterFailures: 9, soakMs: 0 } });
    const state = after(plan, [waveStarted, admitted('a'), ended('a', as)]);
    expect(decide(state, plan, T0).events).toEqual([admitted('b')]);
  });

  test('counts a mate that this plan does not change as up', () => {
    const alone = planOf([unitPlanOf('a', { redundancyGroup: 'dist' })], {
      redundancyGroups: [pair],
    });
    expect(othersBlock(after(alone, []), alone, alone.body.units[0]!)).toBeUndefined();
  });
});

describe('the failure budget', () => {
  test('stops the run when it is spent, naming a code that explain knows', () => {
    const plan = planOf(two);
    const state = after(plan, [waveStarted, admitted('a'), ended('a', 'reverted')]);
    expect(decide(state, plan, T0).events).toMatchObject([
      { kind: 'run-stopped', code: 'too-many-failures' },
    ]);
  });

  test('is whole again after somebody resumed with a reason', () => {
    const plan = planOf(two);
    const stop = { kind: 'run-stopped', why: 'x', code: '' } as const;
    const events = [waveStarted, admitted('a'), ended('a', 'reverted'), stop];
    expect(decide(after(plan, events), plan, T0)).toMatchObject({ events: [], leave: true });
    expect(decide(after(plan, [...events, resumed]), plan, T0).events).toEqual([admitted('b')]);
  });

  test('lets the units under way come to their end before the runner leaves', () => {
    const plan = planOf(two);
    const stop = { kind: 'run-stopped', why: 'x', code: '' } as const;
    const state = after(plan, [waveStarted, admitted('a'), intended('a', 4), stop]);
    expect(decide(state, plan, T0)).toMatchObject({ events: [], work: ['a'], leave: false });
  });
});

describe('a stopped run', () => {
  test('leaves alone what was admitted but not touched, and goes', () => {
    const plan = planOf(two);
    const stop = { kind: 'run-stopped', why: 'x', code: '' } as const;
    const state = after(plan, [waveStarted, admitted('a'), stop]);
    expect(decide(state, plan, T0)).toMatchObject({ events: [], work: [], leave: true });
  });
});

describe('a pause', () => {
  test('admits nobody and ends nothing', () => {
    const plan = planOf(two);
    const state = after(plan, [waveStarted, admitted('a'), paused]);
    expect(decide(state, plan, T0)).toMatchObject({ events: [], work: [], leave: false });
  });

  test('lets a unit whose change has begun come to its safe point', () => {
    const plan = planOf(two);
    const state = after(plan, [waveStarted, admitted('a'), intended('a', 4), paused]);
    expect(decide(state, plan, T0)).toMatchObject({ work: ['a'], leave: false });
  });

  test('is followed by a fresh look at the units that rested', () => {
    const plan = planOf(two);
    const resumed = { kind: 'run-resumed', by: 'otto', reason: 'go', request: 2 } as const;
    const state = after(plan, [waveStarted, admitted('a'), paused, resumed]);
    const unit = [...state.units.values()].find((each) => each.unit === 'a');
    expect([unit?.kind, unit?.admitted, unit?.checkedBefore]).toEqual(['queued', false, false]);
  });

  test('lets soaking units be looked at', () => {
    const plan = planOf(two, { strategy: { parallel: 4, stopAfterFailures: 1, soakMs: HOUR_MS } });
    const state = after(plan, [waveStarted, admitted('a'), soaking('a', T0 + HOUR_MS), paused]);
    expect(decide(state, plan, T0 + HOUR_MS)).toMatchObject({ work: ['a'] });
  });
});

describe('an abort', () => {
  test('drops who was not admitted and ends every soak, and then leaves', () => {
    const plan = planOf(two);
    const state = after(plan, [waveStarted, admitted('a'), soaking('a', T0 + HOUR_MS), aborted]);
    const { events } = decide(state, plan, T0);
    expect(events).toMatchObject([
      { unit: 'a', as: 'done' },
      { unit: 'b', as: 'dropped', failure: false },
    ]);
    const over = after(plan, [waveStarted, admitted('a'), aborted, ...events]);
    expect(decide(over, plan, T0).events).toEqual([{ kind: 'run-finished' }]);
  });

  test('leaves a unit to the worker that is looking at it, and finishes after it', () => {
    const plan = planOf([unitPlanOf('a')]);
    const soaked = [waveStarted, admitted('a'), soaking('a', T0 + HOUR_MS), aborted];
    const atWork = new Set([unitId('a')]);
    expect(decide(after(plan, soaked), plan, T0, atWork)).toMatchObject({
      events: [],
      leave: false,
    });
    const over = after(plan, [...soaked, ended('a', 'done')]);
    expect(decide(over, plan, T0, atWork)).toMatchObject({ events: [], leave: false });
    expect(decide(over, plan, T0).events).toEqual([{ kind: 'run-finished' }]);
  });

  test('does not leave a unit in the middle of its change', () => {
    const plan = planOf([unitPlanOf('a')]);
    const state = after(plan, [waveStarted, admitted('a'), intended('a', 4), aborted]);
    expect(decide(state, plan, T0)).toMatchObject({ events: [], work: ['a'], leave: false });
  });
});

describe('a finished run', () => {
  test('decides nothing any more', () => {
    const plan = planOf(two);
    const state = after(plan, [{ kind: 'run-finished' }]);
    expect(decide(state, plan, T0)).toEqual({
      events: [],
      work: [],
      wakeAtMs: undefined,
      leave: true,
    });
  });
});
