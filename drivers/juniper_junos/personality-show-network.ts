import type { SimDevice, SimPeer, SimPort } from '../../src/driver/personality.js';
import { committedTree } from './personality-candidate.js';
import { activeAt, type ConfigNode, valueAt } from './personality-config.js';
import { modelOf } from './personality-models.js';
import { stable } from './personality-state.js';
import { agoOf } from './personality-time.js';

const HEAD = 'Interface               Admin Link Proto    Local                 Remote';

interface Unit {
  readonly name: string;
  readonly families: readonly (readonly [family: string, address: string])[];
}

function familiesOf(unit: ConfigNode): Unit['families'] {
  return unit.children
    .filter(({ words, inactive }) => words[0] === 'family' && !inactive)
    .flatMap(({ words, children }) => {
      const family = words[1] === 'ethernet-switching' ? 'eth-switch' : (words[1] ?? '');
      const addresses = children.filter((child) => child.words[0] === 'address' && !child.inactive);
      if (addresses.length === 0) return [[family, ''] as const];
      return addresses.map(
        (address, at) => [at === 0 ? family : '', address.words[1] ?? ''] as const,
      );
    });
}

function unitsOf(device: SimDevice, port: string): readonly Unit[] {
  const node = activeAt(committedTree(device), ['interfaces', port]);
  const units = (node?.children ?? []).filter(
    ({ words, inactive }) => words[0] === 'unit' && !inactive,
  );
  return units.map((unit) => ({
    name: `${port}.${unit.words[1] ?? '0'}`,
    families: familiesOf(unit),
  }));
}

interface Line {
  readonly name: string;
  readonly admin: string;
  readonly link: string;
}

function portLines(device: SimDevice, port: Line): readonly string[] {
  const row = (name: string, proto: string, local: string) => {
    const state = `${name.padEnd(23)} ${port.admin.padEnd(5)} ${port.link.padEnd(4)}`;
    return `${state} ${proto.padEnd(8)} ${local}`.trimEnd();
  };
  const more = (proto: string, local: string) =>
    `${' '.repeat(35)}${proto.padEnd(8)} ${local}`.trimEnd();
  return [
    row(port.name, '', ''),
    ...unitsOf(device, port.name).flatMap(({ name, families }) => {
      const [first, ...rest] = families;
      const isLoop = name.startsWith('lo0');
      const shown = (address: string) =>
        isLoop && address.endsWith('/32') ? `${address.slice(0, -3).padEnd(19)} --> 0/0` : address;
      return [
        row(name, first?.[0] ?? '', shown(first?.[1] ?? '')),
        ...rest.map(([family, address]) => more(family, shown(address))),
      ];
    }),
  ];
}

/** Ports of the lab, then those that every device has or its configuration names. */
function allPorts(device: SimDevice): readonly Line[] {
  const own = device.ports.map(({ name, admin, oper }): Line => ({
    name,
    admin,
    link: admin === 'up' ? oper : 'down',
  }));
  const known = new Set(own.map(({ name }) => name));
  const configured = activeAt(committedTree(device), ['interfaces'])?.children ?? [];
  const names = [
    ...configured.map(({ words }) => words[0] ?? ''),
    modelOf(device).managementPort,
    'lo0',
  ];
  const others = [...new Set(names)].filter(
    (name) => !known.has(name) && name !== 'interface-range',
  );
  const isVirtual = (name: string) => /^(?:lo|irb|fxp|em|me|vme|ae)\d*$/.test(name);
  const more = others.map((name): Line => ({
    name,
    admin: 'up',
    link: isVirtual(name) ? 'up' : 'down',
  }));
  return [...own, ...more];
}

/** `show interfaces terse [NAME]`. */
export function interfaceLines(device: SimDevice, only?: string): readonly string[] {
  const ports = allPorts(device).filter(({ name }) => only === undefined || name === only);
  if (ports.length === 0) return [`error: device ${only ?? ''} not found`];
  return [HEAD, ...ports.flatMap((port) => portLines(device, port))];
}

function chassisId(system: string): string {
  const hex = stable(system, 0xffffff).toString(16).padStart(6, '0');
  return `2c:6b:f5:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4)}`;
}

/** `show lldp neighbors`. */
export function lldpLines(device: SimDevice): readonly string[] {
  const rows = device.ports.flatMap(({ name, remote }: SimPort) => {
    if (!remote) return [];
    const front = `${name.padEnd(18)} ${'-'.padEnd(19)} ${chassisId(remote.system).padEnd(19)}`;
    return [`${front} ${remote.port.padEnd(18)} ${remote.system}`];
  });
  return [
    'Local Interface    Parent Interface    Chassis Id          Port info          System Name',
    ...rows,
  ];
}

function peersOf(device: SimDevice, protocol: SimPeer['protocol']): readonly SimPeer[] {
  return device.peers.filter((peer) => peer.protocol === protocol);
}

const isConfigured = (device: SimDevice, protocol: string) =>
  activeAt(committedTree(device), ['protocols', protocol]) !== undefined;

/** `show ospf neighbor`. */
export function ospfLines(device: SimDevice): readonly string[] {
  if (!isConfigured(device, 'ospf')) return ['OSPF instance is not running'];
  const rows = peersOf(device, 'ospf')
    .filter(({ up, stuck }) => up || stuck)
    .map((peer) => {
      const state = peer.up ? 'Full' : 'ExStart';
      const port = `${peer.port}.0`;
      return `${peer.address.padEnd(16)} ${port.padEnd(22)} ${state.padEnd(15)} ${peer.routerId.padEnd(15)}  128    ${30 + stable(peer.address, 9)}`;
    });
  return [
    'Address          Interface              State           ID               Pri  Dead',
    ...rows,
  ];
}

/** `show isis adjacency`. */
export function isisLines(device: SimDevice): readonly string[] {
  if (!isConfigured(device, 'isis')) return ['IS-IS instance is not running'];
  return ['Interface             System         L State         Hold (secs) SNPA'];
}

/** `show bgp summary`. */
export function bgpLines(device: SimDevice, nowMs: number): readonly string[] {
  if (!isConfigured(device, 'bgp')) return ['BGP is not running'];
  const peers = peersOf(device, 'bgp');
  const count = peers.reduce((sum, { prefixes }) => sum + prefixes, 0);
  const down = peers.filter(({ up }) => !up).length;
  const rows = peers.flatMap((peer) => {
    const as = String(peer.remoteAs ?? ownAs(device) ?? 0);
    const age = agoOf(nowMs - peer.sinceMs);
    const messages = peer.up ? Math.floor((nowMs - peer.sinceMs) / 27_000) : 0;
    const front = `${peer.address.padEnd(21)} ${as.padStart(10)} ${String(messages).padStart(10)} ${String(messages + 3).padStart(10)}`;
    const line = `${front}       0       ${peer.up ? 0 : 1} ${age.padStart(11)} ${peer.up ? 'Establ' : 'Active'}`;
    return peer.up
      ? [line, `  inet.0: ${peer.prefixes}/${peer.prefixes}/${peer.prefixes}/0`]
      : [line];
  });
  return [
    'Threading mode: BGP I/O',
    'Default eBGP mode: advertise - accept, receive - accept',
    `Groups: 1 Peers: ${peers.length} Down peers: ${down}`,
    'Table          Tot Paths  Act Paths Suppressed    History Damp State    Pending',
    'inet.0               ',
    `${String(count).padStart(24)} ${String(count).padStart(10)}          0          0          0          0`,
    'Peer                     AS      InPkt     OutPkt    OutQ   Flaps Last Up/Dwn State|#Active/Received/Accepted/Damped...',
    ...rows,
  ];
}

function ownAs(device: SimDevice): string | undefined {
  return valueAt(committedTree(device), ['routing-options', 'autonomous-system']);
}

/** `show route summary`. */
export function routeLines(device: SimDevice): readonly string[] {
  const as = ownAs(device);
  const id = valueAt(committedTree(device), ['routing-options', 'router-id']) ?? device.address;
  const direct = device.ports.filter(({ oper }) => oper === 'up').length + 2;
  const ospf = peersOf(device, 'ospf')
    .filter(({ up }) => up)
    .reduce((sum, { prefixes }) => sum + prefixes, 0);
  const bgp = peersOf(device, 'bgp').reduce((sum, { prefixes }) => sum + prefixes, 0);
  const total = direct * 2 + ospf + bgp;
  const row = (name: string, count: number) =>
    `${name.padStart(20)}: ${String(count).padStart(6)} routes, ${String(count).padStart(6)} active`;
  return [
    ...(as === undefined ? [] : [`Autonomous system number: ${as}`]),
    `Router ID: ${id}`,
    '',
    `inet.0: ${total} destinations, ${total} routes (${total} active, 0 holddown, 0 hidden)`,
    row('Direct', direct),
    row('Local', direct),
    ...(ospf > 0 ? [row('OSPF', ospf)] : []),
    ...(bgp > 0 ? [row('BGP', bgp)] : []),
    '',
  ];
}

/** `show ospf overview`, as far as an overload shows there. */
export function ospfOverviewLines(device: SimDevice): readonly string[] {
  if (!isConfigured(device, 'ospf')) return ['OSPF instance is not running'];
  const id = valueAt(committedTree(device), ['routing-options', 'router-id']) ?? device.address;
  const overload = activeAt(committedTree(device), ['protocols', 'ospf', 'overload']);
  return [
    'Instance: master',
    `  Router ID: ${id}`,
    '  Route table index: 0',
    ...(overload ? ['  Configured overload'] : []),
    '  LSA refresh time: 50 minutes',
    '  Area: 0.0.0.0',
    '    Stub type: Not Stub',
    '    Authentication Type: None',
    `    Neighbors`,
    `      Up (in full state): ${peersOf(device, 'ospf').filter(({ up }) => up).length}`,
  ];
}
