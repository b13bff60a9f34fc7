import { runId, type InstantMs, type RunId, type UnitId } from '../kernel/id.js';
import type { Plan } from '../plan/plan.js';
import type { RunEvent } from '../run/event.js';
import { isOver, unitPlanOf, type RunState } from '../run/state.js';
import type { DeviceTimers } from './device-timer.js';
import { highest, type Deadline, type Notice } from './notice.js';

/** What a notice is made in view of. */
export interface Scene {
  readonly run: RunId;
  readonly plan: Plan;
  readonly groupsOf: (unit: UnitId) => readonly string[];
  readonly state: RunState;
  readonly atMs: InstantMs;
  readonly timers: DeviceTimers;
}

type Ended = Extract<RunEvent, { kind: 'unit-ended' }>;
type Told = Pick<Notice, 'kind' | 'what' | 'state' | 'next' | 'type' | 'needsPerson'>;

/** `12 done, 1 held, 3 queued`. */
export function tally(state: RunState): string {
  const counts = new Map<string, number>();
  for (const { kind } of state.units.values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}

function sharedZone(plan: Plan, units: readonly UnitId[]): string {
  const zones = new Set(
    units.flatMap((unit) => unitPlanOf(plan, unit)?.windows.map((each) => each.timeZone) ?? []),
  );
  const [first = 'UTC'] = zones;
  return zones.size === 1 ? first : 'UTC';
}

function windowEnd(plan: Plan, unit: UnitId, atMs: InstantMs): readonly Deadline[] {
  const open = unitPlanOf(plan, unit)?.windows.find(
    (each) => each.startMs <= atMs && atMs < each.endMs,
  );
  return open ? [{ what: `its window ${open.window} closes`, atMs: open.endMs }] : [];
}

/** The last instant at which a unit that was not come to has a window. */
function lastChance({ plan, state, atMs }: Scene): readonly Deadline[] {
  const waiting = plan.body.units.filter((each) => {
    const unit = state.units.get(each.unit);
    return unit !== undefined && !isOver(unit);
  });
  const ends = waiting.flatMap((each) => each.windows.map((window) => window.endMs));
  const lastMs = Math.max(0, ...ends);
  return lastMs > atMs ? [{ what: 'the last window of the plan closes', atMs: lastMs }] : [];
}

function ofUnit(scene: Scene, unit: UnitId, id: string, told: Told): Notice {
  const { run, plan, atMs } = scene;
  const unitPlan = unitPlanOf(plan, unit);
  return {
    id,
    run,
    playbook: plan.body.playbook.name,
    atMs,
    unit,
    sites: unitPlan ? [unitPlan.site] : [],
    groups: scene.groupsOf(unit),
    criticality: highest([unitPlan?.criticality ?? '']),
    timeZone: sharedZone(plan, [unit]),
    deadlines: [...scene.timers.of(unit, atMs), ...windowEnd(plan, unit, atMs)],
    ...told,
  };
}

/** A notice of the run as a whole. */
function ofRun(scene: Scene, id: string, told: Told): Notice {
  const { run, plan, atMs } = scene;
  const units = plan.body.units.map((each) => each.unit);
  return {
    id,
    run,
    playbook: plan.body.playbook.name,
    atMs,
    sites: [...new Set(plan.body.units.map((each) => each.site))],
    groups: [...new Set(units.flatMap((each) => scene.groupsOf(each)))],
    criticality: highest(plan.body.units.map((each) => each.criticality)),
    timeZone: sharedZone(plan, units),
    deadlines: told.kind === 'completed' ? [] : lastChance(scene),
    ...told,
  };
}

const look = (run: RunId) => [
  `nightshift status ${run} --handover`,
  `nightshift report ${run} --out report.html`,
];

function endedNotice(scene: Scene, event: Ended, id: string): Notice | undefined {
  const { unit, as, why, next } = event;
  const runs = `nightshift report ${scene.run} --out report.html`;
  switch (as) {
    case 'done':
      return undefined;
    case 'dropped':
      if (!event.failure) return undefined;
      return ofUnit(scene, unit, id, {
        kind: 'failure',
        what: `${unit} was not changed: ${why}`,
        state: 'as it was before; nothing was changed on it',
        next,
        type: [runs],
        needsPerson: false,
      });
    case 'reverted':
      return ofUnit(scene, unit, id, {
        kind: 'failure',
        what: `${unit} is rolled back: ${why}`,
        state: 'it runs its old version again, with its old configuration, and was checked',
        next,
        type: [runs],
        needsPerson: false,
      });
    case 'held':
    case 'quarantined':
    case 'lost':
      return ofUnit(scene, unit, id, {
        kind: 'hold',
        what: `${unit} is ${as}: ${why}`,
        state:
          as === 'lost'
            ? 'it does not answer; nothing more is sent to it'
            : 'as it was when this happened; nothing more is sent to it',
        next,
        type: [...look(scene.run), `nightshift ack ${id} --reason "..."`],
        needsPerson: true,
      });
  }
}

/** It is told before it ends: until then the unit is down. */
function goingBack(scene: Scene, unit: UnitId, about: { why: string; id: string }): Notice {
  const unitPlan = unitPlanOf(scene.plan, unit);
  const overMs = scene.atMs + (unitPlan?.rollbackWorstMs ?? 0);
  const notice = ofUnit(scene, unit, about.id, {
    kind: 'failure',
    what: `${unit} failed and is being rolled back: ${about.why}`,
    state: 'on its way back to its old version; its service is interrupted',
    next: '',
    type: [`nightshift attach ${scene.run}`],
    needsPerson: false,
  });
  const deadline = { what: 'the rollback is over at the latest', atMs: overMs };
  return { ...notice, deadlines: [deadline, ...notice.deadlines] };
}

type RunWide = Extract<
  RunEvent,
  { kind: 'run-stopped' | 'run-aborted' | 'run-paused' | 'run-finished' }
>;

function stoppedTold({ run, state }: Scene, why: string, id: string): Told {
  return {
    kind: 'stopped',
    what: `the run stopped: ${why}`,
    state: `${tally(state)}; units under way are finished or rolled back, no other is begun`,
    next: 'find the cause; then let it go on, or leave the rest to a new plan',
    type: [`nightshift resume ${run} --reason "..."`, `nightshift ack ${id} --reason "..."`],
    needsPerson: true,
  };
}

function finishedTold({ run, state, plan }: Scene): Told {
  const all = [...state.units.values()].every((each) => each.ended?.as === 'done');
  const own = plan.body.playbook.name;
  const name = state.mode === 'stage' ? `the staging of ${own}` : own;
  return {
    kind: 'completed',
    what: all ? `${name} is complete` : `${name} ended, not complete`,
    state: tally(state),
    next: all ? '' : 'read the report: it says what is left to do on each unit',
    type: [`nightshift report ${run} --out report.html`],
    needsPerson: false,
  };
}

function runTold(scene: Scene, event: RunWide, id: string): Told {
  const { run, state } = scene;
  const going = `${tally(state)}; units under way come to a safe point`;
  switch (event.kind) {
    case 'run-stopped':
      return stoppedTold(scene, event.why, id);
    case 'run-finished':
      return finishedTold(scene);
    case 'run-paused':
      return {
        kind: 'paused',
        what: `the run was paused by ${event.by}: ${event.reason}`,
        state: going,
        next: 'let it go on before its window closes',
        type: [`nightshift resume ${run} --reason "..."`],
        needsPerson: false,
      };
    case 'run-aborted':
      return {
        kind: 'stopped',
        what: `the run was aborted by ${event.by}: ${event.reason}`,
        state: going,
        next: '',
        type: look(run),
        needsPerson: false,
      };
  }
}

/** The notice that an event of the journal gives cause for, if any. */
export function noticeOf(scene: Scene, event: RunEvent, seq: number): Notice | undefined {
  const id = `${scene.run}.${seq}`;
  switch (event.kind) {
    case 'unit-ended':
      return endedNotice(scene, event, id);
    case 'rollback-started':
      return goingBack(scene, event.unit, { why: event.why, id });
    case 'run-stopped':
    case 'run-aborted':
    case 'run-paused':
    case 'run-finished':
      return ofRun(scene, id, runTold(scene, event, id));
    default:
      return undefined;
  }
}

/** The unit is still changing as its window closes. */
export function overrunOf(scene: Scene, unit: UnitId, windowEndMs: InstantMs): Notice {
  const at = { ...scene, atMs: windowEndMs };
  const found = scene.state.units.get(unit);
  const isBack = found?.list === 'rollback';
  return ofUnit(at, unit, `${scene.run}.overrun.${unit}.${windowEndMs}`, {
    kind: 'overrun',
    what: `${unit} is still being changed as its window closes`,
    state: isBack ? 'it is being rolled back' : `${found?.kind ?? 'unknown'}: it is being finished`,
    next: 'tell those who use it; the change goes on to its end, since stopping half-way is worse',
    type: [`nightshift attach ${scene.run}`, `nightshift status ${scene.run} --handover`],
    needsPerson: true,
  });
}

/** Nobody works on a run that is not over. */
export function silentOf(scene: Scene, seq: number, what: string): Notice {
  const busy = [...scene.state.units.values()].filter(
    (each) => each.touched && !isOver(each) && each.kind !== 'soaking',
  );
  const names = busy.map((each) => each.unit).join(', ');
  return ofRun(scene, `${scene.run}.silent.${seq}`, {
    kind: 'silent',
    what,
    state: busy.length > 0 ? `in the middle of a change: ${names}` : tally(scene.state),
    next: 'see what became of its process; a restart probes every unit before it sends anything',
    type: [`nightshift resume ${scene.run} --reason "..."`],
    needsPerson: true,
  });
}

/** Nothing happened: somebody tries a channel. */
export function testNotice(by: string, atMs: InstantMs): Notice {
  return {
    id: `test.${atMs}`,
    run: runId('test'),
    playbook: 'a test',
    kind: 'completed',
    atMs,
    sites: [],
    groups: [],
    criticality: 'low',
    timeZone: 'UTC',
    what: `${by} tries this channel`,
    state: 'all is well',
    next: '',
    type: [],
    deadlines: [],
    needsPerson: false,
  };
}
