import { unitPlanOf } from '../../src/run/state.js';
import type { Invariant } from './invariant.js';
import { expressionsOf } from './planned-lines.js';

/** Answers to a device's own question: the line that asked it is what was approved. */
const ANSWER = /^(?:y|yes)?$/i;

export const approval: Invariant = {
  number: 2,
  id: 'approval',
  title: 'Every line that changes a device stands in the approved plan of its unit',
  witness(scene, violated) {
    const approved = new Map<string, readonly RegExp[]>(
      scene.inventory.units.flatMap(({ id, device }) => {
        const plan = unitPlanOf(scene.plan, id);
        return plan ? [[device.id, expressionsOf([...plan.steps, ...plan.rollback])] as const] : [];
      }),
    );
    const last = new Map<string, string>();
    return {
      typed(device, line) {
        last.set(device, line);
      },
      happened({ kind, device, detail }) {
        const line = last.get(device);
        if (kind !== 'mutation' || line === undefined || ANSWER.test(line)) return;
        const isApproved = approved.get(device)?.some((each) => each.test(line)) === true;
        if (!isApproved) violated(`${device}: ${detail}, which nobody approved`);
      },
    };
  },
};
