import { createHash } from 'node:crypto';
import type { SimFile, SimPeer, SimPort, SimSeed } from '../../src/driver/personality.js';
import type { Device, Inventory, JumpHost, Link, Unit } from '../../src/inventory/inventory.js';
import type {
  LabDevice,
  LabImage,
  LabJumpHost,
  LabLink,
  LabSpec,
  SimAgent,
} from '../world/lab-spec.js';
import type { Described } from '../../src/topology/topology.js';
import type { FaultStrike } from '../world/fault.js';

/** What is known of a unit that its twin must share. */
export interface TwinFacts {
  readonly platform: string;
  readonly model: string;
  readonly version: string;
  readonly serials: readonly string[];
  /** Name of the image file that it booted. */
  readonly imageFileName: string;
  /** Running config lines, in the platform's own syntax. */
  readonly config: string;
  readonly flashBytes?: number;
  readonly uploadBps?: number;
  /** On the wire: how the twin logs in, and whether it knows old algorithms only. */
  readonly logins?: 'keyboard-interactive' | 'code';
  readonly algorithms?: 'modern' | 'legacy';
}

/** How the lab logs in: the values that the inventory's references stand for there. */
export interface TwinSecrets {
  resolve(reference: string): string;
}

export interface TwinOptions {
  readonly inventory: Inventory;
  /** By unit. Units without facts are left out of the lab; their links end in passive nodes. */
  readonly facts: ReadonlyMap<string, TwinFacts>;
  readonly images: readonly LabImage[];
  readonly secrets: TwinSecrets;
  readonly seed: string;
  readonly startMs: number;
  readonly faults: readonly FaultStrike[];
}

const DAY_MS = 86_400_000;
const BOOTED_IMAGE_BYTES = 400_000_000;

/** A stand-in for the file that the twin booted: nobody has its bytes, so it gets a hash of its name. */
function bootedImage(facts: TwinFacts, atMs: number): SimFile {
  const named = (algorithm: string) =>
    createHash(algorithm).update(`${facts.platform} ${facts.version}`).digest('hex');
  return {
    name: facts.imageFileName,
    sizeBytes: BOOTED_IMAGE_BYTES,
    sha512: named('sha512'),
    md5: named('md5'),
    image: { platform: facts.platform, version: facts.version },
    modifiedAtMs: atMs,
  };
}

interface Routing {
  readonly ospf: boolean;
  readonly as: number | undefined;
}

function routingOf(device: Device): Routing {
  const routing = device.vars['routing'];
  const said = new Map(Object.entries(routing ?? {}));
  const as = said.get('as');
  return { ospf: said.get('ospf') === true, as: typeof as === 'number' ? as : undefined };
}

interface End {
  readonly unit: Unit;
  readonly port: string;
  readonly far: Unit;
  /** 1 or 2: which end of the link's two addresses. */
  readonly side: 1 | 2;
  readonly index: number;
}

function endsOf(inventory: Inventory, unit: Unit): readonly End[] {
  const byDevice = new Map(inventory.units.map((each) => [each.device.id, each]));
  return inventory.links.flatMap(({ a, b }: Link, index): readonly End[] => {
    const [unitA, unitB] = [byDevice.get(a.device), byDevice.get(b.device)];
    if (!unitA || !unitB) return [];
    if (unitA === unit) return [{ unit, port: a.port, far: unitB, side: 1, index }];
    return unitB === unit ? [{ unit, port: b.port, far: unitA, side: 2, index }] : [];
  });
}

/** Addresses of a routed link in the lab: 10.255.<link>.1 and .2; they are only ever text. */
function linkAddress(index: number, side: 1 | 2): string {
  return `10.255.${index}.${side}`;
}

function peersOf(inventory: Inventory, unit: Unit, sinceMs: number): readonly SimPeer[] {
  const own = routingOf(unit.device);
  return endsOf(inventory, unit).flatMap(({ port, far, side, index }) => {
    const other = routingOf(far.device);
    const base = {
      address: linkAddress(index, side === 1 ? 2 : 1),
      routerId: linkAddress(index, side === 1 ? 2 : 1),
      system: far.device.id,
      port,
      up: true,
      sinceMs,
      prefixes: 12,
    };
    const ospf: SimPeer[] = own.ospf && other.ospf ? [{ protocol: 'ospf', ...base }] : [];
    const bgp: SimPeer[] =
      own.as !== undefined && other.as !== undefined && own.as !== other.as
        ? [{ protocol: 'bgp', ...base, remoteAs: other.as }]
        : [];
    return [...ospf, ...bgp];
  });
}

function redundancyOf(inventory: Inventory, unit: Unit): SimSeed['redundancy'] {
  const group = inventory.redundancyGroups.find((each) => each.name === unit.redundancyGroup);
  const mate = group?.units.find((each) => each !== unit.id);
  const peer = inventory.units.find((each) => each.id === mate);
  if (!group || !peer || group.units.length !== 2) {
    const none = { kind: 'none', domain: '', role: 'primary' } as const;
    return { ...none, peerSystem: '', peerAddress: '', peerUp: false };
  }
  return {
    kind: 'mlag',
    domain: group.name,
    role: group.units[0] === unit.id ? 'primary' : 'secondary',
    peerSystem: peer.device.id,
    peerAddress: peer.device.host,
    peerUp: true,
  };
}

function agentOf(device: Device, secrets: TwinSecrets): SimAgent | undefined {
  const { snmp } = device;
  if (!snmp) return undefined;
  if (snmp.version === 'v2c') {
    return { port: snmp.port, community: secrets.resolve(snmp.community) };
  }
  const { user, authProtocol, privProtocol } = snmp;
  const keys = { authKey: secrets.resolve(snmp.authKey), privKey: secrets.resolve(snmp.privKey) };
  return {
    port: snmp.port,
    users: [{ version: 'v3', user, authProtocol, privProtocol, ...keys }],
  };
}

function accessOf({ sites }: Inventory, device: Device, facts: TwinFacts): Partial<LabDevice> {
  const tftpPort = sites.find(({ name }) => name === device.site)?.imageServer?.tftpPort;
  const last = device.jump?.at(-1);
  return {
    // Who may not listen on port 69 has it forwarded, in the lab as anywhere.
    ...(tftpPort === undefined ? {} : { tftpPort }),
    ...(facts.logins === undefined ? {} : { logins: facts.logins }),
    ...(facts.algorithms === 'legacy' ? { legacyOnly: true } : {}),
    ...(last === undefined ? {} : { behind: last.name }),
  };
}

function jumpHostOf({ name, host, ssh }: JumpHost, secrets: TwinSecrets): LabJumpHost {
  const password = ssh.password === undefined ? '' : secrets.resolve(ssh.password);
  return {
    id: name,
    address: host,
    sshPort: ssh.port,
    login: { username: ssh.username, password },
    keyLogin: ssh.key !== undefined || ssh.agent,
  };
}

function deviceOf(options: TwinOptions, unit: Unit, facts: TwinFacts): LabDevice {
  const { inventory, startMs, secrets } = options;
  const { device } = unit;
  const ports = endsOf(inventory, unit).map(({ port, far }): SimPort => ({
    name: port,
    description: `to ${far.device.id}`,
    admin: 'up',
    oper: 'down',
  }));
  const bootedAtMs = startMs - 40 * DAY_MS;
  const snmp = agentOf(device, secrets);
  const { ssh } = device;
  return {
    id: device.id,
    hostname: device.id,
    platform: facts.platform,
    model: facts.model,
    address: device.host,
    sshPort: ssh.port,
    version: facts.version,
    serials: facts.serials,
    image: bootedImage(facts, bootedAtMs),
    ports,
    peers: peersOf(inventory, unit, bootedAtMs),
    redundancy: redundancyOf(inventory, unit),
    login: {
      username: ssh.username,
      password: ssh.password === undefined ? '' : secrets.resolve(ssh.password),
      ...(ssh.enable === undefined ? {} : { enable: secrets.resolve(ssh.enable) }),
    },
    extraConfig: facts.config,
    bootedAtMs,
    keyLogin: ssh.key !== undefined || ssh.agent,
    ...(snmp ? { snmp } : {}),
    ...(facts.flashBytes === undefined ? {} : { flashBytes: facts.flashBytes }),
    ...(facts.uploadBps === undefined ? {} : { uploadBps: facts.uploadBps }),
    ...accessOf(inventory, device, facts),
  };
}

function isLinked(link: LabLink, device: string): boolean {
  return link.a.device === device || link.b.device === device;
}

/** As much of the inventory as traffic needs; no login is in it. */
function networkOf(inventory: Inventory): Described {
  const { links, redundancyGroups, attachments, flows } = inventory;
  return {
    units: inventory.units.map(({ id, device, serials }) => ({
      id,
      device: { id: device.id, site: device.site },
      serials,
    })),
    links,
    redundancyGroups,
    ...(attachments ? { attachments } : {}),
    ...(flows ? { flows } : {}),
  };
}

/** The lab's picture of an inventory: every unit with known facts as a device, the others as silent neighbours. */
export function twinOf(options: TwinOptions): LabSpec {
  const { inventory, facts, images, secrets, seed, startMs, faults } = options;
  const devices = inventory.units.flatMap((unit) => {
    const known = facts.get(unit.id);
    return known ? [deviceOf(options, unit, known)] : [];
  });
  const ids = new Set(devices.map((each) => each.id));
  const links = inventory.links
    .map(({ a, b }) => ({ a: { ...a }, b: { ...b } }))
    .filter((link) => ids.has(link.a.device) || ids.has(link.b.device));
  const passive = inventory.units
    .map((each) => each.device.id)
    .filter((id) => !ids.has(id) && links.some((link) => isLinked(link, id)))
    .map((id) => ({ id, hostname: id, platform: 'unknown' }));
  const jumpHosts = (inventory.jumpHosts ?? []).map((each) => jumpHostOf(each, secrets));
  const network = networkOf(inventory);
  const spec = { seed, startMs, devices, passive, links, images, faults, network };
  return jumpHosts.length === 0 ? spec : { ...spec, jumpHosts };
}
