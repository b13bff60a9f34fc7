import { describe, expect, test } from '@jest/globals';
import { parseBitRate } from '../../src/inventory/bit-rate.js';
import { loadInventory } from '../../src/inventory/load.js';
import { filesIn } from './disk.js';

const BASE = {
  'devices.yaml': 'sw1: { host: 192.0.2.1 }\nsw2: { host: 192.0.2.2 }\n',
  'sites.yaml': 'ams: { timeZone: Europe/Amsterdam }\n',
  'defaults.yaml': 'site: ams\nssh: { username: ns, password: env:PW }\n',
};

async function read(more: Readonly<Record<string, string>>) {
  const all = Object.entries({ ...BASE, ...more }).map(([name, text]) => [`inv/${name}`, text]);
  const made = await loadInventory(filesIn(Object.fromEntries(all)), 'inv');
  const { diagnostics } = made;
  return {
    inventory: made.ok ? made.value : undefined,
    found: diagnostics.map(({ place, message }) => `${place?.line}:${place?.column} ${message}`),
  };
}

describe('flows and attachments', () => {
  test('are read with their rates, shares and times', async () => {
    const { inventory } = await read({
      'flows.yaml':
        'theatre: { from: sw1, to: servers, demand: 2.5G, loss: 1.5, outage: PT20M }\nall: { from: ams, to: servers }\n',
      'attachments.yaml': 'servers: { units: [sw2], capacity: 10G, services: [dns, aaa] }\n',
    });
    expect(inventory?.flows).toEqual([
      { name: 'all', from: 'ams', to: 'servers', demandBps: 0, lossPercent: 0, outageMs: 0 },
      {
        name: 'theatre',
        from: 'sw1',
        to: 'servers',
        demandBps: 2.5e9,
        lossPercent: 1.5,
        outageMs: 1_200_000,
      },
    ]);
    expect(inventory?.attachments).toEqual([
      { name: 'servers', units: ['sw2'], capacityBps: 1e10, services: ['aaa', 'dns'], sites: [] },
    ]);
  });

  test('that name what is not there, or two things at once, are told with their place', async () => {
    const { found } = await read({
      'flows.yaml': 'a: { from: sw1, to: sw3 }\nb: { from: sw1, to: sw1 }\n',
      'attachments.yaml': 'sw2: { units: [sw9], sites: [rtm] }\n',
    });
    expect(found).toEqual([
      '1:1 the attachment `sw2` has the name of a unit',
      '1:16 there is no unit `sw9`; did you mean `sw1`?',
      '1:30 there is no site `rtm`',
      '1:21 there is no unit, site or attachment `sw3`; did you mean `sw1`?',
      '2:21 a flow ends where it begins',
    ]);
  });

  test('leave an inventory without them as it was', async () => {
    const plain = await read({});
    expect(plain.inventory).not.toHaveProperty('flows');
    expect(plain.inventory).not.toHaveProperty('attachments');
  });
});

describe('a link', () => {
  test('may have a capacity, a cost and members, which follow its ends', async () => {
    const { inventory } = await read({
      'links.yaml':
        '- { a: sw2:p1, b: sw1:p1, capacity: 400M, cost: 5, members: { a: 2 } }\n- { a: sw1:p2, b: sw2:p2 }\n',
    });
    const at = (device: string, port: string) => ({ device, port });
    expect(inventory?.links).toEqual([
      {
        a: at('sw1', 'p1'),
        b: at('sw2', 'p1'),
        capacityBps: 400e6,
        cost: 5,
        members: { b: 2 },
      },
      { a: at('sw1', 'p2'), b: at('sw2', 'p2') },
    ]);
  });
});

test.each([
  ['9600', 9600],
  ['400M', 400e6],
  ['2.5G', 2.5e9],
  ['1T', 1e12],
  ['', undefined],
  ['10g', undefined],
  ['1.G', undefined],
  ['-1M', undefined],
])('the rate %j is %p bits a second', (text, rate) => expect(parseBitRate(text)).toBe(rate));
