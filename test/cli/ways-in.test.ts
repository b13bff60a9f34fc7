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
      expect(out).toContain('nightshift plan card UNIT');
    },
  );

  test('has the ways in for machines: address, jump hosts, console and its last test', async () => {
    const device = { host: '192.0.2.7', ssh: { port: 22 }, jump: [{ name: 'bastion' }] };
    const inventory = async () => ({ units: units.map((id) => ({ id, device })) });
    const { out } = await typed(['plan', 'show', 'last', '-o', 'json'], {
      app: { ...app, inventory },
    });
    const [first, second] = JSON.parse(out).waysIn;
    expect(first).toMatchObject({
      unit: units[0],
      address: '192.0.2.7:22',
      jump: ['bastion'],
      outOfBand: { address: '192.0.2.250', kind: 'console' },
    });
    expect(second.outOfBand).toBeUndefined();
  });
});

describe('plan card', () => {
  const card = {
    unit: 'sw1',
    title: 'sw1: when it does not come back',
    sections: [
      { heading: 'What to do', entries: [{ text: 'look', type: ['dir flash:', 'boot <x>'] }] },
      { heading: 'NEVER TYPE', entries: [{ text: 'all is gone', type: ['format'] }] },
    ],
  };
  const app = {
    world: { clock: { now: () => OPENS_MS } },
    findPlan: async () => samplePlan(),
    inventory: async () => ({ units: [] }),
    cards: async () => [card, { ...card, unit: 'sw2' }],
    cardsPage: async (cards: readonly object[]) => `<p>${cards.length}</p>`,
  };

  test('shows what to type, and what never to, so that nobody mixes them up', async () => {
    const { out } = await typed(['plan', 'card', 'sw1'], { app });
    expect(out).toContain('  - look\n      > dir flash:\n      > boot <x>\n');
    expect(out).toContain('      X format\n');
    const wrong = await typed(['plan', 'card', 'sw7'], { app });
    expect(wrong).toMatchObject({ code: 64 });
    expect(wrong.err).toContain('it has: sw1, sw2');
  });

  test('prints all of them, a page each, and as HTML or JSON where asked', async () => {
    expect((await typed(['plan', 'cards'], { app })).out.split('\f')).toHaveLength(2);
    expect((await typed(['plan', 'cards', '-o', 'html'], { app })).out).toBe('<p>2</p>');
    const { kind, cards } = JSON.parse((await typed(['plan', 'cards', '-o', 'json'], { app })).out);
    expect([kind, cards.length]).toEqual(['recovery-cards@1', 2]);
  });
});
