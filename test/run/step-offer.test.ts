import { describe, expect, test } from '@jest/globals';
import type { Step } from '../../src/driver/step.js';
import type { OfferRequest } from '../../src/ports/image-server.js';
import type { World } from '../../src/ports/world.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { fillHoles } from '../../src/run/step-context.js';
import { makeOffers } from '../../src/run/step-offer.js';
import type { SiteTransfer } from '../../src/run/site-transfers.js';
import { rehearsalWorld } from '../../lab/rehearse/rehearsal-world.js';
import { labWorld, newImage } from '../lab/lab-network.js';

const line = {
  send: 'fetch <host> <port> <path>',
  dialogs: [],
  ends: 'prompt',
  holes: [
    { name: 'host', from: 'offer.host', permitted: '[0-9.]+' },
    { name: 'port', from: 'offer.port', permitted: '[0-9]+' },
    { name: 'path', from: 'offer.path', permitted: '[0-9a-f]{32}/[A-Za-z0-9._-]+' },
  ],
} as const;

const step = (method: 'http' | 'tftp' | 'scp'): Step => ({
  id: 'fetch-image',
  kind: 'fetch-image',
  version: 1,
  phase: 'stage',
  title: '',
  params: {},
  commands: [line],
  transfer: { image: 'new', remotePath: 'flash:new', method },
  disrupts: 'nothing',
  pointOfNoReturn: false,
  expectedMs: 60_000,
  maxMs: 600_000,
  settleMs: 0,
});

const free: SiteTransfer = {
  imageServer: undefined,
  pace: undefined,
  worstMs: () => 0,
  place: () => Promise.resolve(() => undefined),
};

function ground(
  method: 'http' | 'tftp' | 'scp',
  change: { readonly transfer?: SiteTransfer; readonly copyUntilMs?: number } = {},
) {
  const sim = labWorld();
  const plain = rehearsalWorld(sim, createMemoryStore(sim.ports.clock));
  const asked: OfferRequest[] = [];
  const imageServer: World['imageServer'] = {
    offer(request) {
      asked.push(request);
      return plain.imageServer.offer(request);
    },
  };
  const world: World = { ...plain, imageServer };
  const offers = makeOffers({
    world,
    step: step(method),
    client: '127.1.0.1',
    transfer: free,
    image: () => newImage,
    report: () => undefined,
    ...change,
  });
  return { offers, asked, nowMs: sim.scheduler.nowMs() };
}

describe('what a step offers to its device', () => {
  test('fills the holes of its lines, and is gone when the act is over', async () => {
    const { offers } = ground('http');
    expect(() => fillHoles(line, offers.fill({}))).toThrow('no permitted value for <host>');
    const { host, port, path } = await offers.open();
    expect(fillHoles(line, offers.fill({}))).toBe(`fetch ${host} ${port} ${path}`);
    offers.close();
    expect(offers.fill({ earlier: { a: 1 } })).toEqual({ earlier: { a: 1 } });
  });

  test('is at the address and port of the site, for as long as the step may take', async () => {
    const imageServer = { address: '192.0.2.9', httpPort: 8081, tftpPort: 6969 };
    const transfer = { ...free, imageServer, worstMs: () => 5000 };
    const http = ground('http', { transfer });
    const tftp = ground('tftp', { transfer });
    expect(await http.offers.open()).toMatchObject({ host: '192.0.2.9', port: 8081 });
    expect(await tftp.offers.open()).toMatchObject({ host: '192.0.2.9', port: 6969 });
    expect(http.asked).toMatchObject([{ client: '127.1.0.1', expiresMs: 605_000 }]);
    expect(http.offers.stretch({ totalMs: 1000 })).toEqual({ totalMs: 6000 });
    expect(http.offers.stretch(undefined)).toBeUndefined();
  });

  test('ends with the staging window, and is not made after it', async () => {
    const { nowMs } = ground('http');
    const short = ground('http', { copyUntilMs: nowMs + 1000 });
    await short.offers.open();
    expect(short.asked).toMatchObject([{ expiresMs: 1000 }]);
    const late = ground('http', { copyUntilMs: nowMs });
    await expect(late.offers.open()).rejects.toMatchObject({ code: 'outside-window' });
  });

  test('is nothing for a step that uploads', async () => {
    await expect(ground('scp').offers.open()).rejects.toMatchObject({ code: 'driver-broken' });
  });
});
