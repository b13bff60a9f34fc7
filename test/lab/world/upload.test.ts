import { describe, expect, test } from '@jest/globals';
import type { Connection, UploadOutcome, UploadRequest } from '../../../src/ports/dialer.js';
import type { SimWorld } from '../../../lab/world/world.js';
import { connect, labDevice, labWorld, newImage } from '../lab-network.js';

const HOST = '127.1.0.1';
const { sizeBytes, sha512, md5 } = newImage;
/** 55 % of the file, where the fault breaks the copy. */
const DROPPED_AT = 220_000_000;

interface Copy {
  readonly outcome: UploadOutcome;
  readonly progress: readonly number[];
}

async function copy(
  world: SimWorld,
  connection: Connection,
  more: Partial<UploadRequest> = {},
): Promise<Copy> {
  const progress: number[] = [];
  const outcome = await world.scheduler.drain(
    connection.upload({
      source: newImage,
      remotePath: 'flash:new.bin',
      method: 'sftp',
      resumeFromBytes: 0,
      onProgress: (sent) => progress.push(sent),
      stallMs: 60_000,
      totalMs: 3_600_000,
      ...more,
    }),
  );
  return { outcome, progress };
}

const fileOn = (world: SimWorld) =>
  world.deviceState('r1').members[0]?.flash.files.find(({ name }) => name === 'new.bin');

async function copied(faults: readonly string[], more: Partial<UploadRequest> = {}) {
  const world = labWorld({ faults: faults.map((fault) => ({ fault, device: 'r1' })) });
  const connection = await connect(world, HOST);
  return { world, connection, ...(await copy(world, connection, more)) };
}

describe('an upload', () => {
  test('reports growing progress and leaves the file with its hashes and what it boots', async () => {
    const { world, outcome, progress } = await copied([]);
    expect(outcome).toEqual({ kind: 'sent', sentBytes: sizeBytes });
    expect(progress.length).toBeGreaterThan(10);
    expect(progress.length).toBeLessThanOrEqual(51);
    expect(progress.toSorted((a, b) => a - b)).toEqual(progress);
    expect(progress.at(-1)).toBe(sizeBytes);
    expect(fileOn(world)).toMatchObject({ sizeBytes, sha512, md5, image: { version: '2.0' } });
  });

  test('is refused where the device has no such place', async () => {
    const { outcome } = await copied([], { remotePath: 'bootflash:new.bin' });
    expect(outcome.kind).toBe('refused');
  });

  test('damaged on the way has its size, other hashes, and boots nothing', async () => {
    const { world, outcome } = await copied(['corrupt-copy']);
    expect(outcome.kind).toBe('sent');
    expect(fileOn(world)).toMatchObject({ sizeBytes });
    expect(fileOn(world)?.sha512).not.toBe(sha512);
    expect(fileOn(world)?.image).toBeUndefined();
  });

  test('cut short claims success with a shorter file', async () => {
    const { world, outcome } = await copied(['truncated-copy']);
    expect(outcome).toEqual({ kind: 'sent', sentBytes: sizeBytes });
    expect(fileOn(world)).toMatchObject({ sizeBytes: 0.62 * sizeBytes });
    expect(fileOn(world)?.image).toBeUndefined();
  });

  test('that stalls breaks after the stall limit, with the connection alive', async () => {
    const { world, connection, outcome, progress } = await copied(['transfer-stalls']);
    expect(outcome).toEqual({
      kind: 'broken',
      sentBytes: 0.4 * sizeBytes,
      detail: 'no byte taken for 60 s',
    });
    expect(progress.at(-1)).toBe(0.4 * sizeBytes);
    expect(connection.isOpen).toBe(true);
    expect(fileOn(world)).toMatchObject({ sizeBytes: 0.4 * sizeBytes });
  });

  test('that broke can be resumed by sftp to a whole file', async () => {
    const { world, connection, outcome } = await copied(['transfer-dropped']);
    expect(outcome).toMatchObject({ kind: 'broken', sentBytes: DROPPED_AT });
    const part = fileOn(world);
    expect(part).toMatchObject({ sizeBytes: DROPPED_AT });
    expect(part?.sha512).not.toBe(sha512);
    const rest = await copy(world, connection, { resumeFromBytes: DROPPED_AT });
    expect(rest.outcome).toEqual({ kind: 'sent', sentBytes: sizeBytes });
    expect(rest.progress[0]).toBeGreaterThan(DROPPED_AT);
    expect(fileOn(world)).toMatchObject({ sizeBytes, sha512 });
  });

  test('resumed behind a damaged beginning stays damaged', async () => {
    const { world, connection } = await copied(['corrupt-copy', 'transfer-dropped']);
    await copy(world, connection, { resumeFromBytes: DROPPED_AT });
    expect(fileOn(world)).toMatchObject({ sizeBytes });
    expect(fileOn(world)?.sha512).not.toBe(sha512);
  });

  test('cannot be resumed by scp, without a beginning, or behind the end', async () => {
    const { world, connection } = await copied(['transfer-dropped']);
    const half = 0.5 * sizeBytes;
    const scp = await copy(world, connection, { method: 'scp', resumeFromBytes: half });
    expect(scp.outcome).toEqual({ kind: 'refused', detail: 'scp cannot resume a file' });
    const far = await copy(world, connection, { resumeFromBytes: 0.9 * sizeBytes });
    expect(far.outcome.kind).toBe('refused');
    const past = await copy(world, connection, { resumeFromBytes: 2 * sizeBytes });
    expect(past.outcome.kind).toBe('refused');
  });

  test('ends where the flash is full', async () => {
    const small = labDevice('r1', HOST, { flashBytes: 400_000_000 });
    const world = labWorld({ devices: [small], links: [], passive: [] });
    const { outcome } = await copy(world, await connect(world, HOST));
    expect(outcome).toMatchObject({ kind: 'no-space', sentBytes: 100_000_000 });
    expect(fileOn(world)).toMatchObject({ sizeBytes: 100_000_000 });
  });

  test('ends when it is aborted or takes too long', async () => {
    const late = await copied([], { totalMs: 5000 });
    expect(late.outcome).toMatchObject({ kind: 'broken', detail: 'the transfer took too long' });
    const stop = new AbortController();
    late.world.ports.clock.timer(5000, () => stop.abort());
    const aborted = await copy(late.world, late.connection, { signal: stop.signal });
    expect(aborted.outcome).toMatchObject({ kind: 'broken', detail: 'aborted' });
    const never = await copy(late.world, late.connection, { signal: AbortSignal.abort() });
    expect(never).toMatchObject({ outcome: { kind: 'broken' }, progress: [] });
  });

  test('leaves its beginning in the flash that boots when the device loses its power', async () => {
    const world = labWorld();
    const connection = await connect(world, HOST);
    world.ports.clock.timer(20_000, () => world.powerCycle('r1'));
    const { outcome, progress } = await copy(world, connection);
    expect(outcome.kind).toBe('broken');
    await world.scheduler.advance(300_000);
    expect(world.deviceState('r1').power).toBe('up');
    expect(fileOn(world)).toMatchObject({ sizeBytes: progress.at(-1) });
  });
});
