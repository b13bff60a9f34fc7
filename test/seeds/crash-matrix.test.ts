import { expect, test } from '@jest/globals';
import { quietNight } from '../../lab/seeds/draw.js';
import { playNight } from '../../lab/seeds/play.js';
import { proofNetwork } from '../../lab/seeds/proof-network.js';
import { createNodeFiles } from '../../src/adapters/node-files.js';
import { createApp } from '../../src/app.js';
import { driverLoaders } from '../../src/driver-loaders.js';
import type { World } from '../../src/ports/world.js';
import { IS_THOROUGH } from '../conformance/thorough.js';

/** One of each shape: a cluster, two routing engines, one of a pair, a stack, and a switch without an archive. */
const SHAPES = 'fw-main:rtr-annex:dist-main-1:core-annex:acc-annex-6';
/** In CI every append; else a few, other ones of both sides. */
const STRIDE = IS_THOROUGH ? 1 : 149;

test('the shipped playbook comes to the same end wherever its runner dies', async () => {
  const app = createApp({ files: createNodeFiles() } as World, driverLoaders);
  const [network] = await proofNetwork(app, SHAPES);
  if (!network) throw new Error('nothing is planned');
  expect(network.plan.body.units).toHaveLength(5);
  const wrong: string[] = [];
  let died = 0;
  for (const point of ['crash-before', 'crash-after'] as const) {
    for (let nth = point === 'crash-before' ? 1 : 2; ; nth += STRIDE) {
      const night = { ...quietNight('matrix'), crashes: [{ nth, point }] };
      const { violations, deaths, endings } = await playNight(
        { ...network, seed: 'matrix', faults: [] },
        night,
      );
      if (deaths === 0) break;
      died += deaths;
      if (endings['done'] !== 5) wrong.push(`${point} ${nth}: ${JSON.stringify(endings)}`);
      for (const { invariant, why } of violations)
        wrong.push(`${point} ${nth}: ${invariant} ${why}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(died).toBeGreaterThan(IS_THOROUGH ? 400 : 4);
}, 1_200_000);
