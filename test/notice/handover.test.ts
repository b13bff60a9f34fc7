import { beforeEach, describe, expect, test } from '@jest/globals';
import { runId, unitId } from '../../src/kernel/id.js';
import { toJson } from '../../src/kernel/recall.js';
import type { World } from '../../src/ports/world.js';
import type { Driver } from '../../src/driver/driver.js';
import { handoverLines } from '../../src/cli/handover-text.js';
import { noticing } from '../../src/notice/noticing.js';
import type { RunEvent } from '../../src/run/event.js';
import type { RunRow } from '../../src/run/run.js';
import { createMemoryStore, type MemoryStore } from '../../src/store/memory-store.js';
import { OPENS_MS, samplePlan, step, unitPlan } from '../cli/sample-plan.js';
import { fixedClock } from '../store/fixed-clock.js';

const MINUTE_MS = 60_000;
const nowMs = OPENS_MS + 30 * MINUTE_MS;
const run = runId('20270327T2100Z-ab12');
const steps = [
  step('copy'),
  step('reload', { phase: 'activate', title: 'Reload the switch' }),
  step('commit', { phase: 'commit' }),
];
const plan = samplePlan(['sw1', 'sw2', 'sw3', 'sw4'].map((name) => unitPlan(name, { steps })));
const row: RunRow = { run, plan: plan.digest, by: 'otto', mode: 'run', startedAtMs: OPENS_MS };
let store: MemoryStore;

const ended = (name: string, as: 'done' | 'held', why: string, next = ''): RunEvent => ({
  kind: 'unit-ended',
  unit: unitId(name),
  as,
  why,
  next,
  failure: as === 'held',
  healthy: as === 'done',
  code: '',
});
const reload = (name: string): RunEvent => ({
  kind: 'step-intent',
  unit: unitId(name),
  list: 'forward',
  step: 1,
  id: 'reload',
  attempt: 1,
  known: {},
});
const copied = (name: string): RunEvent => ({
  kind: 'step-done',
  unit: unitId(name),
  list: 'forward',
  step: 0,
  id: 'copy',
  skipped: false,
  why: '',
  known: {},
});
const admitted = (name: string): RunEvent => ({
  kind: 'unit-admitted',
  unit: unitId(name),
  wave: 0,
});

async function happen(...events: readonly RunEvent[]): Promise<void> {
  const entries = events.map((each) => ({ atMs: OPENS_MS + MINUTE_MS, event: toJson(each) }));
  await store.journal.append(run, 1, entries);
}

function desk() {
  const driver = { platform: { commitTimerMs: 120 * MINUTE_MS } } as unknown as Driver;
  return noticing({
    world: { store, clock: fixedClock(nowMs) } as unknown as World,
    drivers: async () => new Map([['lab_test', driver]]),
    planOf: async () => plan,
  });
}

beforeEach(async () => {
  store = createMemoryStore(fixedClock(nowMs));
  await store.journal.takeOver(run);
  await happen({ kind: 'run-started', plan: plan.digest, by: 'otto', mode: 'run' });
});

describe('a hand-over', () => {
  test('says what is done, held and under way, the timers on devices, and what comes next', async () => {
    await store.holdRunner(`otto, run ${run}`);
    await happen(
      ...['sw1', 'sw2', 'sw3'].map(admitted),
      ended('sw1', 'done', 'upgraded and checked'),
      reload('sw2'),
      ended('sw2', 'held', 'it asks: overwrite?', 'look at its console'),
      copied('sw3'),
      reload('sw3'),
    );
    const found = await desk().handover(row);
    expect(found.done.map((each) => each.unit)).toEqual(['sw1']);
    expect(found.notStarted.map((each) => each.unit)).toEqual(['sw4']);
    const text = handoverLines(found, 'The run is not over.').join('\n');
    expect(text).toMatch(/NEED A PERSON\n {2}- sw2 \(ams\): held: it asks: overwrite\?/);
    expect(text).toMatch(
      /until Sun .* 23:01Z\): the device goes back to its old release by itself/,
    );
    expect(text).toMatch(/Being changed now\n {2}- sw3 \(ams\): reloading, Reload the switch/);
    expect(text).toMatch(/window nights closes Sun 2027-03-28 03:00 \+02:00/);
    expect(text).toContain('sw2: look at its console');
    expect(text).toMatch(/at work: otto, run/);
    expect(text.split('\n').every((line) => line === line.trimEnd())).toBe(true);
  });

  test('says who took what in hand, and what nobody did', async () => {
    const held = ended('sw1', 'held', 'unknown', 'look at it');
    await happen(admitted('sw1'), held, { kind: 'run-stopped', why: 'budget', code: '' });
    const found = await desk().handover(row);
    // Nobody has read the journal yet: there is nothing to acknowledge.
    expect(found.notices).toEqual([]);
    const notice = {
      id: `${run}.3`,
      run,
      playbook: 'p',
      kind: 'hold',
      atMs: OPENS_MS,
      sites: [],
      groups: [],
      criticality: 'high',
      timeZone: 'UTC',
      what: 'sw1 is held',
      state: '',
      next: '',
      type: [],
      deadlines: [],
      needsPerson: true,
    } as const;
    const raised = { kind: 'raised', notice, channels: ['ops'] } as const;
    await store.put('notice', { key: run, atMs: OPENS_MS, value: toJson(raised) });
    const open = handoverLines(await desk().handover(row), '').join('\n');
    expect(open).toContain('NOT ACKNOWLEDGED');
    expect(open).toContain('1 notice(s) not acknowledged');
    const ack = { notices: [notice.id], by: 'anna', reason: 'driving there' };
    await desk().acknowledge(run, ack);
    const text = handoverLines(await desk().handover(row), '').join('\n');
    expect(text).toContain('taken in hand by anna: driving there');
    expect(text).not.toContain('not acknowledged');
    expect(text).toContain('it stopped: nightshift resume');
  });
});
