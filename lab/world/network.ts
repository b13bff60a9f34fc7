import type { SimDevice, SimPeer, SimPort } from '../../src/driver/personality.js';
import type { RandomStream } from '../../src/ports/random.js';
import type { LabEnd, LabLink, LabSpec } from './lab-spec.js';
import { between } from './random.js';
import type { Scheduler } from './scheduler.js';

/** What the network asks of the model that holds the devices. */
export interface NetworkHost {
  readonly scheduler: Scheduler;
  /** Undefined for passive nodes. */
  device(id: string): SimDevice | undefined;
  replace(id: string, device: SimDevice): void;
  note(device: string, text: string): void;
}

interface Link {
  readonly ends: readonly [LabEnd, LabEnd];
  isUp: boolean;
  /** Counts changes, so that a timer of an older state does nothing. */
  epoch: number;
  blockedBy: string | undefined;
}

interface NodeNames {
  readonly hostname: string;
  readonly platform: string;
}

const LLDP_HOLD_MS = 120_000;
const LLDP_INTERVAL_MS = 30_000;
const OSPF_DEAD_MS = [31_000, 40_000] as const;
const OSPF_UP_MS = [10_000, 40_000] as const;
const BGP_HOLD_MS = [121_000, 180_000] as const;
const BGP_UP_MS = [5_000, 30_000] as const;
const LINK_UP_MS = [2_000, 8_000] as const;
const HEARTBEAT_MS = 2_000;
const RELOAD_DELAY_MS = 300_000;

const peerKey = (id: string, peer: SimPeer) => `${id} ${peer.protocol} ${peer.address}`;

function withPort(device: SimDevice, name: string, change: (port: SimPort) => SimPort): SimDevice {
  return {
    ...device,
    ports: device.ports.map((port) => (port.name === name ? change(port) : port)),
  };
}

function withoutRemote(port: SimPort): SimPort {
  const { remote: _remote, ...bare } = port;
  return bare;
}

/** Cables and neighbourhood: when a device goes, the others see it by their timers, and again when it comes back. */
export class Network {
  private readonly host: NetworkHost;
  private readonly chance: RandomStream;
  private readonly reloadDelayMs: number;
  private readonly links: readonly Link[];
  private readonly linksByDevice: ReadonlyMap<string, readonly Link[]>;
  private readonly names = new Map<string, NodeNames>();
  private readonly idOfSystem = new Map<string, string>();
  private readonly prefixes = new Map<string, number>();
  private readonly blockedPeers = new Map<string, string>();
  /** Boots and power losses of a node, so that a hold timer of an older outage does nothing. */
  private readonly outage = new Map<string, number>();

  constructor(spec: LabSpec, host: NetworkHost, chance: RandomStream) {
    this.host = host;
    this.chance = chance;
    this.reloadDelayMs = spec.reloadDelayMs ?? RELOAD_DELAY_MS;
    this.links = spec.links.map(({ a, b }: LabLink) => ({
      ends: [a, b],
      isUp: false,
      epoch: 0,
      blockedBy: undefined,
    }));
    const byDevice = new Map<string, Link[]>();
    for (const link of this.links) {
      for (const id of new Set(link.ends.map(({ device }) => device))) {
        byDevice.set(id, [...(byDevice.get(id) ?? []), link]);
      }
    }
    this.linksByDevice = byDevice;
    for (const node of [...spec.devices, ...spec.passive]) {
      this.names.set(node.id, { hostname: node.hostname, platform: node.platform });
      this.idOfSystem.set(node.hostname, node.id);
    }
  }

  /** Brings ports and neighbour tables of fresh devices in line with the cables, at once. */
  settle(ids: readonly string[]): void {
    for (const id of ids) {
      for (const peer of this.host.device(id)?.peers ?? []) {
        this.prefixes.set(peerKey(id, peer), peer.prefixes);
      }
    }
    for (const link of this.links) {
      link.isUp = this.canBeUp(link);
      for (const index of [0, 1] as const) {
        this.setOper(link, index);
        if (link.isUp) this.learn(link, index);
      }
    }
  }

  wentDown(id: string): void {
    this.outage.set(id, (this.outage.get(id) ?? 0) + 1);
    this.change(id, (device) => ({
      ...device,
      ports: device.ports.map((port) => (this.linkAt(id, port.name) ? withoutRemote(port) : port)),
      peers: device.peers.map((peer) => ({ ...peer, up: false, prefixes: 0 })),
    }));
    for (const link of this.linksOf(id)) this.reconcile(link);
    this.losePeers(id);
    this.later(HEARTBEAT_MS, `${id} heartbeat`, () => this.pairBroken(id));
  }

  cameUp(id: string): void {
    this.outage.set(id, (this.outage.get(id) ?? 0) + 1);
    for (const link of this.linksOf(id)) {
      this.later(this.draw(LINK_UP_MS), `${id} link`, () => this.reconcile(link));
    }
    for (const other of this.peersOf(id)) this.meet(id, other);
    const outage = this.outage.get(id);
    this.later(this.reloadDelayMs, `${id} pair`, () => {
      if (outage === this.outage.get(id)) this.pairWhole(id);
    });
  }

  /** The device changed by itself: an interface was shut, or traffic drained. */
  changed(id: string, before: SimDevice, after: SimDevice): void {
    if (before.ports !== after.ports) {
      for (const link of this.linksOf(id)) this.reconcile(link);
    }
    if (before.drained !== after.drained) {
      this.later(between(this.chance, 1000, 5000), `${id} drain`, () => this.countRoutes(id));
    }
  }

  /** Keeps a port (default: the first cabled one) or a peer away from now on. */
  block(id: string, fault: string, what: { port?: string; peer?: string }): string {
    if (what.peer !== undefined) {
      this.blockedPeers.set(`${id} ${what.peer}`, fault);
      return `peer ${what.peer}`;
    }
    const mine = this.linksOf(id);
    const link = what.port === undefined ? mine[0] : this.linkAt(id, what.port);
    if (!link) return 'nothing: no such cable';
    link.blockedBy = fault;
    this.reconcile(link);
    return `port ${link.ends[0].device === id ? link.ends[0].port : link.ends[1].port}`;
  }

  unblock(id: string, fault: string): void {
    for (const link of this.linksOf(id)) {
      if (link.blockedBy !== fault) continue;
      link.blockedBy = undefined;
      this.reconcile(link);
    }
    for (const [key, by] of this.blockedPeers) {
      if (by === fault && key.startsWith(`${id} `)) this.blockedPeers.delete(key);
    }
    for (const other of this.peersOf(id)) this.meet(id, other);
  }

  private later(delayMs: number, label: string, action: () => void): void {
    this.host.scheduler.schedule(delayMs, action, label);
  }

  private draw(range: readonly [number, number]): number {
    return between(this.chance, range[0], range[1]);
  }

  private change(id: string, change: (device: SimDevice) => SimDevice): void {
    const device = this.host.device(id);
    if (device) this.host.replace(id, change(device));
  }

  private linksOf(id: string): readonly Link[] {
    return this.linksByDevice.get(id) ?? [];
  }

  private linkAt(id: string, port: string): Link | undefined {
    return this.linksOf(id).find(({ ends }) =>
      ends.some((end) => end.device === id && end.port === port),
    );
  }

  /** Passive nodes are always up. */
  private isAwake(id: string): boolean {
    return this.names.has(id) && (this.host.device(id)?.power ?? 'up') === 'up';
  }

  private canBeUp(link: Link): boolean {
    if (link.blockedBy !== undefined) return false;
    return link.ends.every(({ device, port }) => {
      if (!this.isAwake(device)) return false;
      const sim = this.host.device(device);
      return !sim || sim.ports.some(({ name, admin }) => name === port && admin === 'up');
    });
  }

  private reconcile(link: Link): void {
    const isUp = this.canBeUp(link);
    if (isUp === link.isUp) return;
    link.isUp = isUp;
    link.epoch += 1;
    const [a, b] = link.ends;
    this.host.note(a.device, `link ${a.port} to ${b.device} ${b.port} ${isUp ? 'up' : 'down'}`);
    for (const index of [0, 1] as const) {
      this.setOper(link, index);
      this.watchNeighbour(link, index);
    }
    if (isUp) this.meet(a.device, b.device);
    else if (this.isAwake(a.device) && this.isAwake(b.device)) this.part(a.device, b.device);
  }

  private setOper(link: Link, index: 0 | 1): void {
    const end = link.ends[index];
    const oper = link.isUp ? 'up' : 'down';
    this.change(end.device, (device) =>
      withPort(device, end.port, (port) => (port.oper === oper ? port : { ...port, oper })),
    );
  }

  private learn(link: Link, index: 0 | 1): void {
    const end = link.ends[index];
    const other = link.ends[index === 0 ? 1 : 0];
    const names = this.names.get(other.device);
    if (!names) return;
    const remote = { system: names.hostname, port: other.port, platform: names.platform };
    this.change(end.device, (device) =>
      withPort(device, end.port, (port) => ({ ...port, remote })),
    );
  }

  /** An LLDP entry is learnt with the next advertisement and ages out after the hold time. */
  private watchNeighbour(link: Link, index: 0 | 1): void {
    const end = link.ends[index];
    const { epoch } = link;
    const waitMs = link.isUp ? between(this.chance, 1000, LLDP_INTERVAL_MS) : LLDP_HOLD_MS;
    this.later(waitMs, `${end.device} lldp`, () => {
      if (link.epoch !== epoch || !this.isAwake(end.device)) return;
      if (link.isUp) return this.learn(link, index);
      this.change(end.device, (device) => withPort(device, end.port, withoutRemote));
    });
  }

  /** Ids of the nodes that `id` has a routing peer in. */
  private peersOf(id: string): readonly string[] {
    const systems = (this.host.device(id)?.peers ?? []).map(({ system }) => system);
    return [...new Set(systems)].flatMap((system) => this.idOfSystem.get(system) ?? []);
  }

  private facing(id: string, other: string, protocol: SimPeer['protocol']): readonly SimPeer[] {
    return (this.host.device(id)?.peers ?? []).filter(
      (peer) => peer.protocol === protocol && this.idOfSystem.get(peer.system) === other,
    );
  }

  /** Is there a way for this adjacency? Over its own cable, or over any between the two, or routed. */
  private hasWay(id: string, other: string, peer: SimPeer): boolean {
    if (!this.isAwake(id) || !this.isAwake(other)) return false;
    if (this.blockedPeers.has(`${id} ${peer.address}`)) return false;
    const own = this.linkAt(id, peer.port);
    if (own?.ends.some((end) => end.device === other)) return own.isUp;
    const direct = this.linksOf(id).filter(({ ends }) => ends.some((end) => end.device === other));
    return direct.length === 0 || direct.some(({ isUp }) => isUp);
  }

  /** The n-th adjacency of a protocol on one side is the n-th on the other. */
  private pairs(id: string, other: string): readonly (readonly [SimPeer, SimPeer | undefined])[] {
    return (['ospf', 'bgp'] as const).flatMap((protocol) => {
      const theirs = this.facing(other, id, protocol);
      return this.facing(id, other, protocol).map((mine, index) => [mine, theirs[index]] as const);
    });
  }

  private canMeet(id: string, other: string, pair: readonly [SimPeer, SimPeer | undefined]) {
    const [mine, theirs] = pair;
    return this.hasWay(id, other, mine) && (!theirs || this.hasWay(other, id, theirs));
  }

  /** Adjacencies that are down and could be up come up after their protocol's time. */
  private meet(id: string, other: string): void {
    for (const pair of this.pairs(id, other)) {
      const [mine, theirs] = pair;
      const waitMs = this.draw(mine.protocol === 'ospf' ? OSPF_UP_MS : BGP_UP_MS);
      this.later(waitMs, `${id} ${mine.protocol}`, () => {
        if (!this.canMeet(id, other, pair) || this.isPeerUp(id, mine)) return;
        this.setPeer(id, mine, true);
        if (theirs) this.setPeer(other, theirs, true);
      });
    }
  }

  private part(id: string, other: string): void {
    for (const pair of this.pairs(id, other)) {
      const [mine, theirs] = pair;
      const waitMs = this.holdOf(mine);
      this.later(waitMs, `${id} ${mine.protocol} hold`, () => {
        if (this.canMeet(id, other, pair)) return;
        this.setPeer(id, mine, false);
        if (theirs) this.setPeer(other, theirs, false);
      });
    }
  }

  /** The others notice by their hold timers that a device is gone. */
  private losePeers(id: string): void {
    const outage = this.outage.get(id);
    for (const other of this.peersOf(id)) {
      for (const [, theirs] of this.pairs(id, other)) {
        if (!theirs) continue;
        this.later(this.holdOf(theirs), `${other} ${theirs.protocol} hold`, () => {
          if (this.outage.get(id) === outage) this.setPeer(other, theirs, false);
        });
      }
    }
  }

  private holdOf(peer: SimPeer): number {
    return this.draw(peer.protocol === 'ospf' ? OSPF_DEAD_MS : BGP_HOLD_MS);
  }

  private isPeerUp(id: string, peer: SimPeer): boolean {
    const key = peerKey(id, peer);
    const now = this.host.device(id)?.peers.find((known) => peerKey(id, known) === key);
    return now?.up === true;
  }

  private routesOf(id: string, peer: SimPeer): number {
    const other = this.idOfSystem.get(peer.system);
    const isDrained = other !== undefined && this.host.device(other)?.drained === true;
    if (isDrained && peer.protocol === 'bgp') return 0;
    return this.prefixes.get(peerKey(id, peer)) ?? 0;
  }

  private setPeer(id: string, peer: SimPeer, up: boolean): void {
    const key = peerKey(id, peer);
    const sinceMs = this.host.scheduler.nowMs();
    this.host.note(id, `${peer.protocol} peer ${peer.address} ${up ? 'up' : 'down'}`);
    this.change(id, (device) => ({
      ...device,
      peers: device.peers.map((known) => {
        if (peerKey(id, known) !== key || (!up && !known.up)) return known;
        return { ...known, up, sinceMs, prefixes: up ? this.routesOf(id, known) : 0 };
      }),
    }));
  }

  /** A drained device keeps its adjacencies; the others take no routes from it. */
  private countRoutes(drained: string): void {
    for (const other of this.peersOf(drained)) {
      this.change(other, (device) => ({
        ...device,
        peers: device.peers.map((peer) =>
          peer.up ? { ...peer, prefixes: this.routesOf(other, peer) } : peer,
        ),
      }));
    }
  }

  private setPair(id: string, peerUp: boolean): void {
    this.change(id, (device) => {
      if (device.redundancy.kind === 'none' || device.redundancy.peerUp === peerUp) return device;
      this.host.note(id, `redundancy peer ${peerUp ? 'up' : 'down'}`);
      return { ...device, redundancy: { ...device.redundancy, peerUp } };
    });
  }

  private partnerOf(id: string): string | undefined {
    const redundancy = this.host.device(id)?.redundancy;
    if (!redundancy || redundancy.kind === 'none') return undefined;
    return this.idOfSystem.get(redundancy.peerSystem);
  }

  private pairBroken(id: string): void {
    const partner = this.partnerOf(id);
    if (partner !== undefined && !this.isAwake(id)) this.setPair(partner, false);
  }

  private pairWhole(id: string): void {
    const partner = this.partnerOf(id);
    if (partner === undefined || !this.isAwake(id) || !this.isAwake(partner)) return;
    this.setPair(id, true);
    this.setPair(partner, true);
  }
}
