import { describe, expect, test } from '@jest/globals';
import { unitId } from '../../src/kernel/id.js';
import type { PlannedNetwork } from '../../src/plan/plan.js';
import { BOX, layoutOf } from '../../src/report/network-layout.js';
import { drawPicture, type PictureInputs } from '../../src/report/network-picture.js';

const unit = (name: string, site: string) => ({ name, kind: 'unit' as const, site, role: '' });
const network: PlannedNetwork = {
  nodes: [
    unit('core1', 'ams'),
    unit('core2', 'ams'),
    ...Array.from({ length: 11 }, (_, index) => unit(`acc${index + 1}`, 'ams')),
    unit('edge', 'lon'),
    { name: 'servers', kind: 'attachment', site: '', role: '' },
  ],
  links: [
    ['core1', 'core2'],
    ['core1', 'core2'],
    ...Array.from({ length: 11 }, (_, index) => ['core1', `acc${index + 1}`] as const),
    ['core2', 'edge'],
    ['servers', 'core1'],
    ['servers', 'core2'],
  ],
  flows: [],
  groups: [{ name: 'core', units: [unitId('core1'), unitId('core2')] }],
  unitsInAll: 20,
};
const T0 = Date.UTC(2027, 0, 9, 21);
const MINUTE = 60_000;
const inputs: PictureInputs = {
  title: 'A night & its <waves>',
  network,
  waves: [
    { name: 'canary', units: ['acc1'] },
    { name: 'wave 1', units: ['core1', 'acc2'] },
  ],
  down: [
    { name: 'acc1', fromMs: T0, toMs: T0 + 6 * MINUTE },
    { name: 'core1', fromMs: T0 + 300 * MINUTE, toMs: T0 + 310 * MINUTE },
  ],
  lost: [
    { name: 'ward', fromMs: T0 + 300 * MINUTE, toMs: T0 + 301 * MINUTE, lossPercent: 50 },
    { name: 'ward', fromMs: T0 + 301 * MINUTE, toMs: T0 + 302 * MINUTE, lossPercent: 12 },
  ],
  zone: 'Europe/Amsterdam',
};

describe('the layout of a network', () => {
  const { nodes, sites } = layoutOf(network);
  const at = (name: string) => nodes.find((each) => each.name === name)!;

  test('puts units below what they hang on, inside the box of their site', () => {
    expect(at('servers').y).toBeLessThan(at('core1').y);
    expect(at('core1').y).toBe(at('core2').y);
    expect(at('acc1').y).toBeGreaterThan(at('core1').y);
    const ams = sites.find((each) => each.name === 'ams')!;
    for (const { name } of network.nodes.slice(0, 13)) {
      expect(at(name).x).toBeGreaterThanOrEqual(ams.x);
      expect(at(name).x + BOX.width).toBeLessThanOrEqual(ams.x + ams.width);
      expect(at(name).y + BOX.height).toBeLessThanOrEqual(ams.y + ams.height);
    }
  });

  test('lays nothing over anything else', () => {
    for (const one of nodes) {
      for (const other of nodes.filter((each) => each !== one)) {
        const apart =
          Math.abs(one.x - other.x) >= BOX.width || Math.abs(one.y - other.y) >= BOX.height;
        expect([one.name, other.name, apart]).toEqual([one.name, other.name, true]);
      }
    }
  });

  test('is the same whatever the order of what it is made from', () => {
    const turned = {
      ...network,
      links: network.links.toReversed(),
      nodes: network.nodes.toReversed(),
    };
    const byName = (layout: typeof nodes) => layout.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    expect(byName(layoutOf(turned).nodes)).toEqual(byName(nodes));
  });
});

describe('the picture of a plan', () => {
  const svg = drawPicture(inputs);

  test('names each wave at its units, and tells by words what is not changed', () => {
    expect(svg.match(/>canary</g)).toHaveLength(2);
    expect(svg.match(/>wave 1</g)).toHaveLength(3);
    expect(svg.match(/>not changed</g)).toHaveLength(11);
    expect(svg).toContain('6 units elsewhere are not drawn');
  });

  test('shows what was down when, and the losses of a flow as one', () => {
    expect(svg).toContain('What was down when (Europe/Amsterdam)');
    expect(svg).toContain('core1: 10m');
    expect(svg).toContain('ward: up to 50 %, 2m');
    expect(svg.match(/⋯/g)).toHaveLength(1);
  });

  test('writes every name as text, whoever chose it, and asks for nothing from outside', () => {
    expect(svg).toContain('A night &amp; its &lt;waves&gt;');
    const evil = drawPicture({ ...inputs, title: '</text><script>x()</script>' });
    expect(evil).not.toContain('<script');
    expect(svg.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|url\((?!#)/);
  });

  test('is the same for the same inputs', () => {
    expect(drawPicture(inputs)).toBe(svg);
  });
});
