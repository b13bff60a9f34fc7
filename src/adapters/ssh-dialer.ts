import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { messageOf } from '../kernel/fault.js';
import type { Dialer, DialOutcome, DialRequest } from '../ports/dialer.js';
import { sshAlgorithms } from './ssh-algorithms.js';
import { SshConnection } from './ssh-connection.js';
import { loginHandler, type LoginTrace } from './ssh-login.js';

const KEEPALIVES_LOST_MAX = 3;

interface Dialling {
  readonly request: DialRequest;
  readonly trace: LoginTrace;
  hostKey: string;
  hostKeyRefused: boolean;
}

/** `SHA256:<base64>` without padding, as OpenSSH prints it. */
export function hostKeyFingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** ssh2 tells by `level` where an error arose. */
function levelOf(thrown: unknown): string {
  return thrown instanceof Error && 'level' in thrown ? String(thrown.level) : '';
}

function refusal(trace: LoginTrace, detail: string): DialOutcome {
  const offered = trace.offered.length > 0 ? `offered ${trace.offered.join(', ')}` : 'none offered';
  return { kind: 'auth-refused', detail: [detail, offered, ...trace.skipped].join('; ') };
}

function outcomeOf(thrown: unknown, dialling: Dialling): DialOutcome {
  const detail = messageOf(thrown);
  if (dialling.hostKeyRefused) return { kind: 'host-key-refused', fingerprint: dialling.hostKey };
  const level = levelOf(thrown);
  if (level === 'client-authentication' || level === 'agent')
    return refusal(dialling.trace, 'every method was refused');
  if (/no matching/i.test(detail)) return { kind: 'no-common-algorithm', detail };
  if (level === 'client-timeout') return { kind: 'timeout', detail };
  if (dialling.trace.offered.length > 0)
    return refusal(dialling.trace, `the device ended the connection during the login (${detail})`);
  return { kind: 'protocol-error', detail };
}

function configOf(dialling: Dialling, socket: Socket): ConnectConfig {
  const { request, trace } = dialling;
  return {
    sock: socket,
    username: request.username,
    algorithms: sshAlgorithms[request.algorithms],
    authHandler: loginHandler(request.auth, request.username, trace),
    // Our own timer covers TCP as well.
    readyTimeout: 0,
    keepaliveInterval: request.keepaliveMs,
    keepaliveCountMax: KEEPALIVES_LOST_MAX,
    hostVerifier: (key: Buffer) => {
      dialling.hostKey = hostKeyFingerprint(key);
      dialling.hostKeyRefused = !request.acceptHostKey(dialling.hostKey);
      return !dialling.hostKeyRefused;
    },
  };
}

/** TCP first, by ourselves: ssh2 never switches Nagle's algorithm off, which costs 100 ms a connection. */
function dial(request: DialRequest): Promise<DialOutcome> {
  const trace: LoginTrace = { offered: [], skipped: [] };
  const dialling: Dialling = { request, trace, hostKey: '', hostKeyRefused: false };
  const { host, port } = request.endpoint;
  return new Promise((resolve) => {
    let client: Client | undefined;
    let settled = false;
    const socket = connect({ host, port, noDelay: true });
    const settle = (outcome: DialOutcome) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      resolve(outcome);
      if (outcome.kind === 'connected') return;
      client?.end();
      socket.destroy();
    };
    const timer = setTimeout(() => {
      const stage = client ? 'the SSH handshake did not end' : 'TCP did not connect';
      settle({ kind: 'timeout', detail: `${stage} within ${request.timeoutMs} ms` });
    }, request.timeoutMs);
    socket.on('error', (error) => {
      if (!client) settle({ kind: 'unreachable', detail: messageOf(error) });
    });
    socket.once('connect', () => {
      client = new ssh2.Client();
      startSsh(client, socket, { dialling, settle });
    });
  });
}

function startSsh(
  client: Client,
  socket: Socket,
  context: { readonly dialling: Dialling; readonly settle: (outcome: DialOutcome) => void },
): void {
  const { dialling, settle } = context;
  const failed = (thrown: unknown) => {
    settle(outcomeOf(thrown, dialling));
  };
  const connection = new SshConnection(client, () => dialling.hostKey);
  // The connection keeps its own listeners: an error after the login must not end the program.
  client.on('error', failed);
  client.on('close', () => {
    failed(new Error('the device ended the connection'));
  });
  client.once('ready', () => {
    settle({ kind: 'connected', connection });
  });
  try {
    client.connect(configOf(dialling, socket));
  } catch (thrown) {
    failed(thrown);
  }
}

/** SSH over TCP. */
export function createSshDialer(): Dialer {
  return { dial };
}
