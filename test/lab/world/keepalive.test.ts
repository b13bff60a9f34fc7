import { describe, expect, test } from '@jest/globals';
import { connect, labWorld, newImage, openTerminal } from '../lab-network.js';

const HOST = '127.1.0.1';

describe('a device that loses its power', () => {
  test('looks connected until three keepalives stay unanswered', async () => {
    const world = labWorld();
    const terminal = await openTerminal(world, HOST);
    world.powerCycle('r1');
    await world.scheduler.advance(29_000);
    expect(terminal.connection.isOpen).toBe(true);
    expect(await terminal.type('version\r')).toBe('');
    await world.scheduler.advance(12_000);
    expect(terminal.connection.isOpen).toBe(false);
    expect(terminal.closedBy()).toBe('keepalive timeout');
  });

  test('resets the old connection when it is back before the keepalives are over', async () => {
    const world = labWorld();
    const request = { keepaliveMs: 100_000 };
    const outcome = await world.scheduler.drain(
      world.ports.dialer.dial({
        endpoint: { host: HOST, port: 22 },
        username: 'ops',
        auth: [{ kind: 'password', password: 'right' }],
        algorithms: 'modern',
        acceptHostKey: () => true,
        timeoutMs: 10_000,
        ...request,
      }),
    );
    if (outcome.kind !== 'connected') throw new Error(outcome.kind);
    const channel = await world.scheduler.drain(outcome.connection.openShell());
    let closed = '';
    channel?.onClose((detail) => {
      closed = detail;
    });
    world.powerCycle('r1');
    await world.scheduler.advance(190_000);
    expect(world.deviceState('r1').power).toBe('up');
    expect(outcome.connection.isOpen).toBe(true);
    channel?.write('version\r');
    await world.scheduler.advance(1000);
    expect(closed).toBe('connection reset by peer');
    expect(outcome.connection.isOpen).toBe(false);
  });

  test('gives no shell and takes no byte on the old connection', async () => {
    const world = labWorld();
    const connection = await connect(world, HOST);
    world.powerCycle('r1');
    const shell = connection.openShell();
    const upload = connection.upload({
      source: newImage,
      remotePath: 'flash:new.bin',
      method: 'sftp',
      resumeFromBytes: 0,
      onProgress: () => {},
      stallMs: 15_000,
      totalMs: 600_000,
    });
    expect(await world.scheduler.drain(upload)).toMatchObject({ kind: 'broken', sentBytes: 0 });
    expect(connection.isOpen).toBe(true);
    expect(await world.scheduler.drain(shell)).toBeUndefined();
    expect(connection.isOpen).toBe(false);
  });

  test('boots again, and is gone for its neighbours meanwhile', async () => {
    const world = labWorld();
    world.powerCycle('r1');
    world.powerCycle('r1');
    expect(world.deviceState('r2').ports[0]?.oper).toBe('down');
    await world.scheduler.advance(300_000);
    expect(world.deviceState('r1')).toMatchObject({ power: 'up', bootCount: 2 });
    expect(world.deviceState('r2').ports[0]?.oper).toBe('up');
  });
});

test('a shell that a dead controller had asked for reaches nobody', async () => {
  const world = labWorld();
  const connection = await connect(world, HOST);
  let reached = false;
  void connection.openShell().then(() => (reached = true));
  world.replaceController();
  await world.scheduler.advance(60_000);
  expect(reached).toBe(false);
});
