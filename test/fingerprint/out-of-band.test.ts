import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createTcpKnocker } from '../../src/adapters/tcp-knocker.js';
import { waysInLines } from '../../src/cli/ways-in.js';
import { testOutOfBand, wayIn, type WayIn } from '../../src/fingerprint/out-of-band.js';
import type { OutOfBand, Unit } from '../../src/inventory/inventory.js';
import { createMemoryStore } from '../../src/store/memory-store.js';
import { labInventory, specs } from '../rehearse/network.js';

const HOUR_MS = 3_600_000;
const servers: Server[] = [];
afterEach(() => {
  for (const each of servers.splice(0)) each.close();
});

/** A console server that says `greeting` by itself, on a free port. */
async function consoleServer(greeting: string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (greeting !== '') socket.write(greeting);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function unitWith(outOfBand: OutOfBand | undefined): Unit {
  const [unit] = labInventory(specs.slice(2, 3)).units;
  if (!unit) throw new Error('the network is empty');
  return outOfBand ? { ...unit, outOfBand } : unit;
}

function scene() {
  let nowMs = Date.UTC(2027, 0, 9, 20);
  const clock = {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    timer: () => ({ cancel: () => undefined }),
    monotonicTimer: () => ({ cancel: () => undefined }),
  };
  const store = createMemoryStore(clock as never);
  const world = { store, clock: clock as never, knocker: createTcpKnocker() };
  return { world, store, now: () => nowMs, pass: (ms: number) => (nowMs += ms) };
}

const plain = {
  paint: { bold: (text: string) => text, warn: (text: string) => `! ${text}` } as never,
  width: 200,
};
const shown = (way: WayIn, nowMs: number) => waysInLines([way], nowMs, plain)[2];

describe('the way in out of band', () => {
  test('that answers is recorded with what it said', async () => {
    const { world, store, now, pass } = scene();
    const port = await consoleServer('\x1b[1mts1 line 7\r\nlogin:');
    const unit = unitWith({ address: '127.0.0.1', port, kind: 'console', note: 'line 7' });
    expect(shown(await wayIn(store, unit), now())).toBe(
      `!   acc1: console 127.0.0.1 port ${port} (line 7), never tested`,
    );
    const test = await testOutOfBand(world, unit);
    expect(test).toMatchObject({ answered: true, detail: expect.stringContaining('ts1 line 7') });
    pass(3.5 * HOUR_MS);
    expect(await wayIn(store, unit)).toMatchObject({ lastSuccessMs: test?.atMs });
    expect(shown(await wayIn(store, unit), now())).toBe(
      `  acc1: console 127.0.0.1 port ${port} (line 7), answered 3h ago`,
    );
    pass(40 * 24 * HOUR_MS);
    expect(shown(await wayIn(store, unit), now())).toMatch(/^! .*answered 40 days ago$/);
  });

  test('that says nothing by itself answers all the same', async () => {
    const { world } = scene();
    const port = await consoleServer('');
    const unit = unitWith({ address: '127.0.0.1', port, kind: 'oob' });
    expect(await testOutOfBand(world, unit)).toMatchObject({ answered: true, detail: '' });
  });

  test('that is gone keeps the time of its last answer', async () => {
    const { world, store, now, pass } = scene();
    const port = await consoleServer('hello\r\n');
    const unit = unitWith({ address: '127.0.0.1', port, kind: 'oob' });
    await testOutOfBand(world, unit);
    for (const each of servers.splice(0)) await new Promise((done) => each.close(done));
    pass(72 * HOUR_MS);
    expect(await testOutOfBand(world, unit)).toMatchObject({ answered: false });
    expect(shown(await wayIn(store, unit), now())).toMatch(
      /^! .* did not answer just now \(.*ECONNREFUSED.*\); last answer: 3 days ago$/,
    );
  });

  test('of another address was never tested', async () => {
    const { world, store } = scene();
    const port = await consoleServer('hello\r\n');
    await testOutOfBand(world, unitWith({ address: '127.0.0.1', port, kind: 'oob' }));
    const moved = unitWith({ address: '127.0.0.2', port, kind: 'oob' });
    expect(await wayIn(store, moved)).toMatchObject({
      lastTest: undefined,
      lastSuccessMs: undefined,
    });
  });

  test('that nobody declared is said once for all such units', async () => {
    const { world, store, now } = scene();
    const unit = unitWith(undefined);
    expect(await testOutOfBand(world, unit)).toBeUndefined();
    expect(shown(await wayIn(store, unit), now())).toBe(
      '!   no console or out-of-band address in the inventory: acc1',
    );
  });
});
