import { describe, expect, test } from '@jest/globals';
import type { ImageOffer, OfferRequest } from '../../../src/ports/image-server.js';
import type { SimWorld } from '../../../lab/world/world.js';
import { labSpec, labWorld, newImage, openTerminal } from '../lab-network.js';

const MINUTE_MS = 60_000;
const HOST = '127.1.0.1';

function offered(world: SimWorld, more: Partial<OfferRequest> = {}): Promise<ImageOffer> {
  return world.ports.imageServer.offer({
    source: newImage,
    method: 'http',
    client: HOST,
    expiresMs: 60 * MINUTE_MS,
    stallMs: MINUTE_MS,
    onProgress: () => undefined,
    ...more,
  });
}

const lineFor = (offer: ImageOffer, method = 'http') =>
  `fetch ${method} ${offer.host} ${offer.port} ${offer.path}\r`;

const fileOf = (world: SimWorld) =>
  world.deviceState('r1').members[0]?.flash.files.find(({ name }) => name === 'test-2.0.bin');

describe('a device of the lab that fetches', () => {
  test('holds its shell until the file is there, then says so and shows its prompt', async () => {
    const world = labWorld();
    const sent: number[] = [];
    const offer = await offered(world, { onProgress: (bytes) => sent.push(bytes) });
    const terminal = await openTerminal(world, HOST);
    const early = await terminal.type(lineFor(offer));
    expect(early).toMatch(/fetching\r\n$/);
    const late = await terminal.type('', 10 * MINUTE_MS);
    expect(late).toBe('got test-2.0.bin\r\nr1#');
    expect(fileOf(world)).toMatchObject({ sha512: newImage.sha512, image: { version: '2.0' } });
    expect(sent.at(-1)).toBe(newImage.sizeBytes);
    expect(world.truth().map(({ kind }) => kind)).toContain('upload');
  });

  test('takes longer by TFTP, and as long as the shared bandwidth lets it', async () => {
    const took = async (method: 'http' | 'tftp', slow: boolean) => {
      const world = labWorld();
      const { clock } = world.ports;
      const take = (bytes: number) =>
        new Promise<void>((resolve) => clock.timer(bytes / 200, resolve));
      const offer = await offered(world, { method, ...(slow ? { pace: { take } } : {}) });
      const terminal = await openTerminal(world, HOST);
      await terminal.type(lineFor(offer, method));
      let minutes = 0;
      for (; minutes < 60 && !fileOf(world); minutes += 1) await world.scheduler.advance(MINUTE_MS);
      return minutes;
    };
    expect(await took('tftp', false)).toBeGreaterThan(await took('http', false));
    expect(await took('http', true)).toBeGreaterThan(32);
  });

  test('asks for TFTP on its own port, and its network brings that to where we listen', async () => {
    const offer = { method: 'tftp', port: 6969 } as const;
    for (const [tftpPort, answer] of [
      [6969, 'got test-2.0.bin'],
      [69, 'failed: '],
    ] as const) {
      const devices = labSpec().devices.map((each) => ({ ...each, tftpPort }));
      const world = labWorld({ devices });
      const { host, path } = await offered(world, offer);
      const terminal = await openTerminal(world, HOST);
      await terminal.type(`fetch tftp ${host} - ${path}\r`);
      expect(await terminal.type('', 30 * MINUTE_MS)).toContain(answer);
    }
  });

  test.each([
    ['a path that was never offered', (offer: ImageOffer) => ({ ...offer, path: 'x/y.bin' })],
    ['a path that was fetched already', (offer: ImageOffer) => offer],
    ['another port', (offer: ImageOffer) => ({ ...offer, port: 1 })],
  ])('gets nothing for %s', async (_what, change) => {
    const world = labWorld();
    const offer = await offered(world);
    const terminal = await openTerminal(world, HOST);
    await terminal.type(lineFor(offer), 10 * MINUTE_MS);
    expect(await terminal.type(lineFor(change(offer)), 10 * MINUTE_MS)).toContain('failed: ');
  });

  test('gets nothing that was offered to another address, by another method, or is over', async () => {
    const world = labWorld();
    const offers = [
      await offered(world, { client: '127.1.0.2' }),
      await offered(world, { method: 'tftp', port: 8080 }),
      await offered(world, { expiresMs: 1 }),
    ];
    const terminal = await openTerminal(world, HOST);
    for (const offer of offers) {
      expect(await terminal.type(lineFor(offer), MINUTE_MS)).toContain('failed: ');
    }
  });

  test.each([
    ['corrupt-copy', 'got'],
    ['truncated-copy', 'got'],
    ['transfer-dropped', 'failed: connection reset by peer'],
    ['transfer-stalls', 'failed: timed out'],
  ])('suffers from %s once', async (fault, word) => {
    const world = labWorld(labSpec({ faults: [{ fault, device: 'r1' }] }));
    const terminal = await openTerminal(world, HOST);
    const first = await terminal.type(lineFor(await offered(world)), 10 * MINUTE_MS);
    expect(first).toContain(word);
    expect(fileOf(world)?.sha512).not.toBe(newImage.sha512);
    await terminal.type(lineFor(await offered(world)), 10 * MINUTE_MS);
    expect(fileOf(world)?.sha512).toBe(newImage.sha512);
  });

  test('fetches no more when it loses its power, nor when the controller dies', async () => {
    const world = labWorld();
    const terminal = await openTerminal(world, HOST);
    await terminal.type(lineFor(await offered(world)), 5000);
    world.powerCycle('r1');
    await world.scheduler.advance(20 * MINUTE_MS);
    expect(fileOf(world)).toBeUndefined();
    const again = await openTerminal(world, HOST);
    await again.type(lineFor(await offered(world)), 5000);
    world.replaceController();
    await world.scheduler.advance(20 * MINUTE_MS);
    expect(fileOf(world)).toBeUndefined();
  });
});
