import { beforeAll, describe, expect, test } from '@jest/globals';
import { invariants } from '../../lab/invariants/catalogue.js';
import { pending } from '../../lab/invariants/pending.js';
import { LAB_SECRET } from '../../lab/rehearse/rehearsal-world.js';
import type { Stage } from '../../lab/rehearse/rehearse.js';
import { quietNight, type DrawnNight } from '../../lab/seeds/draw.js';
import { playNight } from '../../lab/seeds/play.js';
import type { Driver } from '../../src/driver/driver.js';
import type { Act, Probe, StepContext } from '../../src/driver/step.js';
import type { Dialer } from '../../src/ports/dialer.js';
import type { World } from '../../src/ports/world.js';
import type { PlanBody, UnitPlan } from '../../src/plan/plan.js';
import type { Store } from '../../src/ports/store.js';
import type { JournalEntry } from '../../src/ports/journal.js';
import { blindDriver, isReload } from '../conformance/blind-driver.js';
import { attached, flow } from '../topology/network.js';
import { labNetwork, labPlaybook, type LabNetwork } from '../rehearse/network.js';

const traffic = {
  attachments: [attached('servers', ['stack1'], ['aaa'])],
  flows: [flow('ward', 'acc1>servers', { outageMs: 4 * 3_600_000 })],
};

let network: LabNetwork;

beforeAll(async () => {
  const strategy = { ...labPlaybook().strategy, parallel: 1 };
  network = await labNetwork({ playbook: labPlaybook({ strategy }), traffic });
});

const quiet = quietNight('mutant');
const DAY_MS = 24 * 3_600_000;

/** An engine that is broken on purpose, and the night in which that must be seen. */
interface Mutant {
  readonly drawn?: Partial<DrawnNight>;
  readonly plan?: (body: PlanBody) => Partial<PlanBody>;
  readonly unit?: (plan: UnitPlan) => Partial<UnitPlan>;
  readonly driver?: (driver: Driver, plan: UnitPlan) => Driver;
  readonly before?: (stage: Stage) => void;
  readonly world?: (world: World) => Partial<World>;
  readonly store?: (store: Store) => Partial<Store>;
  readonly entries?: (entries: readonly JournalEntry[]) => readonly JournalEntry[];
}

function tamper({
  plan,
  unit,
  entries,
  store: tampered,
  world,
  before,
}: Mutant): (stage: Stage) => Stage {
  return (stage) => {
    before?.(stage);
    const changed = { ...stage.plan.body, ...plan?.(stage.plan.body) };
    const units = changed.units.map((each) => ({ ...each, ...unit?.(each) }));
    const { journal } = stage.store;
    const append: typeof journal.append = async (run, epoch, given) => {
      const left = entries?.(given) ?? given;
      return left.length > 0 ? journal.append(run, epoch, left) : [];
    };
    const whole = { ...stage.store, journal: { ...journal, append } };
    const store = { ...whole, ...tampered?.(whole) };
    return {
      ...stage,
      plan: { ...stage.plan, body: { ...changed, units } },
      world: { ...stage.world, ...world?.(stage.world), store },
    };
  };
}

function driversOf({ driver }: Mutant): LabNetwork['drivers'] {
  if (!driver) return network.drivers;
  return new Map(
    [...network.drivers].map(([id, each]) => {
      const plan = network.plan.body.units.find(({ material }) => material.platform === id);
      return [id, plan ? driver(each, plan) : each];
    }),
  );
}

function play(mutant: Mutant) {
  const drawn = { ...quiet, ...mutant.drawn };
  return playNight({ ...network, drivers: driversOf(mutant) }, drawn, { tamper: tamper(mutant) });
}

const kindOf = ({ event }: JournalEntry) => String(Object(event).kind);

/** Every probe answers what the mutant makes of it. */
const probing =
  (change: (probe: Probe) => Probe) =>
  (driver: Driver): Driver => ({
    ...driver,
    stepKinds: driver.stepKinds.map((kind) => ({
      ...kind,
      probe: async (context) => change(await kind.probe(context)),
    })),
  });

/** Whatever runs, the device is believed to run this. */
const believing =
  (version: (plan: UnitPlan) => string) =>
  (driver: Driver, plan: UnitPlan): Driver => ({
    ...driver,
    snapshot: async (session) => ({ ...(await driver.snapshot(session)), version: version(plan) }),
  });

const oldImage = (device: string) => ({ fault: 'boots-old-image', device });

/** Steps of this kind that neither look before nor after, and do this instead. */
const careless =
  (name: string, act: (context: StepContext) => Promise<Act>) =>
  (driver: Driver): Driver => ({
    ...driver,
    stepKinds: driver.stepKinds.map((kind) =>
      kind.kind !== name
        ? kind
        : {
            ...kind,
            probe: ({ intentAtMs }) =>
              Promise.resolve({
                answer: intentAtMs === undefined ? 'absent' : 'done',
                why: 'sure',
              }),
            act,
          },
    ),
  });

const acted = (): Promise<Act> => Promise.resolve({ kind: 'acted' });
const typing = async (context: StepContext): Promise<Act> => {
  await context.send(0);
  return { kind: 'acted' };
};

/** What the plan has the device save its configuration with, replaced. */
const insteadOfSaving =
  (send: string) =>
  ({ steps, material }: UnitPlan): Partial<UnitPlan> => ({
    steps: steps.map((step) =>
      step.kind !== 'save-config' || material.platform !== 'arista_eos'
        ? step
        : { ...step, commands: [{ ...step.commands[0], send }] },
    ) as UnitPlan['steps'],
  });

const DELETE = 'delete flash:EOS-4.28.3M.swi';

/** A driver that takes what a runner left in the middle of an act for broken. */
function forgetful(driver: Driver): Driver {
  const own = new Set<string>();
  return {
    ...driver,
    stepKinds: driver.stepKinds.map((kind) => ({
      ...kind,
      probe: async (context) => {
        const { intentAtMs, step } = context;
        if (kind.changes && intentAtMs !== undefined && !own.has(`${step.id} ${intentAtMs}`)) {
          return { answer: 'failed', why: 'not mine' };
        }
        return kind.probe(context);
      },
      act: async (context) => {
        own.add(`${context.step.id} ${context.intentAtMs}`);
        return kind.act(context);
      },
    })),
  };
}

/** A file of the right name and size that boots, and is not what the catalogue has. */
function layWrongImage({ sim, plan }: Stage): void {
  const [image] = plan.body.units.find((each) => each.unit === 'acc1')?.images ?? [];
  const [member] = sim.deviceState('acc1').members;
  if (!image || !member) throw new Error('acc1 has no image or member');
  const { fileName: name, sizeBytes, version } = image;
  const other = { sha512: 'f'.repeat(128), md5: 'f'.repeat(32), modifiedAtMs: 0 };
  const boots = { platform: 'arista_eos', version };
  sim.model.receiveFile('acc1', member.id, { name, sizeBytes, image: boots, ...other });
}

/** Takes every later key of an address for the first one. */
function blindToKeys(dialer: Dialer): Dialer {
  const first = new Map<string, string>();
  return {
    async dial(request) {
      const { host } = request.endpoint;
      const keyOf = (seen: string) => first.get(host) ?? (first.set(host, seen), seen);
      const acceptHostKey = (seen: string) => request.acceptHostKey(keyOf(seen));
      const outcome = await dialer.dial({ ...request, acceptHostKey });
      if (outcome.kind !== 'connected') return outcome;
      const { connection } = outcome;
      return {
        ...outcome,
        connection: {
          hostKey: keyOf(connection.hostKey),
          get isOpen() {
            return connection.isOpen;
          },
          openShell: () => connection.openShell(),
          upload: (upload) => connection.upload(upload),
          close: () => connection.close(),
        },
      };
    },
  };
}

const mutants: Readonly<Record<string, Mutant>> = {
  approval: {
    driver: careless('save-config', typing),
    unit: insteadOfSaving('copy running-config startup-config'),
  },
  'right-image': {
    before: layWrongImage,
    driver: (driver) => careless('verify-image', acted)(careless('stage-image', acted)(driver)),
  },
  space: { driver: careless('save-config', typing), unit: insteadOfSaving(DELETE) },
  fallback: { driver: careless('save-config', typing), unit: insteadOfSaving(DELETE) },
  backup: { driver: careless('backup-config', acted) },
  'unknown-is-unknown': {
    driver: (driver, plan) => blindDriver(driver, plan, (step) => step.kind === 'save-config'),
    unit: ({ steps }) => ({ steps: steps.map((step) => ({ ...step, settleMs: 0 })) }),
  },
  'crash-resume': {
    drawn: {
      crashes: Array.from({ length: 60 }, (_none, at) => ({ nth: 9 * at, point: 'crash-after' })),
    },
    driver: forgetful,
  },
  identity: {
    drawn: { faults: ['acc1', 'stack1'].map((device) => ({ fault: 'host-key-changed', device })) },
    world: ({ dialer }) => ({ dialer: blindToKeys(dialer) }),
  },
  window: {
    unit: ({ windows }) => ({
      windows: windows.map((each) => ({ ...each, startMs: each.startMs - DAY_MS })),
    }),
  },
  redundancy: {
    plan: (body) => {
      const [wave] = body.waves;
      const units = body.units.map((each) => each.unit);
      const strategy = { ...body.strategy, parallel: 9 };
      const waves = wave ? [{ ...wave, units, soakMs: 0 }] : [];
      return { redundancyGroups: [], strategy, waves };
    },
    unit: () => ({ neighbours: [] }),
  },
  reachability: {
    // An engine that reboots again and again, whatever outage was promised.
    before: ({ sim }) => {
      const again = () => {
        sim.powerCycle('stack1');
        sim.scheduler.schedule(1000, again, 'reboots again');
      };
      sim.scheduler.schedule(2 * 3_600_000, again, 'reboots');
    },
  },
  'blast-radius': {
    plan: (body) => ({ strategy: { ...body.strategy, parallel: 9 } }),
    unit: () => ({ neighbours: [] }),
  },
  stop: {
    drawn: { faults: [oldImage('dist1a'), oldImage('acc1'), oldImage('stack1')] },
    plan: (body) => ({ strategy: { ...body.strategy, stopAfterFailures: 9 } }),
  },
  'at-most-once': {
    driver: blindDriver,
    unit: ({ steps }) => ({
      steps: steps.map((step) => (isReload(step) ? { ...step, settleMs: 0 } : step)),
    }),
    drawn: {
      faults: ['dist1a', 'acc1'].map((device) => ({
        fault: 'session-dropped-after',
        device,
        params: { command: '^reload' },
      })),
    },
  },
  'write-ahead': {
    entries: (entries) => entries.filter((each) => kindOf(each) !== 'step-intent'),
  },
  'no-false-success': {
    drawn: { faults: [oldImage('dist1a'), oldImage('acc1'), oldImage('stack1')] },
    driver: (driver, plan) =>
      probing((probe) => (probe.answer === 'failed' ? { ...probe, answer: 'done' } : probe))(
        believing(({ toVersion }) => toVersion)(driver, plan),
      ),
  },
  'rollback-truth': {
    driver: believing(({ fromVersion }) => fromVersion),
    unit: () => ({ rollback: [] }),
  },
  'no-false-failure': { driver: believing(({ fromVersion }) => fromVersion) },
  'commit-timer': {
    unit: ({ steps }) => ({
      steps: steps.map((step) => (step.phase === 'commit' ? { ...step, phase: 'verify' } : step)),
    }),
  },
  'single-driver': {
    drawn: { mishaps: [{ kind: 'second-runner', afterMs: 3_600_000 }] },
    store: () => ({
      holdRunner: () =>
        Promise.resolve({ beat: () => undefined, release: () => Promise.resolve() }),
    }),
  },
  termination: { drawn: { requests: [{ kind: 'pause', afterMs: 3_600_000 }] } },
  secrets: { driver: probing((probe) => ({ ...probe, why: `${probe.why} ${LAB_SECRET}` })) },
  audit: {
    entries: (entries) =>
      entries.flatMap((each) => (kindOf(each) === 'unit-ended' ? [each, each] : [each])),
  },
};

describe('an engine that is broken on purpose', () => {
  test.each(invariants.map((each) => [each.id]))('is found out by %s', async (id) => {
    const mutant = mutants[id];
    if (!mutant) throw new Error(`no mutant for ${id}`);
    const { violations } = await play(mutant);
    expect(violations.map((each) => each.invariant)).toContain(id);
  });

  test('is found out by its log when it lives by chance', async () => {
    const chance: Mutant = {
      driver: probing((probe) => ({ ...probe, why: `${probe.why} ${Math.random()}` })),
    };
    const [first, second] = [await play(chance), await play(chance)];
    expect(first.logDigest).not.toBe(second.logDigest);
  });
});

test('an engine that is whole violates nothing', async () => {
  const { violations, endings } = await play({});
  expect(violations).toEqual([]);
  expect(endings).toEqual({ done: 4 });
});

test('every rule of a night is checked, or says what is missing for it', () => {
  const DETERMINISM = 29; // Two nights of one seed are compared where they are played.
  const numbers = [...invariants, ...pending].map((each) => each.number);
  const all = Array.from({ length: 29 }, (_none, index) => index + 1);
  expect([...numbers, DETERMINISM].toSorted((a, b) => a - b)).toEqual(all);
  expect(pending.filter((each) => each.needs === '')).toEqual([]);
});
