import { applyEntry, isAccessList } from './personality-access-list.js';

/** The configuration as EOS keeps it: ordered sections of lines, indented by three blanks. */

export interface ConfigNode {
  readonly line: string;
  readonly children: readonly ConfigNode[];
}

export type ConfigTree = readonly ConfigNode[];

const MAX_DEPTH = 8;

/** Comments, `!` and the final `end` carry nothing and are dropped. */
export function parseConfig(text: string): ConfigTree {
  const lines = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('!') && line !== 'end');
  return readLevel(lines, 0);
}

function readLevel(lines: readonly string[], depth: number): ConfigTree {
  const nodes: ConfigNode[] = [];
  let at = 0;
  while (at < lines.length) {
    const head = lines[at] ?? '';
    let next = at + 1;
    while (next < lines.length && indentOf(lines[next] ?? '') > indentOf(head)) next += 1;
    const inner = depth < MAX_DEPTH ? readLevel(lines.slice(at + 1, next), depth + 1) : [];
    nodes.push({ line: head.trim(), children: inner });
    at = next;
  }
  return nodes;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** The body as `show running-config` prints it after its header, closed by `end`. */
export function renderConfig(tree: ConfigTree): string {
  const lines: string[] = [];
  let previous: ConfigNode | undefined;
  for (const node of [...tree].sort(bySection)) {
    if (isEmptyLazy([], node)) continue;
    if (previous !== undefined && !areOneGroup(previous, node)) lines.push('!');
    lines.push(...renderNode(node, 0));
    previous = node;
  }
  return [...lines, '!', 'end', ''].join('\n');
}

function areOneGroup(first: ConfigNode, second: ConfigNode): boolean {
  if (first.children.length > 0 || second.children.length > 0) return false;
  if (opensSection([], first.line) || opensSection([], second.line)) return false;
  return first.line.split(' ')[0] === second.line.split(' ')[0];
}

function renderNode(node: ConfigNode, depth: number): readonly string[] {
  const lines = [`${'   '.repeat(depth)}${node.line}`];
  node.children.forEach((child, index) => {
    if (child.children.length > 0 && index > 0) lines.push(`${'   '.repeat(depth + 1)}!`);
    lines.push(...renderNode(child, depth + 1));
  });
  return lines;
}

/** The order in which EOS 4.2x prints its top-level sections. */
const SECTION_ORDER: readonly RegExp[] = [
  /^alias /,
  /^hardware /,
  /^load-interval /,
  /^transceiver /,
  /^service /,
  /^queue-monitor /,
  /^logging /,
  /^hostname /,
  /^ip (name-server|domain)/,
  /^dns /,
  /^ntp /,
  /^(radius|tacacs)-server /,
  /^sflow/,
  /^snmp-server /,
  /^(no )?spanning-tree /,
  /^aaa /,
  /^no aaa /,
  /^username /,
  /^clock /,
  /^vlan /,
  /^vrf instance /,
  /^interface Port-Channel/,
  /^interface Ethernet/,
  /^interface Loopback/,
  /^interface Management/,
  /^interface Vlan/,
  /^interface Vxlan/,
  /^ip (virtual-router|access-list|prefix-list)/,
  /^ip routing/,
  /^ip route /,
  /^maintenance$/,
  /^mlag configuration$/,
  /^route-map /,
  /^router /,
  /^management /,
];

function rankOf(line: string): number {
  const rank = SECTION_ORDER.findIndex((pattern) => pattern.test(line));
  // What the table does not know stands before the interfaces, where EOS has most global lines.
  return rank === -1 ? 20.5 : rank;
}

function bySection(first: ConfigNode, second: ConfigNode): number {
  const order = rankOf(first.line) - rankOf(second.line);
  if (order !== 0) return order;
  const numbered = /^(interface|vlan) /;
  if (!numbered.test(first.line) || !numbered.test(second.line)) return 0;
  return compareNumbers(first.line, second.line);
}

function compareNumbers(first: string, second: string): number {
  const left = (first.match(/\d+/g) ?? []).map(Number);
  const right = (second.match(/\d+/g) ?? []).map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = (left[at] ?? -1) - (right[at] ?? -1);
    if (order !== 0) return order;
  }
  return 0;
}

const TOP_SECTIONS =
  /^(interface|router (bgp|ospf|isis|multicast|general)|vlan \d|vrf instance|maintenance$|mlag configuration$|management (api|ssh|console|security|telnet|cvx)|route-map|ip access-list|class-map|policy-map|daemon|event-handler|spanning-tree mst configuration$)/;

/** Does this line, in this section, lead into a section of its own? */
export function opensSection(path: readonly string[], line: string): boolean {
  const section = path.at(-1);
  if (section === undefined) return TOP_SECTIONS.test(line);
  if (section.startsWith('router bgp')) return /^(address-family|vrf|vlan) /.test(line);
  if (section.startsWith('router multicast')) return /^ipv[46]$/.test(line);
  if (section === 'maintenance') return /^(unit|profile) /.test(line);
  if (section.startsWith('management')) return line.startsWith('vrf ');
  return false;
}

/** Is this a section that is not written to the configuration until something is set in it? */
export function isLazy(path: readonly string[], line: string): boolean {
  if (!opensSection(path, line)) return false;
  return /^(maintenance|mlag configuration|management .*|unit .*|vrf \S+)$/.test(line);
}

/** Lines of which a section holds only one: a new value replaces the old one. */
const SINGLE: readonly RegExp[] = [
  /^(hostname|description|mtu|speed|router-id|channel-group|domain-id|local-interface|peer-address|peer-link|name|max-lsa|load-interval|mlag)\b/,
  /^(ip address|ip ospf cost|ip ospf area|timers bgp|spanning-tree mode|maximum-paths|clock timezone)\b/,
  /^switchport (mode|access vlan|trunk allowed vlan|trunk native vlan)\b/,
  /^reload-delay (mlag|non-mlag)\b/,
  /^neighbor \S+ (remote-as|description|update-source|peer group|password|timers)\b/,
  /^(username|vrf forwarding) \S+/,
  /^vrf \S+$/,
];

function keyOf(line: string): string {
  if (/^ip address .* secondary$/.test(line)) return line;
  for (const pattern of SINGLE) {
    const match = pattern.exec(line);
    if (match !== null) return match[0].startsWith('vrf ') ? 'vrf' : match[0];
  }
  return line;
}

/** Negative lines that EOS writes down, because the positive form is the default. */
const KEPT_NEGATIVES =
  /^no (switchport|aaa root|spanning-tree vlan-id|lldp (transmit|receive)|bgp default)/;

/** Sets or removes one line in the section at `path`; creates the section when it is not there. */
export function applyLine(tree: ConfigTree, path: readonly string[], line: string): ConfigTree {
  return applyAt(tree, { done: [], left: path }, line);
}

interface Descent {
  readonly done: readonly string[];
  readonly left: readonly string[];
}

function applyAt(tree: ConfigTree, descent: Descent, line: string): ConfigTree {
  const [section, ...left] = descent.left;
  if (section === undefined) return applyHere(tree, line, descent.done);
  const inner = (node: ConfigNode): ConfigNode => ({
    line: node.line,
    children: applyAt(node.children, { done: [...descent.done, section], left }, line),
  });
  const found = tree.some((node) => node.line === section);
  const changed = found
    ? tree.map((node) => (node.line === section ? inner(node) : node))
    : [...tree, inner({ line: section, children: [] })];
  return changed.filter((node) => !isEmptyLazy(descent.done, node));
}

function isEmptyLazy(path: readonly string[], node: ConfigNode): boolean {
  return node.children.length === 0 && isLazy(path, node.line);
}

function applyHere(tree: ConfigTree, line: string, path: readonly string[]): ConfigTree {
  if (isAccessList(path) && /^(?:no )?(?:\d|permit |deny |remark )/.test(line))
    return applyEntry(tree, line);
  const negative = /^(no|default) (.+)$/.exec(line);
  if (negative === null) return setLine(tree, line);
  const target = negative[2] ?? '';
  const kept = negative[1] === 'no' && isKeptNegative(line, path);
  const without = tree.filter(
    (node) => !covers(target, node.line) && !covers(`no ${target}`, node.line),
  );
  return kept ? [...without, { line, children: [] }] : without;
}

function isKeptNegative(line: string, path: readonly string[]): boolean {
  if (line === 'no shutdown') return path.at(-1)?.startsWith('management') ?? false;
  return KEPT_NEGATIVES.test(line);
}

function covers(target: string, line: string): boolean {
  return line === target || line.startsWith(`${target} `);
}

function setLine(tree: ConfigTree, line: string): ConfigTree {
  const key = keyOf(line);
  const without = tree.filter((node) => node.line !== `no ${line}`);
  const at = without.findIndex((node) => keyOf(node.line) === key);
  if (at === -1) return [...without, { line, children: [] }];
  return without.map((node, index) => (index === at ? { ...node, line } : node));
}

export function findSection(tree: ConfigTree, path: readonly string[]): ConfigTree | undefined {
  const [section, ...rest] = path;
  if (section === undefined) return tree;
  const node = tree.find((candidate) => candidate.line === section);
  return node === undefined ? undefined : findSection(node.children, rest);
}

/** What follows `prefix` in the first line of the section that starts with it. */
export function valueOf(tree: ConfigTree | undefined, prefix: string): string | undefined {
  const node = tree?.find((candidate) => candidate.line.startsWith(`${prefix} `));
  return node?.line.slice(prefix.length + 1);
}

export function hasLine(tree: ConfigTree | undefined, line: string): boolean {
  return tree?.some((node) => node.line === line) ?? false;
}

/** Lays one tree over another, as if its lines were typed in. */
export function mergeConfig(base: ConfigTree, added: ConfigTree): ConfigTree {
  return added.reduce((tree, node) => mergeNode(tree, [], node), base);
}

function mergeNode(tree: ConfigTree, path: readonly string[], node: ConfigNode): ConfigTree {
  const known = findSection(tree, [...path, node.line]) !== undefined;
  const here = known || isLazy(path, node.line) ? tree : applyLine(tree, path, node.line);
  return node.children.reduce(
    (inner, child) => mergeNode(inner, [...path, node.line], child),
    here,
  );
}

const DIFF_LINES_MAX = 1500;

/** The lines that differ, in the shape of a unified diff without context. */
export function diffConfig(before: string, after: string): readonly string[] {
  const left = before.split('\n').slice(0, DIFF_LINES_MAX);
  const right = after.split('\n').slice(0, DIFF_LINES_MAX);
  const common = commonLengths(left, right);
  const lines = ['--- flash:/startup-config', '+++ system:/running-config'];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && left[i] === right[j]) {
      i += 1;
      j += 1;
    } else if (
      j >= right.length ||
      (i < left.length && at(common, i + 1, j) >= at(common, i, j + 1))
    ) {
      lines.push(`-${left[i] ?? ''}`);
      i += 1;
    } else {
      lines.push(`+${right[j] ?? ''}`);
      j += 1;
    }
  }
  return lines;
}

type Lengths = readonly Uint16Array[];

function at(table: Lengths, row: number, column: number): number {
  return table[row]?.[column] ?? 0;
}

/** At [i][j]: how many lines the texts from line i and line j on have in common, in order. */
function commonLengths(left: readonly string[], right: readonly string[]): Lengths {
  const table = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    const row = table[i];
    if (row === undefined) continue;
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const same = left[i] === right[j];
      row[j] = same
        ? at(table, i + 1, j + 1) + 1
        : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}
