import type { UnitId } from '../../src/kernel/id.js';
import type { Dialect } from '../../src/session/dialect.js';
import { unitPlanOf } from '../../src/run/state.js';
import type { Invariant } from './invariant.js';
import { isLook } from './planned-lines.js';

export const unknownIsUnknown: Invariant = {
  number: 15,
  id: 'unknown-is-unknown',
  title: 'What may or may not have happened is looked at before it is tried again',
  witness(scene, violated) {
    const unknown = new Map<string, string>();
    const dialects = new Map<string, { readonly unit: UnitId; readonly dialect: Dialect }>(
      scene.inventory.units.flatMap(({ id, device }) => {
        const plan = unitPlanOf(scene.plan, id);
        const driver = plan && scene.drivers.get(plan.material.platform);
        return driver ? [[device.id, { unit: id, dialect: driver.platform.dialect }] as const] : [];
      }),
    );
    return {
      journaled({ event }) {
        if (event.kind === 'step-acted' && event.result === 'ambiguous') {
          unknown.set(event.unit, event.id);
        }
        if (event.kind === 'step-intent' && unknown.get(event.unit) === event.id) {
          violated(`${event.unit}: ${event.id} is tried again, and nobody looked at what it did`);
        }
      },
      typed(device, line) {
        const known = dialects.get(device);
        if (known && isLook(known.dialect, line)) unknown.delete(known.unit);
      },
    };
  },
};
