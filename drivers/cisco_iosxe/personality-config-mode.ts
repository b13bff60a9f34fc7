import { addLine, hasInterface, reconfigured, removeLine } from './personality-config.js';
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
  { pattern: 'vlan <id>', opens: 'config-vlan' },
  { pattern: 'line con <first>', opens: 'config-line' },
  { pattern: 'line vty <first> <last>', opens: 'config-line' },
  { pattern: 'ip access-list extended <name>', opens: 'config-ext-nacl' },
  { pattern: 'ip access-list standard <name>', opens: 'config-std-nacl' },
  { pattern: 'vrf definition <name>', opens: 'config-vrf' },
  { pattern: 'redundancy', opens: 'config-red' },
  { pattern: 'archive', opens: 'config-archive' },
];

const rules = (patterns: readonly string[]): readonly ConfigRule[] =>
  patterns.map((pattern) => ({ pattern }));

const globalWords = [
  'aaa access-list alias arp banner boot cdp clock crypto enable errdisable event hostname',
  'ip ipv6 key license lldp logging login mac memory mls monitor ntp policy-map port-channel power',
  'qos radius-server route-map service snmp-server spanning-tree stackwise-virtual switch system',
  'tacacs-server track transceiver udld username vtp class-map device-tracking diagnostic',
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
  'address-family area auto-cost bgp capability default-information default-metric distance',
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
  'config-router': grammar(
    rules([
      ...withRest(routerWords),
      'max-metric router-lsa',
      'max-metric router-lsa <rest...>',
      'log-adjacency-changes',
      'shutdown',
    ]),
  ),
};

/** Sections whose lines are kept as they come. */
const free = grammar<ConfigRule>([{ pattern: '<rest...>' }]);
const none = grammar<ConfigRule>([]);

/** The mode's name and the section that is open: `config-if interface Vlan1`. */
export function modeOf(mode: string): { readonly name: string; readonly section?: string } {
  const at = mode.indexOf(' ');
  return at < 0 ? { name: mode } : { name: mode.slice(0, at), section: mode.slice(at + 1) };
}

/** Lines that end a section whose lines are kept as they come. */
const leavesFree = /^(interface|router|vlan|line|hostname|ntp|end|exit)\b/;

/** Whole words that open a section from within another: `router ospf 2` is no short form of `router-id`. */
const leavesAny = /^\s*(?:interface|router)\s/i;

function treeOf(mode: string, line: string): Tree<ConfigRule> {
  if (mode === 'config' || leavesAny.test(line)) return none;
  return inSection[mode] ?? (leavesFree.test(line.trim()) ? none : free);
}

type Understood =
  | {
      readonly kind: 'line';
      readonly text: string;
      readonly section: string | undefined;
      readonly opens: string | undefined;
    }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'invalid'; readonly at: number };

/** Reads a line in the open section first, then as a global one, as the device does. */
function understand(mode: string, line: string, negated: boolean): Understood {
  const { name, section } = modeOf(mode);
  const inner = parseLine(treeOf(name, line), line);
  const isInner = inner.kind !== 'invalid';
  const read = isInner ? inner : parseLine(global, line);
  if (read.kind === 'ambiguous') return read;
  if (read.kind === 'invalid') return { kind: 'invalid', at: read.at };
  if (read.kind === 'incomplete' && !negated) return { kind: 'incomplete' };
  const opens = read.kind === 'found' ? read.command.opens : undefined;
  return {
    kind: 'line',
    text: read.text,
    section: isInner ? section : undefined,
    opens,
  };
}

/** A configuration line that was not understood: how, and where. */
export type ConfigReply =
  | { readonly kind: 'done'; readonly reply: Reply }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'invalid'; readonly at: number };

function openSection(ask: Ask, text: string, opens: string, negated: boolean): Reply | undefined {
  let header = text;
  if (opens === 'config-if') {
    const name = fullPort(text.replace(/^interface\s+/, ''));
    if (name === undefined || !hasInterface(ask.device, name)) return undefined;
    header = `interface ${name}`;
  }
  const { device, shell, context } = ask;
  const present = device.runningConfig.split('\n').includes(header);
  const mode = negated ? 'config' : `${opens} ${header}`;
  if (present !== negated) return { shell: { ...shell, mode } };
  const config = negated
    ? removeLine(device.runningConfig, undefined, header)
    : addLine(device.runningConfig, undefined, header);
  return {
    device: reconfigured(device, config, context.nowMs),
    shell: { ...shell, mode },
    mutation: 'config',
  };
}

/** Lines that are in force by their `no` form, and show as such. */
const shownNegated = /^(ip domain lookup|aaa new-model|switchport$|ip http)/;

function apply(ask: Ask, text: string, section: string | undefined, negated: boolean): Reply {
  const { device, context } = ask;
  const { runningConfig } = device;
  const isShown = shownNegated.test(text);
  let config = negated
    ? removeLine(runningConfig, section, text)
    : addLine(removeLine(runningConfig, section, `no ${text}`), section, text);
  if (negated && isShown) config = addLine(config, section, `no ${text}`);
  const mode = section === undefined ? 'config' : ask.shell.mode;
  return {
    device: reconfigured(device, config, context.nowMs),
    shell: { ...ask.shell, mode },
    mutation: 'config',
  };
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
  if (read.opens === undefined) {
    const reply = apply(ask, read.text, read.section, negation !== null);
    return { kind: 'done', reply };
  }
  const opened = openSection(ask, read.text, read.opens, negation !== null);
  if (opened !== undefined) return { kind: 'done', reply: opened };
  const at = line.search(/\S+\s*$/);
  return { kind: 'invalid', at: Math.max(0, at) };
}

/** `exit`: one level up. */
export function leave(mode: string): string {
  return modeOf(mode).name === 'config' ? 'enable' : 'config';
}
