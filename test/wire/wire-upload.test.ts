import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client, SFTPWrapper } from 'ssh2';
import type { SimFile } from '../../src/driver/personality.js';
import { deviceState, strike, truth } from '../../lab/world/wire-control.js';
import { eventually, exec, login, openSftp, scpSender, within } from './wire-client.js';
import {
  eosSwitch,
  IMAGE_CONTENT,
  image,
  iosSwitch,
  NEW_VERSION,
  newFolder,
  sha512,
  startLab,
  stopLabs,
  type RunningLab,
} from './wire-spec.js';

const GB = 1_000_000_000;
const PATH = '/mnt/flash/EOS-4.30.1F.swi';

let lab: RunningLab;
const clients: Client[] = [];
beforeAll(async () => {
  const ids = ['scp', 'full', 'bad', 'short', 'cut', 'stall', 'sftp', 'resume', 'named'];
  lab = await startLab([
    ...ids.map((id, index) =>
      eosSwitch(id, {
        address: `127.72.0.${index + 1}`,
        flashBytes: id === 'full' ? 0.9 * GB + 2_000_000 : 4 * GB,
      }),
    ),
    iosSwitch('ios', { address: '127.72.0.100' }),
  ]);
}, 60_000);
afterAll(async () => {
  for (const client of clients) client.destroy();
  await stopLabs();
});

async function enter(id: string): Promise<Client> {
  const client = await login(lab.device(id));
  clients.push(client);
  return client;
}

async function fileOn(id: string, name = 'EOS-4.30.1F.swi'): Promise<SimFile | undefined> {
  const device = await deviceState(lab.folder, id);
  return device.members[0]?.flash.files.find((file) => file.name === name);
}

/** Writes pieces one after another; rejects with the device's own words. */
async function put(sftp: SFTPWrapper, flags: 'w' | 'r+', content: Buffer, from = 0): Promise<void> {
  const handle = await within(
    new Promise<Buffer>((resolve, reject) => {
      sftp.open(PATH, flags, (error, opened) => (error ? reject(error) : resolve(opened)));
    }),
    'handle',
  );
  for (let at = from; at < content.length; at += 32_768) {
    const piece = content.subarray(at, at + 32_768);
    await within(
      new Promise<void>((resolve, reject) => {
        sftp.once('close', () => reject(new Error('connection closed')));
        sftp.write(handle, piece, 0, piece.length, at, (error) =>
          error ? reject(error) : resolve(),
        );
      }),
      'answer to a write',
      3000,
    );
    sftp.removeAllListeners('close');
  }
  await within(new Promise<void>((resolve) => sftp.close(handle, () => resolve())), 'close');
}

describe('scp to a device', () => {
  test('puts a file with its true hashes into the flash and knows the image in it', async () => {
    const client = await enter('scp');
    const sent = await exec(client, `scp -t ${PATH}`, scpSender('x', IMAGE_CONTENT));
    expect(sent).toEqual({ text: '\0\0\0', code: 0 });
    expect(await fileOn('scp')).toMatchObject({
      sizeBytes: image.sizeBytes,
      sha512: image.sha512,
      md5: image.md5,
      image: { platform: 'arista_eos', version: NEW_VERSION },
    });
  });

  test('names the file itself when the path is the flash', async () => {
    const content = Buffer.from('a note');
    const sent = await exec(
      await enter('named'),
      'scp -t /mnt/flash/',
      scpSender('n.txt', content),
    );
    expect(sent.code).toBe(0);
    expect(await fileOn('named', 'n.txt')).toMatchObject({ sha512: sha512(content) });
  });

  test('tells that the flash is full, and keeps what fitted', async () => {
    const sent = await exec(await enter('full'), `scp -t ${PATH}`, scpSender('x', IMAGE_CONTENT));
    expect(sent.text).toContain(`\u0001scp: ${PATH}: No space left on device\n`);
    expect(sent.code).toBe(1);
    const file = await fileOn('full');
    expect(file?.sizeBytes).toBeLessThan(image.sizeBytes);
    expect(file?.image).toBeUndefined();
  });

  test('refuses a path outside the flash', async () => {
    const sent = await exec(
      await enter('scp'),
      'scp -t /etc/passwd',
      scpSender('x', IMAGE_CONTENT),
    );
    expect(sent.text).toContain('\u0001scp: /etc/passwd: no such file or directory\n');
    expect(sent.code).toBe(1);
  });

  test('claims success for a damaged copy, whose hash is another one', async () => {
    await strike(lab.folder, { fault: 'corrupt-copy', device: 'bad' });
    const sent = await exec(await enter('bad'), `scp -t ${PATH}`, scpSender('x', IMAGE_CONTENT));
    expect(sent.code).toBe(0);
    const file = await fileOn('bad');
    expect(file?.sizeBytes).toBe(image.sizeBytes);
    expect(file?.sha512).not.toBe(image.sha512);
    expect(file?.image).toBeUndefined();
  });

  test('claims success for a truncated copy', async () => {
    await strike(lab.folder, {
      fault: 'truncated-copy',
      device: 'short',
      params: { atShare: 0.5 },
    });
    const sent = await exec(await enter('short'), `scp -t ${PATH}`, scpSender('x', IMAGE_CONTENT));
    expect(sent.code).toBe(0);
    const half = IMAGE_CONTENT.subarray(0, image.sizeBytes / 2);
    expect(await fileOn('short')).toMatchObject({ sizeBytes: half.length, sha512: sha512(half) });
  });

  test('keeps what arrived when the connection breaks', async () => {
    await strike(lab.folder, {
      fault: 'transfer-dropped',
      device: 'cut',
      params: { atShare: 0.5 },
    });
    const client = await enter('cut');
    const sent = await exec(client, `scp -t ${PATH}`, scpSender('x', IMAGE_CONTENT));
    expect(sent.code).toBeUndefined();
    const file = await eventually(() => fileOn('cut'), 'the beginning of the file');
    expect(file.sizeBytes).toBe(image.sizeBytes / 2);
  });

  test('lands on the flash that the path names on another platform', async () => {
    const content = Buffer.from('package');
    const sent = await exec(await enter('ios'), 'scp -t flash:a.bin', scpSender('a.bin', content));
    expect(sent.code).toBe(0);
    expect(await fileOn('ios', 'a.bin')).toMatchObject({ sha512: sha512(content) });
  });
});

describe('sftp to a device', () => {
  test('takes pieces in any order, as parallel writers send them', async () => {
    const local = join(newFolder(), 'image');
    writeFileSync(local, IMAGE_CONTENT);
    const sftp = await openSftp(await enter('sftp'));
    const sent = new Promise<void>((resolve, reject) => {
      sftp.fastPut(local, PATH, { concurrency: 32, chunkSize: 20_000 }, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    await within(sent, 'fastPut');
    expect(await fileOn('sftp')).toMatchObject({ sha512: image.sha512, md5: image.md5 });
  });

  test('resumes a broken upload and has the hash of the whole file', async () => {
    await strike(lab.folder, {
      fault: 'transfer-dropped',
      device: 'resume',
      params: { atShare: 0.4 },
    });
    const broken = await openSftp(await enter('resume'));
    await expect(put(broken, 'w', IMAGE_CONTENT)).rejects.toThrow();
    const half = await eventually(() => fileOn('resume'), 'the beginning of the file');
    expect(half.sizeBytes).toBe(0.4 * image.sizeBytes);
    const sftp = await openSftp(await enter('resume'));
    const there = await within(
      new Promise<number>((resolve, reject) => {
        sftp.stat(PATH, (error, stats) => (error ? reject(error) : resolve(stats.size)));
      }),
      'stat',
    );
    expect(there).toBe(half.sizeBytes);
    await put(sftp, 'r+', IMAGE_CONTENT, there);
    expect(await fileOn('resume')).toMatchObject({
      sha512: image.sha512,
      image: { version: NEW_VERSION },
    });
    const uploads = (await truth(lab.folder)).filter(
      ({ device, kind }) => device === 'resume' && kind === 'upload',
    );
    expect(uploads.map(({ detail }) => detail.includes(`boots ${NEW_VERSION}`))).toEqual([
      false,
      true,
    ]);
  });

  test('does not answer writes any more when the transfer stalls, while the session lives', async () => {
    await strike(lab.folder, {
      fault: 'transfer-stalls',
      device: 'stall',
      params: { atShare: 0.5 },
    });
    const client = await enter('stall');
    const sftp = await openSftp(client);
    await expect(put(sftp, 'w', IMAGE_CONTENT)).rejects.toThrow('no answer to a write');
    expect((await exec(client, 'show hostname')).text).toContain('stall');
  });

  test('hands no file out', async () => {
    const sftp = await openSftp(await enter('sftp'));
    const opened = new Promise<string>((resolve) => {
      sftp.open(PATH, 'r', (error) => resolve(error?.message ?? 'opened'));
    });
    expect(await within(opened, 'answer')).toContain('not read here');
  });
});
