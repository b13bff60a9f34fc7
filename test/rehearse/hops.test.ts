import { describe, expect, test } from '@jest/globals';
import { rehearse } from '../../lab/rehearse/rehearse.js';
import { imageOf, labNetwork, labPlaybook, specs } from './network.js';

const images = [
  { ...imageOf('arista_eos', '4.30.5M', 'EOS-4.30.5M.swi'), from: ['4.28.*'], golden: false },
  { ...imageOf('arista_eos', '4.31.2F', 'EOS-4.31.2F.swi'), from: ['4.30.*'] },
  {
    ...imageOf('cisco_iosxe', '17.10.1', 'cat9k_iosxe.17.10.01.SPA.bin'),
    from: ['17.9.*'],
    golden: false,
  },
  { ...imageOf('cisco_iosxe', '17.12.4', 'cat9k_iosxe.17.12.04.SPA.bin'), from: ['17.10.*'] },
];

const chosen = specs.filter((each) => ['acc1', 'stack1'].includes(each.id));

describe('an upgrade over several hops', () => {
  test('goes hop by hop in one plan, and says how far each can be taken back', async () => {
    const { plan } = await labNetwork({ images, chosen });
    expect(plan.body.leftOut).toEqual([]);
    expect(
      plan.body.units.map(({ unit, hops }) => [
        unit,
        ...hops.map((hop) => `${hop.fromVersion} to ${hop.toVersion}`),
      ]),
    ).toEqual([
      ['acc1', '4.28.3M to 4.30.5M', '4.30.5M to 4.31.2F'],
      ['stack1', '17.9.4a to 17.10.1', '17.10.1 to 17.12.4'],
    ]);
    for (const { steps, rollback } of plan.body.units) {
      const ids = [...steps, ...rollback].map((each) => each.id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test('boots twice and ends on the wanted release, as the lab bears out', async () => {
    const result = await rehearse(await labNetwork({ images, chosen }));
    expect(
      result.units.map(({ unit, ended, runs, isTrue }) => [unit, ended, runs, isTrue]),
    ).toEqual([
      ['acc1', 'done', '4.31.2F', true],
      ['stack1', 'done', '17.12.4', true],
    ]);
    expect(result.world.truth().filter((each) => each.kind === 'boot')).toHaveLength(4);
  });

  test('takes only the failed hop back', async () => {
    const strategy = { ...labPlaybook().strategy, stopAfterFailures: 9 };
    const network = await labNetwork({ images, chosen, playbook: labPlaybook({ strategy }) });
    const faults = chosen.map(({ id }) => ({ fault: 'boots-old-image', device: id, nth: 2 }));
    const result = await rehearse({ ...network, faults });
    expect(result.units.map(({ ended, runs }) => [ended, runs])).toEqual([
      ['reverted', '4.30.5M'],
      ['reverted', '17.10.1'],
    ]);
  });
});
