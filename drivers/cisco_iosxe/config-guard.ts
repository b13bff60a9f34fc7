import type { ConfigDelta } from '../../src/config/delta.js';
import type { ConfigNode, ConfigTree } from '../../src/config/tree.js';
import type { GuardScene } from '../../src/driver/config-support.js';

/** Statements and sections by which people and programs get in. */
const WAYS_IN: readonly (readonly [RegExp, string])[] = [
  [/^(?:no )?(?:aaa|login|privilege|parser view)\b/, 'how logins are checked'],
  [/^(?:no )?(?:username|enable (?:password|secret|algorithm-type))\b/, 'who may log in'],
  [
    /^(?:no )?(?:(?:tacacs|radius)(?:-server| server)?|ip (?:tacacs|radius)|ldap) /,
    'the servers that check logins',
  ],
  [
    /^(?:no )?(?:ip ssh|ip scp|ip domain[- ]name|crypto (?:key|pki)|netconf|restconf|ip http)\b/,
    'the services by which the device is reached',
  ],
  [/^(?:no )?line /, 'the lines that logins come in on'],
  [/^(?:no )?snmp-server\b/, 'SNMP'],
  [/^(?:no )?(?:control-plane|service-policy input)\b/, 'what may reach the device itself'],
  [
    /^(?:no )?ip (?:default-gateway|route (?:vrf \S+ )?0\.0\.0\.0 0\.0\.0\.0)\b/,
    'the default route',
  ],
  [/^(?:no )?ipv6 route (?:vrf \S+ )?::\/0/, 'the default route'],
];

/** What carries management where its address is on a port that also forwards, or is on none that we can see. */
const IN_BAND =
  /^(?:no )?(?:router |ip routing|ipv6 unicast-routing|ip(?:v6)? route |route-map |ip(?:v6)? prefix-list |spanning-tree |vtp )/;

const MANAGEMENT_PORT = /^interface GigabitEthernet0(?:\/0)?$/;
const ACCESS = [
  /^(?:ip access-group|access-class|ipv6 access-class|ipv6 traffic-filter) (\S+) in/,
  /^snmp-server community \S+ (?:view \S+ )?(?:ro|rw) (?:ipv6 \S+ )?(\S+)$/i,
  /^snmp-server group \S+ .*\baccess (\S+)/,
];

/** What is known of the ways in, before and after the change. */
interface Ways {
  /** Interface sections that hold the address that we come by. */
  readonly holders: ReadonlySet<string>;
  readonly vrfs: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  /** The VLAN of a holder that is one's interface. */
  readonly vlans: ReadonlySet<string>;
  readonly isInBand: boolean;
}

function holds({ text, children }: ConfigNode, address: string): boolean {
  if (!text.startsWith('interface ')) return false;
  return children.some((child) =>
    child.text
      .toLowerCase()
      .split(' ')
      .some((word) => word === address || word.startsWith(`${address}/`)),
  );
}

function vrfOf({ children }: ConfigNode): readonly string[] {
  return children.flatMap(({ text }) => /^(?:ip )?vrf forwarding (\S+)$/.exec(text)?.[1] ?? []);
}

/** Access lists on lines, on SNMP, on the management port and where our address is. */
function listsIn(node: ConfigNode): readonly string[] {
  const here = ACCESS.flatMap((each) => each.exec(node.text)?.[1] ?? []);
  return [...here, ...node.children.flatMap(listsIn)];
}

function isWay(node: ConfigNode, holders: ReadonlySet<string>): boolean {
  return (
    holders.has(node.text) ||
    MANAGEMENT_PORT.test(node.text) ||
    /^(?:line |snmp-server |control-plane)/.test(node.text)
  );
}

function waysOf(trees: readonly ConfigTree[], address: string): Ways {
  const nodes = trees.flatMap((tree) => tree.nodes);
  const holding = nodes.filter((each) => holds(each, address.toLowerCase()));
  const holders = new Set(holding.map((each) => each.text));
  const ports = nodes.filter((each) => holders.has(each.text) || MANAGEMENT_PORT.test(each.text));
  return {
    holders,
    vrfs: new Set(ports.flatMap(vrfOf)),
    lists: new Set(nodes.filter((each) => isWay(each, holders)).flatMap(listsIn)),
    vlans: new Set([...holders].flatMap((each) => /^interface Vlan(\d+)$/.exec(each)?.[1] ?? [])),
    isInBand: holders.size === 0 || [...holders].some((each) => !MANAGEMENT_PORT.test(each)),
  };
}

function portReason(path: readonly string[], ways: Ways): string | undefined {
  const section = (path[0] ?? '').replace(/^no /, '');
  if (MANAGEMENT_PORT.test(section)) return 'it changes the management port';
  if (ways.holders.has(section)) {
    return `it changes ${section.replace(/^interface /, '')}, which holds the address that we come by`;
  }
  const vlan = /^vlan (\d+)$/.exec(section)?.[1];
  if (vlan !== undefined && ways.vlans.has(vlan)) {
    return `it changes VLAN ${vlan}, in which the address is that we come by`;
  }
  const isTrunk = /^(?:no )?switchport (?:trunk|mode)\b/.test(path[1] ?? '');
  return isTrunk && ways.vlans.size > 0
    ? `it changes the VLANs of ${section.replace(/^interface /, '')}, and we come by a VLAN`
    : undefined;
}

function nameReason(section: string, ways: Ways): string | undefined {
  const vrf = /^(?:no )?(?:vrf definition|ip vrf|ip(?:v6)? route vrf) (\S+)/.exec(section)?.[1];
  if (vrf !== undefined && ways.vrfs.has(vrf)) {
    return `it changes VRF ${vrf}, by which the device is managed`;
  }
  const list = /^(?:no )?(?:ip(?:v6)? access-list (?:standard |extended )?|access-list )(\S+)/.exec(
    section,
  )?.[1];
  return list !== undefined && ways.lists.has(list)
    ? `it changes access list ${list}, which guards the way in`
    : undefined;
}

function reasonFor(path: readonly string[], ways: Ways): string | undefined {
  const [section = ''] = path;
  const way = WAYS_IN.find(([expression]) => expression.test(section));
  if (way) return `it changes ${way[1]}`;
  return (
    portReason(path, ways) ??
    nameReason(section, ways) ??
    (ways.isInBand && IN_BAND.test(section)
      ? 'it changes the routing or switching, and the address that we come by is not on a management port'
      : undefined)
  );
}

function touched(delta: ConfigDelta): readonly (readonly string[])[] {
  return [...delta.added, ...delta.removed, ...delta.ordered.map((each) => each.path)];
}

/** The ways in that the change touches, each once. Pure. */
export function guard(scene: GuardScene): readonly string[] {
  const ways = waysOf([scene.before, scene.after], scene.managementAddress);
  const reasons = touched(scene.delta).flatMap((path) => reasonFor(path, ways) ?? []);
  return [...new Set(reasons)].toSorted();
}
