import type { SimAnswer, SimDevice, SimEffect, SimPort } from '../../src/driver/personality.js';
import { isAccessList, spellEntry } from './personality-access-list.js';
import {
  applyLine,
  type ConfigTree,
  findSection,
  hasLine,
  isLazy,
  opensSection,
  parseConfig,
  renderConfig,
  valueOf,
} from './personality-config.js';
import {
  errorText,
  expandWord,
  interfaceExists,
  interfaceName,
  type Match,
  shortInterface,
} from './personality-grammar.js';
import { candidateOf, withCandidate } from './personality-sessions.js';
import { readOwn, reply, type Turn, withLog, withOwn } from './personality-state.js';

/** The shell's mode holds the section it is in: `config`, then each section's line, one a line. */
const PATH_SEPARATOR = '\n';
export const CONFIG = 'config';

const SESSION_HEAD = 'session ';

export function configPath(mode: string): readonly string[] {
  return mode.split(PATH_SEPARATOR).slice(1);
}

/** The mode of a section: of the running configuration, or of a configuration session's candidate. */
export function configMode(path: readonly string[], session?: string): string {
  const head = session === undefined ? CONFIG : SESSION_HEAD + session;
  return [head, ...path].join(PATH_SEPARATOR);
}

export function inConfig(mode: string): boolean {
  const [head = ''] = mode.split(PATH_SEPARATOR);
  return head === CONFIG || head.startsWith(SESSION_HEAD);
}

/** The configuration session that the shell is in. */
export function sessionOf(mode: string): string | undefined {
  const [head = ''] = mode.split(PATH_SEPARATOR);
  return head.startsWith(SESSION_HEAD) ? head.slice(SESSION_HEAD.length) : undefined;
}

/** The part in brackets of the prompt, by the first word of the section that the shell is in. */
const PROMPT_NAMES: Readonly<Record<string, (second: string, third: string) => string>> = {
  interface: (name) => `config-if-${shortInterface(name)}`,
  router: (protocol) => `config-router-${protocol}`,
  vlan: (id) => `config-vlan-${id}`,
  unit: (name) => (name === 'System' ? 'config-builtin-unit-System' : `config-unit-${name}`),
  management: (name, part) => `config-mgmt-${part === '' ? name : `${name}-${part}`}`,
  'address-family': () => 'config-router-bgp-af',
  vrf: (name, part) => `config-vrf-${part === '' ? name : part}`,
};

const SHOWN_SESSION = 6;

/** `config-if-Et1`, `config-router-bgp`, `config-mlag`; in a session `config-s-NAME-if-Et1`, its name cut short. */
export function promptName(mode: string): string {
  const name = sectionPrompt(configPath(mode));
  const session = sessionOf(mode);
  if (session === undefined) return name;
  return name.replace('config', `config-s-${session.slice(0, SHOWN_SESSION)}`);
}

function sectionPrompt(path: readonly string[]): string {
  const section = path.at(-1);
  if (section === undefined) return 'config';
  const [first = '', second = '', third = ''] = section.split(' ');
  return PROMPT_NAMES[first]?.(second, third) ?? `config-${first}`;
}

const TOP_WORDS =
  'aaa alias arp class-map clock daemon dns dot1x enable errdisable event-handler hardware hostname interface ip ipv6 lacp lldp load-interval logging mac maintenance management mlag monitor ntp peer-filter platform policy-map port-channel ptp qos queue-monitor radius-server route-map router service sflow snmp-server spanning-tree switchport tacacs-server transceiver username vlan vrf'.split(
    ' ',
  );
const WORDS_BY_SECTION: Readonly<Record<string, readonly string[]>> = {
  interface:
    'channel-group description flowcontrol ip ipv6 lacp lldp load-interval mac mlag mtu poe service-policy shutdown snmp spanning-tree speed storm-control switchport vrf vxlan'.split(
      ' ',
    ),
  router:
    'address-family area auto-cost bgp default-information distance graceful-restart log-adjacency-changes max-lsa maximum-paths neighbor network passive-interface redistribute router-id shutdown timers vlan vrf'.split(
      ' ',
    ),
  'address-family': ['neighbor', 'network', 'redistribute', 'bgp'],
  vlan: ['name', 'state', 'trunk', 'rd', 'route-target', 'redistribute'],
  mlag: 'domain-id dual-primary heartbeat-interval local-interface peer-address peer-link reload-delay shutdown'.split(
    ' ',
  ),
  maintenance: ['unit', 'profile', 'bgp', 'interface'],
  unit: ['quiesce', 'group', 'profile'],
  management: 'cipher idle-timeout key-exchange mac protocol shutdown vrf'.split(' '),
  vrf: 'description neighbor network rd redistribute route-target router-id shutdown'.split(' '),
  'route-map': ['match', 'set', 'description', 'continue'],
  ip: 'deny permit remark seq statistics'.split(' '),
};

function wordsOf(path: readonly string[]): readonly string[] {
  const section = path.at(-1);
  if (section === undefined) return TOP_WORDS;
  return WORDS_BY_SECTION[section.split(' ')[0] ?? ''] ?? ['description', 'shutdown'];
}

type Normal =
  { readonly kind: 'line'; readonly line: string } | Exclude<Match, { readonly kind: 'found' }>;

/** The line as EOS would write it: first words spelled out, interface names whole. */
function normalise(device: SimDevice, path: readonly string[], tokens: readonly string[]): Normal {
  const entry = isAccessList(path) ? spellEntry(tokens) : undefined;
  return entry === undefined ? normaliseWords(device, path, tokens) : { kind: 'line', line: entry };
}

function normaliseWords(
  device: SimDevice,
  path: readonly string[],
  tokens: readonly string[],
): Normal {
  const negation = expandWord(['no', 'default'], tokens[0] ?? '');
  const isNegative = typeof negation === 'object' && (tokens[0] ?? '').length >= 2;
  const head = isNegative ? 1 : 0;
  const token = tokens[head];
  if (token === undefined) return { kind: 'incomplete' };
  const word = expandWord(wordsOf(path), token);
  if (word === 'ambiguous') return { kind: 'ambiguous', at: head, token };
  if (word === undefined) return { kind: 'invalid', at: head, token };
  const rest = tokens.slice(head + 1);
  const body = spell(device, path, [word.word, ...rest]);
  if (typeof body !== 'string') return body;
  return { kind: 'line', line: isNegative ? `${negation.word} ${body}` : body };
}

/** Words that must be followed by something, or EOS calls the command incomplete. */
const NEEDS_VALUE =
  /^(hostname|interface|router|router \S+ ?|vlan|vrf|description|username|mtu|neighbor|unit|management)$/;

function spell(
  device: SimDevice,
  path: readonly string[],
  words: readonly string[],
): string | Exclude<Match, { readonly kind: 'found' }> {
  const [first = '', ...rest] = words;
  if (rest.length === 0 && NEEDS_VALUE.test(first)) return { kind: 'incomplete' };
  const line = words.join(' ');
  if (path.length > 0) return /^unit system$/i.test(line) ? 'unit System' : line;
  return spellTop(device, line, rest);
}

function spellTop(
  device: SimDevice,
  line: string,
  rest: readonly string[],
): string | Exclude<Match, { readonly kind: 'found' }> {
  if (line.startsWith('interface ')) return spellInterface(device, rest.join(' '));
  if (line.startsWith('router ')) return spellRouter(rest);
  return line.startsWith('mlag') ? 'mlag configuration' : line;
}

function spellInterface(
  device: SimDevice,
  typed: string,
): string | Exclude<Match, { readonly kind: 'found' }> {
  const name = interfaceName(typed);
  if (name !== undefined && interfaceExists(device, name)) return `interface ${name}`;
  return { kind: 'invalid', at: 1, token: typed };
}

function spellRouter(rest: readonly string[]): string | Exclude<Match, { readonly kind: 'found' }> {
  const [typed = '', value] = rest;
  const word = expandWord(['bgp', 'ospf', 'isis', 'multicast', 'general'], typed);
  if (word === 'ambiguous') return { kind: 'ambiguous', at: 1, token: typed };
  if (word === undefined) return { kind: 'invalid', at: 1, token: typed };
  if (value === undefined)
    return /multicast|general/.test(word.word) ? `router ${word.word}` : { kind: 'incomplete' };
  return `router ${word.word} ${value}`;
}

/**
 * A line typed in a configuration mode. EOS looks in the section first, then in the sections around it. Undefined:
 * no configuration command, so an exec command may be meant.
 */
export function configLine(turn: Turn, tokens: readonly string[]): SimAnswer | undefined {
  let path = configPath(turn.shell.mode);
  let failure: SimAnswer | undefined;
  for (;;) {
    const normal = normalise(turn.device, path, tokens);
    if (normal.kind === 'line') return enterLine(turn, path, normal.line);
    const atFirst = normal.kind !== 'incomplete' && normal.at === 0;
    if (!atFirst || normal.kind === 'ambiguous') failure ??= reply(turn, [errorText(normal)]);
    if (path.length === 0) return failure;
    path = path.slice(0, -1);
  }
}

function enterLine(turn: Turn, path: readonly string[], line: string): SimAnswer {
  const isOpening = !/^(no|default) /.test(line) && opensSection(path, line);
  const session = sessionOf(turn.shell.mode);
  const mode = configMode(isOpening ? [...path, line] : path, session);
  const shell = { ...turn.shell, mode };
  const before = parseConfig(
    session === undefined ? turn.device.runningConfig : candidateOf(turn.device, session),
  );
  const known = isOpening && findSection(before, [...path, line]) !== undefined;
  if (isOpening && (known || isLazy(path, line)))
    return { device: turn.device, shell, effects: [] };
  const after = renderConfig(keepPhysical(turn.device, applyLine(before, path, line)));
  if (session === undefined) return { ...changeConfig(turn, after), shell };
  return { device: withCandidate(turn.device, session, after), shell, effects: [] };
}

/** `no interface Ethernet1` empties the port's section; the port itself stays. */
export function keepPhysical(device: SimDevice, tree: ConfigTree): ConfigTree {
  const missing = device.ports
    .map((port) => `interface ${port.name}`)
    .filter((section) => !hasLine(tree, section));
  return [...tree, ...missing.map((line) => ({ line, children: [] }))];
}

/** Puts a new running configuration in force, with all that follows from it. */
export function changeConfig(turn: Turn, runningConfig: string): SimAnswer {
  if (runningConfig === turn.device.runningConfig) {
    return { device: turn.device, shell: turn.shell, effects: [] };
  }
  const device = followConfig({ ...turn.device, runningConfig });
  const drained = followMaintenance(device, turn);
  return { ...drained, shell: turn.shell };
}

/** Names and port settings that the rest of the switch takes from its running configuration. */
export function followConfig(device: SimDevice): SimDevice {
  const tree = parseConfig(device.runningConfig);
  return {
    ...device,
    hostname: valueOf(tree, 'hostname') ?? 'localhost',
    ports: device.ports.map((port) => followPort(port, tree)),
  };
}

function followPort(port: SimPort, tree: ConfigTree): SimPort {
  const section = findSection(tree, [`interface ${port.name}`]);
  const admin = hasLine(section, 'shutdown') ? 'down' : 'up';
  const description = valueOf(section, 'description') ?? '';
  if (port.admin === admin && port.description === description) return port;
  return { ...port, admin, description };
}

export function wantsQuiesce(runningConfig: string): boolean {
  const unit = findSection(parseConfig(runningConfig), ['maintenance', 'unit System']);
  return hasLine(unit, 'quiesce');
}

export const MAINTENANCE_TIMER = 'maintenance';
/** BGP gets its route-map, then the rates are watched: some seconds in a lab, more with real traffic. */
const ENTER_MIN_MS = 5000;
const ENTER_SPREAD_MS = 15_000;
const EXIT_MS = 3000;

function followMaintenance(device: SimDevice, turn: Turn): Omit<SimAnswer, 'shell'> {
  const wanted = wantsQuiesce(device.runningConfig);
  const { maintenance } = readOwn(device);
  const isIn = maintenance === 'entering' || maintenance === 'maintenance';
  if (wanted === isIn) return { device, effects: [], mutation: 'config' };
  const { nowMs } = turn.context;
  const state = wanted ? 'entering' : 'exiting';
  const delayMs = wanted
    ? ENTER_MIN_MS + Math.floor(turn.context.chance() * ENTER_SPREAD_MS)
    : EXIT_MS;
  const moved = withOwn(device, { maintenance: state, maintenanceSinceMs: nowMs });
  const drained = wanted ? moved.drained : false;
  return {
    device: { ...moved, drained },
    effects: [{ kind: 'timer', name: MAINTENANCE_TIMER, delayMs }],
    mutation: 'maintenance',
  };
}

/** The unit has arrived in the state it was moving to. */
export function settleMaintenance(
  device: SimDevice,
  nowMs: number,
): { device: SimDevice; effects: readonly SimEffect[] } {
  const { maintenance } = readOwn(device);
  if (maintenance !== 'entering' && maintenance !== 'exiting') return { device, effects: [] };
  const isIn = maintenance === 'entering';
  const log = isIn
    ? 'MaintenanceMode: %MMODE-5-MAINT_UNIT_STATE_CHANGE: Maintenance unit state changed for unit System. Old State maintenanceModeEnter, New State underMaintenance'
    : 'MaintenanceMode: %MMODE-5-MAINT_UNIT_STATE_CHANGE: Maintenance unit state changed for unit System. Old State maintenanceModeExit, New State active';
  const settled = withOwn(device, {
    maintenance: isIn ? 'maintenance' : 'active',
    maintenanceSinceMs: nowMs,
  });
  return { device: withLog({ ...settled, drained: isIn }, log, nowMs), effects: [] };
}
