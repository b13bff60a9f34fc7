import { describe, expect, test } from '@jest/globals';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Inventory } from '../../src/inventory/inventory.js';
import { labPlaybook } from '../rehearse/network.js';
import { attached, cables, flow } from '../topology/network.js';
import { inputsOf, inventoryOf, unitOf } from './plan-inputs.js';

const names = ['acc', 'left', 'right'];
const units = names.map((name) => unitOf(name));
const servers = attached('servers', ['left', 'right'], ['aaa']);

/** acc reaches the servers over left and right. */
function planFor(change: Partial<Inventory>, proof?: 'strict' | 'warn') {
  const strategy = { waves: [], parallel: 3, stopAfterFailures: 1, soakMs: 0 };
  const inventory = inventoryOf(units, { links: cables('acc-left', 'acc-right'), ...change });
  const playbook = { ...labPlaybook({ strategy }), ...(proof ? { proof } : {}) };
  return makePlan(inputsOf(units, { inventory, playbook })).body;
}

describe('a plan', () => {
  test('has nothing to prove where nothing must hold', () => {
    const { proof, waves } = planFor({});
    expect(waves.map((each) => each.units)).toEqual([names]);
    expect(proof).toMatchObject({ verdict: 'holds', states: 0 });
  });

  test('orders its waves so that no two units together take a way from a third', () => {
    const body = planFor({ attachments: [servers], flows: [flow('ward', 'acc>servers')] });
    expect(body.waves.map((each) => each.units)).toEqual([['acc', 'left'], ['right']]);
    expect(body.proof).toMatchObject({ verdict: 'holds', obligations: { management: 3 } });
    expect(body.proof?.ofTheChange.shown.map(({ down, failed }) => [...down, failed])).toEqual(
      expect.arrayContaining([['left', 'right']]),
    );
  });

  test('is refused, with the drawn counterexample, when a flow is lost whatever the order', () => {
    const attachments = [attached('servers', ['left'])];
    const cut = (outageMs: number) => () =>
      planFor({ attachments, flows: [flow('ward', 'right>servers', { outageMs })] });
    expect(cut(0)).toThrow(
      expect.objectContaining({
        code: 'plan-refused',
        message: expect.stringContaining('right ----- [acc: changed] ----- left ----- servers'),
        mend: expect.stringContaining('`outage`'),
      }),
    );
    expect(cut(24 * 3_600_000)().proof?.verdict).toBe('holds');
  });

  test('takes what its order adds to one failure as a finding, or as a refusal when strict', () => {
    const four = ['acc', 'left', 'right', 'third'];
    const inventory = {
      links: cables('acc-left', 'acc-right', 'acc-third'),
      attachments: [attached('servers', ['left', 'right', 'third'], ['dns'])],
    };
    const strategy = { waves: [], parallel: 2, stopAfterFailures: 1, soakMs: 0 };
    const made = (proof: 'strict' | 'warn') => {
      const all = four.map((name) => unitOf(name));
      const playbook = { ...labPlaybook({ strategy, limit: '*' }), proof };
      const changed = all.filter((each) => each.id !== 'acc');
      const flows = [flow('ward', 'acc>servers')];
      return makePlan(
        inputsOf(changed, { inventory: inventoryOf(all, { ...inventory, flows }), playbook }),
      ).body;
    };
    expect(made('warn').proof).toMatchObject({ verdict: 'risky', broken: { count: 0 } });
    expect(() => made('strict')).toThrow(
      /while left, right are down and third fails: flow ward is cut/,
    );
  });

  test('shows the network around its units', () => {
    const { network } = planFor({ attachments: [servers] });
    expect(network?.nodes.map((each) => each.name)).toEqual([...names, 'servers']);
    expect(network?.links).toContainEqual(['acc', 'left']);
  });
});
