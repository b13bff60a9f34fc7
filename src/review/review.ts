import { Fault } from '../kernel/fault.js';
import type { InstantMs, PersonId } from '../kernel/id.js';
import { canonicalJson } from '../kernel/json.js';
import { recall } from '../kernel/recall.js';
import type { KeyRef, Signer } from '../ports/signer.js';
import type { Store } from '../ports/store.js';
import type { Inventory, Person } from '../inventory/inventory.js';
import { rosterOf, verifyPlan } from '../plan/make-plan.js';
import type { Plan } from '../plan/plan.js';
import { evidenceWords, levelOf, reaches, type Evidence } from './evidence.js';
import {
  decisionOf,
  decisionRow,
  signedText,
  type Decision,
  type DecisionKind,
  type SignedDecision,
} from './approval.js';

declare const approved: unique symbol;

/** A plan that the board approved. Only `approvedPlan` makes one, so an unapproved run does not compile. */
export type ApprovedPlan = Plan & { readonly [approved]: true };

/** One thing that stands between a plan and its run. */
export interface Obstacle {
  readonly code: 'not-approved' | 'plan-stale' | 'lab-evidence-missing' | 'evidence-missing';
  readonly why: string;
}

/** How a plan stands with its board. */
export interface Standing {
  readonly plan: Plan;
  readonly author: SignedDecision | undefined;
  /** Valid approvals of people who may give one, newest decision of each. */
  readonly approvals: readonly SignedDecision[];
  readonly rejections: readonly SignedDecision[];
  /** Decisions that do not count, and why. */
  readonly ignored: readonly { readonly decision: SignedDecision; readonly why: string }[];
  readonly rehearsed: boolean;
  /** Empty: the plan may run. */
  readonly obstacles: readonly Obstacle[];
}

export interface ReviewServices {
  readonly store: Store;
  readonly signer: Signer;
  readonly inventory: Inventory;
  /** What the journal shows of platforms and models. */
  readonly evidence: readonly Evidence[];
  readonly nowMs: InstantMs;
}

const REASON_CHARACTERS_MIN = 3;
const REASON_CHARACTERS_MAX = 2000;

/** Why a row is nobody's decision at all: whatever it says, it replaces no decision that is somebody's. */
function whyNobodys(
  each: SignedDecision,
  plan: Plan,
  services: ReviewServices,
): string | undefined {
  const { roster } = plan.body.approval;
  const entry = roster.find((person) => person.id === each.by);
  if (each.by === plan.body.author) return 'the author cannot approve';
  if (!entry) return 'not on the roster that the plan pins';
  if (entry.publicKey !== each.publicKey) return 'signed with a key that is not the roster’s';
  if (!services.signer.verify(entry.publicKey, signedText(each), each.signature)) {
    return 'the signature does not verify';
  }
  return undefined;
}

/** Clocks of two controllers may differ by so much. */
const CLOCKS_DIFFER_MS = 300_000;

function whyUntimely(
  each: SignedDecision,
  plan: Plan,
  services: ReviewServices,
): string | undefined {
  const { expiresMs } = plan.body.approval;
  if (each.atMs > services.nowMs + CLOCKS_DIFFER_MS) {
    const given = `${new Date(each.atMs).toISOString().slice(0, 16)}Z`;
    return `given ${given}, ahead of this clock: on the lab's clock, or a clock is wrong`;
  }
  // A no stays a no: only a yes grows old.
  const ages = each.decision === 'approve';
  if (ages && services.nowMs - each.atMs > expiresMs) return 'expired';
  return undefined;
}

/** The newest decision of each person, in order of person. */
function newest(decisions: readonly SignedDecision[]): readonly SignedDecision[] {
  const byPerson = new Map<string, SignedDecision>();
  for (const each of decisions) {
    const known = byPerson.get(each.by);
    if (!known || known.atMs <= each.atMs) byPerson.set(each.by, each);
  }
  return [...byPerson.values()].sort((a, b) => (a.by < b.by ? -1 : 1));
}

function authorOf(
  plan: Plan,
  decisions: readonly SignedDecision[],
  services: ReviewServices,
): SignedDecision | undefined {
  const author = services.inventory.people.find((each) => each.id === plan.body.author);
  return decisions.find(
    (each) =>
      each.decision === 'author' &&
      each.by === plan.body.author &&
      author?.publicKey === each.publicKey &&
      services.signer.verify(each.publicKey, signedText(each), each.signature),
  );
}

/** Platforms and models that the journal shows less of than the playbook demands. */
function unproven(plan: Plan, evidence: readonly Evidence[]): readonly Obstacle[] {
  const wanted = plan.body.approval.evidence;
  const kinds = new Map(
    plan.body.units.map(({ material: { platform, model } }) => [
      `${platform} ${model}`,
      { platform, model },
    ]),
  );
  return [...kinds].flatMap(([name, kind]): readonly Obstacle[] => {
    const level = levelOf(evidence, kind);
    if (wanted === 'none' || reaches(level, wanted)) return [];
    const why = `${name} is ${evidenceWords(level)}; the playbook wants it ${evidenceWords(wanted)}`;
    return [{ code: 'evidence-missing', why }];
  });
}

function obstaclesOf(
  standing: Omit<Standing, 'obstacles'>,
  { inventory, evidence }: ReviewServices,
): Obstacle[] {
  const { plan, approvals, rejections } = standing;
  const obstacles: Obstacle[] = [];
  const { quorum, lab, roster } = plan.body.approval;
  if (canonicalJson(rosterOf(inventory, plan.body.author)) !== canonicalJson(roster)) {
    const why = 'the people who may approve changed since the plan was made';
    obstacles.push({ code: 'plan-stale', why });
  }
  if (!standing.author) {
    obstacles.push({
      code: 'not-approved',
      why: `${plan.body.author} has not signed it as author`,
    });
  }
  for (const each of rejections) {
    obstacles.push({ code: 'not-approved', why: `rejected by ${each.by}: ${each.reason}` });
  }
  if (approvals.length < quorum) {
    const why = `${approvals.length} of ${quorum} approvals`;
    obstacles.push({ code: 'not-approved', why });
  }
  if (lab === 'required' && !standing.rehearsed) {
    const why = 'no passed rehearsal of exactly this plan';
    obstacles.push({ code: 'lab-evidence-missing', why });
  }
  return [...obstacles, ...unproven(plan, evidence)];
}

/** Reads all decisions on a plan and says how it stands. Fault `plan-tampered`. */
export async function standingOf(plan: Plan, services: ReviewServices): Promise<Standing> {
  verifyPlan(plan);
  const rows = await services.store.rows('approval', { key: plan.digest });
  const decisions = rows
    .flatMap((row) => decisionOf(row) ?? [])
    .filter((each) => each.plan === plan.digest);
  const found = decisions
    .filter((each) => each.decision !== 'author')
    .map((decision) => ({ decision, why: whyNobodys(decision, plan, services) }));
  const genuine = found.filter((each) => each.why === undefined).map((each) => each.decision);
  const judged = [
    ...found.filter((each) => each.why !== undefined),
    ...newest(genuine).map((decision) => ({
      decision,
      why: whyUntimely(decision, plan, services),
    })),
  ];
  const counting = judged.filter((each) => each.why === undefined).map((each) => each.decision);
  const rehearsal = await services.store.latest('rehearsal', plan.digest);
  const standing = {
    plan,
    author: authorOf(plan, decisions, services),
    approvals: counting.filter((each) => each.decision === 'approve'),
    rejections: counting.filter((each) => each.decision === 'reject'),
    ignored: judged.flatMap(({ decision, why }) => (why === undefined ? [] : [{ decision, why }])),
    rehearsed: rehearsal?.value['passed'] === true,
  };
  return { ...standing, obstacles: obstaclesOf(standing, services) };
}

/** The branded plan. Fault with the code of the first obstacle, naming all of them. */
export async function approvedPlan(plan: Plan, services: ReviewServices): Promise<ApprovedPlan> {
  const { obstacles } = await standingOf(plan, services);
  const first = obstacles[0];
  if (!first) return recall<ApprovedPlan>(plan);
  const why = obstacles.map((each) => each.why).join('; ');
  throw new Fault(first.code, `plan ${plan.body.playbook.name} may not run: ${why}`);
}

function personOf(inventory: Inventory, by: PersonId): Person {
  const person = inventory.people.find((each) => each.id === by);
  if (person) return person;
  const known = inventory.people.map((each) => each.id).join(', ');
  throw new Fault('usage', `${by} is not among people`, { mend: `known: ${known || 'nobody'}` });
}

/** Signs and stores a decision. The reason is required; the key must be the person's. */
export async function decideOn(
  plan: Plan,
  wanted: {
    readonly by: PersonId;
    readonly decision: DecisionKind;
    readonly reason: string;
    readonly key: KeyRef;
  },
  services: ReviewServices,
): Promise<SignedDecision> {
  verifyPlan(plan);
  const reason = wanted.reason.trim();
  if (reason.length < REASON_CHARACTERS_MIN || reason.length > REASON_CHARACTERS_MAX) {
    throw new Fault('usage', 'a reason of 3 to 2000 characters is required', {
      mend: '--reason "why"',
    });
  }
  const person = personOf(services.inventory, wanted.by);
  if (wanted.decision !== 'author' && wanted.by === plan.body.author) {
    throw new Fault('not-approved', `${wanted.by} is the author and cannot decide on this plan`);
  }
  const publicKey = await services.signer.publicKeyOf(wanted.key);
  if (sameKey(publicKey) !== sameKey(person.publicKey ?? '')) {
    throw new Fault('key-unusable', `the key is not the one that people lists for ${wanted.by}`);
  }
  const decision: Decision = {
    plan: plan.digest,
    by: wanted.by,
    decision: wanted.decision,
    reason,
    atMs: services.nowMs,
  };
  const signature = await services.signer.sign(wanted.key, signedText(decision));
  const signed = { ...decision, publicKey: person.publicKey ?? '', signature };
  await services.store.put('approval', decisionRow(signed));
  return signed;
}

/** Type and body of an OpenSSH public line; the comment does not matter. */
function sameKey(line: string): string {
  return line.trim().split(/\s+/).slice(0, 2).join(' ');
}
