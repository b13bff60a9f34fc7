import { describe, expect, test } from '@jest/globals';
import { conditionError, evaluateCondition } from '../../src/check/condition.js';
import { flowsIn } from '../../src/check/flow-names.js';
import { rehearse, setStage } from '../../lab/rehearse/rehearse.js';
import { attached, flow } from '../topology/network.js';
import { labNetwork, labPlaybook } from './network.js';

const traffic = {
  attachments: [attached('servers', ['dist1a', 'dist1b'], ['aaa'])],
  flows: [flow('ward', 'acc1>servers', { probe: 'true', outageMs: 0 })],
};
const SECOND_MS = 1000;

describe('the traffic of the lab', () => {
  test('goes into the hole until the hold timers end, then around it, and back with the adjacency', async () => {
    const { sim } = await setStage({ ...(await labNetwork({ traffic })), faults: [] });
    const loss = () => sim.flowLosses().map(({ lossPercent }) => lossPercent);
    expect(loss()).toEqual([0]);
    sim.powerCycle('dist1a');
    expect(sim.deviceState('dist1a').power).not.toBe('up');
    // Half of it is still sent to dist1a: nobody has missed its hellos yet.
    expect(loss()).toEqual([50]);
    await sim.scheduler.advance(30 * SECOND_MS);
    expect(loss()).toEqual([50]);
    await sim.scheduler.advance(15 * SECOND_MS);
    expect(loss()).toEqual([0]);
    await sim.scheduler.advance(3600 * SECOND_MS);
    expect(sim.deviceState('dist1a').power).toBe('up');
    expect(loss()).toEqual([0]);
    sim.powerCycle('dist1b');
    sim.powerCycle('dist1a');
    expect(loss()).toEqual([100]);
  });

  test('is dropped in part where a fault does so, and every state is green', async () => {
    const { sim } = await setStage({ ...(await labNetwork({ traffic })), faults: [] });
    const green = () => sim.deviceState('acc1');
    const { ports, peers } = green();
    sim.strike({ fault: 'some-flows-dropped', device: 'acc1' });
    sim.powerCycle('acc1');
    await sim.scheduler.advance(3600 * SECOND_MS);
    expect(sim.flowLosses().map(({ lossPercent }) => lossPercent)).toEqual([25]);
    expect(green().ports).toEqual(ports);
    expect(green().peers.map(({ up, prefixes }) => [up, prefixes])).toEqual(
      peers.map(({ up, prefixes }) => [up, prefixes]),
    );
    sim.clear('some-flows-dropped');
    expect(sim.flowLosses().map(({ lossPercent }) => lossPercent)).toEqual([0]);
  });

  test('is what the checks of a rehearsed plan see', async () => {
    const checks = labPlaybook().checks;
    const that = 'flow.loss["ward"] <= 1';
    const playbook = labPlaybook({
      checks: {
        before: [...checks.before, { name: 'the ward works', that, withinMs: 0 }],
        after: [{ name: 'the ward works again', that, withinMs: 600_000 }],
      },
    });
    const network = await labNetwork({ traffic, playbook });
    expect(network.plan.body.flowProbes).toEqual([{ name: 'ward', command: 'true' }]);
    const result = await rehearse(network);
    expect(result.units.map(({ ended }) => ended)).toEqual(['done', 'done', 'done', 'done']);
  });
});

describe('a check on a flow', () => {
  const unit = { id: 'acc1', site: 'ams', version: '1' };
  const outcome = (that: string, loss: Record<string, number>) =>
    evaluateCondition({ name: 'flow', that }, 'after', {
      unit,
      flow: { loss, unmeasured: { lab: 'the probe failed' } },
    });

  test('passes, fails, or is not known, by what was measured', () => {
    const that = 'flow.loss["ward"] <= 1';
    expect(outcome(that, { ward: 0.5 }).kind).toBe('passed');
    expect(outcome(that, { ward: 1.5 }).kind).toBe('failed');
    expect(outcome('flow.loss["lab"] <= 1', { ward: 0 })).toEqual({
      kind: 'broken',
      name: 'flow',
      why: 'flow lab is not measured: the probe failed',
    });
    const nobody = evaluateCondition({ name: 'flow', that }, 'before', { unit });
    expect(nobody).toMatchObject({ kind: 'broken', why: /no probe measures it/ });
  });

  test('names its flows, or speaks of all of them', () => {
    expect(flowsIn(`flow.loss["a"] < 1 && flow.loss['b'] < 2`)).toEqual({
      names: ['a', 'b'],
      all: false,
    });
    expect(flowsIn('flow.loss.all(n, flow.loss[n] < 1)').all).toBe(true);
    expect(flowsIn('state.flow == "flow"')).toEqual({ names: [], all: false });
    expect(conditionError('flow.loss["a"] <= 1', 'before')).toBeUndefined();
  });

  test('is refused when the plan is made, if nobody measures the flow or it is not declared', async () => {
    const checks = (name: string) => ({
      before: [{ name: 'flow', that: `flow.loss["${name}"] <= 1`, withinMs: 0 }],
      after: [],
    });
    const { probe: _probe, ...silent } = traffic.flows[0]!;
    await expect(
      labNetwork({
        traffic: { ...traffic, flows: [silent] },
        playbook: labPlaybook({ checks: checks('ward') }),
      }),
    ).rejects.toThrow('a check asks for the loss of flow ward, and nothing measures it');
    await expect(
      labNetwork({ traffic, playbook: labPlaybook({ checks: checks('wart') }) }),
    ).rejects.toMatchObject({ code: 'plan-refused', mend: 'did you mean ward?' });
  });
});
