import type { Dialer, DialOutcome, DialRequest } from '../ports/dialer.js';
import { SshConnection } from './ssh-connection.js';
import { handshake } from './ssh-handshake.js';
import { HopPool, type HopBounds, type Lease } from './ssh-hops.js';
import { Deadline } from './ssh-transport.js';

/** Why a connection that came through a jump host broke, when the jump host is why. */
function lossOf(lease: Lease | undefined): string | undefined {
  if (!lease || lease.link.isOpen) return undefined;
  return `the connection through jump host ${lease.link.name} broke`;
}

async function dial(request: DialRequest, hops: HopPool): Promise<DialOutcome> {
  const { endpoint, via = [], timeoutMs, keepaliveMs } = request;
  const deadline = new Deadline(timeoutMs);
  const way = await hops.reach(endpoint, via, { deadline, keepaliveMs });
  if (way.kind !== 'way') return way;
  const { transport, lease } = way;
  if (transport.kind !== 'open') return transport;
  const outcome = await handshake(transport.stream, {
    login: request,
    keepaliveMs,
    leftMs: deadline.leftMs,
    timeoutMs,
    wrap: (client, hostKey) => {
      client.once('close', () => lease?.release());
      return new SshConnection(client, { hostKey, loss: () => lossOf(lease) });
    },
  });
  if (outcome.kind === 'ready') return { kind: 'connected', connection: outcome.made };
  lease?.release();
  return outcome;
}

/** SSH over TCP, through jump hosts where the request names them; `bounds` on the connections to each of those. */
export function createSshDialer(bounds?: HopBounds): Dialer {
  const hops = new HopPool(bounds);
  return { dial: (request) => dial(request, hops) };
}
