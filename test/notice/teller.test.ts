import { beforeEach, describe, expect, test } from '@jest/globals';
import { Fault } from '../../src/kernel/fault.js';
import { personId, runId, unitId, type UnitId } from '../../src/kernel/id.js';
import { toJson } from '../../src/kernel/recall.js';
import type { Clock } from '../../src/ports/clock.js';
import type { Delivered, NoticeCourier } from '../../src/ports/notice-courier.js';
import type { World } from '../../src/ports/world.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import type { Ground } from '../../src/notice/docket.js';
import { readMutes } from '../../src/notice/mute.js';
import { putNoticeRow, readOutbox } from '../../src/notice/outbox.js';
import { usualRules, type NoticeRules } from '../../src/notice/rules.js';
import { Teller } from '../../src/notice/teller.js';
import type { RunEvent } from '../../src/run/event.js';
import { createMemoryStore, type MemoryStore } from '../../src/store/memory-store.js';
import { CLOSES_MS, OPENS_MS, samplePlan, step, unitPlan } from '../cli/sample-plan.js';

const MINUTE_MS = 60_000;
const run = runId('r1');
const sw1 = unitId('sw1');
const plan = samplePlan([
  unitPlan('sw1', {
    steps: [
      step('copy'),
      step('reload', { phase: 'activate' }),
      step('commit', { phase: 'commit' }),
    ],
  }),
  unitPlan('sw2', { criticality: 'low' }),
]);

/** A clock that a test moves, timers and all. */
function handClock() {
  let nowMs = OPENS_MS;
  const clock: Clock = {
    now: () => nowMs,
    steadyMs: () => nowMs,
    monotonicMs: () => nowMs,
    timer: () => () => undefined,
    monotonicTimer: () => () => undefined,
  };
  return { clock, pass: (ms: number) => (nowMs += ms), set: (ms: number) => (nowMs = ms) };
}

interface Sent {
  readonly to: readonly string[];
  readonly delivery: string;
  readonly text: string;
}

const people = [
  { id: personId('otto'), name: 'Otto', role: 'engineer', mayApprove: false, mail: 'otto@x.net' },
  { id: personId('anna'), name: 'Anna', role: 'supervisor', mayApprove: true, mail: 'anna@x.net' },
  { id: personId('bea'), name: 'Bea', role: 'vice-president', mayApprove: true, mail: 'b@x.net' },
] as const;
const nothing = { events: [], criticality: [], sites: [], groups: [] };
const inventory = {
  people,
  units: [{ id: sw1, device: { groups: ['access'] } }],
} as unknown as Inventory;
const mail = {
  name: 'ops',
  filter: nothing,
  kind: 'mail',
  server: { host: 'mail', port: 587, security: 'starttls' },
  from: 'n@x.net',
  to: [],
} as const;

const hand = handClock();
let store: MemoryStore;
let sent: Sent[] = [];
let calls: { readonly action: string; readonly mute: string; readonly until: string }[] = [];
let answer: () => Promise<Delivered>;
let reread: () => Promise<Ground>;

const courier: NoticeCourier = {
  mail: async ({ to, delivery, text }) => {
    const outcome = await answer();
    if (outcome.kind === 'delivered') sent.push({ to, delivery, text });
    return outcome;
  },
  post: async ({ body }) => {
    calls.push(JSON.parse(body));
    return answer();
  },
  run: () => Promise.resolve({ kind: 'undelivered', why: 'no' }),
};

function tellerOf(rules: Partial<NoticeRules> = {}): Teller {
  const world = { clock: hand.clock, store, courier, log: { write: () => undefined } };
  return new Teller({
    world: world as unknown as World,
    ground: { inventory, rules: { ...usualRules, channels: [mail], ...rules } },
    reread: () => reread(),
    planOf: (digest) =>
      digest === plan.digest
        ? Promise.resolve(plan)
        : Promise.reject(new Fault('plan-not-found', 'no plan of that digest')),
    commitTimerMs: () => 120 * MINUTE_MS,
    holder: 'tess',
  });
}

async function look(teller: Teller): Promise<number | undefined> {
  await teller.look();
  await teller.idle();
  const next = await teller.look();
  await teller.idle();
  return next;
}

async function happen(...events: readonly RunEvent[]): Promise<void> {
  const entries = events.map((each) => ({ atMs: hand.clock.now(), event: toJson(each) }));
  await store.journal.append(run, 1, entries);
}

const at = (id: string, number: number) =>
  ({ unit: sw1, list: 'forward', step: number, id }) as const;
const held = (unit: UnitId, why = 'the console asks something'): RunEvent => ({
  kind: 'unit-ended',
  unit,
  as: 'held',
  why,
  next: 'look at it',
  failure: true,
  healthy: false,
  code: '',
});
const finished: RunEvent = { kind: 'run-finished' };

beforeEach(async () => {
  hand.set(OPENS_MS + MINUTE_MS);
  store = createMemoryStore(hand.clock);
  sent = [];
  calls = [];
  answer = () => Promise.resolve({ kind: 'delivered' });
  reread = () => Promise.reject(new Error('it cannot be read now'));
  await store.journal.takeOver(run);
  const row = { run, plan: plan.digest, by: 'tess', mode: 'run', startedAtMs: hand.clock.now() };
  await store.put('run', { key: run, atMs: hand.clock.now(), value: row });
  await store.holdRunner(`tess, run ${run}`);
  await happen(
    { kind: 'run-started', plan: plan.digest, by: 'tess', mode: 'run' },
    { kind: 'unit-admitted', unit: sw1, wave: 0 },
  );
});

describe('a notice', () => {
  test('says what happened, the state, who must act, what to type, and every deadline', async () => {
    await happen({ kind: 'step-intent', attempt: 1, known: {}, ...at('reload', 1) }, held(sw1));
    await look(tellerOf());
    expect(sent).toHaveLength(1);
    const text = sent[0]?.text ?? '';
    expect(sent[0]?.to).toEqual(['otto@x.net']);
    expect(text).toContain('sw1 is held: the console asks something');
    expect(text).toContain('Who must act:  Otto (engineer)');
    expect(text).toMatch(/State now: .*nothing more is sent to it/);
    expect(text).toContain('nightshift ack r1.4 --reason "..."');
    expect(text).toMatch(
      /23:01 .*21:01Z.*: the device goes back to its old release by itself|00:01/,
    );
    expect(text).toMatch(/Deadline:.*its window nights closes/);
  });

  test('is made of the journal once, whoever reads it again', async () => {
    await happen(held(sw1), finished);
    const first = tellerOf();
    await look(first);
    await first.close(0);
    await look(tellerOf());
    expect(sent.map((each) => each.delivery)).toEqual(['r1.3/ops/1', 'r1.4/ops/1']);
  });

  test('tells of a unit that is still changing as its window closes', async () => {
    await happen({ kind: 'step-intent', attempt: 1, known: {}, ...at('reload', 1) });
    const teller = tellerOf({ silentMs: 86_400_000 });
    expect(await look(teller)).toBe(CLOSES_MS);
    hand.set(CLOSES_MS);
    await look(teller);
    expect(sent.map((each) => each.delivery)).toEqual([`r1.overrun.sw1.${CLOSES_MS}/ops/1`]);
  });

  test('tells that nobody works on a run that is not over', async () => {
    const orphan = store.reopen();
    store.crash();
    store = orphan;
    const teller = tellerOf();
    await look(teller);
    hand.pass(6 * MINUTE_MS);
    await look(teller);
    await look(teller);
    expect(sent.map((each) => each.delivery)).toEqual(['r1.silent.2/ops/1']);
    expect(sent[0]?.text).toContain('nobody works on it');
  });

  test('tells of a failure as the rollback begins, with its end, and again when it is over', async () => {
    const back = {
      ...held(sw1, 'it boots the old image'),
      as: 'reverted',
      healthy: true,
    } as RunEvent;
    await happen(
      { kind: 'step-intent', attempt: 1, known: {}, ...at('reload', 1) },
      { kind: 'rollback-started', unit: sw1, why: 'it boots the old image' },
      back,
    );
    await look(tellerOf());
    const [first, second] = sent;
    expect(first?.text).toContain('sw1 failed and is being rolled back: it boots the old image');
    expect(first?.text).toMatch(/21:21Z\): the rollback is over at the latest/);
    expect(first?.text).toContain('Who must act:  nobody');
    expect(second?.text).toContain('State now:     it runs its old version again');
  });

  test('tells of a runner that holds its place and shows no sign of life', async () => {
    const teller = tellerOf();
    hand.pass(4 * MINUTE_MS);
    await look(teller);
    expect(sent).toEqual([]);
    hand.pass(2 * MINUTE_MS);
    await look(teller);
    expect(sent[0]?.text).toMatch(/the runner gives no sign of life: tess, run r1/);
  });

  test('is not given of a run that nobody waits for any more', async () => {
    const left = store.reopen();
    store.crash();
    store = left;
    const teller = tellerOf();
    hand.set(CLOSES_MS + MINUTE_MS);
    await look(teller);
    hand.pass(10 * MINUTE_MS);
    await look(teller);
    expect(sent).toEqual([]);
  });

  test('is given whatever became of the records of another run', async () => {
    const lost = runId('r0');
    const row = { run: lost, plan: 'gone', by: 't', mode: 'run', startedAtMs: hand.clock.now() };
    await store.put('run', { key: lost, atMs: hand.clock.now(), value: row });
    await happen(finished);
    await look(tellerOf());
    expect(sent.map((each) => each.delivery)).toEqual(['r1.3/ops/1']);
  });

  test('is kept from channels that ask for others', async () => {
    await happen(held(sw1), held(unitId('sw2')), finished);
    const filter = { ...nothing, events: ['hold'], criticality: ['low'] } as const;
    await look(tellerOf({ channels: [{ ...mail, filter }] }));
    expect(sent.map((each) => each.delivery)).toEqual(['r1.4/ops/1']);
  });
});

describe('the outbox', () => {
  test('holds what a crash kept from being sent, for whoever comes next', async () => {
    await happen(held(sw1));
    answer = () => new Promise(() => undefined);
    await tellerOf().look();
    expect(await readOutbox(store, run)).toHaveLength(1);
    const left = store.reopen();
    store.crash();
    store = left;
    answer = () => Promise.resolve({ kind: 'delivered' });
    await look(tellerOf());
    expect(sent.map((each) => each.delivery)).toEqual(['r1.3/ops/1']);
  });

  test('tries again later and later, and gives up in the end, until somebody asks again', async () => {
    await happen(finished);
    answer = () => Promise.resolve({ kind: 'undelivered', why: 'connection refused' });
    const teller = tellerOf();
    const waits: number[] = [];
    for (let next = await look(teller); next !== undefined; next = await look(teller)) {
      waits.push((next - hand.clock.now()) / 1000);
      hand.set(next);
    }
    expect(waits.slice(0, 8)).toEqual([10, 30, 60, 120, 300, 600, 1200, 1200]);
    expect(waits).toHaveLength(24);
    const [entry] = await readOutbox(store, run);
    expect(entry?.deliveries[0]).toMatchObject({ state: 'given up', why: 'connection refused' });
    answer = () => Promise.resolve({ kind: 'delivered' });
    const row = { kind: 'revived', deliveries: ['r1.3/ops/1'], by: 'tess' } as const;
    await putNoticeRow(store, run, { row, atMs: hand.clock.now() });
    hand.pass(MINUTE_MS);
    await look(teller);
    expect(sent).toHaveLength(1);
  });

  test('follows notices.yaml as it is edited; what cannot be read changes nothing', async () => {
    const teller = tellerOf();
    await look(teller);
    hand.pass(MINUTE_MS);
    await happen(held(sw1));
    await look(teller);
    expect(sent.map((each) => each.delivery)).toEqual(['r1.3/ops/1']);
    const night = { ...mail, name: 'night' };
    reread = async () => ({ inventory, rules: { ...usualRules, channels: [night] } });
    hand.pass(MINUTE_MS);
    await happen(finished);
    await look(teller);
    expect(sent.map((each) => each.delivery)).toEqual(['r1.3/ops/1', 'r1.4/night/1']);
  });

  test('is emptied before its process ends, one thing after the other', async () => {
    await happen(held(sw1), held(unitId('sw2')), finished);
    await tellerOf().close(10_000);
    expect(sent.map((each) => each.delivery)).toEqual(['r1.3/ops/1', 'r1.4/ops/1', 'r1.5/ops/1']);
  });

  test('is emptied by one process at a time', async () => {
    await happen(held(sw1));
    const first = tellerOf();
    await look(first);
    const second = tellerOf();
    await look(second);
    expect(await second.isSettled(run)).toBeUndefined();
    expect(sent).toHaveLength(1);
    await first.close(0);
    hand.pass(10_000);
    await look(second);
    expect(await second.isSettled(run)).toBe(false);
    expect(sent).toHaveLength(1);
  });
});

describe('escalation', () => {
  const late = { silentMs: 86_400_000 };

  test('goes on to the next level until somebody acknowledges', async () => {
    await happen(held(sw1));
    const teller = tellerOf(late);
    const next = await look(teller);
    expect(next).toBe(hand.clock.now() + 15 * MINUTE_MS);
    hand.set(next ?? 0);
    await look(teller);
    expect(sent.map((each) => each.to)).toEqual([['otto@x.net'], ['anna@x.net']]);
    expect(sent[1]?.text).toContain('Nobody has acknowledged this for 15 minutes');
    const row = { kind: 'acknowledged', notices: ['r1.3'], by: 'anna', reason: 'mine' } as const;
    await putNoticeRow(store, run, { row, atMs: hand.clock.now() });
    hand.pass(10 * 60 * MINUTE_MS);
    await look(teller);
    expect(sent).toHaveLength(2);
    expect(await teller.isSettled(run)).toBe(true);
    const [entry] = await readOutbox(store, run);
    expect(entry?.acknowledged).toMatchObject({ by: 'anna', reason: 'mine' });
  });

  test('survives the process that began it, on the clock of the notice', async () => {
    await happen(held(sw1));
    const first = tellerOf(late);
    await look(first);
    await first.close(0);
    hand.pass(60 * MINUTE_MS);
    await look(tellerOf(late));
    expect(sent.map((each) => each.to)).toEqual([['otto@x.net'], ['anna@x.net'], ['b@x.net']]);
  });

  test('ends when what was asked for came about: a run that had stopped goes on', async () => {
    await happen({ kind: 'run-stopped', why: '1 of at most 1 failures', code: '' });
    const teller = tellerOf(late);
    expect(await look(teller)).toBeDefined();
    await happen({ kind: 'run-resumed', by: 'otto', reason: 'mended', request: 0 });
    expect(await look(teller)).toBeUndefined();
    expect(sent).toHaveLength(1);
  });

  test('wakes nobody for what needs no person', async () => {
    await happen(finished);
    const teller = tellerOf(late);
    expect(await look(teller)).toBeUndefined();
    expect(sent).toHaveLength(1);
  });
});

describe('mutes', () => {
  const hook = {
    name: 'monitoring',
    filter: nothing,
    kind: 'webhook',
    webhook: { url: 'https://m/', signature: { keyId: 'k', secret: 'env:K' } },
  } as const;
  const rules = { channels: [], mutes: [hook], silentMs: 86_400_000 };

  test('begin with the change of a unit, last to its worst case, and are lifted at its end', async () => {
    const teller = tellerOf(rules);
    await look(teller);
    expect(calls).toEqual([]);
    await happen({ kind: 'step-intent', attempt: 1, known: {}, ...at('reload', 1) });
    await look(teller);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ action: 'mute', scope: { unit: 'sw1', site: 'ams' } });
    const until = Date.parse(calls[0]?.until ?? '');
    // Two steps, the checks, the rollback.
    expect(until - hand.clock.now()).toBe(600_000 + 600_000 + 1_200_000);
    await happen({
      kind: 'unit-ended',
      unit: sw1,
      as: 'done',
      why: '',
      next: '',
      failure: false,
      healthy: true,
      code: '',
    });
    await look(teller);
    expect(calls.map((each) => each.action)).toEqual(['mute', 'lift']);
    await look(teller);
    expect(calls).toHaveLength(2);
  });

  test('are renewed while the unit is changed beyond its worst case', async () => {
    const teller = tellerOf(rules);
    await happen({ kind: 'step-intent', attempt: 1, known: {}, ...at('reload', 1) });
    await look(teller);
    hand.set(Date.parse(calls[0]?.until ?? '') - MINUTE_MS);
    await look(teller);
    expect(calls.map((each) => each.action)).toEqual(['mute', 'renew']);
    expect(Date.parse(calls[1]?.until ?? '')).toBe(hand.clock.now() + 15 * MINUTE_MS);
  });

  test('expire by themselves when we die', async () => {
    await happen({ kind: 'step-intent', attempt: 1, known: {}, ...at('reload', 1) });
    await look(tellerOf(rules));
    const left = store.reopen();
    store.crash();
    store = left;
    const book = await readMutes(store, run);
    expect(book.standings[0]?.quietUntilMs).toBe(Date.parse(calls[0]?.until ?? ''));
    // Nobody is at work: nothing is renewed, and what is no longer meant is lifted.
    await look(tellerOf(rules));
    expect(calls.map((each) => each.action)).toEqual(['mute', 'lift']);
  });
});
