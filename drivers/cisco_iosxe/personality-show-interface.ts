import type { Command } from './personality-grammar.js';
import {
  addressOf,
  configured,
  lineState,
  portsOf,
  prefixOf,
  showInterfaces,
  virtualPorts,
} from './personality-network.js';
import { fullPort, isVirtual, portIsUp, shortPort } from './personality-port.js';
import type { Ask, Reply } from './personality-state.js';
import { shows } from './personality-state.js';

const invalid: Reply = { lines: ["% Invalid input detected at '^' marker.", ''] };

/** All interfaces that the control plane knows, virtual ones first, as it lists them. */
function allPorts(ask: Ask) {
  return [...virtualPorts(ask), ...portsOf(ask)];
}

function onePort(ask: Ask, show: (ask: Ask, wanted?: string) => readonly string[]): Reply {
  const name = fullPort(ask.args['name'] ?? '');
  const isThere = allPorts(ask).some((port) => port.name === name);
  return name !== undefined && isThere ? { lines: show(ask, name) } : invalid;
}

function processing(ask: Ask, name: string): readonly string[] {
  const helper = configured(ask, name, 'ip helper-address');
  return [
    `  Internet address is ${prefixOf(ask, name) ?? ''}`,
    '  Broadcast address is 255.255.255.255',
    '  Address determined by non-volatile memory',
    '  MTU is 1500 bytes',
    helper === '' ? '  Helper address is not set' : `  Helper address is ${helper}`,
    '  Directed broadcast forwarding is disabled',
    '  Outgoing Common access list is not set ',
    '  Outgoing access list is not set',
    '  Inbound Common access list is not set ',
    '  Inbound  access list is not set',
    '  Proxy ARP is enabled',
    '  Local Proxy ARP is disabled',
    '  Security level is default',
    '  Split horizon is enabled',
    '  ICMP redirects are always sent',
    '  ICMP unreachables are always sent',
    '  ICMP mask replies are never sent',
    '  IP fast switching is enabled',
    '  IP CEF switching is enabled',
  ];
}

function showIp(ask: Ask, wanted?: string): readonly string[] {
  const ports = allPorts(ask).filter(({ name }) => wanted === undefined || name === wanted);
  return ports.flatMap((port) => {
    const [line, protocol] = lineState(port);
    const head = `${port.name} is ${line}, line protocol is ${protocol}`;
    if (addressOf(ask, port.name) !== 'unassigned') return [head, ...processing(ask, port.name)];
    return isVirtual(port.name)
      ? [head, '  Internet protocol processing disabled']
      : [
          head,
          '  Inbound Common access list is not set ',
          '  Outgoing Common access list is not set ',
          '  Inbound  access list is not set',
          '  Outgoing access list is not set',
        ];
  });
}

interface Vlan {
  readonly id: number;
  readonly name: string;
}

function vlansOf({ device }: Ask): readonly Vlan[] {
  const blocks = [...device.runningConfig.matchAll(/^vlan (\d{1,4})$((?:\n .*)*)/gm)];
  const named = blocks.map(([, id = '', body = '']): Vlan => {
    const name = /^ name (.+)$/m.exec(body)?.[1];
    return { id: Number(id), name: name ?? `VLAN${id.padStart(4, '0')}` };
  });
  return [{ id: 1, name: 'default' }, ...named].toSorted((a, b) => a.id - b.id);
}

const reserved: readonly (readonly [id: number, name: string, type: string])[] = [
  [1002, 'fddi-default', 'fddi'],
  [1003, 'token-ring-default', 'tr'],
  [1004, 'fddinet-default', 'fdnet'],
  [1005, 'trnet-default', 'trnet'],
];

const columns = 31;

/** Names in lines as wide as the table's last column. */
function folded(names: readonly string[]): readonly string[] {
  const rows: string[] = [];
  for (const name of names) {
    const last = rows.at(-1);
    const longer = last === undefined ? name : `${last}, ${name}`;
    if (last !== undefined && longer.length <= columns) rows[rows.length - 1] = longer;
    else rows.push(name);
  }
  return rows;
}

/** Ports that are an access port of this VLAN; trunks are in none. */
function accessPorts(ask: Ask, vlan: number): readonly string[] {
  const ports = portsOf(ask).filter((port) => {
    if (!port.name.includes('/') || configured(ask, port.name, 'ip address') !== '') return false;
    if (configured(ask, port.name, 'switchport mode') === 'trunk' && portIsUp(port)) return false;
    return (configured(ask, port.name, 'switchport access vlan') || '1') === String(vlan);
  });
  return ports.map(({ name }) => shortPort(name));
}

function showVlanBrief(ask: Ask): readonly string[] {
  return [
    '',
    'VLAN Name                             Status    Ports',
    '---- -------------------------------- --------- -------------------------------',
    ...vlansOf(ask).flatMap(({ id, name }) => {
      const [first = '', ...rest] = folded(accessPorts(ask, id));
      const head = `${String(id).padEnd(4)} ${name.slice(0, 32).padEnd(32)} active    ${first}`;
      return [head, ...rest.map((row) => `${' '.repeat(48)}${row}`)];
    }),
    ...reserved.map(([id, name]) => `${String(id)} ${name.padEnd(32)} act/unsup `),
  ];
}

function showVlan(ask: Ask): readonly string[] {
  const row = (id: number, type: string): string =>
    `${String(id).padEnd(4)} ${type.padEnd(5)} ${String(100_000 + id)}     1500  -      -      -        -    -        0      0   `;
  return [
    ...showVlanBrief(ask),
    '',
    'VLAN Type  SAID       MTU   Parent RingNo BridgeNo Stp  BrdgMode Trans1 Trans2',
    '---- ----- ---------- ----- ------ ------ -------- ---- -------- ------ ------',
    ...vlansOf(ask).map(({ id }) => row(id, 'enet')),
    ...reserved.map(([id, , type]) => row(id, type)),
    '',
    'Remote SPAN VLANs',
    '------------------------------------------------------------------------------',
    '',
    '',
    'Primary Secondary Type              Ports',
    '------- --------- ----------------- ------------------------------------------',
    '',
  ];
}

const cdp: readonly string[] = [
  'Global CDP information:',
  '        Sending CDP packets every 60 seconds',
  '        Sending a holdtime value of 180 seconds',
  '        Sending CDPv2 advertisements is  enabled',
];

const lldp: readonly string[] = [
  '',
  'Global LLDP Information:',
  '    Status: ACTIVE',
  '    LLDP advertisements are sent every 30 seconds',
  '    LLDP hold time advertised is 120 seconds',
  '    LLDP interface reinitialisation delay is 2 seconds',
];

/** Interfaces one by one, their addresses, and the VLANs. */
export const interfaceCommands: readonly Command[] = [
  { pattern: 'show interfaces <name...>', run: (ask) => onePort(ask, showInterfaces) },
  { pattern: 'show ip interface', run: shows((ask) => showIp(ask)) },
  { pattern: 'show ip interface <name...>', run: (ask) => onePort(ask, showIp) },
  // No interface of the lab has an address of IPv6: the device answers with nothing.
  { pattern: 'show ipv6 interface', run: () => ({}) },
  { pattern: 'show vlan', run: shows(showVlan) },
  { pattern: 'show vlan brief', run: shows(showVlanBrief) },
  { pattern: 'show cdp', run: shows(() => cdp) },
  { pattern: 'show lldp', run: shows(() => lldp) },
];
