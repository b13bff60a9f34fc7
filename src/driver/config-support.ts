import type { ConfigDelta } from '../config/delta.js';
import type { ConfigRules } from '../config/rules.js';
import type { ConfigTree } from '../config/tree.js';
import type { UpgradeProposal } from './proposal.js';
import type { Facts } from './facts.js';

/** One change of a unit's configuration, worked out against its running config. */
export interface ConfigChange {
  /** Lines to type in configuration mode, in order; sections are entered and left by lines of their own. */
  readonly apply: readonly string[];
  /** Lines that lead from the changed config back to the one that runs now. */
  readonly revert: readonly string[];
  /** What will be there and what will not: probes are judged by it. */
  readonly delta: ConfigDelta;
  /** The device goes back by itself when nobody confirms for this long. Whole minutes. */
  readonly revertAfterMs: number;
  /** Why the change touches our own way in; empty: it does not. Such a change needs the device's own timed revert. */
  readonly guarded: readonly string[];
}

/** What a change is judged by before anybody sees it. */
export interface GuardScene {
  readonly before: ConfigTree;
  readonly after: ConfigTree;
  readonly delta: ConfigDelta;
  /** The address that we reach the unit at, without its port. */
  readonly managementAddress: string;
}

/** What a platform adds so that its configuration can be patched. */
export interface ConfigSupport {
  readonly rules: ConfigRules;
  /**
   * How the device takes a change back by itself. `commit-confirmed`: its own, without an outage. `timed-revert`: another
   * mechanism of its own. `reload`: a scheduled reload into the saved config, an outage that the board must see.
   */
  readonly revertBy: (facts: Facts) => 'commit-confirmed' | 'timed-revert' | 'reload';
  /** The ways in that the change touches (management access list, AAA, SSH, SNMP, route to us), as sentences. Pure. */
  guard(scene: GuardScene): readonly string[];
  /** Steps in phases prepare, configure and commit; the rollback takes back whatever of them was done. */
  propose(change: ConfigChange, facts: Facts): UpgradeProposal;
}
