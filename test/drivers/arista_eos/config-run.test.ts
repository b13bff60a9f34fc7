import { describe, expect, test } from '@jest/globals';
import { rehearse } from '../../../lab/rehearse/rehearse.js';
import { labNetwork, labPlaybook, specs } from '../../rehearse/network.js';

const LIST = 'ip access-list NTP-CLIENTS\n   10 permit ip 10.1.0.0/16 any\n   20 deny ip any any\n';
const PATCH = [
  'ntp server 192.0.2.10 prefer',
  'ntp server 192.0.2.11',
  'ip access-list NTP-CLIENTS',
  '   15 permit ip 10.2.0.0/16 any',
  '',
].join('\n');

const acc1 = specs.filter((each) => each.id === 'acc1').map((each) => ({ ...each, config: LIST }));
const base = labPlaybook();

function playbookFor(text: string, that?: string) {
  const { firmware: _, ...rest } = base;
  const patch = { name: 'ntp', templates: [{ file: 'ntp.hbs', text }], vars: {} };
  const after = that === undefined ? [] : [{ name: 'as we want it', that, withinMs: 60_000 }];
  return { ...rest, config: [patch], checks: { before: [], after } };
}

async function network(text = PATCH, that?: string) {
  return labNetwork({ chosen: acc1, playbook: playbookFor(text, that) as typeof base });
}

describe('a patch on EOS', () => {
  test('is planned with its diff, its steps and nothing guarded', async () => {
    const { plan } = await network();
    const [unit] = plan.body.units;
    expect(plan.body.leftOut).toEqual([]);
    expect(unit?.config).toMatchObject({ guarded: [], revertBy: 'commit-confirmed' });
  });

  test('is applied, checked, confirmed and saved', async () => {
    const result = await rehearse(await network());
    expect(result.units).toMatchObject([{ unit: 'acc1', ended: 'done', isTrue: true }]);
    const { runningConfig, startupConfig } = result.world.deviceState('acc1');
    expect(runningConfig).toContain('15 permit ip 10.2.0.0/16 any');
    expect(startupConfig).toBe(runningConfig);
  });
});
