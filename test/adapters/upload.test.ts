import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { ServerChannel } from 'ssh2';
import { createSshDialer } from '../../src/adapters/ssh-dialer.js';
import type { Connection, UploadRequest } from '../../src/ports/dialer.js';
import {
  diskSftp,
  startServer,
  type FakeDisk,
  type ServerParts,
  type TestServer,
} from './ssh-server.js';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function connect(server: TestServer): Promise<Connection> {
  const outcome = await createSshDialer().dial({
    endpoint: { host: '127.0.0.1', port: server.port },
    username: 'admin',
    auth: [{ kind: 'password', password: 'right' }],
    algorithms: 'modern',
    acceptHostKey: () => true,
    timeoutMs: 5000,
    keepaliveMs: 10_000,
  });
  if (outcome.kind !== 'connected') throw new Error(outcome.kind);
  cleanUps.push(() => outcome.connection.close());
  return outcome.connection;
}

async function serve(parts: ServerParts): Promise<TestServer> {
  const server = await startServer(parts);
  cleanUps.push(() => server.close());
  return server;
}

function image(sizeBytes: number) {
  const directory = mkdtempSync(join(tmpdir(), 'ns-'));
  cleanUps.push(() => rmSync(directory, { recursive: true, force: true }));
  const bytes = randomBytes(sizeBytes);
  const path = join(directory, 'image.bin');
  writeFileSync(path, bytes);
  return { bytes, source: { path, sizeBytes, sha512: '', md5: '' } };
}

function request(
  source: UploadRequest['source'],
  more: Partial<UploadRequest> = {},
): UploadRequest {
  return {
    source,
    remotePath: 'flash:/image.bin',
    method: 'sftp',
    resumeFromBytes: 0,
    onProgress: () => undefined,
    stallMs: 2000,
    totalMs: 10_000,
    ...more,
  };
}

describe('sftp', () => {
  test('copies a file and tells the progress', async () => {
    const disk: FakeDisk = { bytes: Buffer.alloc(0) };
    const server = await serve({ sftp: diskSftp(disk, () => undefined) });
    const { bytes, source } = image(3_000_001);
    const seen: number[] = [];
    const outcome = await (
      await connect(server)
    ).upload(request(source, { onProgress: (sent) => seen.push(sent) }));
    expect(outcome).toEqual({ kind: 'sent', sentBytes: bytes.length });
    expect(disk.bytes.equals(bytes)).toBe(true);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(bytes.length);
  });

  test('resumes after a break from where all bytes are known to be there', async () => {
    const disk: FakeDisk = { bytes: Buffer.alloc(0), breakAt: 1_000_000 };
    const server: TestServer = await serve({
      sftp: (sftp) => diskSftp(disk, () => server.clients.at(-1)!.end())(sftp),
    });
    const { bytes, source } = image(3_000_000);
    const broken = await (await connect(server)).upload(request(source));
    if (broken.kind !== 'broken') throw new Error(broken.kind);
    expect(broken.sentBytes).toBeLessThanOrEqual(1_000_000);
    delete disk.breakAt;
    const again = request(source, { resumeFromBytes: broken.sentBytes });
    expect((await (await connect(server)).upload(again)).kind).toBe('sent');
    expect(disk.bytes.equals(bytes)).toBe(true);
  });

  test('refuses to resume behind the end of what the device holds', async () => {
    const disk: FakeDisk = { bytes: Buffer.alloc(10) };
    const server = await serve({ sftp: diskSftp(disk, () => undefined) });
    const again = request(image(1000).source, { resumeFromBytes: 500 });
    expect((await (await connect(server)).upload(again)).kind).toBe('refused');
  });

  test('tells that the device has no space, and the connection lives on', async () => {
    const disk: FakeDisk = { bytes: Buffer.alloc(0), spaceBytes: 200_000 };
    const server = await serve({ sftp: diskSftp(disk, () => undefined) });
    const connection = await connect(server);
    expect((await connection.upload(request(image(1_000_000).source))).kind).toBe('no-space');
    disk.spaceBytes = Infinity;
    expect((await connection.upload(request(image(1000).source))).kind).toBe('sent');
  });

  test('is refused where there is no sftp', async () => {
    const server = await serve({});
    const outcome = await (await connect(server)).upload(request(image(10).source));
    expect(outcome.kind).toBe('refused');
  });

  test('gives up on a device that takes nothing more', async () => {
    const server = await serve({
      sftp: (sftp) => {
        sftp.on('OPEN', (id) => sftp.handle(id, Buffer.from('h')));
        sftp.on('WRITE', () => undefined);
      },
    });
    const stalled = request(image(100_000).source, { stallMs: 150 });
    expect(await (await connect(server)).upload(stalled)).toMatchObject({
      kind: 'broken',
      sentBytes: 0,
    });
  });

  test('stops when told to', async () => {
    const server = await serve({
      sftp: (sftp) => {
        sftp.on('OPEN', (id) => sftp.handle(id, Buffer.from('h')));
        sftp.on('WRITE', () => controller.abort());
      },
    });
    const controller = new AbortController();
    const { signal } = controller;
    const outcome = await (await connect(server)).upload(request(image(1000).source, { signal }));
    expect(outcome).toEqual({ kind: 'broken', sentBytes: 0, detail: 'aborted' });
  });
});

/** The receiving end of scp: one header line, the bytes, a zero. */
function sink(onFile: (name: string, bytes: Buffer) => void, spaceBytes = Infinity) {
  return (command: string, channel: ServerChannel) => {
    let received = Buffer.alloc(0);
    let header: RegExpExecArray | null = null;
    channel.write(Buffer.from([0]));
    channel.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (!header) {
        const end = received.indexOf(10);
        if (end < 0) return;
        header = /^C0644 (\d+) (\S+)$/.exec(received.subarray(0, end).toString());
        received = received.subarray(end + 1);
        channel.write(Buffer.from([0]));
      }
      if (received.length > spaceBytes) {
        channel.write(Buffer.from(`\u0001scp: ${command.slice(7)}: No space left on device\n`));
        channel.close();
      }
      const size = Number(header?.[1]);
      if (received.length < size + 1) return;
      onFile(header![2]!, received.subarray(0, size));
      channel.write(Buffer.from([0]));
      channel.exit(0);
      channel.end();
    });
  };
}

describe('scp', () => {
  const scp = (source: UploadRequest['source'], more: Partial<UploadRequest> = {}) =>
    request(source, { method: 'scp', ...more });

  test('copies a file', async () => {
    const files: [string, Buffer][] = [];
    const server = await serve({ exec: sink((name, bytes) => files.push([name, bytes])) });
    const { bytes, source } = image(2_500_000);
    expect(await (await connect(server)).upload(scp(source))).toEqual({
      kind: 'sent',
      sentBytes: bytes.length,
    });
    expect(files[0]?.[0]).toBe('image.bin');
    expect(files[0]?.[1].equals(bytes)).toBe(true);
  });

  test('tells that the device has no space, in its words', async () => {
    const server = await serve({ exec: sink(() => undefined, 100_000) });
    expect(await (await connect(server)).upload(scp(image(5_000_000).source))).toMatchObject({
      kind: 'no-space',
      detail: 'scp: flash:/image.bin: No space left on device',
    });
  });

  test('is refused in the device words before a byte', async () => {
    const server = await serve({
      exec: (_command, channel) => {
        channel.write('\u0001scp: Permission denied\n');
        channel.exit(1);
        channel.end();
      },
    });
    expect(await (await connect(server)).upload(scp(image(10).source))).toEqual({
      kind: 'refused',
      detail: 'scp: Permission denied',
    });
  });

  test('tells of a connection that breaks', async () => {
    const server: TestServer = await serve({
      exec: (_command, channel) => {
        channel.write(Buffer.from([0]));
        channel.on('data', () => server.clients[0]!.end());
      },
    });
    expect((await (await connect(server)).upload(scp(image(10).source))).kind).toBe('broken');
  });

  test.each(['a b', '-rf', 'x;reload', 'a\nb', '$(x)', ''])(
    'sends no path like %j',
    async (remotePath) => {
      const commands: string[] = [];
      const server = await serve({ exec: (command) => commands.push(command) });
      const outcome = await (await connect(server)).upload(scp(image(10).source, { remotePath }));
      expect(outcome.kind).toBe('refused');
      expect(commands).toEqual([]);
    },
  );
});
