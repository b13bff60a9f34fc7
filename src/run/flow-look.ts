import type { FlowBindings } from '../check/condition.js';
import { flowsIn } from '../check/flow-names.js';
import type { World } from '../ports/world.js';
import type { Plan } from '../plan/plan.js';
import type { CheckRule } from '../playbook/playbook.js';

/** The losses that these checks ask for, measured now; undefined: they ask for none. */
export async function lookAtFlows(
  world: Pick<World, 'flowProbe'>,
  plan: Plan,
  rules: readonly CheckRule[],
): Promise<{ readonly flow?: FlowBindings }> {
  const asked = rules.map((each) => flowsIn(each.that));
  const probes = (plan.body.flowProbes ?? []).filter(({ name }) =>
    asked.some((each) => each.all || each.names.includes(name)),
  );
  if (probes.length === 0) return {};
  const loss: Record<string, number> = {};
  const unmeasured: Record<string, string> = {};
  for (const probe of probes) {
    const reading = await world.flowProbe?.measure(probe);
    if (reading?.kind === 'measured') loss[probe.name] = reading.lossPercent;
    else unmeasured[probe.name] = reading?.why ?? 'nothing here measures flows';
  }
  return { flow: { loss, unmeasured } };
}
