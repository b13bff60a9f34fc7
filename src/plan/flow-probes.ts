import { flowsIn } from '../check/flow-names.js';
import { Fault } from '../kernel/fault.js';
import { suggest } from '../kernel/suggest.js';
import type { ProbedFlow } from '../ports/flow-probe.js';
import type { Inventory } from '../inventory/inventory.js';
import type { Playbook } from '../playbook/playbook.js';

type Needed = Pick<Playbook, 'checks'>;

function refuse(message: string, mend: string): Fault {
  return new Fault('plan-refused', message, { mend });
}

/** The probes that the checks need. Fault `plan-refused` for a flow that is not declared, or that nothing measures. */
export function flowProbesOf(
  { checks }: Needed,
  { flows = [] }: Pick<Inventory, 'flows'>,
): readonly ProbedFlow[] {
  const names = flows.map((each) => each.name);
  const needed = new Set<string>();
  for (const { name, that } of [...checks.before, ...checks.after]) {
    const { names: asked, all } = flowsIn(that);
    const strange = asked.find((each) => !names.includes(each));
    if (strange !== undefined) {
      const near = suggest(strange, names);
      const mend = near === undefined ? 'declare it in flows.yaml' : `did you mean ${near}?`;
      throw refuse(`the check "${name}" asks for the flow ${strange}, which is not declared`, mend);
    }
    for (const each of all ? names : asked) needed.add(each);
  }
  return flows
    .filter((each) => needed.has(each.name))
    .map(({ name, probe }) => {
      if (probe !== undefined) return { name, command: probe };
      const mend = 'give it a `probe` in flows.yaml: a command that prints the loss in percent';
      throw refuse(`a check asks for the loss of flow ${name}, and nothing measures it`, mend);
    });
}
