import type { SimDevice, SimPeer, SimPort } from '../../src/driver/personality.js';
import { madeUpAs, treeOf } from './personality-config.js';
import type { Command } from './personality-grammar.js';
import { modelNamed } from './personality-models.js';
import { isCluster, primaryMember, type Reply, type Turn } from './personality-state.js';
import { macOf, numberOf, routeAge, two } from './personality-text.js';
import {
  childOf,
  configOf,
  entriesOf,
  type Node,
  valueOf,
  valuesOf,
  settingOf,
} from './personality-tree.js';

const lines = (shown: readonly string[]): Reply => ({ lines: [...shown, ''] });

interface Line {
  readonly name: string;
  readonly isUp: boolean;
  readonly entry: Node | undefined;
}

function portLine(port: SimPort, table: Node | undefined): Line {
  const entry = table && childOf(table, 'edit', port.name);
  return { name: port.name, isUp: port.admin === 'up' && port.oper === 'up', entry };
}

/** All physical interfaces, by name: those of the network, the management one, and the heartbeats of a cluster. */
function linesOf(device: SimDevice): readonly Line[] {
  const table = configOf(treeOf(device), 'system interface');
  const { management, heartbeats } = modelNamed(device.model);
  const extra = [management, ...(isCluster(device) ? heartbeats : [])];
  const known = new Set(device.ports.map(({ name }) => name));
  const own = extra
    .filter((name) => !known.has(name))
    .map((name): Line => {
      const entry = table && childOf(table, 'edit', name);
      return { name, isUp: valueOf(entry, 'status') !== 'down', entry };
    });
  const all = [...own, ...device.ports.map((port) => portLine(port, table))];
  return all.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function addressOf(entry: Node | undefined): string {
  return settingOf(entry, 'ip') ?? '0.0.0.0 0.0.0.0';
}

function physical(turn: Turn, name: string | undefined): Reply {
  const all = linesOf(turn.device).filter((line) => name === undefined || line.name === name);
  return lines([
    '== [onboard]',
    ...all.flatMap(({ name: id, isUp, entry }) => [
      `\t==[${id}]`,
      `\t\tmode: ${valueOf(entry, 'mode') ?? 'static'}`,
      `\t\tip: ${addressOf(entry)}`,
      '\t\tipv6: ::/0',
      `\t\tstatus: ${isUp ? 'up' : 'down'}`,
      `\t\tspeed: ${isUp ? '1000Mbps (Duplex: full)' : 'n/a'}`,
    ]),
  ]);
}

function neighbourDetails({ device }: Turn): Reply {
  const heard = device.ports.filter(({ remote, oper }) => remote !== undefined && oper === 'up');
  const shown = heard.flatMap((port, at) => {
    const { system = '', port: far = '' } = port.remote ?? {};
    const mac = macOf(`${system} chassis`);
    const index = String(at + 1);
    return [
      `port: ${at + 5}`,
      `port.txt: ${port.name}`,
      `mac: ${macOf(`${system}/${far}`)}`,
      'chassis.type: 4',
      'chassis.type.txt: mac-address',
      `chassis.data: ${mac}`,
      'port.id.type: 5',
      'port.id.type.txt: interface-name',
      `port.id.len: ${far.length}`,
      `port.id.data: ${far}`,
      'ttl: 120',
      `system.name.len: ${system.length}`,
      `system.name.data: ${system}`,
      'system.caps.available: 0014',
      'system.caps.available.txt: bridge router',
      'system.caps.enabled: 0014',
      'system.caps.enabled.txt: bridge router',
    ]
      .map((line) => `${index} ${line}`)
      .concat('');
  });
  return lines(shown);
}

function neighbourSummary({ device }: Turn): Reply {
  const heard = device.ports.filter(({ remote, oper }) => remote !== undefined && oper === 'up');
  return lines([
    'Portname      Chassis              System-Name         Port-ID             TTL',
    '____________  ___________________  __________________  __________________  ___',
    ...heard.map(({ name, remote }) =>
      [
        name.padEnd(12),
        macOf(`${remote?.system ?? ''} chassis`).padEnd(19),
        (remote?.system ?? '').padEnd(18),
        (remote?.port ?? '').padEnd(18),
        '120',
      ].join('  '),
    ),
  ]);
}

const peersOf = (device: SimDevice, protocol: SimPeer['protocol']): readonly SimPeer[] =>
  device.peers.filter((peer) => peer.protocol === protocol);

function isConfigured(device: SimDevice, path: string): boolean {
  const node = configOf(treeOf(device), path);
  return node !== undefined && (node.settings.length > 0 || node.children.length > 0);
}

function ospfNeighbours({ device, context }: Turn): Reply {
  if (!isConfigured(device, 'router ospf')) return lines([]);
  const seen = peersOf(device, 'ospf').filter((peer) => peer.up || peer.stuck);
  return lines([
    'OSPF process 0, VRF 0:',
    'Neighbor ID     Pri   State           Dead Time   Address         Interface',
    ...seen.map((peer, index) => {
      const full = index % 2 === 0 ? 'Full/DR' : 'Full/Backup';
      const state = peer.up ? full : 'ExStart/ -';
      const dead = `00:00:${two(31 + (Math.floor(context.nowMs / 1000) % 9))}`;
      return `${peer.routerId.padEnd(16)}  1   ${state.padEnd(16)}${dead}    ${peer.address.padEnd(16)}${peer.port}(0)`;
    }),
  ]);
}

function ownAs(device: SimDevice): string {
  return valueOf(configOf(treeOf(device), 'router bgp'), 'as') ?? madeUpAs(device.id);
}

function isShut(device: SimDevice, address: string): boolean {
  const bgp = configOf(treeOf(device), 'router bgp');
  const table = bgp && childOf(bgp, 'config', 'neighbor');
  return valueOf(table && childOf(table, 'edit', address), 'shutdown') === 'enable';
}

function bgpRow(device: SimDevice, peer: SimPeer, nowMs: number): string {
  const isUp = peer.up && !isShut(device, peer.address);
  const idle = isShut(device, peer.address) ? 'Idle (Admin)' : 'Active';
  const count = 4000 + numberOf(`${device.id}/${peer.address}`, 50_000);
  return [
    peer.address.padEnd(14),
    '4',
    String(peer.remoteAs ?? ownAs(device)).padStart(11),
    String(count).padStart(8),
    String(count - 23).padStart(8),
    String(13).padStart(9),
    String(0).padStart(5),
    String(0).padStart(5),
    ` ${(isUp ? routeAge(nowMs - peer.sinceMs) : 'never').padEnd(9)}`,
    isUp ? String(peer.prefixes).padStart(8) : ` ${idle}`,
  ].join('');
}

function bgpSummary({ device, context }: Turn): Reply {
  const peers = peersOf(device, 'bgp');
  if (!isConfigured(device, 'router bgp')) return lines([]);
  const id = valueOf(configOf(treeOf(device), 'router bgp'), 'router-id') ?? device.address;
  return lines([
    `VRF 0 BGP router identifier ${id}, local AS number ${ownAs(device)}`,
    'BGP table version is 14',
    '3 BGP AS-PATH entries',
    '0 BGP community entries',
    '',
    'Neighbor      V         AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd',
    ...peers.map((peer) => bgpRow(device, peer, context.nowMs)),
    '',
    `Total number of neighbors ${peers.length}`,
  ]);
}

const CODES = [
  'Codes: K - kernel, C - connected, S - static, R - RIP, B - BGP',
  '       O - OSPF, IA - OSPF inter area',
  '       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2',
  '       E1 - OSPF external type 1, E2 - OSPF external type 2',
  '       i - IS-IS, L1 - IS-IS level-1, L2 - IS-IS level-2, ia - IS-IS inter area',
  '       V - BGP VPNv4',
  '       * - candidate default',
  '',
];

function bitsOf(mask: string): number {
  return mask
    .split('.')
    .reduce((sum, octet) => sum + Number(octet).toString(2).replaceAll('0', '').length, 0);
}

function networkOf(address: string, mask: string): string {
  const [bytes, masks] = [address.split('.').map(Number), mask.split('.').map(Number)];
  return `${bytes.map((byte, at) => byte & (masks[at] ?? 0)).join('.')}/${bitsOf(mask)}`;
}

interface Route {
  readonly kind: 'static' | 'connected' | 'ospf' | 'bgp';
  readonly text: string;
}

function connectedRoutes(device: SimDevice): readonly Route[] {
  return linesOf(device).flatMap(({ name, isUp, entry }): readonly Route[] => {
    const [address = '', mask = ''] = addressOf(entry).split(' ');
    if (!isUp || address === '0.0.0.0') return [];
    const text = `C       ${networkOf(address, mask)} is directly connected, ${name}`;
    return [{ kind: 'connected', text }];
  });
}

function staticRoutes(device: SimDevice): readonly Route[] {
  return entriesOf(configOf(treeOf(device), 'router static')).flatMap((entry): readonly Route[] => {
    if (valueOf(entry, 'status') === 'disable') return [];
    const [address = '0.0.0.0', mask = '0.0.0.0'] = valuesOf(settingOf(entry, 'dst') ?? '');
    const target = networkOf(address, mask);
    const code = target === '0.0.0.0/0' ? 'S*' : 'S ';
    const distance = valueOf(entry, 'distance') ?? '10';
    const way =
      valueOf(entry, 'blackhole') === 'enable'
        ? 'is a summary, Null'
        : `via ${valueOf(entry, 'gateway') ?? '0.0.0.0'}, ${valueOf(entry, 'device') ?? ''}`;
    return [{ kind: 'static', text: `${code}      ${target} [${distance}/0] ${way}, [1/0]` }];
  });
}

/** Prefixes that a peer told: as many as it counts, with addresses of its own. */
function learntRoutes(device: SimDevice, peer: SimPeer, nowMs: number): readonly Route[] {
  if (!peer.up || isShut(device, peer.address)) return [];
  const first = numberOf(`${peer.system}/${peer.protocol}`, 200);
  const age = routeAge(nowMs - peer.sinceMs);
  return Array.from({ length: Math.min(peer.prefixes, 250) }, (_one, at): Route => {
    const prefix = `10.${peer.protocol === 'bgp' ? 100 : 200}.${(first + at) % 256}.0/24`;
    const text =
      peer.protocol === 'bgp'
        ? `B       ${prefix} [20/0] via ${peer.address} (recursive is directly connected, ${peer.port}), ${age}, [1/0]`
        : `O       ${prefix} [110/2] via ${peer.address}, ${peer.port}, ${age}, [1/0]`;
    return { kind: peer.protocol, text };
  });
}

function routesOf({ device, context }: Turn): readonly Route[] {
  return [
    ...staticRoutes(device),
    ...connectedRoutes(device),
    ...device.peers.flatMap((peer) => learntRoutes(device, peer, context.nowMs)),
  ];
}

function routingTable(turn: Turn, kind: string): Reply {
  const routes = routesOf(turn).filter((route) => kind === 'all' || route.kind === kind);
  return lines([...CODES, 'Routing table for VRF=0', ...routes.map(({ text }) => text)]);
}

function arp({ device }: Turn): Reply {
  return lines([
    'Address           Age(min)   Hardware Addr      Interface',
    ...device.peers
      .filter(({ up }) => up)
      .map(
        ({ address, port, system }) => `${address.padEnd(18)}0          ${macOf(system)} ${port}`,
      ),
  ]);
}

function addresses({ device }: Turn): Reply {
  return lines(
    linesOf(device)
      .map(({ name, entry }) => ({ name, ip: addressOf(entry) }))
      .filter(({ ip }) => !ip.startsWith('0.0.0.0'))
      .map(({ name, ip }, at) => {
        const [address = '', mask = ''] = ip.split(' ');
        return `IP=${address}->${address}/${mask} index=${at + 4} devname=${name}`;
      }),
  );
}

export const networkCommands: readonly Command[] = [
  {
    pattern: 'get system interface physical [name]',
    run: (turn, args) => physical(turn, args['name']),
  },
  { pattern: 'diagnose lldprx neighbor details', run: neighbourDetails },
  { pattern: 'diagnose lldprx neighbor summary', run: neighbourSummary },
  { pattern: 'get router info ospf neighbor [all]', run: ospfNeighbours },
  { pattern: 'get router info bgp summary', run: bgpSummary },
  {
    pattern: 'get router info routing-table <kind>',
    run: (turn, args) => routingTable(turn, args['kind'] ?? 'all'),
  },
  { pattern: 'get system arp', run: arp },
  { pattern: 'diagnose ip address list', run: addresses },
  {
    pattern: 'get hardware nic <name>',
    run: ({ device }, args) =>
      lines([
        `Name:            ${args['name'] ?? ''}`,
        `Hwaddr: ${primaryMember(device).macAddress}`,
      ]),
  },
];
