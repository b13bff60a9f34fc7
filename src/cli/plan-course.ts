import type { Plan, PlannedWave, UnitPlan } from '../plan/plan.js';
import { oneLine } from './visible.js';

/** `canary`, `wave 1`: as the plan names it; a wave without a name is told by its place. */
export function waveName(wave: PlannedWave | undefined, index: number): string {
  return oneLine(wave?.name ?? '') || `wave ${index + 1}`;
}

function excludes(unit: UnitPlan, other: UnitPlan): boolean {
  const grouped = unit.redundancyGroup !== undefined;
  if (grouped && unit.redundancyGroup === other.redundancyGroup) return true;
  return unit.neighbours.includes(other.unit) || other.neighbours.includes(unit.unit);
}

/** How long the units of a wave take when each begins as soon as there is room and nobody it excludes is at work. */
function waveMs(units: readonly UnitPlan[], parallel: number): number {
  let waiting = [...units];
  let working: readonly { readonly unit: UnitPlan; readonly endMs: number }[] = [];
  let nowMs = 0;
  while (waiting.length > 0 || working.length > 0) {
    const stillWaiting: UnitPlan[] = [];
    for (const unit of waiting) {
      const blocked = working.some((each) => excludes(unit, each.unit));
      if (blocked || working.length >= parallel) stillWaiting.push(unit);
      else working = [...working, { unit, endMs: nowMs + unit.expectedMs }];
    }
    waiting = stillWaiting;
    const nextMs = Math.min(...working.map((each) => each.endMs));
    nowMs = nextMs;
    working = working.filter((each) => each.endMs > nextMs);
  }
  return nowMs;
}

/**
 * What the plan is expected to take from its first unit to its last when nothing goes wrong and no window closes: units
 * side by side as far as `parallel`, cables and redundancy groups allow, waves one after the other with their soaks.
 */
export function elapsedMs(plan: Plan): number {
  const { units, waves, strategy } = plan.body;
  const parallel = Math.max(1, strategy.parallel);
  return waves.reduce((total, wave, index) => {
    const members = units.filter((each) => wave.units.includes(each.unit));
    const soakMs = index < waves.length - 1 ? wave.soakMs : 0;
    return total + waveMs(members, parallel) + soakMs;
  }, 0);
}
