import type { SimDevice, SimPort } from '../../src/driver/personality.js';
import type { RandomStream } from '../../src/ports/random.js';
import { Adjacencies } from './adjacencies.js';
import type { LabEnd, LabLink, LabSpec } from './lab-spec.js';
import { Pairs } from './pairs.js';
import { between } from './random.js';
import type { Scheduler } from './scheduler.js';
import type { LiveStrike } from './strike-book.js';

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
const LINK_UP_MS = [2_000, 8_000] as const;
const HEARTBEAT_MS = 2_000;
const RELOAD_DELAY_MS = 300_000;

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
  private readonly adjacencies: Adjacencies;
  private readonly mates: Pairs;
  /** Devices that carry the management of their neighbours, and by which fault. */
  private readonly carriers = new Map<string, string>();
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
    const ground = {
      ...host,
      nodeOf: (system: string) => this.idOfSystem.get(system),
      isAwake: (id: string) => this.isAwake(id),
      outageOf: (id: string) => this.outage.get(id),
      ownCable: (id: string, port: string, other: string) => {
        const own = this.linkAt(id, port);
        return own?.ends.some((end) => end.device === other) === true ? own.isUp : undefined;
      },
      anyCable: (id: string, other: string) => {
        const direct = this.linksOf(id).filter(({ ends }) =>
          ends.some((end) => end.device === other),
        );
        return direct.length === 0 ? undefined : direct.some(({ isUp }) => isUp);
      },
    };
    this.adjacencies = new Adjacencies(ground, chance);
    this.mates = new Pairs(ground);
  }

  /** Brings ports and neighbour tables of fresh devices in line with the cables, at once. */
  settle(ids: readonly string[]): void {
    for (const id of ids) this.adjacencies.settle(id);
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
    }));
    this.adjacencies.wentDown(id);
    for (const link of this.linksOf(id)) this.reconcile(link);
    this.adjacencies.losePeers(id);
    this.later(HEARTBEAT_MS, `${id} heartbeat`, () => this.mates.broken(id));
  }

  cameUp(id: string): void {
    this.outage.set(id, (this.outage.get(id) ?? 0) + 1);
    for (const link of this.linksOf(id)) {
      this.later(this.draw(LINK_UP_MS), `${id} link`, () => this.reconcile(link));
    }
    this.adjacencies.meetAll(id);
    const outage = this.outage.get(id);
    this.later(this.reloadDelayMs, `${id} pair`, () => {
      if (outage === this.outage.get(id)) this.mates.whole(id);
    });
  }

  /** The device changed by itself: an interface was shut, or traffic drained. */
  changed(id: string, before: SimDevice, after: SimDevice): void {
    if (before.ports !== after.ports) {
      for (const link of this.linksOf(id)) this.reconcile(link);
    }
    if (before.drained !== after.drained) this.adjacencies.drained(id);
  }

  /** What a fault in force does to cables, adjacencies and routes, in words; undefined when that is nothing. */
  harm(id: string, live: LiveStrike): string | undefined {
    const { effect, sheet, strike } = live;
    const { port, peer } = strike.params ?? {};
    if (effect.kind === 'lose-neighbour' && peer === undefined) {
      return `${this.block(id, sheet.id, port)} stays away`;
    }
    if (effect.kind === 'disable-port') {
      const what = this.block(id, sheet.id, port);
      this.markPorts(id, sheet.id, true);
      return `${what} is err-disabled`;
    }
    if (effect.kind === 'starve-hosts') return this.starve(id, sheet.id);
    if (effect.kind === 'carry-management') {
      this.carriers.set(id, sheet.id);
      return 'the way to its neighbours leads through it';
    }
    return this.mates.harm(id, live) ?? this.adjacencies.harm(id, live);
  }

  /** Those that are managed through this device. */
  carriedBy(id: string): readonly string[] {
    if (!this.carriers.has(id)) return [];
    return this.neighboursOf(id).filter((other) => this.host.device(other) !== undefined);
  }

  /** The devices that the way to the management of this one leads through. */
  carriersOf(id: string): readonly string[] {
    if (this.carriers.size === 0) return [];
    return this.neighboursOf(id).filter((other) => this.carriers.has(other));
  }

  /** Undoes `harm`. */
  relieve(id: string, fault: string): void {
    this.markPorts(id, fault, false);
    for (const link of this.linksOf(id)) {
      if (link.blockedBy !== fault) continue;
      link.blockedBy = undefined;
      this.reconcile(link);
    }
    if (this.carriers.get(id) === fault) this.carriers.delete(id);
    this.mates.relieve(id, fault);
    this.adjacencies.relieve(id, fault);
  }

  /** Marks the ports that a fault took out of service, or takes the mark away. */
  private markPorts(id: string, fault: string, isErrDisabled: boolean): void {
    for (const link of this.linksOf(id)) {
      const end = link.ends.find(({ device }) => device === id);
      if (link.blockedBy !== fault || !end) continue;
      this.change(id, (device) =>
        withPort(device, end.port, ({ isErrDisabled: _mark, ...port }) =>
          isErrDisabled ? { ...port, isErrDisabled } : port,
        ),
      );
    }
  }

  /** Everything that it feeds: nodes that are only seen by their neighbours. */
  private starve(id: string, fault: string): string {
    const fed = this.linksOf(id).filter(({ ends }) =>
      ends.some(({ device }) => this.host.device(device) === undefined),
    );
    for (const link of fed) {
      link.blockedBy = fault;
      this.reconcile(link);
    }
    return `feeds ${String(fed.length)} hosts no longer`;
  }

  /** Keeps a port (default: the first cabled one) down from now on. */
  private block(id: string, fault: string, port: string | undefined): string {
    const mine = this.linksOf(id);
    const link = port === undefined ? mine[0] : this.linkAt(id, port);
    if (!link) return 'nothing: no such cable';
    link.blockedBy = fault;
    this.reconcile(link);
    return `port ${link.ends[0].device === id ? link.ends[0].port : link.ends[1].port}`;
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

  private neighboursOf(id: string): readonly string[] {
    const ends = this.linksOf(id).flatMap((link) => link.ends.map(({ device }) => device));
    return [...new Set(ends)].filter((other) => other !== id);
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
    if (isUp) this.adjacencies.meet(a.device, b.device);
    else if (this.isAwake(a.device) && this.isAwake(b.device))
      this.adjacencies.part(a.device, b.device);
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
}
