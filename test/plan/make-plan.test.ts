import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestOf } from '../../src/kernel/digest.js';
import { personId, unitId } from '../../src/kernel/id.js';
import type { Json } from '../../src/kernel/json.js';
import type { Driver } from '../../src/driver/driver.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import { unitBasis } from '../../src/plan/basis.js';
import { makePlan, verifyPlan, type PlanInputs } from '../../src/plan/make-plan.js';
import type { Plan } from '../../src/plan/plan.js';
import { labPlaybook } from '../rehearse/network.js';
import { HOUR_MS, MINUTE_MS, T0, windowOf } from '../run/plan-of.js';
import { driver, inputsOf, inventoryOf, seen, unitOf } from './plan-inputs.js';

const good = unitOf('good');
const bad = unitOf('bad');
const DAY_MS = 24 * HOUR_MS;

/** Why the unit `bad` is left out of a plan whose other unit is fine. */
function whyLeftOut(change: (inputs: PlanInputs) => Partial<PlanInputs>) {
  const inputs = inputsOf([good, bad]);
  const { body } = makePlan({ ...inputs, ...change(inputs) });
  expect(body.units.map((each) => each.unit)).toEqual(['good']);
  return body.leftOut;
}
const refused = (why: string | RegExp) => [
  { unit: 'bad', kind: 'refused', why: typeof why === 'string' ? why : expect.stringMatching(why) },
];
const asSeen = (sighting: ReturnType<typeof seen> | undefined) => () => ({
  fleet: { sightings: [seen('good'), ...(sighting ? [sighting] : [])] },
});

describe('a unit is left out, with its reason, when', () => {
  test('no window holds the change and its rollback', () => {
    const occurrences: PlanInputs['occurrences'] = (unit) => [
      windowOf(T0, unit.id === 'bad' ? 99 * MINUTE_MS : 100 * MINUTE_MS),
    ];
    expect(whyLeftOut(() => ({ occurrences }))).toEqual(
      refused(
        'no window holds it: 70 min at worst and 30 min for the rollback, the longest window is 99 min',
      ),
    );
  });

  test('its window never opens', () => {
    const occurrences: PlanInputs['occurrences'] = (unit) =>
      unit.id === 'bad' ? [] : [windowOf(T0, HOUR_MS * 2)];
    expect(whyLeftOut(() => ({ occurrences }))).toEqual(
      refused('window weekend never opens in the time looked ahead'),
    );
  });

  test('what is left of an open window is too short', () => {
    const occurrences: PlanInputs['occurrences'] = (unit) => [
      windowOf(T0 - HOUR_MS, (unit.id === 'bad' ? 2 : 3) * HOUR_MS),
    ];
    expect(whyLeftOut(() => ({ occurrences }))).toEqual(refused(/no window holds it/));
  });

  test('it was never fingerprinted', () => {
    expect(whyLeftOut(asSeen(undefined))).toEqual(refused('it was never fingerprinted'));
  });

  test('it could not be fingerprinted', () => {
    const sighting = {
      kind: 'not-seen',
      unit: unitId('bad'),
      atMs: T0,
      code: 'unreachable',
      why: 'no answer',
      evidence: [],
    } as const;
    expect(whyLeftOut(asSeen(sighting))).toEqual(
      refused('it could not be fingerprinted: no answer'),
    );
  });

  test('its fingerprint is older than eight days', () => {
    expect(whyLeftOut(asSeen(seen('bad', {}, T0 - 8 * DAY_MS - 1)))).toEqual(refused(/eight days/));
    const { body } = makePlan(inputsOf([bad], asSeen(seen('bad', {}, T0 - 8 * DAY_MS))()));
    expect(body.units).toHaveLength(1);
  });

  test('no driver knows its platform', () => {
    expect(whyLeftOut(asSeen(seen('bad', { platform: 'other' })))).toEqual(
      refused('no driver for platform other'),
    );
  });

  test('the catalogue has no image for its model', () => {
    const change = (inputs: PlanInputs) => ({
      inventory: {
        ...inputs.inventory,
        images: inputs.inventory.images.map((each) => ({ ...each, models: ['T1'] })),
      },
      ...asSeen(seen('bad', { model: 'T2' }))(),
    });
    expect(whyLeftOut(change)).toEqual(refused('the catalogue has no golden image for test T2'));
  });

  test('it is newer than the golden image', () => {
    expect(whyLeftOut(asSeen(seen('bad', { runningVersion: '3' })))).toEqual(
      refused('3 is newer than the golden 2'),
    );
  });

  test('its version cannot be read', () => {
    expect(whyLeftOut(asSeen(seen('bad', { runningVersion: 'x' })))).toEqual(
      refused('version x cannot be read'),
    );
  });

  test('it runs the wanted version already, which is no finding', () => {
    expect(whyLeftOut(asSeen(seen('bad', { runningVersion: '2' })))).toEqual([
      { unit: 'bad', kind: 'nothing to do', why: 'runs 2 already' },
    ]);
  });

  test('its driver refuses, and the mend is told', () => {
    const upgrade: Driver['upgrade'] = (target, facts) =>
      facts.hostname === 'bad'
        ? { kind: 'refused', why: 'flash too small', mend: 'make room' }
        : driver.upgrade(target, facts);
    const drivers = new Map([['test', { ...driver, upgrade }]]);
    expect(whyLeftOut(() => ({ drivers }))).toEqual(refused('flash too small (make room)'));
  });

  test('its post-checks may take longer than its uncommitted upgrade lives', () => {
    const timed = { ...driver, platform: { ...driver.platform, commitTimerMs: 15 * MINUTE_MS } };
    const drivers = new Map([
      ['test', driver],
      ['timed', timed],
    ]);
    const change = (inputs: PlanInputs) => ({
      drivers,
      ...asSeen(seen('bad', { platform: 'timed' }))(),
      inventory: {
        ...inputs.inventory,
        images: [
          ...inputs.inventory.images,
          ...inputs.inventory.images.map((each) => ({ ...each, platform: 'timed' })),
        ],
      },
    });
    expect(whyLeftOut(change)).toEqual(refused(/post-checks may take 10 min.*after 15 min/));
  });

  test('its redundancy group could not spare it', () => {
    const group = { name: 'dist', units: [unitId('bad'), unitId('mate')], minHealthy: 1 };
    const units = [good, unitOf('bad', { redundancyGroup: 'dist' })];
    const inventory = inventoryOf(units, { redundancyGroups: [group] });
    expect(whyLeftOut(() => ({ inventory, units }))).toEqual(
      refused('dist would be down: mate was not seen up, 1 must stay up'),
    );
  });
});

describe('a plan is refused when', () => {
  test('nobody is left, and it says why of everybody', () => {
    const make = () => makePlan(inputsOf([good, bad], { fleet: { sightings: [] } }));
    expect(make).toThrow(expect.objectContaining({ code: 'plan-refused' }));
    expect(make).toThrow(/good: it was never fingerprinted\n +bad: it was never fingerprinted/);
  });

  test('a window that it would use is not declared', () => {
    const playbook = labPlaybook({ window: 'weekends' });
    expect(() => makePlan(inputsOf([good], { playbook }))).toThrow(
      expect.objectContaining({ code: 'plan-refused', mend: 'did you mean weekend?' }),
    );
  });

  test('more approvals are wanted than people could give', () => {
    const playbook = labPlaybook({
      approval: { quorum: 2, lab: 'optional', evidence: 'none', expiresMs: DAY_MS },
    });
    expect(() => makePlan(inputsOf([good], { playbook }))).toThrow(
      'the playbook wants 2 approvals, but only 1 people could give one',
    );
  });

  test('its author is the only one who could approve it', () => {
    expect(() => makePlan(inputsOf([good], { author: personId('anna') }))).toThrow(/only 0 people/);
  });
});

describe('the roster', () => {
  test('has who may approve and has a key, never the author', () => {
    const line = { role: 'engineer' as const, mayApprove: true, publicKey: 'ssh-ed25519 AAAA' };
    const people: Inventory['people'] = [
      { id: personId('anna'), name: 'Anna', ...line },
      { id: personId('otto'), name: 'Otto', ...line },
      { id: personId('carl'), name: 'Carl', ...line, mayApprove: false },
      { id: personId('dora'), name: 'Dora', role: 'supervisor', mayApprove: true },
    ];
    const { body } = makePlan(inputsOf([good], { inventory: inventoryOf([good], { people }) }));
    expect(body.approval.roster.map((each) => each.id)).toEqual(['anna']);
  });
});

/** The paths of every leaf of a value. */
function leaves(value: Json | undefined, path: readonly string[] = []): readonly string[][] {
  if (value === null || typeof value !== 'object') return [[...path]];
  return Object.entries(value).flatMap(([key, each]) => leaves(each as Json, [...path, key]));
}

function changed(value: Json, [key, ...rest]: readonly string[]): Json {
  if (key === undefined) return typeof value === 'number' ? value + 1 : `${JSON.stringify(value)}!`;
  const copy = structuredClone(value) as Record<string, Json>;
  copy[key] = changed(copy[key] ?? null, rest);
  return copy;
}

describe('the digest of a plan', () => {
  const plan = makePlan(inputsOf([good, bad]));
  const paths = leaves(plan.body as unknown as Json);

  test('is that of its content', () => {
    expect(verifyPlan(plan)).toBe(plan);
    expect(plan.digest).toBe(digestOf(plan.body));
  });

  test('changes with any field, and the edited plan is known as tampered', () => {
    expect(paths.length).toBeGreaterThan(100);
    fc.assert(
      fc.property(fc.constantFrom(...paths), (path) => {
        const body = changed(plan.body as unknown as Json, path) as unknown as Plan['body'];
        expect(digestOf(body)).not.toBe(plan.digest);
        expect(() => verifyPlan({ ...plan, body })).toThrow(
          expect.objectContaining({ code: 'plan-tampered' }),
        );
      }),
      { numRuns: 300 },
    );
  });
});

describe('the basis of a unit', () => {
  const unit = unitOf('a', { redundancyGroup: 'dist' });
  const other = unitOf('z', { device: { ...unitOf('z').device, site: 'rtm' } });
  const night = { kind: 'once', name: 'night', startMs: T0, endMs: T0 + HOUR_MS } as const;
  const freeze = { name: 'f', startMs: T0, endMs: T0 + 1, reason: 'x' };
  const group = { name: 'dist', units: [unitId('a'), unitId('b')], minHealthy: 1 };
  const base = inventoryOf([unit, other], { redundancyGroups: [group], windows: [night] });
  const basis = (inventory: Inventory, of = unit) =>
    unitBasis(inventory, of, { images: ['two'], windows: ['night'] });
  const images = base.images.map((each) => ({ ...each, sha512: 'cc' }));

  test.each<[string, Partial<Inventory>, boolean, boolean]>([
    ['its image', { images }, true, true],
    ['its window', { windows: [{ ...night, endMs: T0 + 2 * HOUR_MS }] }, true, true],
    ['a freeze of every site', { freezes: [{ ...freeze, sites: [] }] }, true, true],
    ['a freeze of its site', { freezes: [{ ...freeze, sites: ['ams'] }] }, true, false],
    ['its group', { redundancyGroups: [{ ...group, minHealthy: 0 }] }, true, false],
    ['another window', { windows: [night, { ...night, name: 'day' }] }, false, false],
    ['another image', { images: [...base.images, { ...images[0]!, name: 'x' }] }, false, false],
    ['people', { people: [] }, false, false],
  ])('changes with %s for exactly the units concerned', (_what, change, own, others) => {
    const edited = { ...base, ...change };
    expect(basis(edited) !== basis(base)).toBe(own);
    expect(basis(edited, other) !== basis(base, other)).toBe(others);
  });
});
