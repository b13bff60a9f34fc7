/** A line of the config with what stands below it. `raw` has its indentation. */
export interface Block {
  readonly raw: string;
  readonly line: string;
  readonly children: readonly Block[];
}

interface Growing extends Block {
  readonly children: Growing[];
}

const indentOf = (raw: string): number => raw.length - raw.trimStart().length;

/** What is indented deeper than a line stands below it. */
export function blocksOf(config: string): readonly Block[] {
  const top: Growing[] = [];
  const open: Growing[] = [];
  for (const raw of config.split('\n')) {
    const block: Growing = { raw, line: raw.trim(), children: [] };
    while (open.length > 0 && indentOf(open.at(-1)?.raw ?? '') >= indentOf(raw)) open.pop();
    (open.at(-1)?.children ?? top).push(block);
    open.push(block);
  }
  return top;
}

export function textOf(blocks: readonly Block[]): string {
  const lines = (block: Block): readonly string[] => [block.raw, ...block.children.flatMap(lines)];
  return blocks.flatMap(lines).join('\n');
}

/** Statements of which there is one of each key: a new one takes the place of the old. */
const single: readonly RegExp[] = [
  /^(bandwidth|delay|mtu|ip mtu|speed|duplex|load-interval|encapsulation|description|hostname) /,
  /^(bgp router-id|router-id|max-metric router-lsa|auto-cost|maximum-paths) /,
  /^(enable secret|ip domain name|ip default-gateway|ip ssh version|clock timezone) /,
  /^(ip ssh source-interface|ntp source|spanning-tree mode|vtp mode|vtp domain) /,
  /^(logging buffered|logging trap|logging source-interface) /,
  /^(snmp-server contact|snmp-server location|snmp-server trap-source|snmp-server community \S+) /,
  /^(switchport access vlan|switchport voice vlan|switchport mode) /,
  /^(switchport trunk native vlan|switchport trunk allowed vlan) (?!add )/,
  /^(channel-group|service-policy input|service-policy output|vrf forwarding) /,
  /^(exec-timeout|transport input|transport output|login authentication|privilege level) /,
  /^(aaa authentication \S+ \S+|aaa authorization \S+ \S+|username \S+) /,
  /^(name|rd|path|maximum|time-period|bandwidth percent|priority percent|set dscp) /,
  /^(neighbor \S+ (?:remote-as|description|update-source|password|timers)) /,
];

/** These name their direction last. */
const directed =
  /^(ip access-group|ipv6 traffic-filter|access-class|neighbor \S+ (?:route-map|prefix-list)) \S+ (in|out)\b/;

function keyOf(line: string): string | undefined {
  const named = single.flatMap((each) => each.exec(line)?.[1] ?? [])[0];
  if (named !== undefined) return named;
  if (/^ip address \S+ \S+$/.test(line)) return 'ip address';
  const found = directed.exec(line);
  return found === null ? undefined : `${String(found[1])} ${String(found[2])}`;
}

function begins(line: string, start: string): boolean {
  return line === start || line.startsWith(`${start} `);
}

const sequenceOf = (line: string): number => Number(/^(\d{1,10}) /.exec(line)?.[1] ?? Number.NaN);

/** Entries of an access list stand by their numbers; one without a number gets the next ten. */
function placeEntry(children: readonly Block[], line: string): readonly Block[] {
  const last = Math.max(0, ...children.map((one) => sequenceOf(one.line) || 0));
  const numbered = Number.isNaN(sequenceOf(line)) && /^(?:permit|deny)\b/.test(line);
  const text = numbered ? `${String(Math.floor(last / 10) * 10 + 10)} ${line}` : line;
  const sequence = sequenceOf(text);
  const block: Block = { raw: ` ${text}`, line: text, children: [] };
  const kept = children.filter((one) => one.line !== text && sequenceOf(one.line) !== sequence);
  const at = kept.findIndex((one) => sequenceOf(one.line) > sequence);
  return at < 0 ? [...kept, block] : kept.toSpliced(at, 0, block);
}

function place(children: readonly Block[], line: string, depth: number): readonly Block[] {
  const key = keyOf(line);
  const at = children.findIndex(
    (one) => one.line === line || (key !== undefined && keyOf(one.line) === key),
  );
  const raw = ' '.repeat(depth) + line;
  if (at < 0) return [...children, { raw, line, children: [] }];
  return children.map((one, index) => (index === at ? { ...one, raw, line } : one));
}

/** Where a new line belongs among the others of its kind; else before the lines of access. */
function positionFor(blocks: readonly Block[], line: string): number {
  const word = line.split(' ')[0] ?? '';
  const last = blocks.findLastIndex((block) => begins(block.line, word));
  if (last >= 0) return last + 1;
  const access = blocks.findIndex((block) => block.line.startsWith('line con'));
  return access >= 0 ? access : Math.max(0, blocks.length - 1);
}

function addTop(blocks: readonly Block[], line: string): readonly Block[] {
  const placed = place(blocks, line, 0);
  if (placed.length === blocks.length) return placed;
  const made: Block = { raw: line, line, children: [] };
  return blocks.toSpliced(positionFor(blocks, line), 0, made);
}

const isList = (header: string): boolean => /^(?:ip|ipv6|mac) access-list /.test(header);

/** `change` made to what stands below `path`; sections on the way are made where they are not. */
function within(
  blocks: readonly Block[],
  path: readonly string[],
  change: (children: readonly Block[], depth: number) => readonly Block[],
  depth = 0,
): readonly Block[] {
  const [head, ...rest] = path;
  if (head === undefined) return change(blocks, depth);
  const present = blocks.some((one) => one.line === head);
  const opened = present ? blocks : depth === 0 ? addTop(blocks, head) : place(blocks, head, depth);
  return opened.map((one) =>
    one.line === head ? { ...one, children: within(one.children, rest, change, depth + 1) } : one,
  );
}

/** `config` with `line`, at the top or within the sections of `path`. */
export function addLine(config: string, path: readonly string[], line: string): string {
  const blocks = blocksOf(config);
  if (path.length === 0) return textOf(addTop(blocks, line));
  const list = isList(path.at(-1) ?? '');
  return textOf(
    within(blocks, path, (children, depth) =>
      list ? placeEntry(children, line) : place(children, line, depth),
    ),
  );
}

/** `config` without `line` and what continues it. */
export function removeLine(config: string, path: readonly string[], line: string): string {
  const drop = (children: readonly Block[]) => children.filter((one) => !begins(one.line, line));
  const blocks = blocksOf(config);
  if (path.length === 0) return textOf(drop(blocks));
  return hasSection(config, path) ? textOf(within(blocks, path, drop)) : config;
}

/** Is there such a section? */
export function hasSection(config: string, path: readonly string[]): boolean {
  let blocks = blocksOf(config);
  for (const header of path) {
    const found = blocks.find((one) => one.line === header);
    if (found === undefined) return false;
    blocks = found.children;
  }
  return true;
}
