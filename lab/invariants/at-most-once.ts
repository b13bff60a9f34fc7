import type { Dialect } from '../../src/session/dialect.js';
import { unitPlanOf } from '../../src/run/state.js';
import type { Invariant } from './invariant.js';
import { expressionsOf, isLook } from './planned-lines.js';

interface Watched {
  readonly dialect: Dialect;
  readonly reloads: readonly RegExp[];
  pending: string | undefined;
}

export const atMostOnce: Invariant = {
  number: 14,
  id: 'at-most-once',
  title: 'No reload is asked for twice without a look at the device between',
  witness(scene, violated) {
    const devices = new Map<string, Watched>();
    for (const { id, device } of scene.inventory.units) {
      const plan = unitPlanOf(scene.plan, id);
      const driver = plan && scene.drivers.get(plan.material.platform);
      if (!plan || !driver) continue;
      const steps = [...plan.steps, ...plan.rollback];
      const reloads = expressionsOf(steps.filter((each) => each.disrupts === 'whole device'));
      devices.set(device.id, { dialect: driver.platform.dialect, reloads, pending: undefined });
    }
    return {
      typed(device, line) {
        const watched = devices.get(device);
        if (!watched) return;
        const { dialect, reloads, pending } = watched;
        if (reloads.some((each) => each.test(line))) {
          if (pending !== undefined) violated(`${device}: ${line} after ${pending}`);
          watched.pending = line;
          return;
        }
        if (isLook(dialect, line)) watched.pending = undefined;
      },
    };
  },
};
