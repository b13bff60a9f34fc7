import type { GuardScene } from '../../src/driver/config-support.js';
import type { ConfigDelta } from '../../src/config/delta.js';
import type { ConfigNode, ConfigTree } from '../../src/config/tree.js';

/** Sections and statements by which people and programs get in. */
const WAYS_IN: readonly (readonly [RegExp, string])[] = [
  [/^(?:no )?aaa\b/, 'how logins are checked (aaa)'],
  [/^(?:no )?(?:username|role|enable (?:password|secret))\b/, 'who may log in'],
  [
    /^(?:no )?(?:tacacs-server|radius-server|ip (?:tacacs|radius)|tacacs|radius|ldap)\b/,
    'the servers that check logins',
  ],
  [
    /^(?:no )?management (?:ssh|telnet|api|console|accounts?|security|defaults)\b/,
    'the services by which the device is reached',
  ],
  [/^(?:no )?snmp-server\b/, 'SNMP'],
  [/^(?:no )?(?:system )?control-plane\b/, 'what may reach the device itself (control-plane)'],
  [
    /^(?:no )?ip (?:default-gateway|route 0\.0\.0\.0\/0|route 0\.0\.0\.0 0\.0\.0\.0)\b/,
    'the default route',
  ],
  [/^(?:no )?ipv6 route ::\/0/, 'the default route'],
  [/^(?:no )?(?:ip|ipv6) ssh\b/, 'the services by which the device is reached'],
];

/** What carries management where the address that we use is on a port that also forwards, or is on none we can see. */
const IN_BAND =
  /^(?:no )?(?:router (?:bgp|ospf3?|isis|rip|general)|ip routing|ipv6 unicast-routing|(?:ip|ipv6) route|route-map|(?:ip|ipv6) prefix-list)\b/;

const MANAGEMENT_PORT = /^interface Management\d/;
const GUARDED_BY = /^(?:ip|ipv6) access-group (\S+)(?: vrf \S+)?(?: in)?$/;
const SNMP_ACCESS = /^snmp-server (?:ipv4|ipv6) access-list (\S+)/;
const SNMP_COMMUNITY = /^snmp-server community \S+ (?:view \S+ )?(?:ro|rw) (?:ipv6 )?(\S+)/;

/** What is known of the ways in, before and after the change. */
interface Ways {
  /** Interface sections that hold the address that we come by. */
  readonly holders: ReadonlySet<string>;
  readonly vrfs: ReadonlySet<string>;
  readonly lists: ReadonlySet<string>;
  readonly isInBand: boolean;
}

function holds({ text, children }: ConfigNode, address: string): boolean {
  if (!text.startsWith('interface ')) return false;
  return children.some((child) =>
    child.text.split(' ').some((word) => word === address || word.startsWith(`${address}/`)),
  );
}

function vrfOf({ children }: ConfigNode): readonly string[] {
  return children.flatMap(({ text }) => /^vrf (?:forwarding )?(\S+)$/.exec(text)?.[1] ?? []);
}

/** Access lists on the services of management, on its interface, on the control plane and on SNMP. */
function listsIn(node: ConfigNode): readonly string[] {
  const here = [GUARDED_BY, SNMP_ACCESS, SNMP_COMMUNITY].flatMap(
    (each) => each.exec(node.text)?.[1] ?? [],
  );
  return [...here, ...node.children.flatMap(listsIn)];
}

function isWay(node: ConfigNode, holders: ReadonlySet<string>): boolean {
  return (
    holders.has(node.text) ||
    MANAGEMENT_PORT.test(node.text) ||
    /^(?:management|system control-plane|control-plane|snmp-server)\b/.test(node.text)
  );
}

function waysOf(trees: readonly ConfigTree[], address: string): Ways {
  const nodes = trees.flatMap((tree) => tree.nodes);
  const holding = nodes.filter((each) => holds(each, address));
  const holders = new Set(holding.map((each) => each.text));
  const ports = nodes.filter((each) => holders.has(each.text) || MANAGEMENT_PORT.test(each.text));
  return {
    holders,
    vrfs: new Set(ports.flatMap(vrfOf)),
    lists: new Set(nodes.filter((each) => isWay(each, holders)).flatMap(listsIn)),
    isInBand: holders.size === 0 || [...holders].some((each) => !MANAGEMENT_PORT.test(each)),
  };
}

function portReason(section: string, ways: Ways): string | undefined {
  const name = section.replace(/^interface /, '');
  if (MANAGEMENT_PORT.test(section)) return `it changes the management port ${name}`;
  return ways.holders.has(section)
    ? `it changes ${name}, which holds the address that we come by`
    : undefined;
}

function vrfReason(section: string, ways: Ways): string | undefined {
  const named =
    /^(?:no )?(?:vrf instance|ip routing vrf|ipv6 unicast-routing vrf|(?:ip|ipv6) route vrf) (\S+)/.exec(
      section,
    )?.[1];
  return named !== undefined && ways.vrfs.has(named)
    ? `it changes VRF ${named}, by which the device is managed`
    : undefined;
}

function listReason(section: string, ways: Ways): string | undefined {
  const name = /^(?:ip|ipv6) access-list (?:standard )?(\S+)$/.exec(section)?.[1];
  return name !== undefined && ways.lists.has(name)
    ? `it changes access list ${name}, which guards the way in`
    : undefined;
}

function reasonFor(path: readonly string[], ways: Ways): string | undefined {
  const [section = ''] = path;
  const way = WAYS_IN.find(([expression]) => expression.test(section));
  if (way) return `it changes ${way[1]}`;
  return (
    portReason(section, ways) ??
    vrfReason(section, ways) ??
    listReason(section, ways) ??
    (ways.isInBand && IN_BAND.test(section)
      ? 'it changes the routing, and the address that we come by is not on a management port'
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
