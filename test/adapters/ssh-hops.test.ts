import { afterEach, describe, expect, test } from '@jest/globals';
import ssh2, { type AuthContext } from 'ssh2';
import { createSshDialer } from '../../src/adapters/ssh-dialer.js';
import { hostKeyFingerprint } from '../../src/adapters/ssh-handshake.js';
import type { Connection, DialOutcome, Dialer, SshHop } from '../../src/ports/dialer.js';
import { newKey, scriptedShell, startServer, type TestServer } from './ssh-server.js';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function fingerprintOf(privateKey: string): string {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return hostKeyFingerprint(key.getPublicSSH());
}

const takes = (password: string) => (context: AuthContext) =>
  context.method === 'password' && context.password === password
    ? context.accept()
    : context.reject(['password']);

interface Jump {
  readonly server: TestServer;
  readonly to: string[];
  readonly hop: SshHop;
}

async function jumpHost(name: string): Promise<Jump> {
  const to: string[] = [];
  const hostKey = newKey().private;
  const server = await startServer({
    hostKey,
    auth: takes(`${name}-password`),
    forwards: (place) => to.push(place),
  });
  cleanUps.push(() => server.close());
  const hop: SshHop = {
    name,
    endpoint: { host: '127.0.0.1', port: server.port },
    username: 'jump',
    auth: [{ kind: 'password', password: `${name}-password` }],
    algorithms: 'modern',
    acceptHostKey: (fingerprint) => fingerprint === fingerprintOf(hostKey),
  };
  return { server, to, hop };
}

async function device(): Promise<TestServer> {
  const server = await startServer({ auth: takes('right'), shell: scriptedShell({}) });
  cleanUps.push(() => server.close());
  return server;
}

async function dial(
  dialer: Dialer,
  port: number,
  via: readonly SshHop[],
  timeoutMs = 5000,
): Promise<DialOutcome> {
  const outcome = await dialer.dial({
    endpoint: { host: '127.0.0.1', port },
    username: 'admin',
    auth: [{ kind: 'password', password: 'right' }],
    algorithms: 'modern',
    acceptHostKey: () => true,
    timeoutMs,
    keepaliveMs: 10_000,
    via,
  });
  if (outcome.kind === 'connected') cleanUps.push(() => outcome.connection.close());
  return outcome;
}

function connected(outcome: DialOutcome): Connection {
  if (outcome.kind !== 'connected') throw new Error(JSON.stringify(outcome));
  return outcome.connection;
}

describe('a dial through two jump hosts', () => {
  test('goes hop by hop, each with its own login, and ends in a shell of the device', async () => {
    const [one, two, target] = [await jumpHost('one'), await jumpHost('two'), await device()];
    const connection = connected(await dial(createSshDialer(), target.port, [one.hop, two.hop]));
    expect(one.to).toEqual([`127.0.0.1:${two.server.port}`]);
    expect(two.to).toEqual([`127.0.0.1:${target.port}`]);
    const channel = (await connection.openShell())!;
    const text = await new Promise<string>((resolve) => {
      channel.onData((bytes) => resolve(Buffer.from(bytes).toString()));
    });
    expect(text).toContain('r1#');
    expect(one.server.tries.filter((each) => each !== 'none')).toEqual(['password one-password']);
  });

  test('is refused at the second when that shows a key that is not accepted', async () => {
    const [one, two, target] = [await jumpHost('one'), await jumpHost('two'), await device()];
    const wrong = { ...two.hop, acceptHostKey: () => false };
    const outcome = await dial(createSshDialer(), target.port, [one.hop, wrong]);
    expect(outcome).toEqual({
      kind: 'host-key-refused',
      fingerprint: expect.stringMatching(/^SHA256:/),
      hop: 'two',
    });
    expect(two.server.tries).toEqual([]);
    expect(target.tries).toEqual([]);
  });

  test('says at which of them the login was refused', async () => {
    const [one, two, target] = [await jumpHost('one'), await jumpHost('two'), await device()];
    const stranger = { ...two.hop, auth: [{ kind: 'password' as const, password: 'no' }] };
    const outcome = await dial(createSshDialer(), target.port, [one.hop, stranger]);
    expect(outcome).toMatchObject({ kind: 'auth-refused', hop: 'two' });
  });

  test('says that the first does not answer', async () => {
    const [one, two, target] = [await jumpHost('one'), await jumpHost('two'), await device()];
    await one.server.close();
    const outcome = await dial(createSshDialer(), target.port, [one.hop, two.hop]);
    expect(outcome).toMatchObject({ kind: 'unreachable', hop: 'one' });
  });
});

describe('a device behind a jump host', () => {
  test('that is not there is no trouble of the jump host', async () => {
    const [one, target] = [await jumpHost('one'), await device()];
    await target.close();
    const outcome = await dial(createSshDialer(), target.port, [one.hop]);
    expect(outcome).toEqual({
      kind: 'unreachable',
      detail: expect.stringContaining(`jump host one opens no way to 127.0.0.1:${target.port}`),
    });
  });

  test('whose jump host breaks says so', async () => {
    const [one, target] = [await jumpHost('one'), await device()];
    const connection = connected(await dial(createSshDialer(), target.port, [one.hop]));
    const channel = (await connection.openShell())!;
    const closed = new Promise<string>((resolve) => channel.onClose(resolve));
    for (const client of one.server.clients) client.end();
    expect(await closed).toBe('the connection through jump host one broke');
    expect(connection.isOpen).toBe(false);
  });
});

describe('the connection to a jump host', () => {
  test('is shared by devices that are dialled at the same time, and bounded', async () => {
    const [one, target] = [await jumpHost('one'), await device()];
    const dialer = createSshDialer();
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, () => dial(dialer, target.port, [one.hop], 15_000)),
    );
    expect(new Set(outcomes.map((each) => each.kind))).toEqual(new Set(['connected']));
    expect(one.to).toHaveLength(60);
    // 48 ways a connection.
    expect(one.server.clients).toHaveLength(2);
  }, 30_000);

  test('that is full makes the next device wait for its turn, within the time of its dial', async () => {
    const [one, target] = [await jumpHost('one'), await device()];
    const dialer = createSshDialer({ waysMax: 1, linksMax: 1 });
    const first = connected(await dial(dialer, target.port, [one.hop]));
    expect(await dial(dialer, target.port, [one.hop], 300)).toEqual({
      kind: 'timeout',
      detail: 'no way through it was free within 300 ms',
      hop: 'one',
    });
    const next = dial(dialer, target.port, [one.hop]);
    first.close();
    connected(await next);
    expect(one.server.clients).toHaveLength(1);
  });

  test('is shared only with a dial that accepts its key, and that logs in alike', async () => {
    const [one, target] = [await jumpHost('one'), await device()];
    const dialer = createSshDialer();
    connected(await dial(dialer, target.port, [one.hop]));
    const doubtful = { ...one.hop, acceptHostKey: () => false };
    expect(await dial(dialer, target.port, [doubtful])).toMatchObject({
      kind: 'host-key-refused',
      hop: 'one',
    });
    const stranger = { ...one.hop, auth: [{ kind: 'password' as const, password: 'no' }] };
    expect(await dial(dialer, target.port, [stranger])).toMatchObject({ kind: 'auth-refused' });
    expect(one.to).toHaveLength(1);
  });

  test('is closed when no device needs it any more', async () => {
    const [one, target] = [await jumpHost('one'), await device()];
    const connection = connected(await dial(createSshDialer(), target.port, [one.hop]));
    const ended = new Promise<boolean>((resolve) => {
      one.server.clients[0]?.once('close', () => resolve(true));
    });
    connection.close();
    expect(await ended).toBe(true);
  });
});
