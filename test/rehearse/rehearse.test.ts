import { describe, expect, test } from '@jest/globals';
import { runId } from '../../src/kernel/id.js';
import { rehearse, type Rehearsal } from '../../lab/rehearse/rehearse.js';
import { labNetwork } from './network.js';

describe('a rehearsal', () => {
  test('upgrades every unit of both platforms, and the lab agrees', async () => {
    const network = await labNetwork();
    expect(network.plan.body.leftOut).toEqual([]);
    const result = await rehearse(network);
    expect(
      result.units.map(({ unit, ended, runs, isTrue }) => [unit, ended, runs, isTrue]),
    ).toEqual([
      ['dist1a', 'done', '4.31.2F', true],
      ['dist1b', 'done', '4.31.2F', true],
      ['acc1', 'done', '4.31.2F', true],
      ['stack1', 'done', '17.12.4', true],
    ]);
    expect(result.passed).toBe(true);
    expect(result.virtualMs).toBeGreaterThan(48 * 3_600_000);
  });

  test('is the same, event by event, for the same seed, and another for another', async () => {
    const network = await labNetwork();
    const first = await rehearse(network);
    const again = await rehearse(network);
    const other = await rehearse({ ...network, seed: '2' });
    expect(again.logDigest).toBe(first.logDigest);
    expect(await journalOf(again)).toEqual(await journalOf(first));
    expect(other.logDigest).not.toBe(first.logDigest);
  });

  test('never has both members of a redundancy group down', async () => {
    const result = await rehearse(await labNetwork());
    const down = new Set<string>();
    const overlaps: string[] = [];
    for (const { kind, device } of result.world.truth()) {
      if (kind === 'went-down') down.add(device);
      if (kind === 'boot') down.delete(device);
      if (down.has('dist1a') && down.has('dist1b')) overlaps.push(device);
    }
    expect(overlaps).toEqual([]);
    expect(result.world.truth().filter((each) => each.kind === 'boot')).toHaveLength(4);
  });
});

async function journalOf(result: Rehearsal): Promise<readonly string[]> {
  const records = await result.store.journal.read(runId('rehearsal'), 0);
  return records.map((each) => each.hash);
}
