import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ConnectConfig } from 'ssh2';
import { messageOf } from '../kernel/fault.js';
import type { DialTrouble, SshLogin } from '../ports/dialer.js';
import { sshAlgorithms } from './ssh-algorithms.js';
import { loginHandler, type LoginTrace } from './ssh-login.js';
import { RemoteOffer } from './ssh-offer.js';

const KEEPALIVES_LOST_MAX = 3;

export interface HandshakeOptions<T> {
  readonly login: SshLogin;
  readonly keepaliveMs: number;
  /** What is left of the dial's time, and the whole of it for the message. */
  readonly leftMs: number;
  readonly timeoutMs: number;
  /** Called before the first byte, so that no event of the client is missed. */
  readonly wrap: (client: Client, hostKey: () => string) => T;
}

export type HandshakeOutcome<T> = { readonly kind: 'ready'; readonly made: T } | DialTrouble;

interface Progress {
  readonly trace: LoginTrace;
  readonly offer: RemoteOffer;
  hostKey: string;
  hostKeyRefused: boolean;
  /** Did a byte come? */
  heard: boolean;
}

/** `SHA256:<base64>` without padding, as OpenSSH prints it. */
export function hostKeyFingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** ssh2 tells by `level` where an error arose. */
function levelOf(thrown: unknown): string {
  return thrown instanceof Error && 'level' in thrown ? String(thrown.level) : '';
}

function refusal(trace: LoginTrace, detail: string): DialTrouble {
  const offered = trace.offered.length > 0 ? `offered ${trace.offered.join(', ')}` : 'none offered';
  return { kind: 'auth-refused', detail: [detail, offered, ...trace.skipped].join('; ') };
}

function troubleOf(thrown: unknown, progress: Progress): DialTrouble {
  const detail = messageOf(thrown);
  const { trace, offer } = progress;
  if (progress.hostKeyRefused) return { kind: 'host-key-refused', fingerprint: progress.hostKey };
  const level = levelOf(thrown);
  if (level === 'client-authentication' || level === 'agent')
    return refusal(trace, 'every method was refused');
  if (/no matching/i.test(detail)) {
    const { legacyHelps, text } = offer;
    return { kind: 'no-common-algorithm', detail: text || detail, legacyHelps };
  }
  if (level === 'client-timeout') return { kind: 'timeout', detail };
  if (trace.offered.length > 0)
    return refusal(trace, `the device ended the connection during the login (${detail})`);
  // Shut before a word was said: a port that leads nowhere just now, as while a device boots.
  const isSilent = level === 'client-socket' || !progress.heard;
  return { kind: isSilent ? 'unreachable' : 'protocol-error', detail };
}

function configOf(login: SshLogin, progress: Progress): ConnectConfig {
  return {
    username: login.username,
    algorithms: sshAlgorithms[login.algorithms],
    authHandler: loginHandler(login.auth, login.username, progress.trace),
    debug: progress.offer.note,
    // Our own timer covers TCP as well.
    readyTimeout: 0,
    hostVerifier: (key: Buffer) => {
      progress.hostKey = hostKeyFingerprint(key);
      progress.hostKeyRefused = !login.acceptHostKey(progress.hostKey);
      return !progress.hostKeyRefused;
    },
  };
}

/** Key exchange and login over an open transport. Whatever comes of it but `ready` ends the transport. */
export function handshake<T>(
  transport: Duplex,
  options: HandshakeOptions<T>,
): Promise<HandshakeOutcome<T>> {
  const { login, keepaliveMs: keepaliveInterval, leftMs, timeoutMs, wrap } = options;
  return new Promise((resolve) => {
    const client = new ssh2.Client();
    let settled = false;
    const settle = (outcome: HandshakeOutcome<T>) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      resolve(outcome);
      if (outcome.kind === 'ready') return;
      client.end();
      transport.destroy();
    };
    const timer = setTimeout(() => {
      const detail = `the SSH handshake did not end within ${timeoutMs} ms`;
      settle({ kind: 'timeout', detail });
    }, leftMs);
    const stuck = (question: string) => settle({ kind: 'unknown-question', question });
    const trace: LoginTrace = { offered: [], skipped: [], stuck };
    const offer = new RemoteOffer();
    const none = { hostKey: '', hostKeyRefused: false, heard: false };
    const progress: Progress = { trace, offer, ...none };
    const failed = (thrown: unknown) => settle(troubleOf(thrown, progress));
    const made = wrap(client, () => progress.hostKey);
    // Listeners stay: an error after the login must not end the program.
    client.on('error', failed);
    client.on('close', () => failed(new Error('the device ended the connection')));
    client.on('change password', (message: string) => stuck(`a new password: ${message}`));
    client.once('ready', () => settle({ kind: 'ready', made }));
    try {
      const config = configOf(login, progress);
      const keepaliveCountMax = KEEPALIVES_LOST_MAX;
      client.connect({ ...config, sock: transport, keepaliveInterval, keepaliveCountMax });
      transport.once('data', () => (progress.heard = true));
    } catch (thrown) {
      failed(thrown);
    }
  });
}
