import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { createImageServer } from '../../src/adapters/image-server.js';
import { createSystemClock } from '../../src/adapters/system-clock.js';
import type { OfferRequest } from '../../src/ports/image-server.js';
import { faultSheets } from '../../lab/faults/catalogue.js';
import { LabModel } from '../../lab/world/model.js';
import { UploadDesk } from '../../lab/world/upload-desk.js';
import { wireFetcher } from '../../lab/world/wire-pull.js';
import { WireScheduler } from '../../lab/world/wire-scheduler.js';
import { labDevice, labSpec, personalities } from '../lab/lab-network.js';
import { eventually } from './wire-client.js';
import { IMAGE_CONTENT, image } from './wire-spec.js';

const directory = mkdtempSync(join(tmpdir(), 'nightshift-pull-'));
const path = join(directory, 'new.bin');
writeFileSync(path, IMAGE_CONTENT);
const source = { ...image, path, platform: 'lab_test', version: '2.0' };
const server = createImageServer(createSystemClock());
const schedulers: WireScheduler[] = [];

afterEach(() => {
  for (const each of schedulers.splice(0)) each.stop();
});
afterAll(() => rmSync(directory, { recursive: true }));

interface Ground {
  readonly model: LabModel;
  readonly fetch: (method: 'http' | 'tftp', more?: Partial<OfferRequest>) => Promise<string>;
  readonly type: (line: string) => string;
}

/** One device on an address of its own, with its shell open. */
function ground(fault?: string): Ground {
  const startMs = Date.now();
  const clock = { realStartMs: startMs, virtualStartMs: startMs, speed: 100 };
  const scheduler = new WireScheduler(clock, (text) => {
    throw new Error(text);
  });
  schedulers.push(scheduler);
  const faults = fault === undefined ? [] : [{ fault, device: 'p1' }];
  const devices = [labDevice('p1', '127.73.0.1')];
  const spec = labSpec({ startMs, devices, links: [], images: [source], faults });
  const model = new LabModel(spec, { personalities, sheets: faultSheets, scheduler });
  model.pulls.serveBy(wireFetcher({ model, desk: new UploadDesk(model) }));
  let text = '';
  const sink = {
    output: (more: string) => {
      text += more;
    },
    closed: () => undefined,
    entered: () => [],
    drop: () => undefined,
  };
  const shell = model.openShell('p1', sink) ?? '';
  const type = (line: string) => {
    text = '';
    model.send('p1', { kind: 'input', shell, text: `${line}\r` });
    return text;
  };
  const fetch: Ground['fetch'] = async (method, more = {}) => {
    const limits = { expiresMs: 60_000, stallMs: 5000, port: 0, onProgress: () => undefined };
    const offer = await server.offer({ source, method, client: '127.73.0.1', ...limits, ...more });
    type(`fetch ${method} ${offer.host} ${offer.port} ${offer.path}`);
    await eventually(() => Promise.resolve(text.endsWith('p1#')), 'an end');
    offer.close();
    return text;
  };
  return { model, fetch, type };
}

const landed = ({ model }: Ground) =>
  model.device('p1').members[0]?.flash.files.find(({ name }) => name === 'new.bin');

describe('a device on the wire that fetches', () => {
  test.each(['http', 'tftp'] as const)('has the very file by %s', async (method) => {
    const one = ground();
    expect(await one.fetch(method)).toContain('got new.bin');
    expect(landed(one)).toMatchObject({
      sizeBytes: IMAGE_CONTENT.length,
      sha512: image.sha512,
      md5: image.md5,
      image: { version: '2.0' },
    });
  });

  test.each([
    ['http', 'corrupt-copy', 'got'],
    ['tftp', 'truncated-copy', 'got'],
    ['http', 'transfer-dropped', 'failed: connection reset by peer'],
    ['tftp', 'transfer-dropped', 'failed: connection reset by peer'],
    ['http', 'transfer-stalls', 'failed: timed out'],
    ['tftp', 'transfer-stalls', 'failed: timed out'],
  ] as const)('suffers by %s from %s', async (method, fault, word) => {
    const one = ground(fault);
    expect(await one.fetch(method)).toContain(word);
    expect(landed(one)?.sha512).not.toBe(image.sha512);
    expect(await one.fetch(method)).toContain('got new.bin');
    expect(landed(one)?.sha512).toBe(image.sha512);
  });

  test.each([
    ['http', 'failed: HTTP status 404'],
    ['tftp', 'failed: file not found'],
  ] as const)('is told by %s that there is nothing for it', async (method, word) => {
    expect(await ground().fetch(method, { client: '127.73.0.2', address: '127.0.0.1' })).toContain(
      word,
    );
  });

  test('sends nothing beyond loopback', async () => {
    const one = ground();
    one.type('fetch http 192.0.2.1 80 x/new.bin');
    await eventually(
      () => Promise.resolve(one.model.shell('p1', 'p1/1')?.phase === 'ready'),
      'an end',
    );
    expect(landed(one)).toBeUndefined();
  });
});
