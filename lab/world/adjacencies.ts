import type { SimDevice, SimPeer } from '../../src/driver/personality.js';
import type { RandomStream } from '../../src/ports/random.js';
import type { FaultEffect } from './fault.js';
import { NetworkHarms, peerKey } from './network-harms.js';
import { between } from './random.js';
import type { Scheduler } from './scheduler.js';
import type { LiveStrike } from './strike-book.js';

/** What adjacencies ask of devices and cables. */
export interface AdjacencyGround {
  readonly scheduler: Scheduler;
  /** Undefined for passive nodes. */
  device(id: string): SimDevice | undefined;
  replace(id: string, device: SimDevice): void;
  note(device: string, text: string): void;
  /** The node of this hostname. */
  nodeOf(system: string): string | undefined;
  isAwake(id: string): boolean;
  /** Does the cable in this port lead to `other`, and is it up? Undefined: no such cable. */
  ownCable(id: string, port: string, other: string): boolean | undefined;
  /** Is any cable between the two up? Undefined: there is none. */
  anyCable(id: string, other: string): boolean | undefined;
  /** Counts the boots and power losses of a node. */
  outageOf(id: string): number | undefined;
}

type Pair = readonly [SimPeer, SimPeer | undefined];

const OSPF_DEAD_MS = [31_000, 40_000] as const;
const OSPF_UP_MS = [10_000, 40_000] as const;
const BGP_HOLD_MS = [121_000, 180_000] as const;
const BGP_UP_MS = [5_000, 30_000] as const;

function withoutStuck(peer: SimPeer): SimPeer {
  const { stuck: _stuck, ...bare } = peer;
  return bare;
}

/** Routing adjacencies and what is learnt over them: they come and go by their protocols' timers. */
export class Adjacencies {
  private readonly ground: AdjacencyGround;
  private readonly chance: RandomStream;
  private readonly harms = new NetworkHarms();
  private readonly prefixes = new Map<string, number>();

  constructor(ground: AdjacencyGround, chance: RandomStream) {
    this.ground = ground;
    this.chance = chance;
  }

  /** What is learnt of every peer now is what there is to learn. */
  settle(id: string): void {
    for (const peer of this.ground.device(id)?.peers ?? []) {
      this.prefixes.set(peerKey(id, peer), peer.prefixes);
    }
  }

  /** All that the device itself knew is gone; the others notice by their hold timers. */
  wentDown(id: string): void {
    this.change(id, (device) => ({
      ...device,
      peers: device.peers.map((peer) => ({ ...withoutStuck(peer), up: false, prefixes: 0 })),
    }));
  }

  /** The others notice by their hold timers that a device is gone. */
  losePeers(id: string): void {
    const outage = this.ground.outageOf(id);
    for (const other of this.peersOf(id)) {
      for (const [, theirs] of this.pairs(id, other)) {
        if (!theirs) continue;
        this.later(this.holdOf(theirs), `${other} ${theirs.protocol} hold`, () => {
          if (this.ground.outageOf(id) === outage) this.setPeer(other, theirs, false);
        });
      }
    }
  }

  /** With all its peers. */
  meetAll(id: string): void {
    for (const other of this.peersOf(id)) this.meet(id, other);
  }

  /** Adjacencies that are down and could be up come up after their protocol's time. */
  meet(id: string, other: string): void {
    for (const pair of this.pairs(id, other)) {
      const [mine, theirs] = pair;
      const waitMs = this.draw(mine.protocol === 'ospf' ? OSPF_UP_MS : BGP_UP_MS);
      this.later(waitMs, `${id} ${mine.protocol}`, () => {
        if (!this.canTry(id, other, pair) || this.isPeerUp(id, mine)) return;
        const held = this.heldOf(id, other, pair);
        if (held) return this.getStuck(id, other, pair, held.stuck);
        this.setPeer(id, mine, true);
        if (theirs) this.setPeer(other, theirs, true);
      });
    }
  }

  part(id: string, other: string): void {
    for (const pair of this.pairs(id, other)) {
      const [mine, theirs] = pair;
      this.later(this.holdOf(mine), `${id} ${mine.protocol} hold`, () => {
        if (this.canTry(id, other, pair) && !this.heldOf(id, other, pair)) return;
        this.setPeer(id, mine, false);
        if (theirs) this.setPeer(other, theirs, false);
      });
    }
  }

  /** A drained device keeps its adjacencies; the others take no routes from it. */
  drained(id: string): void {
    this.later(between(this.chance, 1000, 5000), `${id} drain`, () => {
      for (const other of this.peersOf(id)) this.recount(other);
    });
  }

  /** What a fault in force does, in words; undefined when it is none of routing. */
  harm(id: string, live: LiveStrike): string | undefined {
    const { effect, sheet, strike } = live;
    const { peer } = strike.params ?? {};
    switch (effect.kind) {
      case 'lose-neighbour':
        if (peer === undefined) return undefined;
        this.harms.holdPeer(`${id} ${peer}`, { by: sheet.id, stuck: undefined });
        return `peer ${peer} stays away`;
      case 'hold-peer':
        return this.hold(id, effect, live);
      case 'lose-routes':
        this.harms.loseRoutes(id, { by: sheet.id, share: effect.share });
        this.recount(id);
        return `takes ${String(effect.share * 100)} % of its routes`;
      default:
        return undefined;
    }
  }

  /** Undoes `harm`. */
  relieve(id: string, fault: string): void {
    this.harms.lift(id, fault);
    this.recount(id);
    this.meetAll(id);
  }

  /** Keeps one adjacency (default: the first of the protocol) below its last state from now on. */
  private hold(
    id: string,
    effect: Extract<FaultEffect, { kind: 'hold-peer' }>,
    { sheet, strike }: LiveStrike,
  ): string {
    const wanted = strike.params?.peer;
    const peer = this.ground
      .device(id)
      ?.peers.find(
        ({ protocol, address }) =>
          protocol === effect.protocol && (wanted === undefined || wanted === address),
      );
    if (!peer) return `no ${effect.protocol} peer to keep away`;
    this.harms.holdPeer(peerKey(id, peer), { by: sheet.id, stuck: effect.stuck });
    return `${effect.protocol} peer ${peer.address} stays ${effect.stuck ?? 'away'}`;
  }

  private later(delayMs: number, label: string, action: () => void): void {
    this.ground.scheduler.schedule(delayMs, action, label);
  }

  private draw(range: readonly [number, number]): number {
    return between(this.chance, range[0], range[1]);
  }

  private change(id: string, change: (device: SimDevice) => SimDevice): void {
    const device = this.ground.device(id);
    if (device) this.ground.replace(id, change(device));
  }

  /** Ids of the nodes that `id` has a routing peer in. */
  private peersOf(id: string): readonly string[] {
    const systems = (this.ground.device(id)?.peers ?? []).map(({ system }) => system);
    return [...new Set(systems)].flatMap((system) => this.ground.nodeOf(system) ?? []);
  }

  private facing(id: string, other: string, protocol: SimPeer['protocol']): readonly SimPeer[] {
    return (this.ground.device(id)?.peers ?? []).filter(
      (peer) => peer.protocol === protocol && this.ground.nodeOf(peer.system) === other,
    );
  }

  /** Is there a way for this adjacency? Over its own cable, or over any between the two, or routed. */
  private hasWay(id: string, other: string, peer: SimPeer): boolean {
    if (!this.ground.isAwake(id) || !this.ground.isAwake(other)) return false;
    const own = this.ground.ownCable(id, peer.port, other);
    return own ?? this.ground.anyCable(id, other) ?? true;
  }

  /** The n-th adjacency of a protocol on one side is the n-th on the other. */
  private pairs(id: string, other: string): readonly Pair[] {
    return (['ospf', 'bgp'] as const).flatMap((protocol) => {
      const theirs = this.facing(other, id, protocol);
      return this.facing(id, other, protocol).map((mine, index) => [mine, theirs[index]] as const);
    });
  }

  private canTry(id: string, other: string, [mine, theirs]: Pair): boolean {
    return this.hasWay(id, other, mine) && (!theirs || this.hasWay(other, id, theirs));
  }

  private heldOf(id: string, other: string, [mine, theirs]: Pair) {
    return this.harms.held(id, mine) ?? (theirs && this.harms.held(other, theirs));
  }

  private holdOf(peer: SimPeer): number {
    return this.draw(peer.protocol === 'ospf' ? OSPF_DEAD_MS : BGP_HOLD_MS);
  }

  private isPeerUp(id: string, peer: SimPeer): boolean {
    const key = peerKey(id, peer);
    const now = this.ground.device(id)?.peers.find((known) => peerKey(id, known) === key);
    return now?.up === true;
  }

  private routesOf(id: string, peer: SimPeer): number {
    const other = this.ground.nodeOf(peer.system);
    const isDrained = other !== undefined && this.ground.device(other)?.drained === true;
    if (isDrained && peer.protocol === 'bgp') return 0;
    return this.harms.taken(id, this.prefixes.get(peerKey(id, peer)) ?? 0);
  }

  private setPeer(id: string, peer: SimPeer, up: boolean): void {
    const sinceMs = this.ground.scheduler.nowMs();
    this.ground.note(id, `${peer.protocol} peer ${peer.address} ${up ? 'up' : 'down'}`);
    this.changePeer(id, peer, (known) => {
      if (!up && !known.up) return withoutStuck(known);
      const prefixes = up ? this.routesOf(id, known) : 0;
      return { ...withoutStuck(known), up, sinceMs, prefixes };
    });
  }

  /** Both ends see each other, and get no further. */
  private getStuck(id: string, other: string, [mine, theirs]: Pair, stuck: SimPeer['stuck']) {
    if (stuck === undefined) return;
    this.ground.note(id, `${mine.protocol} peer ${mine.address} is stuck in ${stuck}`);
    const stick = (known: SimPeer): SimPeer => ({ ...known, up: false, prefixes: 0, stuck });
    this.changePeer(id, mine, stick);
    if (theirs) this.changePeer(other, theirs, stick);
  }

  private changePeer(id: string, peer: SimPeer, change: (known: SimPeer) => SimPeer): void {
    const key = peerKey(id, peer);
    this.change(id, (device) => ({
      ...device,
      peers: device.peers.map((known) => (peerKey(id, known) === key ? change(known) : known)),
    }));
  }

  private recount(id: string): void {
    this.change(id, (device) => ({
      ...device,
      peers: device.peers.map((peer) =>
        peer.up ? { ...peer, prefixes: this.routesOf(id, peer) } : peer,
      ),
    }));
  }
}
