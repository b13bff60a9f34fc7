import { describe, expect, test } from '@jest/globals';
import type {
  LabCommands,
  SeedsOptions,
  ShrinkOptions,
  ShrinkResult,
} from '../../src/cli/lab-commands.js';
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

  test.each(['--only 1,x', '--count some', '--first -1', '--count 99999999'])(
    '%s is misuse',
    async (line) => {
      const { code, asked } = await seeds(line, []);
      expect(code).toBe(64);
      expect(asked).toEqual([]);
    },
  );
});

describe('lab shrink', () => {
  const found = {
    seed: 'other',
    night: 17,
    invariant: 'window',
    why: 'acc1: drain outside every window',
    of: 9,
    events: [{ number: 4, what: 'slow-boot strikes acc1, moment 1' }],
    played: 11,
    isWhole: true,
  };

  function shrink(line: string, result: ShrinkResult) {
    const asked: ShrinkOptions[] = [];
    const lab = {
      shrink: async (options: ShrinkOptions) => {
        asked.push(options);
        return result;
      },
    } as unknown as LabCommands;
    const options = { app, parts: { lab: async () => lab } };
    return typed(['lab', 'shrink', ...line.split(' ')], options).then((said) => ({
      ...said,
      asked,
    }));
  }

  test('shows the events that the broken rule needs, and how to play them alone', async () => {
    const { code, out, err, asked } = await shrink('--seed other --night 17 --within PT5S', found);
    expect(code).toBe(3);
    expect(asked).toEqual([{ seed: 'other', night: 17, limitMs: 5000 }]);
    expect(out).toContain('4 slow-boot strikes acc1, moment 1');
    expect(err).toContain('window by 1 of 9 events: acc1: drain outside every window');
    expect(err).toContain('lab seeds --seed other --first 17 --count 1 --only 4');
  });

  test('says so when the night breaks no rule', async () => {
    const none = { ...found, invariant: undefined, why: '', events: [] };
    const { code, out, err } = await shrink('last --night 17 -o json', none);
    expect(code).toBe(0);
    expect(wrongWith(out)).toEqual([]);
    expect(err).toContain('nothing is violated');
  });

  test('owns up to it when time ran out', async () => {
    const { err } = await shrink('--night 17', { ...found, isWhole: false });
    expect(err).toContain('perhaps by fewer');
  });

  test.each(['--night x', '--night 1 --within never'])('%s is misuse', async (line) => {
    expect((await shrink(line, found)).code).toBe(64);
  });
});
