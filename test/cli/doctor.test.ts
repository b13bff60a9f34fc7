import { describe, expect, test } from '@jest/globals';
import { typed } from './fake-parts.js';

const unit = (id: string) => ({
  id,
  device: {
    host: '192.0.2.1',
    ssh: { username: 'ns', port: 22, password: 'env:GONE', agent: false },
  },
});
const inventory = {
  units: [unit('seen'), unit('refused'), unit('hangs')],
  sites: [{ name: 'ams', timeZone: 'Europe/Amsterdam' }],
  images: [{ name: 'big', path: 'big.bin', platform: 'p', sizeBytes: 900_000_000, sha512: 'aa' }],
};
const flash = { fileSystem: 'flash-2:', totalBytes: 1e9, freeBytes: 1e8 };
const seen = {
  kind: 'seen',
  unit: 'seen',
  evidence: [],
  facts: { platform: 'p', model: 'M', runningVersion: '1', members: [{ id: '2', flash }] },
};
const refused = {
  kind: 'not-seen',
  unit: 'refused',
  code: 'auth-refused',
  why: 'no',
  evidence: [],
};

function world(sha512: string) {
  return {
    secrets: { resolve: async () => 'x', redact: (text: string) => text },
    files: { stat: async () => undefined, hash: async () => ({ sha512 }) },
    dispatcher: () => ({ run: (job: () => Promise<void>) => job() }),
    clock: {
      now: () => 0,
      monotonicTimer: (_ms: number, late: () => void) => {
        queueMicrotask(() => queueMicrotask(late));
        return () => undefined;
      },
    },
  };
}

const app = {
  world: world('bb'),
  inventory: async () => inventory,
  select: () => inventory.units,
  testOutOfBand: async () => undefined,
  fingerprint: ({ onSighting }: { onSighting: (each: unknown) => void }) => {
    onSighting(seen);
    onSighting(refused);
    return new Promise(() => undefined);
  },
};

interface Found {
  readonly about: string;
  readonly check: string;
  readonly level: string;
  readonly mend: string;
}

describe('doctor', () => {
  test('says what to mend, and does not wait for a device that hangs', async () => {
    const { code, out } = await typed(['doctor', '-o', 'ndjson'], { app });
    const found = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Found);
    const levels = found.map(({ about, check, level }) => `${about} ${check} ${level}`);
    expect(code).toBe(3);
    expect(levels).toEqual(
      expect.arrayContaining([
        'controller images fail',
        'controller time zones ok',
        'seen login ok',
        'seen flash fail',
        'refused login fail',
        'hangs login fail',
      ]),
    );
    expect(found.find((each) => each.about === 'hangs')?.mend).toContain('--limit hangs');
  });

  test('exits with 0 where all is well', async () => {
    const [first] = inventory.units;
    const roomy = [{ id: '2', flash: { ...flash, freeBytes: 1e9 } }];
    const sound = {
      ...app,
      world: world('aa'),
      select: () => [first],
      fingerprint: async ({ onSighting }: { onSighting: (each: unknown) => void }) =>
        onSighting({ ...seen, facts: { ...seen.facts, members: roomy } }),
    };
    expect(await typed(['doctor'], { app: sound })).toMatchObject({ code: 0 });
  });

  test('tells a pipeline in JUnit', async () => {
    const { out } = await typed(['doctor', '-o', 'junit'], { app });
    expect(out).toContain('classname="refused"');
    expect(out).toContain('<failure');
  });

  describe('clocks', () => {
    const MINUTE_MS = 60_000;
    const clocks = async (...ahead: readonly number[]) => {
      const units = ahead.map((_, index) => unit(`u${index}`));
      const sighted = {
        ...app,
        world: world('aa'),
        select: () => units,
        fingerprint: async ({ onSighting }: { onSighting: (each: unknown) => void }) => {
          for (const [index, minutes] of ahead.entries()) {
            const clock = { aheadMs: minutes * MINUTE_MS, isExact: true, synchronised: true };
            onSighting({ ...seen, unit: `u${index}`, clock });
          }
        },
      };
      const { out } = await typed(['doctor', '-o', 'ndjson'], { app: sighted });
      return out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Found & { readonly detail: string })
        .filter((each) => each.check === 'clock')
        .map(({ about, level, detail }) => `${about} ${level}: ${detail}`);
    };

    test('of devices that differ from ours are told, a quarter of an hour is too much', async () => {
      expect(await clocks(0, 2, -20)).toEqual([
        'u0 ok: as ours',
        'u1 warn: 2m ahead of ours',
        'u2 fail: 20m behind of ours',
      ]);
      expect(await clocks(0)).toContain('controller ok: the devices do not differ');
    });

    test('of devices that agree with one another against ours say that ours is wrong', async () => {
      expect(await clocks(30, 30, 30, 0)).toEqual([
        'controller fail: the devices agree that it is 30m behind of theirs',
      ]);
    });
  });
});
