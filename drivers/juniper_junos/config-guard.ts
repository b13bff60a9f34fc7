import type { GuardScene } from '../../src/driver/config-support.js';
import type { ConfigDelta } from '../../src/config/delta.js';
import type { ConfigNode, ConfigTree } from '../../src/config/tree.js';

/** Ports that carry nothing but management. */
const MANAGEMENT_PORT = /^(?:fxp0|em[01]|me0|vme|re[01]:mgmt-\d|re[01]:fxp0)$/;

/** Statements by which people and programs get in. Groups are looked into as if they were applied. */
const WAYS_IN: readonly (readonly [RegExp, string])[] = [
  [/^system (?:login|root-authentication)\b/, 'who may log in'],
  [/^system authentication-order\b/, 'the order in which logins are checked'],
  [/^system (?:radius|tacplus)-\w+\b|^access\b/, 'the servers that check logins'],
  [/^system services\b/, 'the services by which the device is reached (SSH, NETCONF)'],
  [/^system management-instance\b/, 'the routing instance of the management port'],
  [/^(?:system )?ports\b/, 'the console'],
  [/^snmp\b/, 'SNMP'],
  [/^routing-options (?:rib \S+ )?static\b/, 'static routes'],
  [/^routing-instances mgmt_junos\b/, 'the routing instance of the management port'],
  [
    /^security zones security-zone \S+ (?:interfaces \S+ )?host-inbound-traffic\b/,
    'what may reach the device itself',
  ],
  [/^apply-groups\b/, 'which groups are in force'],
];

/** What carries management where the address that we use is on a port that also forwards. */
const IN_BAND =
  /^(?:protocols (?:ospf3?|isis|bgp|rip|static)\b|routing-options\b|policy-options policy-statement\b)/;

/** Paths below `nodes` to the leaves. */
function* leaves(
  nodes: readonly ConfigNode[],
  path: readonly string[] = [],
): Generator<readonly string[]> {
  for (const node of nodes) {
    const here = [...path, node.text];
    if (node.children.length === 0) yield here;
    else yield* leaves(node.children, here);
  }
}

/** A statement in a group counts as one at the top. */
function outOfGroup(path: readonly string[]): readonly string[] {
  return path[0] === 'groups' ? path.slice(2) : path;
}

/** What is known of the ways in, before and after the change. */
interface Ways {
  /** Interfaces that hold the address that we come by, without unit. */
  readonly ports: ReadonlySet<string>;
  readonly filters: ReadonlySet<string>;
  readonly prefixLists: ReadonlySet<string>;
}

type Paths = readonly (readonly string[])[];

/** Interfaces with the address that we come by. */
function portsOf(paths: Paths, address: string): ReadonlySet<string> {
  const holders = paths.filter(
    ([top, , ...words]) =>
      top === 'interfaces' &&
      words.some((word) => word === address || word.startsWith(`${address}/`)),
  );
  return new Set(holders.map(([, port = '']) => port));
}

/** Filters on those interfaces, on management ports and on the way to the routing engine. */
function filtersOf(paths: Paths, ports: ReadonlySet<string>): ReadonlySet<string> {
  const isOurs = (port: string) => port === 'lo0' || MANAGEMENT_PORT.test(port) || ports.has(port);
  const users = paths.filter(
    ([top, port = '', ...words]) =>
      top === 'interfaces' && isOurs(port) && words.includes('filter'),
  );
  return new Set(users.map((path) => path.at(-1) ?? ''));
}

const filterNameOf = (path: readonly string[]) => path[path.indexOf('filter') + 1] ?? '';

function prefixListsOf(paths: Paths, filters: ReadonlySet<string>): ReadonlySet<string> {
  const inside = paths.filter((path) => path[0] === 'firewall' && filters.has(filterNameOf(path)));
  return new Set(
    inside.flatMap((path) => {
      const at = path.findIndex((word) => word.endsWith('prefix-list'));
      return at < 0 ? [] : [path[at + 1] ?? ''];
    }),
  );
}

function waysOf(trees: readonly ConfigTree[], address: string): Ways {
  const paths = trees.flatMap((tree) => [...leaves(tree.nodes)].map(outOfGroup));
  const ports = portsOf(paths, address);
  const filters = filtersOf(paths, ports);
  return { ports, filters, prefixLists: prefixListsOf(paths, filters) };
}

function portReason(path: readonly string[], ways: Ways): string | undefined {
  const [top, port = ''] = path;
  if (top !== 'interfaces') return undefined;
  if (MANAGEMENT_PORT.test(port)) return `it changes the management port ${port}`;
  if (ways.ports.has(port)) return `it changes ${port}, which holds the address that we come by`;
  return port === 'lo0' && path.includes('filter')
    ? 'it changes the filter that protects the routing engine (lo0)'
    : undefined;
}

function filterReason(path: readonly string[], ways: Ways): string | undefined {
  if (path[0] === 'firewall') {
    const name = filterNameOf(path);
    return ways.filters.has(name)
      ? `it changes filter ${name}, which guards the way in`
      : undefined;
  }
  if (path[0] !== 'policy-options' || path[1] !== 'prefix-list') return undefined;
  const name = path[2] ?? '';
  return ways.prefixLists.has(name)
    ? `it changes prefix-list ${name}, which a filter on the way in uses`
    : undefined;
}

function reasonFor(path: readonly string[], ways: Ways): string | undefined {
  const text = path.join(' ');
  const way = WAYS_IN.find(([expression]) => expression.test(text));
  if (way) return `it changes ${way[1]}`;
  const inBand = [...ways.ports].some((port) => !MANAGEMENT_PORT.test(port));
  return (
    portReason(path, ways) ??
    filterReason(path, ways) ??
    (inBand && IN_BAND.test(text)
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
  const reasons = touched(scene.delta).flatMap((path) => reasonFor(outOfGroup(path), ways) ?? []);
  return [...new Set(reasons)].toSorted();
}
