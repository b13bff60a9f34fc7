import type { SimDevice, SimPort, SimSeed } from '../../src/driver/personality.js';
import { modelNamed } from './personality-models.js';
import { primaryUnit, runningPartition, type Unit } from './personality-state.js';
import { digest, numberOf, releaseOf, plainVersion } from './personality-text.js';
import {
  childOf,
  configOf,
  entriesOf,
  mergeTree,
  parseTree,
  quoted,
  renderTree,
  type Tree,
  valueOf,
} from './personality-tree.js';

const PRIVATE_AS_FIRST = 64_512;
const PRIVATE_AS_COUNT = 1022;

const SERVICES = [
  ['ALL', 'set protocol IP'],
  ['ALL_TCP', 'set tcp-portrange 1-65535'],
  ['ALL_UDP', 'set udp-portrange 1-65535'],
  ['ALL_ICMP', 'set protocol ICMP'],
  ['DNS', 'set tcp-portrange 53\nset udp-portrange 53'],
  ['FTP', 'set tcp-portrange 21'],
  ['HTTP', 'set tcp-portrange 80'],
  ['HTTPS', 'set tcp-portrange 443'],
  ['LDAP', 'set tcp-portrange 389'],
  ['NTP', 'set tcp-portrange 123\nset udp-portrange 123'],
  ['PING', 'set protocol ICMP\nset icmptype 8'],
  ['RADIUS', 'set udp-portrange 1812-1813'],
  ['SMTP', 'set tcp-portrange 25'],
  ['SNMP', 'set tcp-portrange 161-162\nset udp-portrange 161-162'],
  ['SSH', 'set tcp-portrange 22'],
  ['SYSLOG', 'set udp-portrange 514'],
  ['TFTP', 'set udp-portrange 69'],
] as const;

/** What every FortiGate comes with. */
function builtIn(): string {
  return [
    'config system accprofile',
    'edit "prof_admin"\nset secfabgrp read-write\nset netgrp read-write\nset sysgrp read-write\nnext\nend',
    'config firewall address\nedit "all"\nnext\nedit "none"\nset subnet 0.0.0.0 255.255.255.255\nnext\nend',
    'config firewall service custom',
    ...SERVICES.map(([name, lines]) => `edit ${quoted(name)}\n${lines}\nnext`),
    'end',
    'config firewall schedule recurring\nedit "always"\nset day sunday monday tuesday wednesday thursday friday saturday\nnext\nend',
  ].join('\n');
}

function adminLines(name: string, password: string): readonly string[] {
  const hash = Buffer.from(digest('sha256', `${name}/${password}`), 'hex').toString('base64');
  return [
    'config system admin',
    `edit ${quoted(name)}`,
    'set accprofile "super_admin"',
    'set vdom "root"',
    `set password ENC SH2${hash}`,
    'next\nend',
  ];
}

function portLines(ports: readonly SimPort[]): readonly string[] {
  return ports.flatMap((port, index) => [
    `edit ${quoted(port.name)}`,
    'set vdom "root"',
    ...(port.description === '' ? [] : [`set description ${quoted(port.description)}`]),
    'set allowaccess ping',
    ...(port.admin === 'down' ? ['set status down'] : []),
    'set type physical',
    `set snmp-index ${index + 3}`,
    'next',
  ]);
}

function interfaceLines(seed: SimSeed): readonly string[] {
  const { management, heartbeats } = modelNamed(seed.model);
  const hearts = seed.serials.length > 1 ? heartbeats : [];
  return [
    'config system interface',
    `edit ${quoted(management)}`,
    'set vdom "root"',
    `set ip ${seed.address} 255.255.255.0`,
    'set allowaccess ping https ssh snmp',
    'set type physical',
    'set role lan',
    'set snmp-index 1',
    'next',
    ...portLines(seed.ports.filter(({ name }) => name !== management)),
    ...hearts.map((name) => `edit ${quoted(name)}\nset vdom "root"\nset type physical\nnext`),
    'end',
  ];
}

function haLines(seed: SimSeed): readonly string[] {
  if (seed.serials.length < 2) return [];
  const [first, second] = modelNamed(seed.model).heartbeats;
  return [
    'config system ha',
    `set group-id ${numberOf(seed.id, 200) + 1}`,
    `set group-name ${quoted(`${seed.hostname}-ha`)}`,
    'set mode a-p',
    `set password ENC ${Buffer.from(digest('sha256', `ha ${seed.id}`), 'hex').toString('base64')}`,
    `set hbdev ${quoted(first)} 50 ${quoted(second)} 50`,
    'set session-pickup enable',
    'set override disable',
    'set priority 200',
    'end',
  ];
}

function ospfLines(seed: SimSeed): readonly string[] {
  const peers = seed.peers.filter(({ protocol }) => protocol === 'ospf');
  if (peers.length === 0) return [];
  return [
    'config router ospf',
    `set router-id ${seed.address}`,
    'config area\nedit 0.0.0.0\nnext\nend',
    'config network',
    ...peers.flatMap(({ address }, index) => [
      `edit ${index + 1}`,
      `set prefix ${address.replace(/\d+$/, '0')} 255.255.255.0`,
      'next',
    ]),
    'end\nend',
  ];
}

/** The AS of a device that does not state one. */
export function madeUpAs(id: string): string {
  return String(PRIVATE_AS_FIRST + numberOf(id, PRIVATE_AS_COUNT));
}

function bgpLines(seed: SimSeed): readonly string[] {
  const peers = seed.peers.filter(({ protocol }) => protocol === 'bgp');
  if (peers.length === 0) return [];
  const as = madeUpAs(seed.id);
  return [
    'config router bgp',
    `set as ${as}`,
    `set router-id ${seed.address}`,
    'config neighbor',
    ...peers.flatMap(({ address, remoteAs, system }) => [
      `edit ${quoted(address)}`,
      `set remote-as ${remoteAs ?? as}`,
      `set description ${quoted(system)}`,
      'next',
    ]),
    'end\nend',
  ];
}

/**
 * The configuration of a device with virtual domains, as if it had none: what is global and what is the first domain's, side
 * by side. The lab plays one domain.
 */
function unscoped(tree: Tree): Tree {
  return tree.flatMap((node): Tree => {
    if (node.name === 'global') return node.children;
    return node.name === 'vdom' ? (entriesOf(node)[0]?.children ?? []) : [node];
  });
}

/** The configuration that a fresh simulated FortiGate runs. */
export function firstConfig(seed: SimSeed): string {
  const lines = [
    'config system global',
    `set alias ${quoted(seed.model)}`,
    `set hostname ${quoted(seed.hostname)}`,
    'set timezone 26',
    'end',
    builtIn(),
    ...interfaceLines(seed),
    ...adminLines(seed.login.username, seed.login.password),
    ...haLines(seed),
    'config system dns\nset primary 96.45.45.45\nset secondary 96.45.46.46\nend',
    'config system ntp\nset ntpsync enable\nend',
    `config router static\nedit 1\nset gateway ${seed.address.replace(/\d+$/, '254')}\nset device ${quoted(modelNamed(seed.model).management)}\nnext\nend`,
    ...ospfLines(seed),
    ...bgpLines(seed),
  ];
  const given = unscoped(parseTree(seed.extraConfig));
  return renderTree(mergeTree(parseTree(lines.join('\n')), given));
}

/** What a unit without a configuration comes up with. */
export function factoryConfig(model: string): string {
  const { management } = modelNamed(model);
  const lines = [
    `config system global\nset alias ${quoted(model)}\nset hostname ${quoted(model)}\nend`,
    builtIn(),
    `config system interface\nedit ${quoted(management)}\nset vdom "root"\nset ip 192.168.1.99 255.255.255.0\nset allowaccess ping https ssh\nset type physical\nnext\nend`,
    ...adminLines('admin', ''),
  ];
  return renderTree(parseTree(lines.join('\n')));
}

/** The comment lines on top of a whole configuration. */
export function headerLines(device: SimDevice): readonly string[] {
  const { version, build, date } = releaseOf(versionNow(device));
  const { code } = modelNamed(device.model);
  const file = Number.parseInt(digest('sha256', device.runningConfig).slice(0, 12), 16);
  return [
    `#config-version=${code}-${version}-FW-build${build}-${date}:opmode=0:vdom=0:user=${device.login.username}`,
    `#conf_file_ver=${file}`,
    `#buildno=${build}`,
    '#global_vdom=1',
  ];
}

export function versionNow(device: SimDevice): string {
  return plainVersion(runningPartition(primaryUnit(device)).version);
}

export function treeOf(device: SimDevice): Tree {
  return parseTree(device.runningConfig);
}

export function globalValue(device: SimDevice, name: string): string | undefined {
  return valueOf(configOf(treeOf(device), 'system global'), name);
}

/** The name in the configuration, whatever a prompt shows. */
export function hostnameIn(device: SimDevice): string {
  return globalValue(device, 'hostname') ?? device.model;
}

/** The name that a unit answers by. */
export function nameOf(device: SimDevice, unit: Unit): string {
  return unit.id === primaryUnit(device).id ? device.hostname : unit.hostname;
}

export function isMultiVdom(device: SimDevice): boolean {
  return globalValue(device, 'vdom-mode') === 'multi-vdom';
}

function followPort(port: SimPort, tree: Tree): SimPort {
  const table = configOf(tree, 'system interface');
  const entry = table && childOf(table, 'edit', port.name);
  const admin = entry !== undefined && valueOf(entry, 'status') !== 'down' ? 'up' : 'down';
  const description = valueOf(entry, 'description') ?? valueOf(entry, 'alias') ?? '';
  if (port.admin === admin && port.description === description) return port;
  return { ...port, admin, description };
}

/** Name and ports as the running configuration has them. */
export function followConfig(device: SimDevice): SimDevice {
  const tree = treeOf(device);
  return {
    ...device,
    hostname: valueOf(configOf(tree, 'system global'), 'hostname') ?? device.model,
    ports: device.ports.map((port) => followPort(port, tree)),
  };
}

export function isUnsaved(device: SimDevice): boolean {
  return device.runningConfig !== device.startupConfig;
}

/** Does `more` page the output of a shell? */
export function pages(device: SimDevice): boolean {
  return valueOf(configOf(treeOf(device), 'system console'), 'output') !== 'standard';
}

/** Checksums as `diagnose sys ha checksum` shows them; a unit that is not in sync has others. */
export function checksums(device: SimDevice, salt: string): readonly string[] {
  const shown = (name: string) =>
    (digest('md5', `${name}${salt}${device.runningConfig}`).match(/../g) ?? []).join(' ');
  return ['global', 'root', 'all'].map((name) => `${name}: ${shown(name)} `);
}
