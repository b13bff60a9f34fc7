import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import { messageOf } from '../kernel/fault.js';
import type { DialTrouble, Endpoint } from '../ports/dialer.js';

/** What is left of the time of a dial; monotonic. */
export class Deadline {
  readonly timeoutMs: number;
  readonly #endMs: number;

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
    this.#endMs = performance.now() + timeoutMs;
  }

  get leftMs(): number {
    return Math.max(0, this.#endMs - performance.now());
  }

  /** Undefined when the time is over first. */
  async within<T>(work: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), this.leftMs);
    });
    try {
      return await Promise.race([work, over]);
    } finally {
      clearTimeout(timer);
    }
  }
}

export type Transport = { readonly kind: 'open'; readonly stream: Duplex } | DialTrouble;

/** TCP by ourselves: ssh2 never switches Nagle's algorithm off, which costs 100 ms a connection. */
export function openTcp({ host, port }: Endpoint, deadline: Deadline): Promise<Transport> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy();
      const detail = `TCP did not connect within ${deadline.timeoutMs} ms`;
      resolve({ kind: 'timeout', detail });
    }, deadline.leftMs);
    // Stays: after the handshake took over, an error here must not end the program.
    socket.on('error', (error) => {
      clearTimeout(timer);
      resolve({ kind: 'unreachable', detail: messageOf(error) });
    });
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve({ kind: 'open', stream: socket });
    });
  });
}

/** A TCP connection that a jump host makes for us. */
export async function openForward(
  jump: { readonly name: string; readonly client: Client },
  { host, port }: Endpoint,
  deadline: Deadline,
): Promise<Transport> {
  const to = `${host}:${port}`;
  let isLate = false;
  const opened = new Promise<Transport>((resolve) => {
    const failed = (thrown: unknown) => {
      const why = messageOf(thrown);
      resolve({
        kind: 'unreachable',
        detail: `jump host ${jump.name} opens no way to ${to}: ${why}`,
      });
    };
    try {
      jump.client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
        if (error) return failed(error);
        stream.on('error', () => undefined);
        if (isLate) stream.destroy();
        else resolve({ kind: 'open', stream });
      });
    } catch (thrown) {
      failed(thrown);
    }
  });
  const transport = await deadline.within(opened);
  if (transport) return transport;
  isLate = true;
  const detail = `jump host ${jump.name} opened no way to ${to} within ${deadline.timeoutMs} ms`;
  return { kind: 'timeout', detail };
}
