import { beforeAll, describe, expect, test } from '@jest/globals';
import { gripOn } from '../../lab/seeds/grip.js';
import { setStage, type Stage } from '../../lab/rehearse/rehearse.js';
import { Fault } from '../../src/kernel/fault.js';
import { digestOf } from '../../src/kernel/digest.js';
import { runId, unitId } from '../../src/kernel/id.js';
import type { Driver } from '../../src/driver/driver.js';
import { sleep } from '../../src/ports/clock.js';
import type { World } from '../../src/ports/world.js';
import { Conductor, type ConductorOptions } from '../../src/run/conductor.js';
import { siteTransfers } from '../../src/run/site-transfers.js';
import type { RunEvent } from '../../src/run/event.js';
import { labNetwork, specs, type LabNetwork } from '../rehearse/network.js';

const RUN = runId('night');
let network: LabNetwork;

beforeAll(async () => {
  network = await labNetwork({ chosen: specs.slice(0, 3) });
});

interface Night {
  readonly stage: Stage;
  readonly conductor: (change?: Partial<ConductorOptions>) => Promise<Conductor>;
}

async function night(): Promise<Night> {
  const stage = await setStage(network);
  const conductor = async (change: Partial<ConductorOptions> = {}) => {
    const world: World = change.world ?? stage.world;
    const epoch = await world.store.journal.takeOver(RUN);
    const made = new Conductor({
      run: RUN,
      epoch,
      plan: stage.plan,
      units: new Map(network.inventory.units.map((each) => [each.id, each])),
      drivers: network.drivers,
      transfers: siteTransfers(network.inventory, world.clock),
      refusal: () => Promise.resolve(undefined),
      // Two days of soak are looked at once a minute, not once a second.
      requestPollMs: 60_000,
      basisOf: (id) =>
        stage.plan.body.units.find((each) => each.unit === id)?.basis ?? digestOf(id),
      ...change,
      world,
    });
    await made.load();
    return made;
  };
  return { stage, conductor };
}

async function journal(stage: Stage): Promise<readonly RunEvent[]> {
  const records = await stage.store.journal.read(RUN, 0);
  return records.map((each) => each.event as unknown as RunEvent);
}

/** Calls back once, in the middle of the run, when an event of this kind is seen. */
function once(kind: RunEvent['kind'], then: () => void) {
  let told = false;
  return {
    onEvent(event: RunEvent) {
      if (told || event.kind !== kind) return;
      told = true;
      then();
    },
  };
}

const ask = (stage: Stage, kind: 'pause' | 'resume' | 'abort') =>
  stage.store.ask({ run: RUN, atMs: stage.sim.scheduler.nowMs(), kind, by: 'anna', reason: 'x' });

const endings = (events: readonly RunEvent[]) =>
  events.flatMap((each) => (each.kind === 'unit-ended' ? [`${each.unit} ${each.as}`] : []));

describe('a request from another process', () => {
  test('to pause admits nobody until another one resumes', async () => {
    const { stage, conductor } = await night();
    const watcher = once('unit-soaking', () => {
      void ask(stage, 'pause');
      stage.sim.ports.clock.timer(3 * 3_600_000, () => void ask(stage, 'resume'));
    });
    const state = await stage.sim.scheduler.drain((await conductor({ watcher })).drive());
    const kinds = (await journal(stage)).map((each) => each.kind);
    const [from, to] = [kinds.indexOf('run-paused'), kinds.indexOf('run-resumed')];
    expect(from).toBeGreaterThan(0);
    expect(to).toBeGreaterThan(from);
    expect(kinds.slice(from, to)).not.toContain('unit-admitted');
    expect(state.finished).toBe(true);
    expect([...state.units.values()].map((each) => each.kind)).toEqual(['done', 'done', 'done']);
  });

  test('to abort brings who is begun to the end and drops the others', async () => {
    const { stage, conductor } = await night();
    const watcher = once('step-acted', () => void ask(stage, 'abort'));
    const state = await stage.sim.scheduler.drain((await conductor({ watcher })).drive());
    const events = await journal(stage);
    expect(state.finished).toBe(true);
    const reloaded = stage.sim.truth().filter((each) => each.kind === 'reload-requested');
    expect(endings(events).filter((each) => each.endsWith('done'))).toHaveLength(reloaded.length);
    expect(endings(events)).toHaveLength(3);
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'run-aborted', by: 'anna', request: 1 }),
    );
  });
});

describe('an abort that comes while a soaking unit is looked at', () => {
  test('waits for the look: each unit ends once, and nothing is written after the end', async () => {
    const { stage, conductor } = await night();
    const { store, sim } = stage;
    let asked = false;
    // A slow disk: the abort is read while the look is still under way.
    const slow: typeof store.put = async (book, row) => {
      const { when } = row.value as { when?: string };
      if (book === 'snapshot' && when === 'soak') {
        if (!asked) await ask(stage, 'abort');
        asked = true;
        await sleep(sim.ports.clock, 120_000);
      }
      return store.put(book, row);
    };
    const world: World = { ...stage.world, store: { ...store, put: slow } };
    const drive = (await conductor({ world, requestPollMs: 30_000 })).drive();
    const state = await sim.scheduler.drain(drive);
    const events = await journal(stage);
    expect(asked).toBe(true);
    expect(state.finished).toBe(true);
    expect(endings(events)).toHaveLength(3);
    expect(new Set(endings(events)).size).toBe(3);
    expect(events.at(-1)).toEqual({ kind: 'run-finished' });
    for (const { unit } of stage.plan.body.units) {
      const own = events.filter((each) => 'unit' in each && each.unit === unit);
      expect(own.at(-1)?.kind).toBe('unit-ended');
    }
  });
});

describe('an approval that is withdrawn', () => {
  test('stops the run at the next admission, by its code', async () => {
    const { stage, conductor } = await night();
    let asked = 0;
    const refusal = () => {
      asked += 1;
      return Promise.resolve(asked < 2 ? undefined : { code: 'not-approved', why: 'withdrawn' });
    };
    const state = await stage.sim.scheduler.drain((await conductor({ refusal })).drive());
    expect(state.stopped).toEqual({ code: 'not-approved', why: 'withdrawn' });
    const events = await journal(stage);
    expect(events.filter((each) => each.kind === 'unit-admitted')).toHaveLength(1);
    expect(events.at(-1)).not.toMatchObject({ kind: 'unit-admitted' });
  });
});

describe('another runner that takes over', () => {
  test('lets the first one journal and change nothing more', async () => {
    const { stage, conductor } = await night();
    let epochs = 0;
    const watcher = once('unit-admitted', () => {
      void stage.store.journal.takeOver(RUN).then((epoch) => (epochs = epoch));
    });
    const first = (await conductor({ watcher })).drive();
    await expect(stage.sim.scheduler.drain(first)).rejects.toMatchObject({ code: 'state-locked' });
    expect(epochs).toBe(2);
    expect((await journal(stage)).filter((each) => each.kind === 'step-intent')).toEqual([]);
    expect(stage.sim.truth().filter((each) => each.kind === 'reload-requested')).toEqual([]);
  });
});

/** A disk that is full from the n-th append on. */
function fullFrom(world: World, nth: number): World {
  let appends = 0;
  const { journal: kept } = world.store;
  const append: typeof kept.append = (...entry) => {
    appends += 1;
    if (appends < nth) return kept.append(...entry);
    return Promise.reject(new Fault('state-unwritable', 'no space left on device'));
  };
  return { ...world, store: { ...world.store, journal: { ...kept, append } } };
}

describe('a disk that is full', () => {
  test.each([1, 4, 9, 20])(
    'at append %d ends the runner, and the run goes on later',
    async (nth) => {
      const { stage, conductor } = await night();
      const world = fullFrom(stage.world, nth);
      const first = (await conductor({ world })).drive();
      await expect(stage.sim.scheduler.drain(first)).rejects.toMatchObject({
        code: 'state-unwritable',
      });
      await stage.sim.scheduler.advance(3_600_000);
      const changes = stage.sim.truth().filter((each) => each.kind === 'reload-requested');
      expect(changes).toEqual([]);
      stage.sim.replaceController();
      const fresh = { ...stage.world, ...stage.sim.ports };
      const state = await stage.sim.scheduler.drain((await conductor({ world: fresh })).drive());
      expect([...state.units.values()].map((each) => each.kind)).toEqual(['done', 'done', 'done']);
      const reloads = stage.sim.truth().filter((each) => each.kind === 'reload-requested');
      expect(reloads).toHaveLength(3);
    },
  );
});

describe('a bug of ours on one unit', () => {
  test('holds that unit and no other', async () => {
    const { stage, conductor } = await night();
    const drivers = new Map(network.drivers);
    const eos = drivers.get('arista_eos');
    let calls = 0;
    const broken = {
      ...eos,
      snapshot: (session: Parameters<Driver['snapshot']>[0]) => {
        calls += 1;
        if (calls === 1) throw new TypeError('undefined is not a function');
        return eos?.snapshot(session);
      },
    };
    drivers.set('arista_eos', broken as Driver);
    const strategy = { ...stage.plan.body.strategy, stopAfterFailures: 3 };
    const plan = { ...stage.plan, body: { ...stage.plan.body, strategy } };
    const state = await stage.sim.scheduler.drain((await conductor({ drivers, plan })).drive());
    const held = [...state.units.values()].filter((each) => each.kind === 'held');
    expect(held).toHaveLength(1);
    expect(held[0]?.ended?.why).toContain('Nightshift itself failed on this unit');
    expect(state.finished).toBe(true);
    expect([...state.units.values()].filter((each) => each.ended === undefined)).toEqual([]);
  });
});

describe('a journal that was altered', () => {
  test('is not loaded', async () => {
    const { stage, conductor } = await night();
    const read = () => Promise.reject(new Fault('journal-tampered', 'record 3'));
    const { store } = stage.world;
    const world = { ...stage.world, store: { ...store, journal: { ...store.journal, read } } };
    await expect(conductor({ world })).rejects.toMatchObject({ code: 'journal-tampered' });
  });
});

describe('leaving', () => {
  test('comes to a safe point, and the next runner finishes the run', async () => {
    const { stage, conductor } = await night();
    let leave: () => void = () => undefined;
    const first = await conductor({ watcher: once('step-acted', () => leave()) });
    leave = () => first.leave();
    const left = await stage.sim.scheduler.drain(first.drive());
    expect(left.finished).toBe(false);
    expect(left.units.get(unitId('dist1a'))).toBeDefined();
    const state = await stage.sim.scheduler.drain((await conductor()).drive());
    expect([...state.units.values()].map((each) => each.kind)).toEqual(['done', 'done', 'done']);
  });
});

describe('a machine', () => {
  const HOUR_MS = 3_600_000;

  test.each([
    ['forward', 2 * HOUR_MS],
    ['back', -9 * HOUR_MS],
  ])(
    'whose clock is set %s in the night begins nothing more until a person resumes',
    async (way, byMs) => {
      const { stage, conductor } = await night();
      const grip = gripOn(stage.world);
      const watcher = once('unit-soaking', () => grip.setClock(byMs));
      const first = await conductor({ world: grip.world, watcher });
      const stopped = await stage.sim.scheduler.drain(first.drive());
      const seen = await journal(stage);
      expect(stopped.finished).toBe(false);
      const at = seen.findIndex((each) => each.kind === 'run-stopped');
      expect(seen[at]).toMatchObject({
        code: 'clock-jumped',
        why: expect.stringContaining(`set ${Math.abs(byMs) / HOUR_MS}h ${way}`),
      });
      expect(seen.slice(at).map((each) => each.kind)).not.toContain('unit-admitted');
      await ask(stage, 'resume');
      const state = await stage.sim.scheduler.drain((await conductor()).drive());
      expect([...state.units.values()].map((each) => each.kind)).toEqual(['done', 'done', 'done']);
    },
  );

  test('that stands still and wakes when the window is over begins nothing disruptive', async () => {
    const { stage, conductor } = await night();
    const grip = gripOn(stage.world);
    const [window] = stage.plan.body.units[0]?.windows ?? [];
    const { scheduler } = stage.sim;
    const watcher = once('unit-admitted', () => {
      grip.freeze();
      scheduler.schedule((window?.endMs ?? 0) - scheduler.nowMs(), () => grip.thaw(), 'wakes');
    });
    await scheduler.drain((await conductor({ world: grip.world, watcher })).drive());
    const disruptive = stage.sim.truth().filter((each) => each.kind === 'reload-requested');
    expect(disruptive.length).toBeGreaterThan(0);
    for (const { atMs } of disruptive) {
      const open = stage.plan.body.units[0]?.windows.some(
        (w) => w.startMs <= atMs && atMs < w.endMs,
      );
      expect(open).toBe(true);
      expect(atMs).toBeGreaterThan(window?.endMs ?? 0);
    }
  });
});
