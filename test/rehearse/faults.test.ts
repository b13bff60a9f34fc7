import { describe, expect, test } from '@jest/globals';
import { faultSheets } from '../../lab/faults/catalogue.js';
import { rehearse } from '../../lab/rehearse/rehearse.js';
import { labNetwork, labPlaybook, specs } from './network.js';

const [peer, , eos, stack] = specs;

describe.each([
  ['a single switch', eos],
  ['a stack of three', stack],
])('the run, when a fault strikes %s', (_name, struck) => {
  test.each(faultSheets.map((sheet) => [sheet.id, sheet.verdict.unit, sheet] as const))(
    '%s: ends as %s',
    async (fault, verdict) => {
      if (!peer || !struck) throw new Error('the network has no such device');
      const strategy = { ...labPlaybook().strategy, waves: [{ kind: 'rest' as const }] };
      const network = await labNetwork({
        chosen: [peer, struck],
        playbook: labPlaybook({
          strategy: { ...strategy, stopAfterFailures: 9, soakMs: 3_600_000 },
        }),
      });
      const result = await rehearse({ ...network, faults: [{ fault, device: struck.id }] });
      const unit = result.units.find((each) => each.unit === struck.id);
      const truth = result.world.truth();
      expect(truth.filter((each) => each.kind === 'fault-struck').length).toBeGreaterThan(0);
      expect(unit?.isTrue).toBe(true);
      expect(unit?.ended).toBe(verdict === 'failed-untouched' ? 'dropped' : verdict);
    },
  );
});
