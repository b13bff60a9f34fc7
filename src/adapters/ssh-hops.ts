import { createHash } from 'node:crypto';
import type { Client } from 'ssh2';
import type { DialFailure, Endpoint, SshHop } from '../ports/dialer.js';
import { handshake } from './ssh-handshake.js';
import { openForward, openTcp, type Deadline, type Transport } from './ssh-transport.js';

/** Ways through one connection, and connections to one jump host, at most. */
export interface HopBounds {
  readonly waysMax: number;
  readonly linksMax: number;
}

const BOUNDS: HopBounds = { waysMax: 48, linksMax: 4 };
/** So long an unused connection to a jump host stays, for the next device. */
const LINGER_MS = 300;

/** A way through a jump host; `release` once it is no longer used. */
export interface Lease {
  readonly kind: 'leased';
  readonly link: HopLink;
  release(): void;
}

/** One connection to a jump host, shared. */
class HopLink {
  readonly name: string;
  readonly client: Client;
  readonly hostKey: () => string;
  /** The connection that this one goes through. */
  readonly before: HopLink | undefined;
  isOpen = true;
  #ways = 0;
  #linger: NodeJS.Timeout | undefined;
  readonly #freed: () => void;

  constructor(parts: {
    readonly name: string;
    readonly client: Client;
    readonly hostKey: () => string;
    readonly before: HopLink | undefined;
    readonly freed: () => void;
  }) {
    this.name = parts.name;
    this.client = parts.client;
    this.hostKey = parts.hostKey;
    this.before = parts.before;
    this.#freed = parts.freed;
    const gone = () => {
      this.isOpen = false;
      clearTimeout(this.#linger);
      this.#freed();
    };
    this.client.once('close', gone);
    this.client.once('end', gone);
  }

  hasRoom(waysMax: number): boolean {
    return this.isOpen && this.#ways < waysMax;
  }

  lease(): Lease {
    this.#ways += 1;
    clearTimeout(this.#linger);
    let isHeld = true;
    return {
      kind: 'leased',
      link: this,
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#ways -= 1;
        if (this.#ways === 0 && this.isOpen) {
          this.#linger = setTimeout(() => this.client.end(), LINGER_MS);
        }
        this.#freed();
      },
    };
  }
}

/** The connections to one jump host by one way and login. */
interface HopGroup {
  readonly links: Set<HopLink>;
  opening: Promise<DialFailure | undefined> | undefined;
  waiting: (() => void)[];
}

export interface HopLimits {
  readonly deadline: Deadline;
  readonly keepaliveMs: number;
}

export type Way =
  | { readonly kind: 'way'; readonly transport: Transport; readonly lease: Lease | undefined }
  | DialFailure;

/** Only dials that would log in alike all the way share a connection. In memory only. */
function keyOf(via: readonly SshHop[]): string {
  const logins = via.map(({ endpoint, username, auth, algorithms }) => [
    endpoint.host,
    endpoint.port,
    username,
    auth,
    algorithms,
  ]);
  return createHash('sha256').update(JSON.stringify(logins)).digest('base64');
}

const nameOf = (via: readonly SshHop[]): string => via[via.length - 1]?.name ?? '';

/** Who shares a connection accepts its keys, all the way; else the first jump host whose key is not accepted. */
function refusalOf(via: readonly SshHop[], last: HopLink): DialFailure | undefined {
  let link: HopLink | undefined = last;
  let refusal: DialFailure | undefined;
  for (const hop of via.toReversed()) {
    const fingerprint: string = link?.hostKey() ?? '';
    if (!hop.acceptHostKey(fingerprint)) {
      refusal = { kind: 'host-key-refused', fingerprint, hop: hop.name };
    }
    link = link?.before;
  }
  return refusal;
}

/** Connections to jump hosts, opened when first needed, shared, bounded, and closed when nobody needs them. */
export class HopPool {
  readonly #groups = new Map<string, HopGroup>();
  readonly #bounds: HopBounds;

  constructor(bounds: HopBounds = BOUNDS) {
    this.#bounds = bounds;
  }

  /** An open transport to `endpoint` through every hop of `via`. */
  async reach(endpoint: Endpoint, via: readonly SshHop[], limits: HopLimits): Promise<Way> {
    const { deadline } = limits;
    if (via.length === 0) {
      const transport = await openTcp(endpoint, deadline);
      return { kind: 'way', transport, lease: undefined };
    }
    const lease = await this.#lease(via, limits);
    if (lease.kind !== 'leased') return lease;
    const transport = await openForward(lease.link, endpoint, deadline);
    if (transport.kind !== 'open') lease.release();
    return { kind: 'way', transport, lease };
  }

  async #lease(via: readonly SshHop[], limits: HopLimits): Promise<Lease | DialFailure> {
    const { deadline } = limits;
    const group = this.#groupOf(via);
    while (deadline.leftMs > 0) {
      const link = [...group.links].find((each) => each.hasRoom(this.#bounds.waysMax));
      if (link) return refusalOf(via, link) ?? link.lease();
      const failure = await deadline.within(this.#room(via, group, limits));
      if (failure) return failure;
    }
    const detail = `no way through it was free within ${deadline.timeoutMs} ms`;
    return { kind: 'timeout', detail, hop: nameOf(via) };
  }

  #groupOf(via: readonly SshHop[]): HopGroup {
    const key = keyOf(via);
    const known = this.#groups.get(key);
    if (known) return known;
    const group: HopGroup = { links: new Set(), opening: undefined, waiting: [] };
    this.#groups.set(key, group);
    return group;
  }

  /** Settles when a look for a way may find one, or with the failure of the connection being opened. */
  #room(
    via: readonly SshHop[],
    group: HopGroup,
    limits: HopLimits,
  ): Promise<DialFailure | undefined> {
    if (group.opening === undefined && group.links.size >= this.#bounds.linksMax) {
      return new Promise((resolve) => group.waiting.push(() => resolve(undefined)));
    }
    group.opening ??= this.#open(via, group, limits).finally(() => (group.opening = undefined));
    return group.opening;
  }

  /** Opens one more connection; undefined when it is there. */
  async #open(
    via: readonly SshHop[],
    group: HopGroup,
    limits: HopLimits,
  ): Promise<DialFailure | undefined> {
    const hop = via[via.length - 1];
    if (!hop) return undefined;
    const way = await this.reach(hop.endpoint, via.slice(0, -1), limits);
    if (way.kind !== 'way') return way;
    const { transport, lease } = way;
    if (transport.kind !== 'open') return { ...transport, hop: hop.name };
    const freed = () => {
      if (!link?.isOpen) lease?.release();
      this.#settle(group, link);
    };
    let link: HopLink | undefined;
    const outcome = await handshake(transport.stream, {
      login: hop,
      keepaliveMs: limits.keepaliveMs,
      leftMs: limits.deadline.leftMs,
      timeoutMs: limits.deadline.timeoutMs,
      wrap: (client, hostKey) => {
        const before = lease?.link;
        return (link = new HopLink({ name: hop.name, client, hostKey, before, freed }));
      },
    });
    if (outcome.kind === 'ready') {
      group.links.add(outcome.made);
      // Who wanted it may have given up: unless it is leased at once, it is closed after a while.
      outcome.made.lease().release();
      return undefined;
    }
    lease?.release();
    return { ...outcome, hop: hop.name };
  }

  /** A way was given back, or a connection is gone: who waits may look again. */
  #settle(group: HopGroup, link: HopLink | undefined): void {
    if (link && !link.isOpen) group.links.delete(link);
    for (const wake of group.waiting.splice(0)) wake();
  }
}
