import type { ConfigDelta } from '../../src/config/delta.js';
import type { ConfigNode, ConfigPath, ConfigTree } from '../../src/config/tree.js';
import type { GuardScene } from '../../src/driver/config-support.js';

/** Tables that decide who comes in and how, with their names for people. */
const WAYS_IN: readonly (readonly [expression: RegExp, name: string])[] = [
  [/^config system (?:admin|accprofile|password-policy|sso-admin)\b/, 'the administrators'],
  [/^config system snmp\b/, 'SNMP'],
  [
    /^config user (?:radius|tacacs\+|ldap|group|peer|peergrp|saml|local)\b/,
    'the servers and groups that administrators log in by',
  ],
  [/^config system ha\b/, 'the cluster'],
  [/^config firewall local-in-policy6?\b/, 'the policies for traffic to the unit itself'],
  [/^config system (?:settings|vdom|vdom-property|vdom-exception)\b/, 'the virtual domain'],
  [/^config system (?:virtual-switch|switch-interface|zone|lldp)\b/, 'the grouping of ports'],
  [
    /^config system (?:auto-script|automation-[a-z]{1,20})\b/,
    'commands that the unit runs by itself',
  ],
];

const GLOBAL_KEY =
  /^(?:un)?set (?:admin-|ssh-|strong-crypto|cli-|remoteauthtimeout|login-|lockdown|post-login|pre-login|vdom-mode|management-|gui-rest|rest-api)/;
const ROUTING =
  /^config (?:router (?:static6?|policy6?|ospf6?|bgp|rip|ripng|isis|route-map|prefix-list6?|access-list6?)|system (?:sdwan|virtual-wan-link|link-monitor))\b/;

const keyOf = (text: string) => text.split(' ')[1] ?? '';
const unquoted = (text: string) => text.replaceAll('"', '');

function section(tree: ConfigTree, name: string): readonly ConfigNode[] {
  return tree.nodes.filter((each) => each.text === name).flatMap((each) => each.children);
}

/** Values of `set KEY value...` of an entry. */
function valuesOf(node: ConfigNode, key: string): readonly string[] {
  const found = node.children.find((each) => each.text.startsWith(`set ${key} `));
  return found ? unquoted(found.text).split(' ').slice(2) : [];
}

interface Ways {
  /** `edit "internal1"` of the ports that hold the address we come by; empty: none does. */
  readonly ports: ReadonlySet<string>;
  /** Is it on a port that is kept apart for management? */
  readonly isApart: boolean;
  /** Addresses and services that local-in policies name. */
  readonly names: ReadonlySet<string>;
}

function holds(node: ConfigNode, address: string): boolean {
  const own = [...valuesOf(node, 'ip'), ...valuesOf(node, 'management-ip')];
  if (own.includes(address)) return true;
  return node.children.some((each) => each.children.length > 0 && holds(each, address));
}

function waysOf(scene: GuardScene): Ways {
  const trees = [scene.before, scene.after];
  const ports = trees
    .flatMap((tree) => section(tree, 'config system interface'))
    .filter((each) => holds(each, scene.managementAddress));
  const policies = trees.flatMap((tree) => [
    ...section(tree, 'config firewall local-in-policy'),
    ...section(tree, 'config firewall local-in-policy6'),
  ]);
  const named = policies.flatMap((each) =>
    ['srcaddr', 'dstaddr', 'service'].flatMap((key) => valuesOf(each, key)),
  );
  return {
    ports: new Set(ports.map((each) => each.text)),
    isApart: ports.some((each) => valuesOf(each, 'dedicated-to').includes('management')),
    names: new Set(named.filter((each) => each !== 'all' && each !== 'ALL')),
  };
}

function portReason(path: ConfigPath, ways: Ways): string | undefined {
  if (path[0] !== 'config system interface') return undefined;
  const [, entry = ''] = path;
  const name = unquoted(entry.replace(/^edit /, ''));
  if (ways.ports.size === 0)
    return `it changes the port ${name}, and no port is known to hold the address that we come by`;
  if (!ways.ports.has(entry)) return undefined;
  return keyOf(path[2] ?? '') === 'description' || keyOf(path[2] ?? '') === 'alias'
    ? undefined
    : `it changes ${name}, which holds the address that we come by`;
}

function nameReason(path: ConfigPath, ways: Ways): string | undefined {
  if (!/^config firewall (?:address6?|addrgrp6?|service custom|service group)$/.test(path[0] ?? ''))
    return undefined;
  const name = unquoted((path[1] ?? '').replace(/^edit /, ''));
  return ways.names.has(name)
    ? `it changes ${name}, which a policy for traffic to the unit itself uses`
    : undefined;
}

function reasonFor(path: ConfigPath, ways: Ways): string | undefined {
  const head = path[0] ?? '';
  const way = WAYS_IN.find(([expression]) => expression.test(head));
  if (way) return `it changes ${way[1]}`;
  if (head === 'config system global' && (path.length === 1 || GLOBAL_KEY.test(path[1] ?? '')))
    return 'it changes how administrators come in (`config system global`)';
  if (ROUTING.test(head) && !ways.isApart)
    return 'it changes the routing, and the address that we come by is not on a port for management alone';
  return portReason(path, ways) ?? nameReason(path, ways);
}

function touched(delta: ConfigDelta): readonly ConfigPath[] {
  return [...delta.added, ...delta.removed, ...delta.ordered.map((each) => each.path)];
}

/** The ways in that the change touches, each once. Pure. */
export function guard(scene: GuardScene): readonly string[] {
  const ways = waysOf(scene);
  return [
    ...new Set(touched(scene.delta).flatMap((path) => reasonFor(path, ways) ?? [])),
  ].toSorted();
}
