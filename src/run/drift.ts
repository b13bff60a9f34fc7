import type { MaterialFacts, UnitPlan } from '../plan/plan.js';

/** How a unit differs from what the plan was approved for, in words; undefined when it does not. */
export function driftOf(
  unitPlan: Pick<UnitPlan, 'material' | 'basis'>,
  now: {
    readonly material: MaterialFacts;
    readonly basis: string;
    /** This run has changed another member of its redundancy group: roles are no longer what they were. */
    readonly isMateChanged?: boolean;
  },
): string | undefined {
  const planned = unitPlan.material;
  const seen = now.material;
  const changes: string[] = [];
  const compare = (name: string, was: string, is: string) => {
    if (was !== is) changes.push(`${name} was ${was || 'none'}, is ${is || 'none'}`);
  };
  compare('platform', planned.platform, seen.platform);
  compare('model', planned.model, seen.model);
  compare('serials', planned.serials.join(', '), seen.serials.join(', '));
  compare('running version', planned.runningVersion, seen.runningVersion);
  compare('next boot', planned.nextBoot, seen.nextBoot);
  compare('host key', planned.hostKey, seen.hostKey);
  if (planned.role !== undefined && now.isMateChanged !== true) {
    compare('role in its redundancy group', planned.role, seen.role ?? '');
  }
  if (planned.configDigest !== seen.configDigest) changes.push('the running config was changed');
  if (unitPlan.basis !== now.basis) {
    changes.push('its image, windows, freezes or redundancy group were edited in the inventory');
  }
  return changes.length > 0 ? `no longer what was approved: ${changes.join('; ')}` : undefined;
}
