import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runId } from '../../src/kernel/id.js';
import { recall } from '../../src/kernel/recall.js';
import type { Store } from '../../src/ports/store.js';
import type { Plan, UnitPlan } from '../../src/plan/plan.js';
import type { RunEvent } from '../../src/run/event.js';
import { readRun } from '../../src/run/run.js';
import { truth, wireLog } from '../../lab/world/wire-control.js';
import type { TruthRecord } from '../../lab/world/event-log.js';
import { isFateful, stepOf } from './near.js';
import { EOS, IOSXE, prepareNight, type Ended, type Night, type NightUnit } from './night.js';
import { unseenRepeats } from './observed.js';
import { mountSmallDisk, whyNoDisk, type SmallDisk } from './small-disk.js';

const DISK_BYTES = 8 * 1024 * 1024;
/** Real time in which a runner is gone that can journal no more. */
const END_MS_MAX = 30_000;
const units: readonly NightUnit[] = [
  { id: 'full-a', on: EOS, members: 1 },
  { id: 'full-b', on: IOSXE, members: 1 },
  { id: 'full-c', on: EOS, members: 1 },
  { id: 'full-d', on: IOSXE, members: 1 },
  { id: 'full-e', on: EOS, members: 1 },
];

interface Outcome {
  readonly plan: Plan;
  readonly run: string;
  readonly freeBytes: number;
  readonly first: Ended;
  readonly whileFull: Ended;
  readonly last: Ended;
  /** The journal as it was when the disk was full. */
  readonly kept: readonly RunEvent[];
  /** The lab's log when the first runner was gone, later with the disk still full, and in the end. */
  readonly logs: readonly [readonly string[], readonly string[], readonly string[]];
  readonly happened: readonly TruthRecord[];
  readonly endings: readonly string[];
}

async function planOf(store: Store): Promise<Plan> {
  const [row] = await store.rows('plan');
  if (!row) throw new Error('there is no plan');
  return recall<Plan>(row.value);
}

async function eventsOf(store: Store, run: string): Promise<readonly RunEvent[]> {
  const records = await store.journal.read(runId(run), 0);
  return records.map((each) => recall<RunEvent>(each.event));
}

/** Comes back as soon as some unit is about to go down, with others in the middle of their steps. */
async function untilFateful(night: Night, plan: Plan, ended: Promise<Ended>): Promise<string> {
  const plans = new Map<string, UnitPlan>(plan.body.units.map((each) => [each.unit, each]));
  let gone: Ended | undefined;
  void ended.then((each) => (gone = each));
  const store = await night.open();
  try {
    for (;;) {
      const [run] = await store.journal.runs();
      const events = run === undefined ? [] : await eventsOf(store, run);
      const isDue = events.some(
        (each) => each.kind === 'step-intent' && isFateful(stepOf(plans.get(each.unit), each)),
      );
      if (run !== undefined && isDue) return run;
      if (gone) throw new Error(`the run ended with ${gone.code}:\n${gone.out}`);
      await pause(2);
    }
  } finally {
    await store.close();
  }
}

async function reading<T>(night: Night, read: (store: Store) => Promise<T>): Promise<T> {
  const store = await night.open();
  try {
    return await read(store);
  } finally {
    await store.close();
  }
}

async function fillAndFree(night: Night, disk: SmallDisk): Promise<Outcome> {
  const plan = await reading(night, planOf);
  const runner = night.start('run', 'last');
  const run = await untilFateful(night, plan, runner.ended);
  disk.fill();
  const freeBytes = disk.freeBytes();
  const late = setTimeout(() => runner.kill('SIGKILL'), END_MS_MAX);
  const first = await runner.ended;
  clearTimeout(late);
  const atExit = await wireLog(night.labFolder);
  await pause(1500);
  const whileFull = await night.call('resume', run, '--reason', 'the disk may have room again');
  const stillFull = await wireLog(night.labFolder);
  disk.free();
  const kept = await reading(night, (store) => eventsOf(store, run));
  const last = await night.call('resume', run, '--reason', 'the disk has room again');
  const { state } = await reading(night, (store) => readRun(store, runId(run), plan));
  return {
    plan,
    freeBytes,
    first,
    whileFull,
    last,
    kept,
    run,
    logs: [atExit, stillFull, await wireLog(night.labFolder)],
    happened: await truth(night.labFolder),
    endings: [...state.units.values()].map((each) => `${each.unit} ${each.kind}`),
  };
}

/** Lines that arrived at a device, each as often as it did. */
function arrived(log: readonly string[], device: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of log) {
    const [, name, quoted] = /^\d+ (\S+) input \S+ (".*")$/s.exec(text) ?? [];
    if (name !== device || quoted === undefined) continue;
    const line = recall<string>(JSON.parse(quoted)).replace(/\r$/, '');
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return counts;
}

/** Lines of steps that arrived more often than durable intents allow. */
function unintended(plan: Plan, kept: readonly RunEvent[], log: readonly string[]): string[] {
  return plan.body.units.flatMap((unit) => {
    const allowed = new Map<string, number>();
    for (const each of kept) {
      if (each.kind !== 'step-intent' || each.unit !== unit.unit) continue;
      for (const { send } of stepOf(unit, each)?.commands ?? []) {
        allowed.set(send, (allowed.get(send) ?? 0) + 1);
      }
    }
    const lines = arrived(log, unit.unit);
    const known = new Set(unit.steps.flatMap((each) => each.commands.map(({ send }) => send)));
    return [...known]
      .filter((send) => (lines.get(send) ?? 0) > (allowed.get(send) ?? 0))
      .map((send) => `${unit.unit}: ${send}`);
  });
}

const inputs = (log: readonly string[]) => log.filter((each) => / input /.test(each)).length;

const refusal = whyNoDisk();
if (refusal !== undefined) {
  process.stderr.write(
    `\n*** NOT TESTED: a state directory on a full disk. ${refusal}. Run it as root on Linux. ***\n\n`,
  );
}
const onADisk = refusal === undefined ? describe : describe.skip;

onADisk(
  `a run whose disk becomes full${refusal === undefined ? '' : ` (skipped: ${refusal})`}`,
  () => {
    let disk: SmallDisk;
    let night: Night;
    let outcome: Outcome;

    beforeAll(async () => {
      disk = mountSmallDisk(DISK_BYTES);
      night = await prepareNight({
        units,
        speed: 150,
        parallel: 3,
        soak: 'PT2M',
        state: disk.state,
      });
      outcome = await fillAndFree(night, disk);
    }, 120_000);

    afterAll(async () => {
      await night?.end();
      disk?.end();
    }, 60_000);

    test('stops, and says what is full, where, and what to do', () => {
      const { first, freeBytes } = outcome;
      expect(freeBytes).toBe(0);
      expect([first.code, first.signal]).toEqual([1, null]);
      expect(first.out).toContain('error[state-unwritable]');
      expect(first.out).toContain(disk.state);
      expect(first.out).toMatch(/full/);
      expect(first.out).toMatch(/mend: .*room/i);
      expect(first.out).toContain('nightshift resume last --reason');
      expect(first.out).toContain('nightshift explain state-unwritable');
    });

    test('has sent no command whose intent is not on the disk', () => {
      const { plan, kept, logs } = outcome;
      expect(unintended(plan, kept, logs[0])).toEqual([]);
    });

    test('sends nothing to any device afterwards', () => {
      const [atExit, later] = outcome.logs;
      expect(inputs(atExit)).toBeGreaterThan(0);
      expect(inputs(later)).toBe(inputs(atExit));
    });

    test('does not begin again while the disk is full', () => {
      const { whileFull, kept } = outcome;
      expect(whileFull.code).toBe(1);
      expect(whileFull.out).toContain('error[state-unwritable]');
      expect(whileFull.out).toContain(disk.state);
      expect(whileFull.out).toMatch(/mend: .*room/i);
      expect(kept.filter((each) => each.kind === 'runner-took-over')).toEqual([]);
    });

    test('goes on when there is room, to the ends that it would have come to', () => {
      const { last, endings, happened } = outcome;
      expect([last.code, last.out]).toEqual([0, expect.any(String)]);
      expect(endings).toEqual(units.map((each) => `${each.id} done`));
      const boots = happened.filter((each) => each.kind === 'boot').map((each) => each.device);
      expect(boots.toSorted()).toEqual(units.map((each) => each.id));
    });

    test('was cut off in the middle, and sends nothing again without having looked', async () => {
      const { kept, logs, run } = outcome;
      expect(kept.some((each) => each.kind === 'run-finished')).toBe(false);
      expect(inputs(logs[2])).toBeGreaterThan(inputs(logs[1]));
      expect(unseenRepeats(logs[2])).toEqual([]);
      await night.must('audit', 'verify', run);
    });
  },
);
