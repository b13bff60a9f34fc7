import { digestOf } from '../../src/kernel/digest.js';
import { personId, planDigest, unitId } from '../../src/kernel/id.js';
import type { Phase, Step } from '../../src/driver/step.js';
import type { Plan, PlanBody, UnitPlan } from '../../src/plan/plan.js';
import type { RunEvent } from '../../src/run/event.js';
import { fold, initialState, type RunState, type UnitState } from '../../src/run/state.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const T0 = Date.UTC(2027, 0, 9, 22);

/** A step of ten minutes at most; only the reload disrupts. */
export function stepOf(id: string, phase: Phase, change: Partial<Step> = {}): Step {
  return {
    id,
    kind: `test.${id}`,
    version: 1,
    phase,
    title: id,
    params: {},
    commands: [],
    disrupts: phase === 'activate' ? 'whole device' : 'nothing',
    pointOfNoReturn: phase === 'activate',
    expectedMs: MINUTE_MS,
    maxMs: 10 * MINUTE_MS,
    settleMs: phase === 'activate' ? 3 * MINUTE_MS : 5000,
    ...change,
  };
}

export const STEPS: readonly Step[] = [
  stepOf('backup', 'prepare'),
  stepOf('copy', 'stage'),
  stepOf('drain', 'drain'),
  stepOf('boot', 'arm'),
  stepOf('reload', 'activate'),
  stepOf('version', 'verify'),
  stepOf('undrain', 'undrain'),
  stepOf('save', 'commit'),
];

export const ROLLBACK: readonly Step[] = [
  stepOf('unboot', 'arm'),
  stepOf('reload back', 'activate'),
  stepOf('old version', 'verify'),
];

/** Steps that need the window: six forward and three back, ten minutes each. */
export const WORST_MS = 60 * MINUTE_MS;
export const ROLLBACK_WORST_MS = 30 * MINUTE_MS;

export function windowOf(startMs: number, lengthMs: number) {
  return { window: 'night', startMs, endMs: startMs + lengthMs, timeZone: 'UTC', notes: [] };
}

export function unitPlanOf(id: string, change: Partial<UnitPlan> = {}): UnitPlan {
  return {
    unit: unitId(id),
    address: '192.0.2.7',
    site: 'ams',
    criticality: 'normal',
    neighbours: [],
    fromVersion: '1.0',
    toVersion: '2.0',
    hops: [],
    images: [
      {
        name: 'image',
        fileName: 'image.bin',
        path: '/images/image.bin',
        version: '2.0',
        sizeBytes: 1000,
        sha512: 'aa',
        md5: 'bb',
      },
    ],
    material: {
      platform: 'test',
      model: 'T1',
      serials: [id],
      runningVersion: '1.0',
      nextBoot: 'old.bin',
      configDigest: 'config',
      hostKey: 'key',
    },
    steps: STEPS,
    rollback: ROLLBACK,
    windows: [windowOf(T0, 10 * HOUR_MS)],
    windowRules: ['night'],
    basis: digestOf(id),
    expectedMs: 8 * MINUTE_MS,
    worstMs: WORST_MS,
    checksWorstMs: 0,
    rollbackWorstMs: ROLLBACK_WORST_MS,
    backOutDeadlineMs: T0 + 10 * HOUR_MS - ROLLBACK_WORST_MS,
    ...change,
  };
}

/** A plan of these units; one wave of all of them unless told. */
export function planOf(units: readonly UnitPlan[], change: Partial<PlanBody> = {}): Plan {
  const wave = { name: 'wave 1', units: units.map((each) => each.unit), soakMs: 0, together: [] };
  const body: PlanBody = {
    format: 1,
    playbook: { name: 'campus', summary: '', digest: digestOf('playbook') },
    author: personId('otto'),
    createdAtMs: T0 - HOUR_MS,
    units,
    waves: [wave],
    leftOut: [],
    strategy: { parallel: 4, stopAfterFailures: 1, soakMs: 0 },
    checks: { before: [], after: [] },
    rollback: 'automatic',
    approval: {
      quorum: 1,
      lab: 'optional',
      evidence: 'none',
      expiresMs: 30 * 24 * HOUR_MS,
      roster: [],
    },
    redundancyGroups: [],
    ...change,
  };
  return { digest: planDigest(digestOf(body)), body };
}

/** The state after these events, each a second after the one before. */
export function after(plan: Plan, events: readonly RunEvent[], fromMs = T0): RunState {
  return events.reduce(
    (state, event, index) => fold(state, event, fromMs + index * 1000, plan),
    initialState(plan),
  );
}

export function unitIn(state: RunState, id: string): UnitState {
  const unit = state.units.get(unitId(id));
  if (!unit) throw new Error(`no unit ${id}`);
  return unit;
}

export const admitted = (id: string): RunEvent => ({
  kind: 'unit-admitted',
  unit: unitId(id),
  wave: 0,
});

export const checked = (
  id: string,
  when: 'before' | 'after' | 'soak',
  passed = true,
): RunEvent => ({
  kind: 'unit-checked',
  unit: unitId(id),
  when,
  passed,
  outcomes: passed ? [] : [{ kind: 'failed', name: 'a check', why: 'it is not so' }],
});

const at = (id: string, step: number, list: 'forward' | 'rollback' = 'forward') => ({
  unit: unitId(id),
  list,
  step,
  id: (list === 'forward' ? STEPS : ROLLBACK)[step]?.id ?? '',
});

export const intended = (id: string, step: number, list?: 'rollback'): RunEvent => ({
  kind: 'step-intent',
  ...at(id, step, list),
  attempt: 1,
  known: {},
});

export const acted = (
  id: string,
  step: number,
  result: 'acted' | 'refused' | 'ambiguous' = 'acted',
): RunEvent => ({ kind: 'step-acted', ...at(id, step), result, why: '', known: {} });

export const stepDone = (id: string, step: number, list?: 'rollback'): RunEvent => ({
  kind: 'step-done',
  ...at(id, step, list),
  skipped: false,
  why: '',
  known: {},
});

export const stepFailed = (id: string, step: number, list?: 'rollback'): RunEvent => ({
  kind: 'step-failed',
  ...at(id, step, list),
  why: 'it broke',
});

export const rolledBack = (id: string): RunEvent => ({
  kind: 'rollback-started',
  unit: unitId(id),
  why: 'it broke',
});

export const soaking = (id: string, untilMs: number): RunEvent => ({
  kind: 'unit-soaking',
  unit: unitId(id),
  untilMs,
});

export const ended = (
  id: string,
  as: 'done' | 'dropped' | 'reverted' | 'held' | 'quarantined' | 'lost',
  about: { readonly failure?: boolean; readonly healthy?: boolean } = {},
): RunEvent => ({
  kind: 'unit-ended',
  unit: unitId(id),
  as,
  why: 'so it is',
  next: '',
  code: '',
  failure: about.failure ?? as !== 'done',
  healthy: about.healthy ?? ['done', 'dropped', 'reverted'].includes(as),
});

const byPeople = { by: 'otto', reason: 'because', request: 0 };
export const paused: RunEvent = { kind: 'run-paused', ...byPeople };
export const resumed: RunEvent = { kind: 'run-resumed', ...byPeople };
export const aborted: RunEvent = { kind: 'run-aborted', ...byPeople };
export const waveStarted: RunEvent = { kind: 'wave-started', wave: 0 };

/** Every forward step of a unit, checks included, up to and including the last. */
export function upgraded(id: string): readonly RunEvent[] {
  return STEPS.flatMap((step, index) => [
    ...(step.phase === 'commit' ? [checked(id, 'after')] : []),
    intended(id, index),
    acted(id, index),
    stepDone(id, index),
  ]);
}
