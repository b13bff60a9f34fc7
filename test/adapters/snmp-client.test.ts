import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import snmp from 'net-snmp';
import { createSnmpClient } from '../../src/adapters/snmp-client.js';
import type { SnmpAccess, SnmpRequest } from '../../src/ports/snmp.js';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const v2c: SnmpAccess = { version: 'v2c', community: 'reading' };
const v3: SnmpAccess = {
  version: 'v3',
  user: 'nightshift',
  authProtocol: 'sha',
  authKey: 'authenticate me',
  privProtocol: 'aes',
  privKey: 'keep it private',
};
const SYS_DESCR = '1.3.6.1.2.1.1.1.0';
const SYS_UPTIME = '1.3.6.1.2.1.1.3.0';
const MAC = '1.3.6.1.2.1.17.1.1.0';

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

async function startAgent(): Promise<number> {
  const port = await freePort();
  const agent = snmp.createAgent({ port, address: '127.0.0.1' } as never, () => undefined);
  cleanUps.push(() => agent.close());
  const authorizer = agent.getAuthorizer();
  authorizer.addCommunity('reading');
  authorizer.addUser({
    name: 'nightshift',
    level: snmp.SecurityLevel.authPriv,
    authProtocol: snmp.AuthProtocols.sha,
    authKey: 'authenticate me',
    privProtocol: snmp.PrivProtocols.aes,
    privKey: 'keep it private',
  });
  const mib = agent.getMib();
  const scalar = (name: string, oid: string, type: snmp.ObjectType, value: unknown) => {
    mib.registerProvider({
      name,
      type: snmp.MibProviderType.Scalar,
      oid: oid.replace(/\.0$/, ''),
      scalarType: type,
      maxAccess: snmp.MaxAccess['read-only'],
    } as never);
    mib.setScalarValue(name, value as never);
  };
  scalar('sysDescr', SYS_DESCR, snmp.ObjectType.OctetString, 'Züri OS 1.2');
  scalar('sysUpTime', SYS_UPTIME, snmp.ObjectType.TimeTicks, 12345);
  scalar('bridge', MAC, snmp.ObjectType.OctetString, Buffer.from([0, 1, 2, 254, 255, 3]));
  return port;
}

const request = (port: number, access: SnmpAccess, more: Partial<SnmpRequest> = {}) => ({
  host: '127.0.0.1',
  port,
  access,
  oids: [SYS_DESCR, SYS_UPTIME, MAC],
  timeoutMs: 2000,
  retries: 0,
  ...more,
});

const everything = {
  kind: 'answer',
  varbinds: [
    { oid: SYS_DESCR, value: 'Züri OS 1.2' },
    { oid: SYS_UPTIME, value: '12345' },
    { oid: MAC, value: '0x000102feff03' },
  ],
};

describe('get', () => {
  test('reads with v2c', async () => {
    expect(await createSnmpClient().get(request(await startAgent(), v2c))).toEqual(everything);
  });

  test('reads with v3, authenticated and private', async () => {
    expect(await createSnmpClient().get(request(await startAgent(), v3))).toEqual(everything);
  });

  test('leaves out what the device does not have', async () => {
    const oids = ['1.3.6.1.2.1.99.1.0', SYS_UPTIME];
    expect(await createSnmpClient().get(request(await startAgent(), v2c, { oids }))).toEqual({
      kind: 'answer',
      varbinds: [{ oid: SYS_UPTIME, value: '12345' }],
    });
  });

  test.each([
    ['another user', { ...v3, user: 'nobody' }],
    ['another key', { ...v3, authKey: 'something else' }],
  ])('is no answer with %s', async (_what, access) => {
    const port = await startAgent();
    const outcome = await createSnmpClient().get(request(port, access, { timeoutMs: 300 }));
    expect(['refused', 'timeout']).toContain(outcome.kind);
  });

  test('times out on a silent device', async () => {
    const port = await freePort();
    const outcome = await createSnmpClient().get(request(port, v2c, { timeoutMs: 100 }));
    expect(outcome).toEqual({ kind: 'timeout' });
  });

  test('outlives a malformed datagram', async () => {
    const socket: Socket = createSocket('udp4');
    cleanUps.push(() => new Promise<void>((resolve) => socket.close(() => resolve())));
    socket.on('message', (_message, from) => {
      socket.send(Buffer.from([0x30, 0x82, 0xff, 0xff, 2, 1]), from.port, from.address);
      socket.send(Buffer.from('garbage'), from.port, from.address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    const outcome = await createSnmpClient().get(request(port, v2c, { timeoutMs: 200 }));
    expect(['timeout', 'refused']).toContain(outcome.kind);
  });

  test('refuses an OID that is none', async () => {
    const outcome = await createSnmpClient().get(request(await freePort(), v2c, { oids: ['x.y'] }));
    expect(outcome.kind).toBe('refused');
  });

  test('asks many devices at once and loses none', async () => {
    const port = await startAgent();
    const client = createSnmpClient();
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, () => client.get(request(port, v2c, { retries: 2 }))),
    );
    expect(outcomes.filter((outcome) => outcome.kind === 'answer')).toHaveLength(400);
  });
});
