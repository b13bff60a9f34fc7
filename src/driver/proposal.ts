import type { Step } from './step.js';

/** What a driver proposes: the steps forward, and those that bring the unit back from any point of them. */
export type UpgradeProposal =
  | {
      readonly kind: 'steps';
      readonly steps: readonly Step[];
      /**
       * Run in order after a failure, each probed first and skipped when its effect is already there. Right from any
       * point after the first step that changes more than staging.
       */
      readonly rollback: readonly Step[];
    }
  | { readonly kind: 'refused'; readonly why: string; readonly mend: string };
