import type { UnitId } from '../kernel/id.js';

/** What must hold while units are changed. */
export type ObligationKind = 'flow' | 'management' | 'redundancy';

/** A smallest set of what is down under which something does not hold. */
export interface Breach {
  /** In words, what does not hold, the first few of it: `acc1 does not reach aaa1 (aaa)`. */
  readonly what: readonly string[];
  /** How many more do not hold then. */
  readonly more: number;
  /** Units that the plan has down together; empty: none is needed for it. */
  readonly down: readonly UnitId[];
  /** One further failure, in words; absent: none is needed. */
  readonly failed?: string;
  /** The ways that there were for the first of `what`, line by line, with what is gone from them. */
  readonly drawing: readonly string[];
}

/** Breaches of one class: so many, of which the smallest are shown. */
export interface BreachList {
  readonly count: number;
  readonly shown: readonly Breach[];
}

/** Whether the network holds at every instant that the plan may lead to. */
export interface Proof {
  /** `broken`: not even without a further failure. `risky`: the plan adds ways to fail. `unproven`: too much to look at. */
  readonly verdict: 'holds' | 'risky' | 'unproven' | 'broken';
  /** What was to hold. */
  readonly obligations: { readonly [kind in ObligationKind]: number };
  /** Networks looked at, each with something else down. */
  readonly states: number;
  /** Broken by what the plan has down, with nothing else failing. */
  readonly broken: BreachList;
  /** Needs several units of one wave down and one further failure: another order would avoid it. */
  readonly added: BreachList;
  /** Needs one unit down and one further failure: whoever changes that unit runs this risk. */
  readonly ofTheChange: BreachList;
  /** One failure alone breaks it, with or without a change. */
  readonly inherent: BreachList;
  /** Obligations with more combinations than were looked at. */
  readonly unproven: readonly string[];
}

/** A unit of the plan as the proof sees it. */
export interface ProofUnit {
  readonly unit: UnitId;
  readonly site: string;
  /** Names of the jump hosts on the way to it, the nearest to us first. */
  readonly jump: readonly string[];
  /** How long it forwards nothing, at worst. */
  readonly outageMs: number;
  /** False: nothing is done to it that keeps it from forwarding. */
  readonly goesDown: boolean;
}

/** Who may be down together: as many of a wave as `parallel`, but never two that are kept apart. */
export interface ProofPlan {
  readonly units: readonly ProofUnit[];
  readonly waves: readonly { readonly units: readonly UnitId[] }[];
  readonly parallel: number;
  /** By unit, those that are never changed at the same time as it. */
  readonly apart: ReadonlyMap<UnitId, ReadonlySet<UnitId>>;
}
