import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createImageServer } from '../../src/adapters/image-server.js';
import { createSystemClock } from '../../src/adapters/system-clock.js';
import { tokenBucket } from '../../src/run/site-transfers.js';
import type { FileSource } from '../../src/ports/dialer.js';
import type { ImageOffer, OfferRequest } from '../../src/ports/image-server.js';
import { ack, fetchHttp, fetchTftp, rrq, UdpClient } from './image-client.js';

const clock = createSystemClock();
const server = createImageServer(clock);
const directory = mkdtempSync(join(tmpdir(), 'nightshift-images-'));
const content = Buffer.alloc(300_000, 'image bytes, all of them different? no. ');
let source: FileSource;
let open: ImageOffer[] = [];

function makeSource(name: string, bytes: Buffer): FileSource {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  const hex = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
  return { path, sizeBytes: bytes.length, sha512: hex('sha512'), md5: hex('md5') };
}

beforeAll(() => {
  source = makeSource('fw-1.0 beta.bin', content);
});
afterEach(() => {
  for (const offer of open) offer.close();
  open = [];
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function offered(more: Partial<OfferRequest> = {}): Promise<ImageOffer> {
  const offer = await server.offer({
    source,
    method: 'http',
    client: '127.0.0.1',
    port: 0,
    expiresMs: 60_000,
    stallMs: 5000,
    onProgress: () => undefined,
    ...more,
  });
  open.push(offer);
  return offer;
}

describe('the image server by HTTP', () => {
  test('gives the whole file once, under a name without surprises', async () => {
    const sent: number[] = [];
    const offer = await offered({ onProgress: (bytes) => sent.push(bytes) });
    expect(offer.path).toMatch(/^[0-9a-f]{32}\/fw-1\.0_beta\.bin$/);
    const got = await fetchHttp(offer);
    expect(got.status).toBe(200);
    expect(got.body.equals(content)).toBe(true);
    expect(sent.at(-1)).toBe(content.length);
    await expect(fetchHttp(offer)).rejects.toThrow('ECONNREFUSED');
  });

  test('tells size and ranges to HEAD without spending the offer', async () => {
    const offer = await offered();
    const head = await fetchHttp(offer, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers).toMatchObject({ 'content-length': '300000', 'accept-ranges': 'bytes' });
    expect(head.body).toHaveLength(0);
    expect((await fetchHttp(offer)).status).toBe(200);
  });

  test.each([
    ['bytes=0-9', 0, 10],
    ['bytes=299990-', 299_990, 300_000],
    ['bytes=-10', 299_990, 300_000],
    ['bytes=299990-999999', 299_990, 300_000],
  ])('answers the range %s', async (range, from, to) => {
    const got = await fetchHttp(await offered(), { headers: { range } });
    expect(got.status).toBe(206);
    expect(got.headers['content-range']).toBe(`bytes ${from}-${to - 1}/300000`);
    expect(got.body.equals(content.subarray(from, to))).toBe(true);
  });

  test.each(['bytes=300000-', 'bytes=-0'])('refuses the range %s', async (range) => {
    const got = await fetchHttp(await offered(), { headers: { range } });
    expect(got.status).toBe(416);
    expect(got.headers['content-range']).toBe('bytes */300000');
  });

  test.each(['bytes=5-1', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,4-5', 'bytes=-'])(
    'sends everything for the range %s that it does not know',
    async (range) => {
      const got = await fetchHttp(await offered(), { headers: { range } });
      expect([got.status, got.body.length]).toEqual([200, 300_000]);
    },
  );

  test('lets a broken fetch go on where it was, and is spent when all of it is there', async () => {
    const offer = await offered();
    const first = await fetchHttp(offer, { stopAfterBytes: 100_000 });
    const from = first.body.length;
    const etag = String(first.headers.etag);
    const headers = { range: `bytes=${from}-`, 'if-range': etag };
    const second = from < content.length ? (await fetchHttp(offer, { headers })).body : [];
    expect(Buffer.concat([first.body, Buffer.from(second)]).equals(content)).toBe(true);
    const stale = await offered();
    const other = { range: 'bytes=9-', 'if-range': '"another"' };
    expect((await fetchHttp(stale, { headers: other })).status).toBe(200);
  });

  test.each([
    '/',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '//etc/passwd',
    '/00000000000000000000000000000000/fw-1.0_beta.bin',
    `/${'a'.repeat(4000)}`,
  ])('knows no path but those it gave out: %.60s', async (path) => {
    expect((await fetchHttp(await offered(), { path })).status).toBe(404);
  });

  test('does not follow a path that was given out further than it goes', async () => {
    const offer = await offered();
    for (const tail of ['/', '/..', '?x', '%00', '/../../../etc/passwd']) {
      expect((await fetchHttp(offer, { path: `/${offer.path}${tail}` })).status).toBe(404);
    }
  });

  test('serves the client that was named, and nobody else', async () => {
    const offer = await offered();
    expect((await fetchHttp(offer, { from: '127.0.0.2' })).status).toBe(404);
    const other = await offered({ client: '127.0.0.2' });
    expect((await fetchHttp(other, { from: '127.0.0.2' })).status).toBe(200);
  });

  test('takes nothing', async () => {
    const offer = await offered();
    for (const method of ['PUT', 'POST', 'DELETE', 'OPTIONS']) {
      expect((await fetchHttp(offer, { method })).status).toBe(405);
    }
  });

  test('survives what is no HTTP', async () => {
    const offer = await offered();
    await new Promise<void>((resolve) => {
      const socket = connect(offer.port, offer.host, () => socket.write('\0\xff\r\n\r\n'));
      socket.on('close', () => resolve());
      socket.on('error', () => undefined);
    });
    expect((await fetchHttp(offer)).status).toBe(200);
  });

  test('forgets an offer after its time, and ends what is under way when it is closed', async () => {
    const kept = await offered();
    const short = await offered({ expiresMs: 1 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(fetchHttp(short).then(({ status }) => status)).resolves.toBe(404);
    const slow = await offered({ pace: tokenBucket(clock, 10_000) });
    const fetching = fetchHttp(slow, { stopAfterBytes: Infinity });
    setTimeout(() => slow.close(), 100);
    expect((await fetching).body.length).toBeLessThan(content.length);
    expect((await fetchHttp(kept)).status).toBe(200);
  });

  test('takes no more transfers of a file at once than two', async () => {
    const offer = await offered({ pace: { take: () => new Promise(() => undefined) } });
    const hung = [1, 2].map(() => fetchHttp(offer).catch(() => undefined));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await fetchHttp(offer)).status).toBe(503);
    offer.close();
    await Promise.all(hung);
  });

  test('shares one bandwidth among all who fetch', async () => {
    const sinceMs = clock.monotonicMs();
    const pace = tokenBucket(clock, 1_000_000);
    const offers = [await offered({ pace }), await offered({ pace, method: 'tftp' })];
    const [http, tftp] = offers;
    if (!http || !tftp) throw new Error('no offers');
    await Promise.all([fetchHttp(http), fetchTftp(tftp, { options: { blksize: '1400' } })]);
    expect(clock.monotonicMs() - sinceMs).toBeGreaterThan(80);
  });
});

describe('the image server by TFTP', () => {
  test.each([
    ['without options', {}, []],
    ['with block and file size', { blksize: '1024', tsize: '0' }, ['blksize=1024', 'tsize=300000']],
    ['with a huge block size, cut down', { blksize: '65464' }, ['blksize=1468']],
    ['with names in capitals', { BLKSIZE: '600', Timeout: '3' }, ['blksize=600', 'timeout=3']],
    ['with options that are nonsense', { blksize: '-1', timeout: '0', windowsize: '9' }, []],
  ])('gives the whole file once, %s', async (_what, options: Record<string, string>, granted) => {
    const sent: number[] = [];
    const offer = await offered({ method: 'tftp', onProgress: (bytes) => sent.push(bytes) });
    const kept = await offered({ method: 'tftp' });
    const got = await fetchTftp(offer, { options });
    expect(got.error).toBeUndefined();
    expect(got.granted).toEqual(granted);
    expect(got.body.equals(content)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sent.at(-1)).toBe(content.length);
    expect((await fetchTftp(kept, { path: offer.path })).error?.code).toBe(1);
  });

  test('ends a file that fills its last block with an empty one', async () => {
    const exact = makeSource('exact.bin', Buffer.alloc(1024, 7));
    const offer = await offered({ method: 'tftp', source: exact });
    const got = await fetchTftp(offer);
    expect([got.body.length, got.packets]).toEqual([1024, 3]);
  });

  test('counts on beyond 65535 blocks', async () => {
    const bytes = Buffer.alloc(16 * 66_000 + 3);
    for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt8((at >> 4) & 255, at);
    const offer = await offered({ method: 'tftp', source: makeSource('long.bin', bytes) });
    const got = await fetchTftp(offer, { options: { blksize: '16' } });
    expect(got.body.equals(bytes)).toBe(true);
  }, 60_000);

  test('sends a packet again whose answer was lost', async () => {
    const offer = await offered({ method: 'tftp' });
    const options = { blksize: '1400', timeout: '1' };
    const got = await fetchTftp(offer, { options, lose: [1, 200] });
    expect(got.body.equals(content)).toBe(true);
  });

  test('answers an old acknowledgement with nothing', async () => {
    const offer = await offered({ method: 'tftp' });
    const client = await UdpClient.open();
    await client.send(rrq(offer.path), offer.port);
    const first = await client.receive();
    if (!first) throw new Error('no data');
    await client.send(ack(1), first.port);
    expect((await client.receive())?.bytes.readUInt16BE(2)).toBe(2);
    for (let count = 0; count < 5; count += 1) await client.send(ack(1), first.port);
    expect(await client.receive(300)).toBeUndefined();
    client.close();
  });

  test.each([
    ['../../etc/passwd', 1],
    ['/etc/passwd', 1],
    ['', 1],
  ])('knows no path but those it gave out: %s', async (path, code) => {
    const offer = await offered({ method: 'tftp' });
    expect((await fetchTftp(offer, { path })).error?.code).toBe(code);
  });

  test('serves the client that was named, in octet mode, and takes nothing', async () => {
    const offer = await offered({ method: 'tftp' });
    expect((await fetchTftp(offer, { from: '127.0.0.2' })).error?.code).toBe(1);
    const client = await UdpClient.open();
    await client.send(rrq(offer.path, {}, 'netascii'), offer.port);
    expect((await client.receive())?.bytes.toString('latin1', 4)).toBe('octet mode only\0');
    await client.send(Buffer.from(`\0\x02${offer.path}\0octet\0`), offer.port);
    expect((await client.receive())?.bytes.readUInt16BE(2)).toBe(2);
    client.close();
  });

  test('passes over garbage, at its port and during a transfer', async () => {
    const offer = await offered({ method: 'tftp' });
    const client = await UdpClient.open();
    const garbage = ['', '\0', '\0\x01', '\0\x01x', '\0\x01x\0octet\0odd\0', '\0\x09ab', '\xff'];
    for (const each of garbage) await client.send(Buffer.from(each, 'latin1'), offer.port);
    await client.send(Buffer.alloc(2000, 1), offer.port);
    expect(await client.receive(200)).toBeUndefined();
    await client.send(rrq(offer.path), offer.port);
    const first = await client.receive();
    if (!first) throw new Error('no data');
    for (const each of garbage) await client.send(Buffer.from(each, 'latin1'), first.port);
    await client.send(ack(1), first.port);
    expect((await client.receive())?.bytes.readUInt16BE(2)).toBe(2);
    client.close();
  });

  test('gives up on a client that fell silent, and still serves the next', async () => {
    const offer = await offered({ method: 'tftp', stallMs: 1000 });
    const silent = await UdpClient.open();
    await silent.send(rrq(offer.path, { timeout: '1', blksize: '512' }), offer.port);
    expect((await silent.receive())?.bytes.readUInt16BE(0)).toBe(6);
    expect((await silent.receive())?.bytes.toString('latin1', 4)).toBe('no answer\0');
    silent.close();
    expect((await fetchTftp(offer)).body.equals(content)).toBe(true);
  });
});

describe('what cannot be offered', () => {
  const code = 'image-server';

  test('is a file that is missing, or not of its catalogued size', async () => {
    const missing = { ...source, path: join(directory, 'none.bin') };
    await expect(offered({ source: missing })).rejects.toMatchObject({ code });
    const other = { ...source, sizeBytes: 1 };
    await expect(offered({ source: other })).rejects.toMatchObject({ code });
    await expect(offered({ source: { ...source, path: directory } })).rejects.toMatchObject({
      code,
    });
  });

  test('is anything at an address that is not ours, or on a port that is taken', async () => {
    await expect(offered({ address: '192.0.2.1' })).rejects.toMatchObject({ code });
    const first = await offered({ method: 'tftp' });
    const second = createImageServer(clock);
    const request = { source, method: 'tftp', client: '127.0.0.1', expiresMs: 1000 } as const;
    const rest = { stallMs: 1000, onProgress: () => undefined, port: first.port };
    await expect(second.offer({ ...request, ...rest })).rejects.toMatchObject({ code });
  });
});
