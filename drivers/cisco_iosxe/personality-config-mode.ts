import { addLine, hasSection, removeLine } from './personality-config-tree.js';
import { hasInterface, reconfigured } from './personality-config.js';
import { grammar, parseLine, type Tree } from './personality-grammar.js';
import { fullPort } from './personality-port.js';
import type { Ask, Reply } from './personality-state.js';

/** A configuration command; `opens`: the mode of the section that it opens. */
interface ConfigRule {
  readonly pattern: string;
  readonly opens?: string;
}

const sections: readonly ConfigRule[] = [
  { pattern: 'interface <name...>', opens: 'config-if' },
  { pattern: 'router ospf <id>', opens: 'config-router' },
  { pattern: 'router ospf <id> vrf <name>', opens: 'config-router' },
  { pattern: 'router bgp <id>', opens: 'config-router' },
  { pattern: 'router eigrp <id>', opens: 'config-router' },
  { pattern: 'vlan <id>', opens: 'config-vlan' },
  { pattern: 'line con <first>', opens: 'config-line' },
  { pattern: 'line vty <first>', opens: 'config-line' },
  { pattern: 'line vty <first> <last>', opens: 'config-line' },
  { pattern: 'ip access-list extended <name>', opens: 'config-ext-nacl' },
  { pattern: 'ip access-list standard <name>', opens: 'config-std-nacl' },
  { pattern: 'ipv6 access-list <name>', opens: 'config-ipv6-acl' },
  { pattern: 'mac access-list extended <name>', opens: 'config-ext-macl' },
  { pattern: 'vrf definition <name>', opens: 'config-vrf' },
  { pattern: 'redundancy', opens: 'config-red' },
  { pattern: 'archive', opens: 'config-archive' },
  { pattern: 'class-map <rest...>', opens: 'config-cmap' },
  { pattern: 'policy-map <name>', opens: 'config-pmap' },
  { pattern: 'route-map <rest...>', opens: 'config-route-map' },
  { pattern: 'key chain <name>', opens: 'config-keychain' },
  { pattern: 'aaa group server <type> <name>', opens: 'config-sg' },
  { pattern: 'radius server <name>', opens: 'config-radius-server' },
  { pattern: 'tacacs server <name>', opens: 'config-server-tacacs' },
  { pattern: 'ip sla <id>', opens: 'config-ip-sla' },
];

const rules = (patterns: readonly string[]): readonly ConfigRule[] =>
  patterns.map((pattern) => ({ pattern }));

const globalWords = [
  'aaa access-list alias arp banner boot cdp clock crypto enable errdisable event hostname',
  'ip ipv6 key license lldp logging login mac memory mls monitor ntp port-channel power',
  'qos radius-server service snmp-server spanning-tree stackwise-virtual switch system',
  'tacacs-server track transceiver udld username vtp device-tracking diagnostic',
].flatMap((line) => line.split(' '));

const global = grammar<ConfigRule>([
  ...sections,
  ...rules(globalWords.map((word) => `${word} <rest...>`)),
  ...rules(['ip access-list <rest...>', 'vrf <rest...>', 'boot manual']),
]);

const interfaceWords = [
  'access-session authentication auto bandwidth carrier-delay cdp channel-group delay description',
  'dot1x duplex encapsulation ipv6 keepalive lldp load-interval mac mab mdix mtu',
  'negotiation platform power priority-queue service-policy spanning-tree speed standby',
  'storm-control switchport udld vrf',
].flatMap((line) => line.split(' '));

const interfaceIpWords =
  'access-group address arp bgp dhcp flow helper-address igmp mtu nat ospf pim tcp unnumbered verify'.split(
    ' ',
  );

const routerWords = [
  'area auto-cost bgp capability default-information default-metric distance',
  'distribute-list maximum-paths neighbor network nsf nsr passive-interface redistribute',
  'router-id summary-address template timers synchronization',
].flatMap((line) => line.split(' '));

const withRest = (words: readonly string[]) => words.map((word) => `${word} <rest...>`);

const inSection: Readonly<Record<string, Tree<ConfigRule>>> = {
  'config-if': grammar(
    rules([
      ...withRest(interfaceWords),
      ...withRest(interfaceIpWords.map((word) => `ip ${word}`)),
      'ip proxy-arp',
      'ip redirects',
      'ip unreachables',
      'logging event <rest...>',
      'shutdown',
      'switchport',
    ]),
  ),
  'config-router': grammar([
    ...rules([
      ...withRest(routerWords),
      'max-metric router-lsa',
      'max-metric router-lsa <rest...>',
      'log-adjacency-changes',
      'shutdown',
    ]),
    { pattern: 'address-family <rest...>', opens: 'config-router-af' },
  ]),
  'config-vrf': grammar([
    ...rules(withRest(['rd', 'description', 'route-target'])),
    { pattern: 'address-family <rest...>', opens: 'config-vrf-af' },
  ]),
  'config-archive': grammar([
    ...rules([...withRest(['path', 'maximum', 'time-period', 'rollback']), 'write-memory']),
    { pattern: 'log config', opens: 'config-archive-log-cfg' },
  ]),
  'config-pmap': grammar([
    ...rules(withRest(['description'])),
    { pattern: 'class <rest...>', opens: 'config-pmap-c' },
  ]),
};

/** Sections whose lines are kept as they come. */
const free = grammar<ConfigRule>([{ pattern: '<rest...>' }]);
const none = grammar<ConfigRule>([]);

const pathMark = ' > ';

/** The mode's name and the sections that are open: `config-if interface Vlan1`. */
export function modeOf(mode: string): { readonly name: string; readonly path: readonly string[] } {
  const at = mode.indexOf(' ');
  if (at < 0) return { name: mode, path: [] };
  return { name: mode.slice(0, at), path: mode.slice(at + 1).split(pathMark) };
}

function modeFor(name: string, path: readonly string[]): string {
  return path.length === 0 ? name : `${name} ${path.join(pathMark)}`;
}

/** Modes within a section, by the mode of that section. */
const parents: Readonly<Record<string, string>> = {
  'config-router-af': 'config-router',
  'config-vrf-af': 'config-vrf',
  'config-archive-log-cfg': 'config-archive',
  'config-pmap-c': 'config-pmap',
};

/** `exit`: one level up. */
export function leave(mode: string): string {
  const { name, path } = modeOf(mode);
  if (name === 'config') return 'enable';
  return modeFor(parents[name] ?? 'config', path.slice(0, -1));
}

/** Lines that end a section whose lines are kept as they come. */
const leavesFree = /^(interface|router|vlan|line|hostname|ntp|end|exit)\b/;

/** Whole words that open a section from within another: `router ospf 2` is no short form of `router-id`. */
const leavesAny = /^\s*(?:interface|router)\s/i;

function treeOf(mode: string, line: string): Tree<ConfigRule> {
  if (mode === 'config') return global;
  if (leavesAny.test(line)) return none;
  return inSection[mode] ?? (leavesFree.test(line.trim()) ? none : free);
}

type Understood =
  | {
      readonly kind: 'line';
      readonly text: string;
      readonly path: readonly string[];
      readonly opens: string | undefined;
    }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'invalid'; readonly at: number };

/** Reads a line in the open section first, then in those around it, then as a global one, as the device does. */
function understand(mode: string, line: string, negated: boolean): Understood {
  let { name, path } = modeOf(mode);
  let read = parseLine(treeOf(name, line), line);
  for (let at = mode; read.kind === 'invalid' && name !== 'config';) {
    at = leave(at);
    ({ name, path } = modeOf(at));
    read = parseLine(treeOf(name, line), line);
  }
  if (read.kind === 'ambiguous') return read;
  if (read.kind === 'invalid') return { kind: 'invalid', at: read.at };
  if (read.kind === 'incomplete' && !negated) return { kind: 'incomplete' };
  const opens = read.kind === 'found' ? read.command.opens : undefined;
  return { kind: 'line', text: read.text, path, opens };
}

/** A configuration line that was not understood: how, and where. */
export type ConfigReply =
  | { readonly kind: 'done'; readonly reply: Reply }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'invalid'; readonly at: number };

type OpenLine = Extract<Understood, { kind: 'line' }> & { readonly opens: string };

function openSection(ask: Ask, line: OpenLine, negated: boolean): Reply | undefined {
  const { path, opens } = line;
  let header = line.text;
  if (opens === 'config-if') {
    const name = fullPort(header.replace(/^interface\s+/, ''));
    if (name === undefined || !hasInterface(ask.device, name)) return undefined;
    header = `interface ${name}`;
  }
  const { device, shell, context } = ask;
  const inner = [...path, header];
  const present = hasSection(device.runningConfig, inner);
  const outer = modeFor(path.length === 0 ? 'config' : (parents[opens] ?? 'config'), path);
  const mode = negated ? outer : modeFor(opens, inner);
  if (present !== negated) return { shell: { ...shell, mode } };
  const config = negated
    ? removeLine(device.runningConfig, path, header)
    : addLine(device.runningConfig, path, header);
  return {
    device: reconfigured(device, config, context.nowMs),
    shell: { ...shell, mode },
    mutation: 'config',
  };
}

/** Lines that are in force by their `no` form, and show as such. */
const shownNegated = /^(ip domain lookup|aaa new-model|switchport$|ip http)/;

/** Lines whose `no` form is a setting of its own. */
const setByNo: readonly (readonly [RegExp, string])[] = [
  [/^exec-timeout\b/, 'exec-timeout 0 0'],
  [/^transport input\b/, 'transport input none'],
  [/^transport output\b/, 'transport output none'],
];

function apply(ask: Ask, line: Understood, negated: boolean, isDefault: boolean): Reply {
  if (line.kind !== 'line') return {};
  const { device, context } = ask;
  const { runningConfig } = device;
  const { text, path } = line;
  const isShown = shownNegated.test(text);
  let config = negated
    ? removeLine(runningConfig, path, text)
    : addLine(removeLine(runningConfig, path, `no ${text}`), path, text);
  if (negated && isShown) config = addLine(config, path, `no ${text}`);
  const instead = setByNo.find(([known]) => known.test(text))?.[1];
  if (negated && !isDefault && instead !== undefined) config = addLine(config, path, instead);
  return {
    device: reconfigured(device, config, context.nowMs),
    shell: { ...ask.shell, mode: nameFor(ask.shell.mode, path) },
    mutation: 'config',
  };
}

/** The mode in which a line of `path` leaves the shell: a line of an outer section leads out of the inner one. */
function nameFor(mode: string, path: readonly string[]): string {
  let at = mode;
  while (modeOf(at).path.length > path.length) at = leave(at);
  return at;
}

/** One line in a configuration mode, `no` and `default` forms with it. */
export function configure(ask: Ask, line: string): ConfigReply {
  const negation = /^\s*(?:no|default)\s+(?=\S)/i.exec(line);
  const rest = negation === null ? line : line.slice(negation[0].length);
  if (/^\s*(no|default)\s*$/i.test(line)) return { kind: 'incomplete' };
  const read = understand(ask.shell.mode, rest, negation !== null);
  if (read.kind === 'invalid') {
    return { kind: 'invalid', at: read.at + (negation?.[0].length ?? 0) };
  }
  if (read.kind !== 'line') return read;
  const { opens } = read;
  if (opens === undefined) {
    const isDefault = /^\s*default/i.test(line);
    return { kind: 'done', reply: apply(ask, read, negation !== null, isDefault) };
  }
  const opened = openSection(ask, { ...read, opens }, negation !== null);
  if (opened !== undefined) return { kind: 'done', reply: opened };
  const at = line.search(/\S+\s*$/);
  return { kind: 'invalid', at: Math.max(0, at) };
}
