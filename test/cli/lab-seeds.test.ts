import { describe, expect, test } from '@jest/globals';
import type { LabCommands, SeedsOptions } from '../../src/cli/lab-commands.js';
import { typed } from './fake-parts.js';
import { wrongWith } from './result-document.js';
import { samplePlan } from './sample-plan.js';

const plan = samplePlan();
const app = { findPlan: async () => plan, inventory: async () => ({ units: [] }) };

function seeds(
  line: string,
  violations: readonly { night: number; invariant: string; why: string }[],
) {
  const asked: SeedsOptions[] = [];
  const lab = {
    seeds: async (options: SeedsOptions) => {
      asked.push(options);
      const { seed, first, count } = options;
      return {
        seed,
        first,
        played: count,
        violations,
        struck: [{ fault: 'slow-boot', phase: 'activate', times: 2 }],
        endings: { done: 7, reverted: 1 },
        deaths: 3,
        resumed: 1,
        events: 99,
        virtualMs: 3_600_000,
        tookMs: 1000,
        perHour: 7200,
      };
    },
  } as unknown as LabCommands;
  const options = { app, parts: { lab: async () => lab } };
  return typed(['lab', 'seeds', ...line.split(' ').filter(Boolean)], options).then((said) => ({
    ...said,
    asked,
  }));
}

const wrong = { night: 17, invariant: 'window', why: 'acc1: drain outside every window' };

describe('lab seeds', () => {
  test('tells what befell the nights, and ends well when nothing is violated', async () => {
    const { code, out, err, asked } = await seeds('last --count 2 --seed other --first 40', []);
    expect(code).toBe(0);
    expect(asked).toMatchObject([{ of: { plan }, seed: 'other', first: 40, count: 2 }]);
    expect(out).toMatch(/units: 7 done, 1 reverted/);
    expect(out).toMatch(/slow-boot +activate +2/);
    expect(err).toContain('0 violations in 2 nights');
  });

  test('ends with the code of a failed check, and says how to play that night again', async () => {
    const { code, err } = await seeds("last --seed it's", [wrong]);
    expect(code).toBe(3);
    expect(err).toContain('night 17, window: acc1: drain outside every window');
    expect(err).toMatch(
      /again: nightshift lab seeds sha256:\w{12} --seed 'it'\\''s' --first 17 --count 1/,
    );
  });

  test('plays the network of the lab itself when no plan is named', async () => {
    const { asked, err } = await seeds('', [wrong]);
    expect(asked).toMatchObject([{ seed: 'nightshift', count: 100 }]);
    expect(asked[0]?.of).toBeUndefined();
    expect(err).toContain('again: nightshift lab seeds --seed nightshift --first 17 --count 1');
  });

  test('gives the same as a document', async () => {
    const { out } = await seeds('-o json', [wrong]);
    expect(wrongWith(out)).toEqual([]);
    const { violations } = JSON.parse(out) as { violations: readonly { replay: string }[] };
    expect(violations).toMatchObject([{ ...wrong, replay: expect.stringContaining('--first 17') }]);
  });

  test.each(['--count some', '--first -1', '--count 99999999'])('%s is misuse', async (line) => {
    const { code, asked } = await seeds(line, []);
    expect(code).toBe(64);
    expect(asked).toEqual([]);
  });
});
