import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { testOpenSsh } from '../foreign.js';
import ssh2 from 'ssh2';
import { createSshDialer } from '../../src/adapters/ssh-dialer.js';
import { createSystemClock } from '../../src/adapters/system-clock.js';
import type { Connection, DialOutcome, DialRequest } from '../../src/ports/dialer.js';
import { openSession } from '../../src/session/session.js';
import { newKey, scriptedShell, startServer, type TestServer } from './ssh-server.js';
import { waitForSocket } from './wait.js';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function serve(parts: Parameters<typeof startServer>[0]): Promise<TestServer> {
  const server = await startServer(parts);
  cleanUps.push(() => server.close());
  return server;
}

async function dial(port: number, more: Partial<DialRequest> = {}): Promise<DialOutcome> {
  const outcome = await createSshDialer().dial({
    endpoint: { host: '127.0.0.1', port },
    username: 'admin',
    auth: [{ kind: 'password', password: 'right' }],
    algorithms: 'modern',
    acceptHostKey: () => true,
    timeoutMs: 5000,
    keepaliveMs: 10_000,
    ...more,
  });
  if (outcome.kind === 'connected') cleanUps.push(() => outcome.connection.close());
  return outcome;
}

function connected(outcome: DialOutcome): Connection {
  if (outcome.kind !== 'connected') throw new Error(JSON.stringify(outcome));
  return outcome.connection;
}

async function tcpServer(onConnection: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

describe('login', () => {
  test('logs in with a password and reads a command', async () => {
    const server = await serve({ shell: scriptedShell({ 'show version': 'Version 1\r\n' }) });
    const connection = connected(await dial(server.port));
    expect(connection.isOpen).toBe(true);
    const channel = (await connection.openShell())!;
    const opened = await openSession(channel, {
      clock: createSystemClock(),
      limits: { idleMs: 3000, totalMs: 5000, outputBytesMax: 10_000 },
      dialect: {
        modes: [{ name: 'enable', prompt: /^(?<host>\w+)#$/ }],
        moves: [],
        home: 'enable',
        onOpen: [],
        pagers: [],
        failures: [],
        noise: [],
        readOnly: [/^show /],
      },
    });
    if (opened.kind !== 'open') throw new Error(opened.detail);
    expect(opened.session.hostname).toBe('r1');
    expect(await opened.session.read('show version')).toBe('Version 1');
    expect(server.tries.filter((one) => one !== 'none')).toEqual(['password right']);
  });

  test('logs in with a passphrase-protected key', async () => {
    const keys = ssh2.utils.generateKeyPairSync('ecdsa', {
      bits: 256,
      passphrase: 'open sesame',
      cipher: 'aes256-cbc',
    } as never);
    const server = await serve({
      auth: (context) => {
        if (context.method !== 'publickey') return context.reject(['publickey']);
        const known = ssh2.utils.parseKey(keys.public);
        if (known instanceof Error) throw known;
        const fits = context.key.data.equals(known.getPublicSSH());
        const signed =
          !context.signature ||
          known.verify(context.blob!, context.signature, context.hashAlgo) === true;
        return fits && signed ? context.accept() : context.reject();
      },
    });
    const auth = [{ kind: 'key' as const, privateKey: keys.private, passphrase: 'open sesame' }];
    expect((await dial(server.port, { auth })).kind).toBe('connected');
    const wrong = [{ kind: 'key' as const, privateKey: keys.private, passphrase: 'no' }];
    expect(await dial(server.port, { auth: wrong })).toMatchObject({
      kind: 'auth-refused',
      detail: expect.stringContaining('the private key cannot be read'),
    });
  });

  testOpenSsh('logs in through an ssh-agent', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ns-'));
    cleanUps.push(() => rmSync(directory, { recursive: true, force: true }));
    const socket = join(directory, 'agent');
    const agent: ChildProcess = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    cleanUps.push(() => agent.kill());
    await waitForSocket(socket);
    const keys = newKey();
    const keyFile = join(directory, 'key');
    writeFileSync(keyFile, keys.private, { mode: 0o600 });
    execFileSync('ssh-add', ['-q', keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
    const server = await serve({
      auth: (context) =>
        context.method === 'publickey' ? context.accept() : context.reject(['publickey']),
    });
    expect((await dial(server.port, { auth: [{ kind: 'agent', socket }] })).kind).toBe('connected');
  });

  test('tries a wrong password once', async () => {
    const server = await serve({
      auth: (context) => context.reject(['password', 'keyboard-interactive']),
    });
    expect((await dial(server.port)).kind).toBe('auth-refused');
    expect(server.tries.filter((one) => one !== 'none')).toEqual(['password right']);
  });

  test('tries each method once, in the given order', async () => {
    const server = await serve({ auth: (context) => context.reject(['password', 'publickey']) });
    const auth = [
      { kind: 'key' as const, privateKey: newKey().private },
      { kind: 'password' as const, password: 'one' },
      { kind: 'password' as const, password: 'two' },
    ];
    expect((await dial(server.port, { auth })).kind).toBe('auth-refused');
    expect(server.tries.filter((one) => one !== 'none')).toEqual([
      'publickey',
      'password one',
      'password two',
    ]);
  });

  test('answers a single hidden question where the device takes no password method', async () => {
    const answers: string[][] = [];
    const server = await serve({
      auth: (context) => {
        if (context.method !== 'keyboard-interactive')
          return context.reject(['keyboard-interactive']);
        return context.prompt([{ prompt: 'Password: ', echo: false }], (given) => {
          answers.push(given);
          context.accept();
        });
      },
    });
    expect((await dial(server.port)).kind).toBe('connected');
    expect(answers).toEqual([['right']]);
  });

  test('leaves a one-time code after the password unanswered, and names the question', async () => {
    const answers: string[][] = [];
    const server = await serve({
      auth: (context) => {
        if (context.method !== 'keyboard-interactive')
          return context.reject(['keyboard-interactive']);
        return context.prompt([{ prompt: 'Password: ', echo: false }], (given) => {
          answers.push(given);
          context.prompt([{ prompt: 'Code: ', echo: true }], (code) => {
            answers.push(code);
            context.reject();
          });
        });
      },
    });
    const outcome = await dial(server.port);
    expect(outcome).toEqual({
      kind: 'unknown-question',
      question: 'Code:',
    });
    expect(answers).toEqual([['right']]);
  });

  test.each(['Verification code: ', 'New password: ', 'PIN + tokencode: '])(
    'gives the password to no question like %s',
    async (prompt) => {
      const answers: string[][] = [];
      const server = await serve({
        auth: (context) => {
          if (context.method !== 'keyboard-interactive')
            return context.reject(['keyboard-interactive']);
          return context.prompt([{ prompt, echo: false }], (given) => answers.push(given));
        },
      });
      const outcome = await dial(server.port);
      expect(outcome).toEqual({ kind: 'unknown-question', question: prompt.trim() });
      expect(answers).toEqual([]);
    },
  );

  test('takes the same question again for a refusal of the password', async () => {
    const answers: string[][] = [];
    const server = await serve({
      auth: (context) => {
        if (context.method !== 'keyboard-interactive')
          return context.reject(['keyboard-interactive']);
        const ask = (): void =>
          context.prompt([{ prompt: 'Password: ', echo: false }], (given) => {
            answers.push(given);
            if (given.length === 0) context.reject();
            else ask();
          });
        return ask();
      },
    });
    expect((await dial(server.port)).kind).toBe('auth-refused');
    expect(answers).toEqual([['right'], []]);
  });

  test('does not repeat a password that was taken when the device asks for more', async () => {
    const answers: string[][] = [];
    const server = await serve({
      auth: (context) => {
        if (context.method === 'password') return context.reject(['keyboard-interactive'], true);
        if (context.method !== 'keyboard-interactive') return context.reject(['password']);
        return context.prompt([{ prompt: 'Enter it: ', echo: false }], (given) => {
          answers.push(given);
          context.accept();
        });
      },
    });
    expect(await dial(server.port)).toEqual({ kind: 'unknown-question', question: 'Enter it:' });
    expect(answers).toEqual([]);
  });

  test('gives no password to several questions', async () => {
    const answers: string[][] = [];
    const server = await serve({
      auth: (context) => {
        if (context.method !== 'keyboard-interactive')
          return context.reject(['keyboard-interactive']);
        const two = [
          { prompt: 'Password: ', echo: false },
          { prompt: 'Token: ', echo: false },
        ];
        return context.prompt(two, (given) => {
          answers.push(given);
          context.reject();
        });
      },
    });
    const question = 'Password: Token:';
    expect(await dial(server.port)).toEqual({ kind: 'unknown-question', question });
    expect(answers).toEqual([]);
  });
});

describe('host key', () => {
  test('is shown before any login, and a refusal ends the dial', async () => {
    const server = await serve({});
    const seen: string[] = [];
    const outcome = await dial(server.port, {
      acceptHostKey: (fingerprint) => {
        seen.push(fingerprint);
        return false;
      },
    });
    expect(outcome).toEqual({ kind: 'host-key-refused', fingerprint: seen[0] });
    expect(seen).toEqual([expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/)]);
    expect(server.tries).toEqual([]);
  });

  testOpenSsh('is the fingerprint that ssh-keygen prints', async () => {
    const keys = newKey();
    const server = await serve({ hostKey: keys.private });
    const connection = connected(await dial(server.port));
    const printed = execFileSync('ssh-keygen', ['-lf', '-'], { input: keys.public }).toString();
    expect(printed).toContain(connection.hostKey);
  });
});

describe('what the network does', () => {
  test('nobody listens', async () => {
    const server = await startServer({});
    await server.close();
    expect((await dial(server.port)).kind).toBe('unreachable');
  });

  test('garbage instead of SSH', async () => {
    const port = await tcpServer((socket: Socket) => {
      socket.on('error', () => undefined);
      socket.resume();
      socket.end(`HTTP/1.1 400 Bad Request\r\n\r\n${'\u0000x'.repeat(500)}`);
    });
    expect((await dial(port)).kind).toBe('protocol-error');
  });

  test('a peer that says nothing', async () => {
    const port = await tcpServer((socket: Socket) => {
      socket.on('error', () => undefined);
      cleanUps.push(() => socket.destroy());
    });
    expect((await dial(port, { timeoutMs: 200 })).kind).toBe('timeout');
  });

  test('only old algorithms: refused unless legacy is set', async () => {
    const server = await serve({
      config: { algorithms: { kex: ['diffie-hellman-group14-sha1'], hmac: ['hmac-sha1'] } },
    });
    expect(await dial(server.port)).toEqual({
      kind: 'no-common-algorithm',
      detail: 'key exchange: it offers only diffie-hellman-group14-sha1',
      legacyHelps: true,
    });
    expect((await dial(server.port, { algorithms: 'legacy' })).kind).toBe('connected');
  });

  test('algorithms that no profile has: said so', async () => {
    const server = await serve({ config: { algorithms: { cipher: ['aes192-cbc'] } } });
    expect(await dial(server.port, { algorithms: 'legacy' })).toEqual({
      kind: 'no-common-algorithm',
      detail: 'cipher: it offers only aes192-cbc',
      legacyHelps: false,
    });
  });

  test('a session that is dropped ends its channel and the connection', async () => {
    const server = await serve({ shell: scriptedShell({}) });
    const connection = connected(await dial(server.port));
    const channel = (await connection.openShell())!;
    const closed = new Promise<string>((resolve) => channel.onClose(resolve));
    server.clients[0]!.end();
    expect(await closed).not.toBe('');
    await new Promise((resolve) => setImmediate(resolve));
    expect(connection.isOpen).toBe(false);
    expect(await connection.openShell()).toBeUndefined();
  });
});
