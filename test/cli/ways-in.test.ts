import { describe, expect, test } from '@jest/globals';
import type { WayIn } from '../../src/fingerprint/out-of-band.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { typed } from './fake-parts.js';
import { OPENS_MS, samplePlan } from './sample-plan.js';

const KEY = `SHA256:${'A'.repeat(43)}`;

interface Pinned {
  readonly name: string;
  readonly fingerprint: string;
}

function trusting(pins: Pinned[]) {
  const clock = { now: () => OPENS_MS };
  const note = (name: string) => (pin: { fingerprint: string }) => {
    pins.push({ name, fingerprint: pin.fingerprint });
    return Promise.resolve();
  };
  return {
    world: { clock, store: createMemoryStore(clock as never) },
    inventory: async () => ({ units: [{ id: 'sw1' }], jumpHosts: [{ name: 'bastion' }] }),
    trust: ({ id }: { id: string }, pin: Pinned) => note(`unit ${id}`)(pin),
    trustJumpHost: (name: string, pin: Pinned) => note(`jump host ${name}`)(pin),
  };
}

describe('trust', () => {
  test.each([
    ['bastion', 'jump host bastion'],
    ['sw1', 'unit sw1'],
  ])('accepts the key of %s', async (name, holder) => {
    const pins: Pinned[] = [];
    const line = ['trust', name, '--fingerprint', KEY, '--reason', 'compared'];
    expect(await typed(line, { app: trusting(pins) })).toMatchObject({ code: 0 });
    expect(pins).toEqual([{ name: holder, fingerprint: KEY }]);
  });

  test('knows neither a unit nor a jump host of that name', async () => {
    const line = ['trust', 'bastoin', '--fingerprint', KEY, '--reason', 'compared'];
    expect(await typed(line, { app: trusting([]) })).toMatchObject({ code: 64 });
  });
});

describe('plan show', () => {
  const plan = samplePlan();
  const units = plan.body.units.map((each) => each.unit);
  const app = {
    world: { clock: { now: () => OPENS_MS } },
    findPlan: async () => plan,
    standing: async () => ({ obstacles: [] }),
    evidence: async () => [],
    inventory: async () => ({ units: units.map((id) => ({ id })) }),
    waysIn: async (asked: readonly { id: WayIn['unit'] }[]): Promise<readonly WayIn[]> =>
      asked.map(({ id }, index) => ({
        unit: id,
        outOfBand:
          index === 0
            ? { address: '192.0.2.250', port: 2007, kind: 'console', note: 'line 7' }
            : undefined,
        lastTest: undefined,
        lastSuccessMs: undefined,
      })),
  };

  test.each([['--brief'], ['--full']])(
    '%s says how to get in when a unit is lost',
    async (level) => {
      const { out, code } = await typed(['plan', 'show', 'last', level], { app });
      const lines = out.split('\n').map((each) => each.trimEnd());
      const start = lines.indexOf('Ways in when a unit does not return');
      expect(code).toBe(0);
      expect(lines[start + 1]).toBe(
        `  ${units[0]}: console 192.0.2.250 port 2007 (line 7), never tested`,
      );
      expect(lines[start + 2]).toContain('no console or out-of-band address in the inventory: ');
    },
  );
});
