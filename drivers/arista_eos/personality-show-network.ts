import type { SimDevice, SimPeer, SimPort } from '../../src/driver/personality.js';
import {
  type ConfigTree,
  findSection,
  hasLine,
  parseConfig,
  valueOf,
} from './personality-config.js';
import { shortInterface } from './personality-grammar.js';
import { modelOf } from './personality-models.js';
import type { Show } from './personality-show.js';
import { ageText, chassis, clockTime, readOwn, uptimeMs } from './personality-state.js';

function sectionOf(tree: ConfigTree, port: SimPort): ConfigTree | undefined {
  return findSection(tree, [`interface ${port.name}`]);
}

function isErrdisabled(device: SimDevice, port: SimPort, nowMs: number): boolean {
  const delayed = readOwn(device).reloadDelayUntilMs > nowMs;
  return delayed && port.oper === 'down' && device.redundancy.kind === 'mlag';
}

function portStatus(device: SimDevice, port: SimPort, nowMs: number): string {
  if (port.admin === 'down') return 'disabled';
  if (port.isErrDisabled || isErrdisabled(device, port, nowMs)) return 'errdisabled';
  return port.oper === 'up' ? 'connected' : 'notconnect';
}

function vlanText(section: ConfigTree | undefined, port: SimPort): string {
  if (port.name.startsWith('Management') || hasLine(section, 'no switchport')) return 'routed';
  const group = valueOf(section, 'channel-group');
  if (group !== undefined) return `in Po${group.split(' ')[0] ?? ''}`;
  if (valueOf(section, 'switchport mode') === 'trunk') return 'trunk';
  return valueOf(section, 'switchport access vlan') ?? '1';
}

export const showInterfacesStatus: Show = (device, nowMs) => {
  const tree = parseConfig(device.runningConfig);
  const model = modelOf(device);
  const width = Math.min(30, Math.max(6, ...device.ports.map((port) => port.description.length)));
  const rows = device.ports.map((port) => {
    const { speed, type } = model.media(port.name);
    const isAuto = speed.startsWith('a-');
    const isDown = port.oper === 'down' || port.admin === 'down';
    const duplex = isAuto ? (isDown ? 'auto' : 'a-full') : 'full';
    const cells = [
      shortInterface(port.name).padEnd(10),
      port.description.slice(0, width).padEnd(width),
      portStatus(device, port, nowMs).padEnd(12),
      vlanText(sectionOf(tree, port), port).padEnd(8),
      duplex.padEnd(6),
      (isAuto && isDown ? 'auto' : speed).padEnd(6),
      type,
    ];
    return cells.join(' ').trimEnd();
  });
  const head = `Port       ${'Name'.padEnd(width)} Status       Vlan     Duplex Speed  Type         Flags Encapsulation`;
  return [head, ...rows];
};

/** The ports, and after them what is an interface because it is configured: VLANs, loopbacks, port channels. */
export function allInterfaces(device: SimDevice): readonly SimPort[] {
  const known = new Set(device.ports.map(({ name }) => name));
  const configured = parseConfig(device.runningConfig).flatMap((node): readonly SimPort[] => {
    const name = /^interface (\S+)$/.exec(node.line)?.[1];
    if (name === undefined || known.has(name)) return [];
    const admin = hasLine(node.children, 'shutdown') ? 'down' : 'up';
    return [{ name, description: valueOf(node.children, 'description') ?? '', admin, oper: admin }];
  });
  return [...device.ports, ...configured];
}

export function showInterfaces(device: SimDevice, nowMs: number, only?: string): readonly string[] {
  const tree = parseConfig(device.runningConfig);
  return allInterfaces(device)
    .filter((port) => only === undefined || port.name === only)
    .flatMap((port) => interfaceBlock({ device, port, section: sectionOf(tree, port), nowMs }));
}

interface Block {
  readonly device: SimDevice;
  readonly port: SimPort;
  readonly section: ConfigTree | undefined;
  readonly nowMs: number;
}

function addressLines(section: ConfigTree | undefined, mtu: string, kbit: number): string[] {
  const address = valueOf(section, 'ip address');
  if (address === undefined) return [`  Ethernet MTU ${mtu} bytes, BW ${kbit} kbit`];
  return [
    `  Internet address is ${address}`,
    '  Broadcast address is 255.255.255.255',
    `  IP MTU ${mtu} bytes, BW ${kbit} kbit`,
  ];
}

function adminText(port: SimPort): string {
  return port.admin === 'down' ? 'administratively down' : port.oper;
}

function interfaceBlock({ device, port, section, nowMs }: Block): readonly string[] {
  const isUp = port.oper === 'up' && port.admin === 'up';
  const mac = chassis(device).macAddress;
  const mtu = valueOf(section, 'mtu') ?? (port.name.startsWith('Management') ? '1500' : '9214');
  const line = isUp ? 'up' : 'down';
  if (/^(Vlan|Loopback)/.test(port.name)) return virtualBlock({ device, port, section, nowMs });
  return [
    `${port.name} is ${adminText(port)}, line protocol is ${line} (${portStatus(device, port, nowMs)})`,
    `  Hardware is Ethernet, address is ${mac} (bia ${mac})`,
    ...(port.description === '' ? [] : [`  Description: ${port.description}`]),
    ...addressLines(section, mtu, gigabits(device, port) * 1_000_000),
    `  Full-duplex, ${gigabits(device, port)}Gb/s, auto negotiation: off, uni-link: disabled`,
    `  ${isUp ? 'Up' : 'Down'} ${ageText(uptimeMs(device, nowMs))}`,
    '  Loopback Mode : None',
    '  1 link status changes since last clear',
    '  Last clearing of "show interface" counters never',
    '  5 minutes input rate 0 bps (0.0% with framing overhead), 0 packets/sec',
    '  5 minutes output rate 0 bps (0.0% with framing overhead), 0 packets/sec',
    '     0 packets input, 0 bytes',
    '     Received 0 broadcasts, 0 multicast',
    '     0 runts, 0 giants',
    '     0 input errors, 0 CRC, 0 alignment, 0 symbol, 0 input discards',
    '     0 PAUSE input',
    '     0 packets output, 0 bytes',
    '     Sent 0 broadcasts, 0 multicast',
    '     0 output errors, 0 collisions',
    '     0 late collision, 0 deferred, 0 output discards',
    '     0 PAUSE output',
  ];
}

function virtualBlock({ device, port, section, nowMs }: Block): readonly string[] {
  const mac = chassis(device).macAddress;
  const address = valueOf(section, 'ip address');
  const isVlan = port.name.startsWith('Vlan');
  const isUp = port.oper === 'up';
  return [
    `${port.name} is ${adminText(port)}, line protocol is ${port.oper} (${isUp ? 'connected' : 'disabled'})`,
    isVlan ? `  Hardware is Vlan, address is ${mac} (bia ${mac})` : '  Hardware is Loopback',
    ...(port.description === '' ? [] : [`  Description: ${port.description}`]),
    ...(address === undefined
      ? ['  No Internet protocol address assigned']
      : [`  Internet address is ${address}`, '  Broadcast address is 255.255.255.255']),
    `  IP MTU ${valueOf(section, 'mtu') ?? defaultMtu(port.name)} bytes`,
    `  ${isUp ? 'Up' : 'Down'} ${ageText(uptimeMs(device, nowMs))}`,
  ];
}

export function gigabits(device: SimDevice, port: SimPort): number {
  return Number(
    modelOf(device)
      .media(port.name)
      .speed.replace(/[^\d.]/g, ''),
  );
}

export const showInterfacesDescription: Show = (device) => [
  'Interface                      Status         Protocol           Description',
  ...device.ports.map((port) => {
    const isUp = port.oper === 'up' && port.admin === 'up';
    const line = isUp ? 'up' : 'down';
    const status = port.admin === 'down' ? 'admin down' : line;
    const name = shortInterface(port.name).padEnd(30);
    return `${name} ${status.padEnd(14)} ${line.padEnd(18)} ${port.description}`.trimEnd();
  }),
];

/** Management1 is always listed, any other interface once it has an address. */
function addressRow(device: SimDevice, name: string, section: ConfigTree): string | undefined {
  const address = valueOf(section, 'ip address')?.split(' ')[0];
  const isManagement = name.startsWith('Management');
  if (address === undefined && !isManagement) return undefined;
  const port = device.ports.find((candidate) => candidate.name === name);
  const isShut = hasLine(section, 'shutdown');
  const isUp = !isShut && port?.oper !== 'down';
  const line = isUp ? 'up' : 'down';
  const cells = [
    name.padEnd(17),
    (address ?? 'unassigned').padEnd(22),
    (isShut ? 'admin down' : line).padEnd(12),
    line.padEnd(14),
    (valueOf(section, 'mtu') ?? defaultMtu(name)).padStart(10),
  ];
  return cells.join(' ');
}

function defaultMtu(name: string): string {
  if (name.startsWith('Loopback')) return '65535';
  return name.startsWith('Management') ? '1500' : '9214';
}

export const showIpInterfaceBrief: Show = (device) => {
  const rows = parseConfig(device.runningConfig).flatMap((node) => {
    const name = /^interface (\S+)$/.exec(node.line)?.[1];
    const text = name === undefined ? undefined : addressRow(device, name, node.children);
    return text === undefined ? [] : [text];
  });
  return [
    `${' '.repeat(80)}Address`,
    'Interface         IP Address             Status       Protocol           MTU    Owner',
    '----------------- ---------------------- ------------ -------------- ---------- -------',
    ...rows,
  ];
};

/** The ports whose other end is heard. */
export function neighbours(device: SimDevice): readonly SimPort[] {
  return device.ports.filter(
    (port) => port.oper === 'up' && port.admin === 'up' && port.remote !== undefined,
  );
}

function lldpHead(device: SimDevice, nowMs: number): readonly string[] {
  return [
    `Last table change time   : ${ageText(uptimeMs(device, nowMs))} ago`,
    `Number of table inserts  : ${neighbours(device).length}`,
    'Number of table deletes  : 0',
    'Number of table drops    : 0',
    'Number of table age-outs : 0',
  ];
}

export const showLldp: Show = (device, nowMs) => {
  const ports = neighbours(device);
  const nameWidth = Math.max(24, ...ports.map((port) => (port.remote?.system.length ?? 0) + 4));
  const portWidth = Math.max(22, ...ports.map((port) => (port.remote?.port.length ?? 0) + 4));
  const rows = ports.map((port) => {
    const system = `   ${port.remote?.system ?? ''}`.padEnd(nameWidth);
    const remotePort = `   ${port.remote?.port ?? ''}`.padEnd(portWidth);
    return `${shortInterface(port.name).padEnd(10)} ${system} ${remotePort} 120`;
  });
  const centre = (text: string, width: number): string =>
    text.padStart(Math.floor((width + text.length) / 2)).padEnd(width);
  return [
    ...lldpHead(device, nowMs),
    '',
    `${'Port'.padEnd(10)} ${centre('Neighbor Device ID', nameWidth)} ${centre('Neighbor Port ID', portWidth)} TTL`,
    `${'-'.repeat(10)} ${'-'.repeat(nameWidth)} ${'-'.repeat(portWidth)} ---`,
    ...rows,
  ];
};

export const showLldpDetail: Show = (device, nowMs) =>
  device.ports.flatMap((port) => {
    const { remote } = port;
    if (remote === undefined || port.oper === 'down') {
      return [`Interface ${port.name} detected 0 LLDP neighbors:`, ''];
    }
    const age = ageText(uptimeMs(device, nowMs));
    return [
      `Interface ${port.name} detected 1 LLDP neighbors:`,
      '',
      `  Neighbor ${remote.system}/"${remote.port}", age 12 seconds`,
      `  Discovered ${age} ago; Last changed ${age} ago`,
      '  - Chassis ID type: Locally assigned (7)',
      `    Chassis ID     : "${remote.system}"`,
      '  - Port ID type: Interface name (5)',
      `    Port ID     : "${remote.port}"`,
      '  - Time To Live: 120 seconds',
      `  - System Name: "${remote.system}"`,
      `  - System Description: "${remote.platform}"`,
      '  - System Capabilities : Bridge, Router',
      '    Enabled Capabilities: Bridge, Router',
      '',
    ];
  });

/** `02:25:23` within a day, `34d20h` after it. */
function sessionAge(ms: number): string {
  const hours = Math.floor(Math.max(0, ms) / 3_600_000);
  if (hours < 24) return clockTime(Math.max(0, ms));
  return `${Math.floor(hours / 24)}d${String(hours % 24).padStart(2, '0')}h`;
}

function bgpSection(
  device: SimDevice,
): { readonly as: string; readonly lines: ConfigTree } | undefined {
  const node = parseConfig(device.runningConfig).find((entry) =>
    entry.line.startsWith('router bgp '),
  );
  return node && { as: node.line.slice('router bgp '.length), lines: node.children };
}

export const showBgpSummary: Show = (device, nowMs) => {
  const bgp = bgpSection(device);
  if (bgp === undefined) return ['% BGP inactive'];
  const peers = device.peers.filter(
    (peer) =>
      peer.protocol === 'bgp' &&
      bgp.lines.some((node) => node.line.startsWith(`neighbor ${peer.address} remote-as `)),
  );
  const description = (peer: SimPeer): string =>
    valueOf(bgp.lines, `neighbor ${peer.address} description`) ?? '';
  const described = peers.some((peer) => description(peer) !== '');
  const isIn = readOwn(device).maintenance === 'maintenance';
  const head = described ? `${'Description'.padEnd(24)} ` : '';
  const rows = peers.map((peer) => {
    const first = described ? `${description(peer).slice(0, 24).padEnd(24)} ` : '';
    const age = sessionAge(nowMs - peer.sinceMs).padStart(8);
    const messages = peer.up ? Math.floor(Math.max(0, nowMs - peer.sinceMs) / 50_000) + 4 : 0;
    const as = String(peer.remoteAs ?? bgp.as);
    const counts =
      as + String(messages).padStart(20 - as.length) + String(messages + 3).padStart(10);
    const state = peer.up
      ? `Estab   ${String(peer.prefixes).padEnd(6)} ${peer.prefixes}`
      : 'Active';
    return `${isIn ? 'm ' : '  '}${first}${peer.address.padEnd(16)} 4  ${counts}    0    0 ${age} ${state}`;
  });
  return [
    'BGP summary information for VRF default',
    `Router identifier ${valueOf(bgp.lines, 'router-id') ?? device.address}, local AS number ${bgp.as}`,
    'Neighbor Status Codes: m - Under maintenance',
    `  ${head}Neighbor         V  AS           MsgRcvd   MsgSent  InQ OutQ  Up/Down State   PfxRcd PfxAcc`,
    ...rows,
  ];
};

export const showOspfNeighbor: Show = (device, nowMs) => {
  const rows = device.peers
    .filter((peer) => peer.protocol === 'ospf' && (peer.up || peer.stuck))
    .map((peer, index) => {
      const state = peer.up ? 'FULL' : 'EXCH START';
      const dead = clockTime((30 + ((Math.floor(nowMs / 1000) + index) % 10)) * 1000);
      return `${peer.routerId.padEnd(15)} 1        default  0   ${state.padEnd(22)} ${dead}    ${peer.address.padEnd(15)} ${peer.port}`;
    });
  return [
    'Neighbor ID     Instance VRF      Pri State                  Dead Time   Address         Interface',
    ...rows,
  ];
};

export const showRouteSummary: Show = (device) => {
  const routes = (protocol: SimPeer['protocol']): number =>
    device.peers
      .filter((peer) => peer.protocol === protocol && peer.up)
      .reduce((sum, peer) => sum + peer.prefixes, 0);
  const tree = parseConfig(device.runningConfig);
  const connected = tree.filter(
    (node) => valueOf(node.children, 'ip address') !== undefined,
  ).length;
  const statics = tree.filter((node) => node.line.startsWith('ip route ')).length;
  const ospf = routes('ospf');
  const bgp = routes('bgp');
  const row = (name: string, number: number): string =>
    `   ${name.padEnd(34)} ${String(number).padStart(25)}`;
  return [
    '',
    'VRF: default',
    '   Route Source                                Number Of Routes',
    '------------------------------------- -------------------------',
    row('connected', connected),
    row('static (persistent)', statics),
    row('static (non-persistent)', 0),
    row('VXLAN Control Service', 0),
    row('static nexthop-group', 0),
    row('ospf', ospf),
    `     Intra-area: ${ospf} Inter-area: 0 External-1: 0 External-2: 0`,
    '     NSSA External-1: 0 NSSA External-2: 0',
    row('ospfv3', 0),
    row('bgp', bgp),
    `     External: ${bgp} Internal: 0`,
    row('isis', 0),
    '     Level-1: 0 Level-2: 0',
    row('rip', 0),
    row('internal', connected * 3 + 2),
    row('attached', connected),
    row('aggregate', 0),
    row('dynamic policy', 0),
    row('gribi', 0),
    '',
    row('Total Routes', connected * 5 + 2 + statics + ospf + bgp),
  ];
};
