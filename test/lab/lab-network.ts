import type { SimPeer, SimPort } from '../../src/driver/personality.js';
import type { Connection, DialRequest } from '../../src/ports/dialer.js';
import type { LabDevice, LabImage, LabSpec } from '../../lab/world/lab-spec.js';
import { createSimWorld, type SimWorld } from '../../lab/world/world.js';
import { testPersonality } from './test-personality.js';

export const START_MS = Date.UTC(2026, 0, 10, 22);
export const personalities = { lab_test: testPersonality };

export const newImage: LabImage = {
  path: '/images/test-2.0.bin',
  sizeBytes: 400_000_000,
  sha512: 'ab'.repeat(64),
  md5: 'cd'.repeat(16),
  platform: 'lab_test',
  version: '2.0',
};

const port = (name: string): SimPort => ({ name, description: '', admin: 'up', oper: 'down' });

function peer(protocol: 'ospf' | 'bgp', system: string, address: string): SimPeer {
  return {
    protocol,
    address,
    routerId: address,
    system,
    port: 'e1',
    up: true,
    sinceMs: START_MS - 1000,
    prefixes: 12,
  };
}

export function labDevice(id: string, address: string, more: Partial<LabDevice> = {}): LabDevice {
  return {
    id,
    platform: 'lab_test',
    hostname: id,
    model: 'T1',
    address,
    version: '1.0',
    serials: [`SN-${id}`],
    image: {
      name: 'test-1.0.bin',
      sizeBytes: 300_000_000,
      sha512: '11'.repeat(64),
      md5: '22'.repeat(16),
      image: { platform: 'lab_test', version: '1.0' },
      modifiedAtMs: 0,
    },
    ports: ['e1', 'e2', 'e3'].map(port),
    peers: [],
    redundancy: {
      kind: 'none',
      domain: '',
      role: 'primary',
      peerSystem: '',
      peerAddress: '',
      peerUp: false,
    },
    login: { username: 'ops', password: 'right' },
    extraConfig: '',
    bootedAtMs: START_MS - 86_400_000,
    snmp: { community: 'public' },
    ...more,
  };
}

/** r1 and r2 are neighbours on e1 and an MLAG pair; r1 has a host on e2. */
export function labSpec(more: Partial<LabSpec> = {}): LabSpec {
  const pair = (peerSystem: string, role: 'primary' | 'secondary') => ({
    kind: 'mlag' as const,
    domain: 'd1',
    role,
    peerSystem,
    peerAddress: '127.9.0.1',
    peerUp: true,
  });
  return {
    seed: 'one',
    startMs: START_MS,
    devices: [
      labDevice('r1', '127.1.0.1', {
        peers: [peer('ospf', 'r2', '127.2.0.2'), peer('bgp', 'r2', '127.2.0.2')],
        redundancy: pair('r2', 'primary'),
      }),
      labDevice('r2', '127.1.0.2', {
        peers: [peer('ospf', 'r1', '127.2.0.1'), peer('bgp', 'r1', '127.2.0.1')],
        redundancy: pair('r1', 'secondary'),
      }),
    ],
    passive: [{ id: 'h1', hostname: 'h1', platform: 'host' }],
    links: [
      { a: { device: 'r1', port: 'e1' }, b: { device: 'r2', port: 'e1' } },
      { a: { device: 'r1', port: 'e2' }, b: { device: 'h1', port: 'eth0' } },
    ],
    images: [newImage],
    faults: [],
    ...more,
  };
}

export const labWorld = (more: Partial<LabSpec> = {}): SimWorld =>
  createSimWorld(labSpec(more), personalities);

export function dialRequest(host: string, more: Partial<DialRequest> = {}): DialRequest {
  return {
    endpoint: { host, port: 22 },
    username: 'ops',
    auth: [{ kind: 'password', password: 'right' }],
    algorithms: 'modern',
    acceptHostKey: () => true,
    timeoutMs: 10_000,
    keepaliveMs: 10_000,
    ...more,
  };
}

/** A shell whose output is collected. */
export interface Terminal {
  readonly connection: Connection;
  text(): string;
  closedBy(): string | undefined;
  /** Types, lets `forMs` of lab time pass, and gives what came. */
  type(text: string, forMs?: number): Promise<string>;
}

export async function connect(world: SimWorld, host: string): Promise<Connection> {
  const outcome = await world.scheduler.drain(world.ports.dialer.dial(dialRequest(host)));
  if (outcome.kind !== 'connected') throw new Error(`${host}: ${outcome.kind}`);
  return outcome.connection;
}

export async function openTerminal(world: SimWorld, host: string): Promise<Terminal> {
  const connection = await connect(world, host);
  const channel = await world.scheduler.drain(connection.openShell());
  if (!channel) throw new Error(`${host} gave no shell`);
  const decoder = new TextDecoder();
  let text = '';
  let closed: string | undefined;
  channel.onData((chunk) => {
    text += decoder.decode(chunk, { stream: true });
  });
  channel.onClose((detail) => {
    closed = detail;
  });
  await world.scheduler.advance(200);
  return {
    connection,
    text: () => text,
    closedBy: () => closed,
    async type(typed, forMs = 200) {
      const from = text.length;
      channel.write(typed);
      await world.scheduler.advance(forMs);
      return text.slice(from);
    },
  };
}

/** Reloads a device by command and lets `forMs` pass. */
export async function reload(world: SimWorld, host: string, forMs: number): Promise<void> {
  const terminal = await openTerminal(world, host);
  await terminal.type('reload\r');
  await terminal.type('y');
  await world.scheduler.advance(forMs);
}
