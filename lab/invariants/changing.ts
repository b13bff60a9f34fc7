import type { UnitPlan } from '../../src/plan/plan.js';
import { isActive, unitPlanOf, type RunState } from '../../src/run/state.js';
import { unitOf, type Scene } from './invariant.js';

/** The plan of the unit that is on its way forward on this device now. */
export function changing(
  scene: Scene,
  device: string,
  state: RunState,
): { readonly unitPlan: UnitPlan } | undefined {
  const unit = unitOf(scene, device);
  const unitState = unit === undefined ? undefined : state.units.get(unit);
  const unitPlan = unit === undefined ? undefined : unitPlanOf(scene.plan, unit);
  if (!unitState || !unitPlan || !isActive(unitState) || unitState.list !== 'forward') return;
  return { unitPlan };
}
