import type { Driver } from '../../src/driver/driver.js';
import type { Act, Probe, Step } from '../../src/driver/step.js';
import type { UnitPlan } from '../../src/plan/plan.js';

export const isReload = (step: Step) => step.disrupts === 'whole device';

/** A driver whose reload, or other step, looks at nothing and always believes that nothing has happened yet. */
export function blindDriver(
  driver: Driver,
  plan: UnitPlan,
  isBlind: (step: Step) => boolean = isReload,
): Driver {
  const reload = plan.steps.find(isBlind);
  return {
    ...driver,
    stepKinds: driver.stepKinds.map((kind) =>
      kind.kind !== reload?.kind || kind.version !== reload.version
        ? kind
        : {
            ...kind,
            probe: (): Promise<Probe> => Promise.resolve({ answer: 'absent', why: 'blind' }),
            async act(context): Promise<Act> {
              if (context.step.transfer) await context.offer();
              const { kind: came } = await context.send(0);
              return { kind: 'ambiguous', why: came };
            },
          },
    ),
  };
}
