import type { SimPeer, SimPort } from '../../src/driver/personality.js';
import type { Command } from './personality-grammar.js';
import { isVirtual, portIsUp, shortPort } from './personality-port.js';
import type { Ask } from './personality-state.js';
import { activeMember, memberState, shows } from './personality-state.js';
import { colonMac, hashOf, sinceOf, softwareLine, uptimeOf } from './personality-text.js';

/** Ports of members that have not joined yet do not exist for the control plane. */
export function portsOf({ device, context }: Ask): readonly SimPort[] {
  const gone = device.members
    .filter((member) => memberState(device, member.id, context.nowMs) !== 'Ready')
    .map((member) => member.id);
  return device.ports.filter((port) => !gone.includes(/(\d+)\//.exec(port.name)?.[1] ?? ''));
}

/** The interfaces that are there because they are configured: VLAN interfaces and loopbacks. */
export function virtualPorts(ask: Ask): readonly SimPort[] {
  const found = ask.device.runningConfig.matchAll(/^interface ((?:Vlan|Loopback)\d+)$/gm);
  const known = new Set(portsOf(ask).map(({ name }) => name));
  return [...found].flatMap(([, name = '']) => {
    if (known.has(name)) return [];
    const admin = isShut(ask, name) ? 'down' : 'up';
    const description = configured(ask, name, 'description');
    return [{ name, description, admin, oper: admin }];
  });
}

/** First line below `interface NAME` in the running config that begins with `start`. */
export function configured({ device }: Ask, port: string, start: string): string {
  const config = device.runningConfig;
  const at = config.indexOf(`\ninterface ${port}\n`);
  if (at < 0) return '';
  const block = config.slice(at + 1).split(/\n(?! )/)[0] ?? '';
  const line = block.split('\n').find((one) => one.startsWith(` ${start}`));
  return line?.slice(start.length + 1).trim() ?? '';
}

function statusOf(port: SimPort): string {
  if (port.admin === 'down') return 'disabled';
  if (port.isErrDisabled) return 'err-disabled';
  return portIsUp(port) ? 'connected' : 'notconnect';
}

const speeds: readonly (readonly [prefix: string, speed: string, type: string])[] = [
  ['TenGig', '10G', 'SFP-10GBase-SR'],
  ['TwentyFive', '25G', 'SFP-25GBase-SR'],
  ['Forty', '40G', 'QSFP 40G SR BD SFP'],
  ['Gigabit', '1000', '10/100/1000BaseTX'],
];

function showStatus(ask: Ask): readonly string[] {
  return [
    '',
    'Port         Name               Status       Vlan       Duplex  Speed Type',
    ...portsOf(ask)
      .filter((port) => port.name.includes('/'))
      .map((port) => {
        const [, speed = 'auto', type = ''] =
          speeds.find(([prefix]) => port.name.startsWith(prefix)) ?? [];
        const up = portIsUp(port);
        const routed = configured(ask, port.name, 'ip address') !== '';
        const access = configured(ask, port.name, 'switchport access vlan') || '1';
        const trunk = configured(ask, port.name, 'switchport mode') === 'trunk';
        const vlan = routed ? 'routed' : trunk ? 'trunk' : access;
        return `${shortPort(port.name).padEnd(13)}${port.description.slice(0, 18).padEnd(19)}${statusOf(port).padEnd(13)}${vlan.padEnd(10)}${(up ? 'a-full' : 'auto').padStart(7)} ${(up ? `a-${speed}` : 'auto').padStart(6)} ${type}`;
      }),
  ];
}

export function lineState(port: SimPort): readonly [string, string] {
  if (port.admin === 'down') return ['administratively down', 'down'];
  return portIsUp(port) ? ['up', 'up'] : ['down', 'down'];
}

/** `10.0.0.1/24` of an interface that has an address. */
export function prefixOf(ask: Ask, port: string): string | undefined {
  const [address = '', mask = ''] = configured(ask, port, 'ip address').split(' ');
  if (!/^\d/.test(address)) return undefined;
  const bits = mask.split('.').map((part) => Number(part).toString(2).replaceAll('0', '').length);
  return `${address}/${String(bits.reduce((sum, count) => sum + count, 0))}`;
}

function hardwareOf(name: string): string {
  if (name.startsWith('Loopback')) return 'Loopback';
  return name.startsWith('Vlan') ? 'Ethernet SVI' : 'Gigabit Ethernet';
}

export function showInterfaces(ask: Ask, wanted?: string): readonly string[] {
  const all = [...virtualPorts(ask), ...portsOf(ask)];
  const ports = all.filter((port) => wanted === undefined || port.name === wanted);
  return ports.flatMap((port) => {
    const [line, protocol] = lineState(port);
    const isWired = !isVirtual(port.name);
    const tail = isWired ? `${protocol} (${statusOf(port)})` : protocol;
    const mac = activeMember(ask.device)?.macAddress ?? '';
    const address = prefixOf(ask, port.name);
    const burnt = colonMac(mac)
      .replaceAll(':', '')
      .replace(/(....)(?=.)/g, '$1.');
    return [
      `${port.name} is ${line}, line protocol is ${line === 'administratively down' ? 'down (disabled)' : tail} `,
      `  Hardware is ${hardwareOf(port.name)}, address is ${burnt} (bia ${burnt})`,
      ...(port.description === '' ? [] : [`  Description: ${port.description}`]),
      ...(address === undefined ? [] : [`  Internet address is ${address}`]),
      '  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec, ',
      '     reliability 255/255, txload 1/255, rxload 1/255',
      '  Encapsulation ARPA, loopback not set',
      '  Keepalive set (10 sec)',
      ...(isWired
        ? [
            protocol === 'up'
              ? '  Full-duplex, 1000Mb/s, media type is 10/100/1000BaseTX'
              : '  Auto-duplex, Auto-speed, media type is 10/100/1000BaseTX',
            '  input flow-control is on, output flow-control is unsupported ',
          ]
        : []),
      '  5 minute input rate 0 bits/sec, 0 packets/sec',
      '  5 minute output rate 0 bits/sec, 0 packets/sec',
      '     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored',
      '     0 output errors, 0 collisions, 1 interface resets',
    ];
  });
}

export function addressOf(ask: Ask, port: string): string {
  const address = configured(ask, port, 'ip address').split(' ')[0] ?? '';
  return /^\d/.test(address) ? address : 'unassigned';
}

function showIpBrief(ask: Ask): readonly string[] {
  const rows = [
    ...virtualPorts(ask).map((port) => ({ name: port.name, state: lineState(port) })),
    ...portsOf(ask)
      .filter((port) => !/^(Vlan|Loopback)/.test(port.name))
      .map((port) => ({ name: port.name, state: lineState(port) })),
  ];
  return [
    'Interface              IP-Address      OK? Method Status                Protocol',
    ...rows.map(({ name, state }) => {
      const address = addressOf(ask, name);
      const method = address === 'unassigned' ? 'unset ' : 'NVRAM ';
      return `${name.padEnd(22)} ${address.padEnd(15)} YES ${method} ${state[0].padEnd(21)} ${state[1].padEnd(8)}`;
    }),
  ];
}

function isShut({ device }: Ask, name: string): boolean {
  const at = device.runningConfig.indexOf(`\ninterface ${name}\n`);
  const block = at < 0 ? '' : (device.runningConfig.slice(at + 1).split(/\n(?! )/)[0] ?? '');
  return block.split('\n').includes(' shutdown');
}

function showDescriptions(ask: Ask): readonly string[] {
  return [
    'Interface                      Status         Protocol Description',
    ...portsOf(ask).map((port) => {
      const [line, protocol] = lineState(port);
      const status = line === 'up' || line === 'down' ? line : 'admin down';
      return `${shortPort(port.name).padEnd(30)} ${status.padEnd(14)} ${protocol.padEnd(8)} ${port.description}`;
    }),
  ];
}

/** `Gig 1/0/1`, as CDP writes ports. */
function cdpPort(port: string): string {
  const split = /^([A-Za-z]+)\s*(\d.*)$/.exec(port);
  return split === null ? port : `${(split[1] ?? '').slice(0, 3)} ${split[2] ?? ''}`;
}

function neighboursOf(ask: Ask) {
  return portsOf(ask).flatMap((port) =>
    port.remote === undefined || !portIsUp(port) ? [] : [{ port, remote: port.remote }],
  );
}

function showCdp(ask: Ask): readonly string[] {
  const found = neighboursOf(ask);
  return [
    'Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge',
    '                  S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone, ',
    '                  D - Remote, C - CVTA, M - Two-port Mac Relay ',
    '',
    'Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID',
    ...found.flatMap(({ port, remote }) => {
      const hold = String(120 + (hashOf(port.name) % 60));
      const platform = remote.platform.slice(0, 9).padEnd(10);
      const rest = `${cdpPort(port.name).padEnd(18)}${hold.padEnd(16)}R S I  ${platform}${cdpPort(remote.port)}`;
      return remote.system.length > 16
        ? [remote.system, `                 ${rest}`]
        : [`${remote.system.padEnd(17)}${rest}`];
    }),
    '',
    `Total cdp entries displayed : ${String(found.length)}`,
  ];
}

function showCdpDetail(ask: Ask): readonly string[] {
  const found = neighboursOf(ask);
  return [
    ...found.flatMap(({ port, remote }) => [
      '-------------------------',
      `Device ID: ${remote.system}`,
      'Entry address(es): ',
      `Platform: cisco ${remote.platform},  Capabilities: Router Switch IGMP `,
      `Interface: ${port.name},  Port ID (outgoing port): ${remote.port}`,
      `Holdtime : ${String(120 + (hashOf(port.name) % 60))} sec`,
      '',
      'Version :',
      softwareLine(ask.device.runningVersion),
      '',
      'advertisement version: 2',
      'Duplex: full',
      '',
    ]),
    '',
    `Total cdp entries displayed : ${String(found.length)}`,
  ];
}

function showLldp(ask: Ask): readonly string[] {
  const found = neighboursOf(ask);
  return [
    'Capability codes:',
    '    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device',
    '    (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other',
    '',
    'Device ID           Local Intf     Hold-time  Capability      Port ID',
    ...found.map(
      ({ port, remote }) =>
        `${remote.system.slice(0, 20).padEnd(20)}${shortPort(port.name).padEnd(15)}120        B,R             ${shortPort(remote.port)}`,
    ),
    '',
    `Total entries displayed: ${String(found.length)}`,
    '',
  ];
}

function showLldpDetail(ask: Ask): readonly string[] {
  const found = neighboursOf(ask);
  return [
    ...found.flatMap(({ port, remote }) => [
      '------------------------------------------------',
      `Local Intf: ${shortPort(port.name)}`,
      `Port id: ${shortPort(remote.port)}`,
      `Port Description: ${remote.port}`,
      `System Name: ${remote.system}`,
      '',
      'System Description: ',
      remote.platform,
      '',
      'Time remaining: 105 seconds',
      'System Capabilities: B,R',
      'Enabled Capabilities: B,R',
      '',
    ]),
    '',
    `Total entries displayed: ${String(found.length)}`,
    '',
  ];
}

function peersOf({ device }: Ask, protocol: SimPeer['protocol']): readonly SimPeer[] {
  return device.peers.filter((peer) => peer.protocol === protocol);
}

function showOspfNeighbors(ask: Ask): readonly string[] {
  const peers = peersOf(ask, 'ospf').filter((peer) => peer.up || peer.stuck);
  if (peers.length === 0) return [];
  return [
    '',
    'Neighbor ID     Pri   State           Dead Time   Address         Interface',
    ...peers.map((peer) => {
      const state = peer.up ? 'FULL/  -' : 'EXSTART/  -';
      const dead = `00:00:${String(31 + (hashOf(peer.address) % 9))}`;
      return `${peer.routerId.padEnd(15)} ${'0'.padStart(3)}   ${state.padEnd(15)} ${dead.padEnd(11)} ${peer.address.padEnd(15)} ${peer.port}`;
    }),
  ];
}

function localAs({ device }: Ask): string {
  return /^router bgp (\S+)/m.exec(device.runningConfig)?.[1] ?? '65000';
}

function showBgp(ask: Ask): readonly string[] {
  const peers = peersOf(ask, 'bgp');
  if (peers.length === 0) return ['% BGP not active'];
  const prefixes = peers.reduce((sum, peer) => sum + (peer.up ? peer.prefixes : 0), 0);
  const own = /^ bgp router-id (\S+)/m.exec(ask.device.runningConfig)?.[1] ?? ask.device.address;
  return [
    `BGP router identifier ${own}, local AS number ${localAs(ask)}`,
    `BGP table version is ${String(prefixes + 1)}, main routing table version ${String(prefixes + 1)}`,
    `${String(prefixes)} network entries using ${String(prefixes * 248)} bytes of memory`,
    `${String(prefixes)} path entries using ${String(prefixes * 136)} bytes of memory`,
    'BGP using 1376 total bytes of memory',
    `BGP activity ${String(prefixes)}/0 prefixes, ${String(prefixes)}/0 paths, scan interval 60 secs`,
    '',
    'Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd',
    ...peers.map((peer) => {
      const since = ask.context.nowMs - peer.sinceMs;
      const messages = String(peer.up ? Math.floor(Math.max(0, since) / 60_000) + 4 : 0);
      const as = String(peer.remoteAs ?? 65000);
      const table = String(peer.up ? prefixes + 1 : 1);
      const state = peer.up ? String(peer.prefixes).padStart(9) : 'Idle';
      return `${peer.address.padEnd(15)} 4 ${as.padStart(12)} ${messages.padStart(7)} ${messages.padStart(7)} ${table.padStart(8)}    0    0 ${sinceOf(since).padEnd(8)} ${state}`;
    }),
  ];
}

function showRoutes(ask: Ask): readonly string[] {
  const sum = (protocol: SimPeer['protocol']): number =>
    peersOf(ask, protocol).reduce((total, peer) => total + (peer.up ? peer.prefixes : 0), 0);
  const connected = portsOf(ask).filter(
    (port) => portIsUp(port) && addressOf(ask, port.name) !== 'unassigned',
  ).length;
  const rows: readonly (readonly [name: string, networks: number, subnets: number])[] = [
    ['application', 0, 0],
    ['connected', 0, 2 * connected],
    ['static', 0, (ask.device.runningConfig.match(/^ip route /gm) ?? []).length],
    ['ospf 1', 0, sum('ospf')],
    [`bgp ${localAs(ask)}`, 0, sum('bgp')],
  ];
  const row = (name: string, networks: number, subnets: number): string =>
    `${name.padEnd(15)} ${String(networks).padEnd(11)} ${String(subnets).padEnd(11)} 0           ${String((networks + subnets) * 96).padEnd(11)} ${String((networks + subnets) * 304)}`;
  const total = rows.reduce((count, [, , subnets]) => count + subnets, 0);
  return [
    'IP routing table name is default (0x0)',
    'IP routing table maximum-paths is 32',
    'Route Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)',
    ...rows.flatMap(([name, networks, subnets]) => {
      const lines = [row(name, networks, subnets)];
      if (name.startsWith('ospf')) {
        lines.push(
          `  Intra-area: ${String(subnets)} Inter-area: 0 External-1: 0 External-2: 0`,
          '  NSSA External-1: 0 NSSA External-2: 0',
        );
      }
      if (name.startsWith('bgp')) lines.push(`  External: ${String(subnets)} Internal: 0 Local: 0`);
      return lines;
    }),
    'internal        2                                               1264',
    row('Total', 2, total),
  ];
}

function maxMetric({ device }: Ask): readonly string[] {
  if (!device.drained) return [' Router is not originating router-LSAs with maximum metric'];
  return [' Originating router-LSAs with maximum metric', '    Condition: always, State: active'];
}

function ospfProcess({ device }: Ask): readonly [process: string, routerId: string] | undefined {
  const found = /^router ospf (\d+)/m.exec(device.runningConfig)?.[1];
  if (found === undefined) return undefined;
  const id = /^router ospf \d+\n(?: .*\n)*? router-id (\S+)/m.exec(device.runningConfig)?.[1];
  return [found, id ?? device.address];
}

function showOspf(ask: Ask): readonly string[] {
  const process = ospfProcess(ask);
  if (process === undefined) return [];
  return [
    ` Routing Process "ospf ${process[0]}" with ID ${process[1]}`,
    ` Start time: 00:01:02.345, Time elapsed: ${uptimeOf(ask.context.nowMs - ask.device.powerSinceMs)}`,
    ' Supports only single TOS(TOS0) routes',
    ' Supports opaque LSA',
    ...maxMetric(ask),
    ' Initial SPF schedule delay 50 msecs',
    ' Minimum hold time between two consecutive SPFs 200 msecs',
    ' Maximum wait time between two consecutive SPFs 5000 msecs',
    ' Number of areas in this router is 1. 1 normal 0 stub 0 nssa',
    ' Reference bandwidth unit is 100 mbps',
  ];
}

function showMaxMetric(ask: Ask): readonly string[] {
  const process = ospfProcess(ask);
  if (process === undefined) return [];
  return [
    '',
    `            OSPF Router with ID (${process[1]}) (Process ID ${process[0]})`,
    '',
    ...maxMetric(ask),
  ];
}

/** What the device shows of ports, neighbours and routing. */
export const networkCommands: readonly Command[] = [
  { pattern: 'show interfaces', run: shows((ask) => showInterfaces(ask)) },
  { pattern: 'show interfaces status', run: shows(showStatus) },
  { pattern: 'show interfaces description', run: shows(showDescriptions) },
  { pattern: 'show ip interface brief', run: shows(showIpBrief) },
  { pattern: 'show cdp neighbors', run: shows(showCdp) },
  { pattern: 'show cdp neighbors detail', run: shows(showCdpDetail) },
  { pattern: 'show lldp neighbors', run: shows(showLldp) },
  { pattern: 'show lldp neighbors detail', run: shows(showLldpDetail) },
  { pattern: 'show ip ospf', run: shows(showOspf) },
  { pattern: 'show ip ospf neighbor', run: shows(showOspfNeighbors) },
  { pattern: 'show ip ospf max-metric', run: shows(showMaxMetric) },
  { pattern: 'show ip bgp summary', run: shows(showBgp) },
  { pattern: 'show ip route summary', run: shows(showRoutes) },
];
