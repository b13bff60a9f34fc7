import type { ConfigDelta } from '../config/delta.js';
import type { DiffLine } from '../config/diff-text.js';
import type { Digest, InstantMs, PersonId, PlanDigest, UnitId } from '../kernel/id.js';
import type { Step } from '../driver/step.js';
import type { ProbedFlow } from '../ports/flow-probe.js';
import type { CheckRule, EvidenceDemand } from '../playbook/playbook.js';
import type { Proof } from '../proof/proof.js';
import type { WindowOccurrence } from '../window/occurrence.js';

/** What a unit must still be when its turn comes; anything else makes it stale. */
export interface MaterialFacts {
  readonly platform: string;
  readonly model: string;
  readonly serials: readonly string[];
  readonly runningVersion: string;
  readonly nextBoot: string;
  readonly configDigest: string;
  readonly hostKey: string;
  /** Which part it plays in its redundancy group, where it says so: the order of the plan rests on it. */
  readonly role?: string;
}

/** A firmware file as the plan pins it. */
export interface PlannedImage {
  readonly name: string;
  readonly fileName: string;
  readonly path: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly sha512: string;
  readonly md5: string;
}

/** One change of the running release. Several make a plan whose steps come hop after hop. */
export interface PlannedHop {
  readonly fromVersion: string;
  readonly toVersion: string;
  /** Its first step in the unit's list; the copies of all hops stand before those of the first. */
  readonly firstStep: number;
  /** Its part of the unit's rollback: from here on nothing reaches further back than its `fromVersion`. */
  readonly rollback: { readonly from: number; readonly to: number };
}

/** How a unit's configuration changes. */
export interface PlannedConfig {
  readonly patches: readonly { readonly name: string; readonly digest: Digest }[];
  /** For people: the changed sections, hashed secrets masked. */
  readonly diff: readonly DiffLine[];
  readonly delta: ConfigDelta;
  /** Lines of the patches that change nothing here, as `no X` where there is no X; absent: none. */
  readonly idle?: readonly string[];
  /** Which of our own ways in the change touches; empty: none. */
  readonly guarded: readonly string[];
  /** How the device takes it back by itself, and when, unless it is confirmed. */
  readonly revertBy: 'commit-confirmed' | 'timed-revert' | 'reload';
  readonly revertAfterMs: number;
}

/** All that will be done to one unit, and all that would bring it back. */
export interface UnitPlan {
  readonly unit: UnitId;
  /** Where it is reached, as the inventory has it. */
  readonly address: string;
  readonly site: string;
  readonly criticality: string;
  readonly redundancyGroup?: string;
  /** Units of this plan at the other ends of its cables: never changed at the same time as this one. */
  readonly neighbours: readonly UnitId[];
  readonly fromVersion: string;
  readonly toVersion: string;
  /** One a hop, in order; empty when the firmware stays as it is. */
  readonly images: readonly PlannedImage[];
  readonly config?: PlannedConfig;
  /** Empty: one change, taken back by the whole rollback list. */
  readonly hops: readonly PlannedHop[];
  readonly material: MaterialFacts;
  readonly steps: readonly Step[];
  readonly rollback: readonly Step[];
  /** The windows it may use, soonest first. */
  readonly windows: readonly WindowOccurrence[];
  /** When images may be copied as a job of its own; absent: at any time. */
  readonly stagingWindows?: readonly WindowOccurrence[];
  /** The window rules by name, whether or not they fit, that of staging included. */
  readonly windowRules: readonly string[];
  /** Over the inventory entries used for this unit: image, window rules, freezes, redundancy group. */
  readonly basis: Digest;
  readonly expectedMs: number;
  /** Steps and post-checks that need the window, and the rollback, at their worst. */
  readonly worstMs: number;
  /** Of `worstMs`: the post-checks at their longest. */
  readonly checksWorstMs: number;
  readonly rollbackWorstMs: number;
  /** In the first window: the latest time at which the rollback still fits. */
  readonly backOutDeadlineMs: InstantMs;
}

export interface PlannedWave {
  readonly name: string;
  readonly units: readonly UnitId[];
  /** Before the next wave begins. */
  readonly soakMs: number;
  /** Who may be down together and why that is safe. */
  readonly together: readonly { readonly units: readonly UnitId[]; readonly safeBecause: string }[];
}

export interface LeftOut {
  readonly unit: UnitId;
  readonly why: string;
  /** `nothing to do` is no finding; `refused` is. */
  readonly kind: 'nothing to do' | 'refused';
}

export interface RosterEntry {
  readonly id: PersonId;
  readonly name: string;
  readonly publicKey: string;
}

/** The network around the units of a plan: what a picture of it shows. */
export interface PlannedNetwork {
  readonly nodes: readonly {
    readonly name: string;
    readonly kind: 'unit' | 'attachment';
    readonly site: string;
    readonly role: string;
  }[];
  readonly links: readonly (readonly [string, string])[];
  readonly flows: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  readonly groups: readonly { readonly name: string; readonly units: readonly UnitId[] }[];
  readonly unitsInAll: number;
}

/** Everything that the board approves. Its digest is over the canonical JSON of this value. */
export interface PlanBody {
  readonly format: 1;
  readonly playbook: { readonly name: string; readonly summary: string; readonly digest: Digest };
  readonly author: PersonId;
  readonly createdAtMs: InstantMs;
  readonly units: readonly UnitPlan[];
  readonly waves: readonly PlannedWave[];
  readonly leftOut: readonly LeftOut[];
  readonly strategy: {
    readonly parallel: number;
    readonly stopAfterFailures: number;
    readonly soakMs: number;
  };
  readonly checks: { readonly before: readonly CheckRule[]; readonly after: readonly CheckRule[] };
  /** The commands that measure the flows which the checks ask for; absent: they ask for none. */
  readonly flowProbes?: readonly ProbedFlow[];
  readonly rollback: 'automatic' | 'hold';
  readonly approval: {
    readonly quorum: number;
    readonly lab: 'required' | 'optional';
    readonly evidence: EvidenceDemand;
    readonly expiresMs: number;
    /** Who could approve when the plan was made; a changed roster makes the plan stale. */
    readonly roster: readonly RosterEntry[];
  };
  readonly redundancyGroups: readonly {
    readonly name: string;
    readonly units: readonly UnitId[];
    readonly minHealthy: number;
  }[];
  /** What holds while units are down, and what does not when one thing more fails. Absent in plans of older builds. */
  readonly proof?: Proof;
  readonly network?: PlannedNetwork;
}

export interface Plan {
  readonly digest: PlanDigest;
  readonly body: PlanBody;
}
