import type { SimDevice } from '../../src/driver/personality.js';
import { FlowMeter, type FlowLoss } from '../../src/topology/flow-meter.js';
import { noOutage, type Outage } from '../../src/topology/outage.js';
import type { FaultEffect } from './fault.js';
import type { LabModel } from './model.js';
import { topologyOf, type Described, type Topology } from '../../src/topology/topology.js';

/** What the traffic model asks of the lab; undefined for a node that is only seen by its neighbours. */
interface TrafficHost {
  device(id: string): SimDevice | undefined;
  /** Which share of what flows through it a device drops, and no state tells. */
  drops(id: string): number;
}

function isAwake(device: SimDevice | undefined): boolean {
  return device === undefined || device.power === 'up';
}

/** Does this end of a cable still send over it? Over a routed one until its last adjacency there is down. */
function isBelieved(device: SimDevice | undefined, port: string): boolean {
  if (!device) return true;
  const peers = device.peers.filter((each) => each.port === port);
  if (peers.length > 0) return peers.some((each) => each.up);
  return isLit(device, port);
}

function isLit(device: SimDevice | undefined, port: string): boolean {
  return device?.ports.find((each) => each.name === port)?.oper !== 'down';
}

function dropsOf(effects: readonly FaultEffect[]): number {
  return Math.max(0, ...effects.map((each) => (each.kind === 'drop-flows' ? each.share : 0)));
}

interface End {
  readonly device: SimDevice | undefined;
  readonly port: string;
}

/** What a cable was to the two devices at its ends. */
interface SeenEdge {
  readonly a: SimDevice | undefined;
  readonly b: SimDevice | undefined;
  readonly isDark: boolean;
  readonly isMissed: boolean;
}

/**
 * Traffic over the simulated network at this instant. Devices send by what they believe: to a neighbour that is gone
 * until their own hold timer ends, and to one that is back only once the adjacency stands. What is sent into a hole is
 * lost.
 */
class Traffic {
  private readonly host: TrafficHost;
  private readonly topology: Topology;
  private readonly devices: readonly (string | undefined)[];
  private readonly meter: FlowMeter;
  private readonly seen: SeenEdge[] = [];

  constructor(network: Described, host: TrafficHost) {
    this.host = host;
    this.topology = topologyOf(network);
    const byUnit = new Map(network.units.map((unit) => [unit.id, unit.device.id]));
    this.devices = this.topology.nodes.map((node) => byUnit.get(node.name));
    this.meter = new FlowMeter(this.topology);
  }

  /** Every declared flow, as a probe would measure it now. */
  losses(): readonly FlowLoss[] {
    const truth = noOutage(this.topology);
    const believed = noOutage(this.topology);
    this.devices.forEach((id, node) => {
      if (id !== undefined && !isAwake(this.host.device(id))) truth.nodes[node] = 1;
    });
    this.topology.edges.forEach((_, edge) => this.look(edge, truth, believed));
    this.hang(truth, believed);
    return this.dropped(believed, truth);
  }

  /** What flows through a device is what would be lost without it. */
  private dropped(believed: Outage, truth: Outage): readonly FlowLoss[] {
    const base = this.meter.measure(believed, truth);
    return this.devices.reduce((losses, id, node) => {
      const share = id === undefined ? 0 : this.host.drops(id);
      if (share === 0) return losses;
      const without = { ...truth, nodes: truth.nodes.slice() };
      without.nodes[node] = 1;
      const gone = this.meter.measure(believed, without);
      return losses.map((loss, at) => {
        const through = (gone[at]?.lossPercent ?? 0) - (base[at]?.lossPercent ?? 0);
        return { ...loss, lossPercent: Math.min(100, loss.lossPercent + share * through) };
      });
    }, base);
  }

  private look(edge: number, truth: Outage, believed: Outage): void {
    const link = this.topology.edges[edge];
    if (!link) return;
    const { a, b, portA, portB } = link;
    if (portA === undefined || portB === undefined) return;
    const seen = this.seenAt(edge, [
      { device: this.deviceAt(a), port: portA },
      { device: this.deviceAt(b), port: portB },
    ]);
    if (seen.isDark) truth.edges[edge] = 1;
    if (seen.isMissed) believed.edges[edge] = 1;
  }

  /** Devices are replaced, never changed: what was seen of the same two still holds. */
  private seenAt(edge: number, ends: readonly [End, End]): SeenEdge {
    const known = this.seen[edge];
    const [{ device: a }, { device: b }] = ends;
    if (known && known.a === a && known.b === b) return known;
    const awake = ends.filter(({ device }) => isAwake(device));
    const seen = {
      a,
      b,
      isDark: awake.some(({ device, port }) => !isLit(device, port)),
      isMissed: !awake.every(({ device, port }) => isBelieved(device, port)),
    };
    this.seen[edge] = seen;
    return seen;
  }

  /** What hangs on a unit that is gone is missed when the last neighbour has missed the unit. */
  private hang(truth: Outage, believed: Outage): void {
    this.topology.edges.forEach(({ a, b, portA }, edge) => {
      if (portA !== undefined) return;
      const isMissed = [a, b].some(
        (node) => truth.nodes[node] === 1 && !this.isBelievedBySome(node, truth, believed),
      );
      if (isMissed) believed.edges[edge] = 1;
    });
  }

  private isBelievedBySome(node: number, truth: Outage, believed: Outage): boolean {
    return (this.topology.arcs[node] ?? []).some(
      ({ edge, far }) =>
        this.topology.edges[edge]?.portA !== undefined &&
        truth.nodes[far] !== 1 &&
        believed.edges[edge] !== 1,
    );
  }

  private deviceAt(node: number): SimDevice | undefined {
    const id = this.devices[node];
    return id === undefined ? undefined : this.host.device(id);
  }
}

/** The traffic of a lab; undefined when its spec knows no flows. */
export function trafficOf(model: LabModel): Traffic | undefined {
  const { spec } = model;
  const known = new Set(spec.devices.map((each) => each.id));
  const host: TrafficHost = {
    device: (id) => (known.has(id) ? model.device(id) : undefined),
    drops: (id) => (known.has(id) ? dropsOf(model.effects(id)) : 0),
  };
  const { network } = spec;
  return network?.flows?.length ? new Traffic(network, host) : undefined;
}
