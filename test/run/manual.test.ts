import { beforeAll, describe, expect, test } from '@jest/globals';
import { setStage, stageConductor, type Stage } from '../../lab/rehearse/rehearse.js';
import { makeTypist } from '../../lab/rehearse/typist.js';
import { runId, type RunId } from '../../src/kernel/id.js';
import { recall } from '../../src/kernel/recall.js';
import type { Driver } from '../../src/driver/driver.js';
import type { Plan } from '../../src/plan/plan.js';
import type { Conductor, RunWatcher } from '../../src/run/conductor.js';
import type { RunEvent } from '../../src/run/event.js';
import { askDesk, askOf, heard, type Ask, type Word } from '../../src/run/manual-word.js';
import { openAsk, type RunState } from '../../src/run/state.js';
import { checkLine, readOnlyPermit, sealedPermit } from '../../src/session/permission.js';
import { labNetwork, specs, type LabNetwork } from '../rehearse/network.js';

const RUN: RunId = runId('rehearsal');
let network: LabNetwork;

beforeAll(async () => {
  network = await labNetwork({ chosen: specs.slice(0, 1) });
});

/** What a person makes of being asked: does it, says a word without doing it, or does not answer. */
type Answer = 'type' | 'silence' | Word;

interface Night {
  readonly stage: Stage;
  readonly people: (answer: (ask: Ask) => Answer) => RunWatcher;
  readonly conductor: (watcher: RunWatcher) => Promise<Conductor>;
  readonly drive: (watcher: RunWatcher) => Promise<RunState>;
}

async function night(
  change: (plan: Plan) => Plan = (plan) => plan,
  drivers = network.drivers,
): Promise<Night> {
  const set = await setStage(network);
  const stage = { ...set, plan: change(set.plan) };
  const { plan, world } = stage;
  const { inventory } = network;
  const typist = makeTypist({
    inventory,
    drivers,
    plan,
    world: () => world,
    copies: 'self',
    run: RUN,
  });
  const people = (answer: (ask: Ask) => Answer): RunWatcher => ({
    onEvent(event, state, atMs) {
      if (event.kind !== 'step-intent' || !event.asks) return;
      const unit = state.units.get(event.unit);
      const unitPlan = plan.body.units.find((each) => each.unit === event.unit);
      const ask = unit && unitPlan && askOf(unit, unitPlan);
      if (!ask) return;
      const word = answer(ask);
      if (word === 'type') typist.onEvent?.(event, state, atMs);
      else if (word !== 'silence')
        void askDesk(world).speak({ run: RUN }, ask, { word, by: 'tess', remark: 'no time' });
    },
  });
  const conductor = (watcher: RunWatcher) =>
    stageConductor({ ...network, drivers, mode: 'manual', watcher }, stage, world);
  const drive = async (watcher: RunWatcher) =>
    stage.sim.scheduler.drain((await conductor(watcher)).drive());
  return { stage, people, conductor, drive };
}

const only = ({ units }: RunState) => [...units.values()][0];

async function events({ stage }: Night): Promise<readonly RunEvent[]> {
  return (await stage.store.journal.read(RUN, 0)).map((each) => recall<RunEvent>(each.event));
}

const asksIn = (all: readonly RunEvent[]) =>
  all.flatMap((each) => (each.kind === 'step-intent' && each.asks ? [each.id] : []));

/** The copy has no window; the drain is the first that has one. */
const untilStep = (id: string, then: Answer) => (ask: Ask) => (ask.step.id === id ? then : 'type');

describe('a person who is asked', () => {
  test('and refuses ends the unit as a device would that refuses', async () => {
    const made = await night();
    const state = await made.drive(made.people(() => 'refuse'));
    expect(only(state)?.ended).toMatchObject({ as: 'dropped' });
    expect(only(state)?.ended?.why).toContain('tess refuses: no time');
  });

  test('and refuses after changes is asked for each step of the way back that is needed', async () => {
    const made = await night();
    const state = await made.drive(made.people(untilStep('reload', 'refuse')));
    expect(only(state)?.ended).toMatchObject({ as: 'reverted' });
    const back = (await events(made)).filter(
      (each) => each.kind === 'step-intent' && each.list === 'rollback',
    );
    expect(back.length).toBeGreaterThan(0);
    expect(back.every((each) => each.kind === 'step-intent' && each.asks)).toBe(true);
  });

  test('and says done without doing it is asked again, told what the device shows, and not for ever', async () => {
    const made = await night();
    const state = await made.drive(made.people(() => 'done'));
    const all = await events(made);
    expect(asksIn(all)).toEqual(['stage-image', 'stage-image', 'stage-image']);
    const seen = all.flatMap((each) => (each.kind === 'step-intent' ? (each.seen ?? []) : []));
    expect(seen.at(-1)).toContain('is not there');
    expect(only(state)?.ended?.as).toBe('dropped');
  });

  test('and says stop leaves an untouched unit for later, which then goes on', async () => {
    const made = await night();
    const stopped = await made.drive(made.people(() => 'stop'));
    expect(stopped.stopped?.why).toContain('tess says stop at stage-image');
    expect(only(stopped)).toMatchObject({ touched: false, ended: undefined, intent: undefined });
    const again = await made.conductor(made.people(() => 'type'));
    const resumed = { kind: 'run-resumed', by: 'tess', reason: 'now', request: 0 } as const;
    await again.record([resumed]);
    const state = await made.stage.sim.scheduler.drain(again.drive());
    expect(only(state)?.ended?.as).toBe('done');
  });

  test('and says stop on a changed unit leaves it as it is, for a person', async () => {
    const made = await night();
    const state = await made.drive(made.people(untilStep('reload', 'stop')));
    expect(only(state)?.ended).toMatchObject({ as: 'held' });
    expect((await events(made)).some((each) => each.kind === 'rollback-started')).toBe(false);
  });

  test('may let us copy, and nothing else', async () => {
    const made = await night();
    const refusals: unknown[] = [];
    const { world } = made.stage;
    const watcher = made.people((ask) => {
      if (ask.mayLet) return 'let';
      const spoken = { word: 'let', by: 'tess', remark: '' } as const;
      void askDesk(world)
        .speak({ run: RUN }, ask, spoken)
        .catch((thrown: unknown) => refusals.push(thrown));
      return 'type';
    });
    const state = await made.drive(watcher);
    expect(only(state)?.ended?.as).toBe('done');
    expect(refusals.length).toBeGreaterThan(2);
    expect(refusals.every((each) => Object(each).code === 'usage')).toBe(true);
    const let1 = (await events(made)).filter((each) => each.kind === 'step-intent' && each.letBy);
    expect(let1).toHaveLength(1);
  });
});

describe('a person who does not answer', () => {
  test('is asked no more when the rest no longer fits the window; an untouched unit is dropped', async () => {
    const made = await night();
    const state = await made.drive(made.people(untilStep('drain', 'silence')));
    const all = await events(made);
    expect(all.some((each) => each.kind === 'step-withdrawn')).toBe(true);
    const asked = asksIn(all);
    expect(asked).not.toContain('reload');
    expect(['dropped', 'reverted']).toContain(only(state)?.ended?.as);
    expect(only(state)?.ended?.why).toContain('window');
  });

  test('keeps nobody from leaving: the run is resumed, looks, and asks again', async () => {
    const made = await night();
    let leave: () => void = () => undefined;
    const watcher = made.people((ask) => {
      if (ask.step.id !== 'reload') return 'type';
      leave();
      return 'silence';
    });
    const first = await made.conductor(watcher);
    leave = () => first.leave();
    const left = await made.stage.sim.scheduler.drain(first.drive());
    const unit = only(left);
    expect(unit && openAsk(unit)).toBeDefined();
    const state = await made.drive(made.people(() => 'type'));
    expect(only(state)?.ended?.as).toBe('done');
    expect(asksIn(await events(made)).filter((id) => id === 'reload')).toHaveLength(2);
  });

  test('may speak while no runner is there: who resumes heeds it and asks for it no more', async () => {
    const made = await night();
    let leave: () => void = () => undefined;
    let open: Ask | undefined;
    const watcher = made.people((ask) => {
      if (ask.step.id !== 'reload') return 'type';
      open = ask;
      leave();
      return 'silence';
    });
    const first = await made.conductor(watcher);
    leave = () => first.leave();
    await made.stage.sim.scheduler.drain(first.drive());
    const spoken = { word: 'refuse', by: 'tess', remark: 'not tonight' } as const;
    if (open) await askDesk(made.stage.world).speak({ run: RUN }, open, spoken);
    const state = await made.drive(made.people(() => 'type'));
    expect(only(state)?.ended).toMatchObject({ as: 'reverted' });
    expect(only(state)?.ended?.why).toContain('tess refuses: not tonight');
    expect(asksIn(await events(made)).filter((id) => id === 'reload')).toHaveLength(1);
  });
});

test('nobody is asked to type what we would not send ourselves', async () => {
  const drivers = new Map(
    [...network.drivers].map(([id, driver]): [string, Driver] => {
      const stepKinds = driver.stepKinds.map((each) => {
        const needed = () => Promise.resolve({ obstacle: 'somebody else is at it' });
        return each.kind === 'reload' ? { ...each, needed } : each;
      });
      return [id, { ...driver, stepKinds }];
    }),
  );
  const made = await night((plan) => plan, drivers);
  const state = await made.drive(made.people(() => 'type'));
  expect(only(state)?.ended).toMatchObject({ as: 'reverted' });
  expect(only(state)?.ended?.why).toContain('somebody else is at it');
  expect(asksIn(await events(made))).not.toContain('reload');
});

describe('a word', () => {
  test('counts only for the very asking that it was said of', async () => {
    const made = await night();
    const seen: Ask[] = [];
    await made.drive(
      made.people((ask) => {
        seen.push(ask);
        return 'done';
      }),
    );
    const [first, , third] = seen;
    const { store } = made.stage;
    expect(first && (await heard(store, RUN, first))).toBeUndefined();
    expect(third && (await heard(store, RUN, third))).toMatchObject({ word: 'done', by: 'tess' });
  });
});

describe('a sealed permit', () => {
  test('lets nothing through that changes a device, whatever the step holds', () => {
    const dialect = [...network.drivers.values()][0]?.platform.dialect;
    if (!dialect) throw new Error('no platform');
    const open = readOnlyPermit();
    const sealed = sealedPermit();
    for (const permit of [open, sealed]) permit.current = (line) => line === 'reload';
    expect(() => checkLine('reload', dialect, open)).not.toThrow();
    expect(() => checkLine('reload', dialect, sealed)).toThrow('not permitted');
    expect(() => checkLine('show version', dialect, sealed)).not.toThrow();
  });
});
