import type { SimPeer } from '../../src/driver/personality.js';

export const peerKey = (id: string, peer: SimPeer) => `${id} ${peer.protocol} ${peer.address}`;

interface Held {
  readonly by: string;
  /** Where the adjacency gets stuck; undefined: it never begins. */
  readonly stuck: SimPeer['stuck'];
}

interface Lost {
  readonly by: string;
  readonly share: number;
}

/** What faults keep from adjacencies and route tables. */
export class NetworkHarms {
  /** By `peerKey`, or by device and address for both protocols. */
  private readonly peers = new Map<string, Held>();
  private readonly routes = new Map<string, Lost>();

  holdPeer(key: string, held: Held): void {
    this.peers.set(key, held);
  }

  loseRoutes(id: string, lost: Lost): void {
    this.routes.set(id, lost);
  }

  held(id: string, peer: SimPeer): Held | undefined {
    return this.peers.get(peerKey(id, peer)) ?? this.peers.get(`${id} ${peer.address}`);
  }

  /** How many of the routes that a peer tells a device takes. */
  taken(id: string, routes: number): number {
    return Math.floor(routes * (this.routes.get(id)?.share ?? 1));
  }

  lift(id: string, fault: string): void {
    for (const [key, { by }] of this.peers) {
      if (by === fault && key.startsWith(`${id} `)) this.peers.delete(key);
    }
    if (this.routes.get(id)?.by === fault) this.routes.delete(id);
  }
}
