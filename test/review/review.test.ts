import {
  generateKeyPairSync,
  sign as signBytes,
  verify as verifyBytes,
  createHash,
} from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { personId } from '../../src/kernel/id.js';
import type { Signer } from '../../src/ports/signer.js';
import type { Inventory, Person } from '../../src/inventory/inventory.js';
import type { EvidenceDemand } from '../../src/playbook/playbook.js';
import type { Plan } from '../../src/plan/plan.js';
import type { Evidence, EvidenceLevel } from '../../src/review/evidence.js';
import { rosterOf } from '../../src/plan/make-plan.js';
import {
  decisionOf,
  decisionRow,
  signedText,
  type DecisionKind,
  type SignedDecision,
} from '../../src/review/approval.js';
import { approvedPlan, decideOn, standingOf } from '../../src/review/review.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { labInventory } from '../rehearse/network.js';
import { fixedClock } from '../store/fixed-clock.js';
import { HOUR_MS, planOf, T0, unitPlanOf } from '../run/plan-of.js';

const pairs = new Map(
  ['otto', 'anna', 'bea', 'carl', 'mallory'].map((id) => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const hash = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
    return [id, { line: `ssh-ed25519 ${hash.digest('base64')}`, publicKey, privateKey }] as const;
  }),
);
const lineOf = (id: string) => pairs.get(id)?.line ?? '';
const keyOf = (id: string) => ({ kind: 'file', path: id, passphrase: 'env:X' }) as const;

/** True Ed25519 over keys in memory: the path of a key names its owner. */
const signer: Signer = {
  publicKeyOf: (key) => Promise.resolve(key.kind === 'file' ? `${lineOf(key.path)} comment` : ''),
  sign(key, text) {
    const pair = key.kind === 'file' ? pairs.get(key.path) : undefined;
    if (!pair) throw new Error('no such key');
    return Promise.resolve(signBytes(null, Buffer.from(text), pair.privateKey).toString('base64'));
  },
  verify(line, text, signature) {
    const pair = [...pairs.values()].find((each) => each.line === line);
    if (!pair) return false;
    return verifyBytes(null, Buffer.from(text), pair.publicKey, Buffer.from(signature, 'base64'));
  },
  generate: () => Promise.reject(new Error('not here')),
};

const person = (id: string, change: Partial<Person> = {}): Person => ({
  id: personId(id),
  name: id,
  role: 'engineer',
  publicKey: lineOf(id),
  mayApprove: true,
  ...change,
});
const inventoryOf = (people: readonly Person[]): Inventory => ({ ...labInventory(), people });
const people = [
  person('otto'),
  person('anna'),
  person('bea'),
  person('carl', { mayApprove: false }),
];
const inventory = inventoryOf(people);

const makePlan = (lab: 'optional' | 'required' = 'optional', unit = 'a'): Plan =>
  planOf([unitPlanOf(unit)], {
    approval: {
      quorum: 2,
      lab,
      evidence: 'none',
      expiresMs: 24 * HOUR_MS,
      roster: rosterOf(inventory, personId('otto')),
    },
  });
const plan = makePlan();

let store = createMemoryStore(fixedClock(T0));
beforeEach(() => {
  store = createMemoryStore(fixedClock(T0));
});

const services = (nowMs = T0, seen = inventory) => ({
  store,
  signer,
  inventory: seen,
  evidence: [],
  nowMs,
});
const decide = (by: string, decision: DecisionKind, nowMs = T0) =>
  decideOn(
    plan,
    { by: personId(by), decision, reason: 'looked at it', key: keyOf(by) },
    services(nowMs),
  );

/** A row that nobody was asked about: as somebody with access to the store could write it. */
async function forge(change: Partial<SignedDecision>, keyOwner?: string): Promise<void> {
  const bare = {
    plan: plan.digest,
    by: personId('anna'),
    decision: 'approve',
    reason: 'trust me',
    atMs: T0,
    publicKey: lineOf('anna'),
    ...change,
  } as const;
  const signature = await signer.sign(keyOf(keyOwner ?? bare.by), signedText(bare));
  await store.put('approval', decisionRow({ ...bare, signature, ...change }));
}

const whys = async (nowMs = T0) =>
  (await standingOf(plan, services(nowMs))).obstacles.map((each) => each.why);

async function approveAll(): Promise<void> {
  await decide('otto', 'author');
  await decide('anna', 'approve');
  await decide('bea', 'approve');
}

describe('a plan', () => {
  test('may run when its author signed and the quorum approved', async () => {
    await approveAll();
    expect(await whys()).toEqual([]);
    await expect(approvedPlan(plan, services())).resolves.toBe(plan);
  });

  test('may not run before that, and every reason is named at once', async () => {
    expect(await whys()).toEqual(['otto has not signed it as author', '0 of 2 approvals']);
    await expect(approvedPlan(plan, services())).rejects.toMatchObject({
      code: 'not-approved',
      message: expect.stringMatching(/has not signed.*0 of 2 approvals/),
    });
  });

  test('is refused when its content was altered', async () => {
    const edited = { ...plan, body: { ...plan.body, author: personId('mallory') } };
    await expect(standingOf(edited, services())).rejects.toMatchObject({ code: 'plan-tampered' });
  });

  test('is stale when the people who may approve changed', async () => {
    await approveAll();
    const changed = inventoryOf([...people, person('mallory')]);
    await expect(approvedPlan(plan, services(T0, changed))).rejects.toMatchObject({
      code: 'plan-stale',
    });
  });
});

describe('an approval that does not count', () => {
  test.each<[string, Partial<SignedDecision>, string | undefined]>([
    ['the author cannot approve', { by: personId('otto'), publicKey: lineOf('otto') }, undefined],
    [
      'not on the roster that the plan pins',
      { by: personId('carl'), publicKey: lineOf('carl') },
      undefined,
    ],
    ['signed with a key that is not the roster’s', { publicKey: lineOf('mallory') }, 'mallory'],
    ['the signature does not verify', {}, 'mallory'],
    ['the signature does not verify', { signature: '' }, undefined],
    ["ahead of this clock: on the lab's clock", { atMs: T0 + HOUR_MS }, undefined],
    ['expired', { atMs: T0 - 25 * HOUR_MS }, undefined],
  ])('is ignored: %s', async (why, change, keyOwner) => {
    await forge(change, keyOwner);
    const standing = await standingOf(plan, services());
    expect(standing.approvals).toEqual([]);
    expect(standing.ignored.map((each) => each.why)).toEqual([expect.stringContaining(why)]);
  });

  test('is one that was signed over another plan', async () => {
    const other = makePlan('optional', 'b');
    const signed = await decideOn(
      other,
      { by: personId('anna'), decision: 'approve', reason: 'good', key: keyOf('anna') },
      services(),
    );
    await store.put('approval', { ...decisionRow(signed), key: plan.digest });
    await forge({ signature: signed.signature });
    const standing = await standingOf(plan, services());
    expect(standing.approvals).toEqual([]);
    expect(standing.ignored.map((each) => each.why)).toEqual(['the signature does not verify']);
  });

  test('is one that expired meanwhile', async () => {
    await approveAll();
    expect(await whys(T0 + 24 * HOUR_MS)).toEqual([]);
    expect(await whys(T0 + 24 * HOUR_MS + 1)).toEqual(['0 of 2 approvals']);
  });

  test('is a row that is no decision', () => {
    expect(decisionOf({ key: plan.digest, atMs: T0, value: { by: 'anna' } })).toBeUndefined();
    const row = decisionRow({
      plan: plan.digest,
      by: personId('anna'),
      decision: 'approve',
      reason: 'x',
      atMs: T0,
      publicKey: '',
      signature: '',
    });
    const value = { ...row.value, decision: 'applaud' };
    expect(decisionOf({ ...row, value })).toBeUndefined();
  });
});

describe('the newest decision of a person', () => {
  test.each(['reject', 'withdraw'] as const)('counts: %s after approve', async (later) => {
    await approveAll();
    await decide('anna', later, T0 + 1);
    const standing = await standingOf(plan, services(T0 + 1));
    expect(standing.approvals.map((each) => each.by)).toEqual(['bea']);
    expect(standing.rejections).toHaveLength(later === 'reject' ? 1 : 0);
    await expect(approvedPlan(plan, services(T0 + 1))).rejects.toMatchObject({
      code: 'not-approved',
    });
  });

  test('counts: approve after reject', async () => {
    await decide('otto', 'author');
    await decide('anna', 'reject');
    await decide('bea', 'approve');
    expect(await whys()).toEqual(['rejected by anna: looked at it', '1 of 2 approvals']);
    await decide('anna', 'approve', T0 + 1);
    expect(await whys(T0 + 1)).toEqual([]);
  });

  test('is not replaced by a forged one, be it to lift a rejection or an approval', async () => {
    await approveAll();
    await forge({ atMs: T0 + 1, decision: 'withdraw' }, 'mallory');
    expect(await whys(T0 + 2)).toEqual([]);
    await decide('anna', 'reject', T0 + 3);
    await forge({ atMs: T0 + 4, decision: 'withdraw' }, 'mallory');
    expect(await whys(T0 + 5)).toContain('rejected by anna: looked at it');
  });
});

describe('evidence from the lab', () => {
  const strict = makePlan('required');
  const rehearsed = (passed: boolean) =>
    store.put('rehearsal', { key: strict.digest, atMs: T0, value: { passed } });
  const codes = async () =>
    (await standingOf(strict, services())).obstacles.map((each) => each.code);

  test('is demanded of exactly this plan when the playbook requires it', async () => {
    expect(await codes()).toContain('lab-evidence-missing');
    await rehearsed(false);
    expect(await codes()).toContain('lab-evidence-missing');
    await rehearsed(true);
    expect(await codes()).not.toContain('lab-evidence-missing');
  });

  test('is no matter when it is optional', async () => {
    await approveAll();
    expect((await standingOf(plan, services())).rehearsed).toBe(false);
    expect(await whys()).toEqual([]);
  });
});

describe('signing', () => {
  const wanted = {
    by: personId('anna'),
    decision: 'approve',
    reason: 'fine',
    key: keyOf('anna'),
  } as const;

  test.each([
    ['a reason that says nothing', { reason: ' a ' }, 'usage'],
    ['a person nobody knows', { by: personId('zoe') }, 'usage'],
    ['the author as approver', { by: personId('otto'), key: keyOf('otto') }, 'not-approved'],
    ['a key of somebody else', { key: keyOf('mallory') }, 'key-unusable'],
  ])('refuses %s and stores nothing', async (_what, change, code) => {
    const decided = decideOn(plan, { ...wanted, ...change }, services());
    await expect(decided).rejects.toMatchObject({ code });
    expect(await store.rows('approval')).toEqual([]);
  });

  test('refuses a plan that was altered', async () => {
    const edited = { ...plan, body: { ...plan.body, rollback: 'hold' as const } };
    await expect(decideOn(edited, wanted, services())).rejects.toMatchObject({
      code: 'plan-tampered',
    });
  });
});

describe('the evidence that a playbook demands', () => {
  const { platform, model } = unitPlanOf('a').material;
  const demanding = (evidence: EvidenceDemand): Plan =>
    planOf([unitPlanOf('a')], { approval: { ...plan.body.approval, evidence } });
  const shown = (level: EvidenceLevel, of = model) => [
    { platform, model: of, level, units: 3, lastAtMs: T0 },
  ];
  const obstacles = async (wanted: EvidenceDemand, evidence: readonly Evidence[]) =>
    (await standingOf(demanding(wanted), { ...services(), evidence })).obstacles.flatMap((each) =>
      each.code === 'evidence-missing' ? [each.why] : [],
    );

  test('is nothing by default', async () => {
    expect(await obstacles('none', [])).toEqual([]);
  });

  test('is met by the same rung or a higher one, of the same model', async () => {
    expect(await obstacles('observed', shown('observed'))).toEqual([]);
    expect(await obstacles('observed', shown('upgraded'))).toEqual([]);
    expect(await obstacles('observed', shown('upgraded', 'other model'))).toHaveLength(1);
  });

  test('stops the plan and says what was seen and what is wanted', async () => {
    expect(await obstacles('upgraded', shown('simulated'))).toEqual([
      `${platform} ${model} is rehearsed in the lab only; the playbook wants it upgraded on real devices`,
    ]);
    expect(await obstacles('staged', [])).toEqual([
      `${platform} ${model} is never tried; the playbook wants it staged on real devices`,
    ]);
  });
});
