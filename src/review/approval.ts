import type { InstantMs, PersonId, PlanDigest } from '../kernel/id.js';
import { canonicalJson } from '../kernel/json.js';
import { recall, toJson } from '../kernel/recall.js';
import type { BookRow } from '../ports/store.js';

/** `author`: the plan's maker stands by it. A later decision of the same person replaces the earlier one. */
export type DecisionKind = 'author' | 'approve' | 'reject' | 'withdraw';

/** A signed decision of one person over one plan digest. */
export interface Decision {
  readonly plan: PlanDigest;
  readonly by: PersonId;
  readonly decision: DecisionKind;
  readonly reason: string;
  readonly atMs: InstantMs;
}

export interface SignedDecision extends Decision {
  readonly publicKey: string;
  readonly signature: string;
}

/** The exact text that is signed. */
export function signedText(each: Decision): string {
  const { plan, by, decision, reason, atMs } = each;
  return canonicalJson({ what: 'nightshift decision', plan, by, decision, reason, atMs });
}

export function decisionRow(each: SignedDecision): BookRow {
  return { key: each.plan, atMs: each.atMs, value: toJson(each) };
}

const KINDS: ReadonlySet<string> = new Set(['author', 'approve', 'reject', 'withdraw']);

/** The decision in a row; undefined for a row that is none, which then counts for nobody. */
export function decisionOf(row: BookRow): SignedDecision | undefined {
  const { plan, by, decision, reason, atMs, publicKey, signature } = row.value;
  const texts = [plan, by, decision, reason, publicKey, signature];
  if (!texts.every((each) => typeof each === 'string') || typeof atMs !== 'number') {
    return undefined;
  }
  if (typeof decision !== 'string' || !KINDS.has(decision)) return undefined;
  return recall<SignedDecision>(row.value);
}
