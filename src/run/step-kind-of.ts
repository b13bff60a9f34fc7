import { Fault } from '../kernel/fault.js';
import type { Driver } from '../driver/driver.js';
import type { Step, StepKind } from '../driver/step.js';

/** The code that a step of a plan names. Fault `driver-broken` when this build does not have it. */
export function kindOf(driver: Driver, step: Step): StepKind {
  const found = driver.stepKinds.find(
    (each) => each.kind === step.kind && each.version === step.version,
  );
  if (found) return found;
  throw new Fault('driver-broken', `this build does not know step ${step.kind}@${step.version}`);
}
