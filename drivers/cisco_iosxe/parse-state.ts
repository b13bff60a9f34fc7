import type { Snapshot } from '../../src/driver/facts.js';

type Interface = Snapshot['interfaces'][number];
type Neighbour = Snapshot['neighbours'][number];
type Peer = Snapshot['peers'][number];

/** Abbreviations as CDP, LLDP and the status tables print them, and the name in the configuration. */
const INTERFACE_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(?:Fa|Fas|FastEthernet)$/, 'FastEthernet'],
  [/^(?:Gi|Gig|GigabitEthernet)$/, 'GigabitEthernet'],
  [/^(?:Two|Tw|TwoGigabitEthernet)$/, 'TwoGigabitEthernet'],
  [/^(?:Fi|Fiv|FiveGigabitEthernet)$/, 'FiveGigabitEthernet'],
  [/^(?:Te|Ten|TenGigabitEthernet)$/, 'TenGigabitEthernet'],
  [/^(?:Twe|TwentyFiveGigE|TwentyFiveGigabitEthernet)$/, 'TwentyFiveGigE'],
  [/^(?:Fo|For|FortyGigabitEthernet)$/, 'FortyGigabitEthernet'],
  [/^(?:Fif|FiftyGigE)$/, 'FiftyGigE'],
  [/^(?:Hu|Hun|HundredGigE|HundredGigabitEthernet)$/, 'HundredGigE'],
  [/^(?:Fou|FourHundredGigE)$/, 'FourHundredGigE'],
  [/^(?:Ap|App|AppGigabitEthernet)$/, 'AppGigabitEthernet'],
  [/^(?:Et|Eth|Ethernet)$/, 'Ethernet'],
  [/^(?:Po|Por|Port-channel)$/, 'Port-channel'],
  [/^(?:Vl|Vla|Vlan)$/, 'Vlan'],
  [/^(?:Lo|Loo|Loopback)$/, 'Loopback'],
  [/^(?:Tu|Tun|Tunnel)$/, 'Tunnel'],
  [/^(?:Se|Ser|Serial)$/, 'Serial'],
  [/^(?:Mu|Mul|Multilink)$/, 'Multilink'],
];

/** One spelling for an interface: `Gi1/0/1`, `Gig 1/0/1` and `GigabitEthernet1/0/1` are the same. */
export function interfaceName(text: string): string {
  const cut = text.trim().slice(0, 120);
  const found = /^([A-Za-z-]+) ?(\d[\d/.:]*)$/.exec(cut);
  if (!found) return cut;
  const full = INTERFACE_NAMES.find(([pattern]) => pattern.test(found[1] ?? ''))?.[1];
  return full === undefined ? cut : `${full}${found[2] ?? ''}`;
}

function byId<Item extends { readonly id: string }>(items: Iterable<Item>): readonly Item[] {
  const unique = new Map([...items].map((item) => [item.id, item]));
  return [...unique.values()].toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** Reads `show ip interface brief`, which lists every interface of switches and routers alike. */
export function parseInterfaceBrief(text: string): readonly Interface[] {
  const row =
    /^(\S{2,60}) +\S+ +(?:YES|NO) +\S+ +(administratively down|up|down|deleted|reset) +(up|down)\b/;
  return byId(
    text.split(/\r?\n/).flatMap((line): readonly Interface[] => {
      const found = row.exec(line);
      if (!found || found[2] === 'deleted') return [];
      return [
        {
          id: interfaceName(found[1] ?? ''),
          admin: found[2] === 'administratively down' ? 'down' : 'up',
          oper: found[3] === 'up' ? 'up' : 'down',
        },
      ];
    }),
  );
}

/** Reads `show interfaces status`: switch ports only. */
export function parseInterfaceStatus(text: string): readonly Interface[] {
  const row =
    /^([A-Z][A-Za-z]+\d[\d/.]*) +.*?\b(connected|notconnect|disabled|err-disabled|inactive|monitoring|suspended|sfpAbsent|xcvrAbsen|noOperMem)\b +(?:trunk|routed|unassigned|\d|pvlan|prom|f-path|--)/;
  return byId(
    text.split(/\r?\n/).flatMap((line): readonly Interface[] => {
      const found = row.exec(line);
      if (!found) return [];
      return [
        {
          id: interfaceName(found[1] ?? ''),
          admin: found[2] === 'disabled' ? 'down' : 'up',
          oper: found[2] === 'connected' || found[2] === 'monitoring' ? 'up' : 'down',
        },
      ];
    }),
  );
}

/** Reads `show interfaces`. */
export function parseInterfaces(text: string): readonly Interface[] {
  const row = /^(\S{2,60}) is (administratively down|up|down)\b.*, line protocol is (up|down)\b/;
  return byId(
    text.split(/\r?\n/).flatMap((line): readonly Interface[] => {
      const found = row.exec(line);
      if (!found) return [];
      return [
        {
          id: interfaceName(found[1] ?? ''),
          admin: found[2] === 'administratively down' ? 'down' : 'up',
          oper: found[3] === 'up' ? 'up' : 'down',
        },
      ];
    }),
  );
}

function neighbour(port: string, system: string, remotePort: string): readonly Neighbour[] {
  const [local, remote] = [interfaceName(port), interfaceName(remotePort)];
  const name = system.trim();
  if (local === '' || name === '' || remote === '') return [];
  return [{ id: `${local}|${name}|${remote}`, port: local, system: name, remotePort: remote }];
}

function blocks(text: string): readonly string[] {
  return text.replaceAll('\r', '').split(/^-{5,}\s*$/m);
}

function field(block: string, pattern: RegExp): string {
  return pattern.exec(block)?.[1] ?? '';
}

/** Reads `show cdp neighbors detail`. */
export function parseCdpDetail(text: string): readonly Neighbour[] {
  return byId(
    blocks(text).flatMap((block) =>
      neighbour(
        field(block, /^Interface: *([^,\n]+),/m),
        field(block, /^Device ID: *(\S[^\n(]*)/m),
        field(block, /\bPort ID \(outgoing port\): *(\S[^\n]*)/),
      ),
    ),
  );
}

/** Reads `show lldp neighbors detail`; a neighbour without a name goes by its chassis id. */
export function parseLldpDetail(text: string): readonly Neighbour[] {
  return byId(
    blocks(text).flatMap((block) => {
      const named = field(block, /^System Name: *(\S[^\n]*)/m);
      const chassis = field(block, /^Chassis id: *(\S[^\n]*)/m);
      const system = named === '' || named.startsWith('- not') ? chassis : named;
      const port = field(block, /^Local Intf: *(\S[^\n]*)/m);
      return neighbour(port, system, field(block, /^Port id: *(\S[^\n]*)/m));
    }),
  );
}

/** Reads `show cdp neighbors`: columns, with long names on a line of their own. */
export function parseCdp(text: string): readonly Neighbour[] {
  const row =
    /^(\S.*?)?\s+([A-Z][a-z]{2,} ?\d[\d/.:]*)\s+\d{1,3}\s+(?:[A-Za-z](?: [A-Za-z])*\s+)?(?:\S.*?[ -])??((?:[A-Z][A-Za-z]{1,12} ?[\d/.:]+)|(?:Port \d+)|\S+)\s*$/;
  const found: Neighbour[] = [];
  let waiting = '';
  for (const line of text.split(/\r?\n/)) {
    const columns = row.exec(line);
    if (columns)
      found.push(...neighbour(columns[2] ?? '', columns[1] ?? waiting, columns[3] ?? ''));
    waiting = columns || !/^\S{2,}\s*$/.test(line) ? '' : line.trim();
  }
  return byId(found);
}

/** Reads `show lldp neighbors`. Names longer than the column are cut by the device. */
export function parseLldp(text: string): readonly Neighbour[] {
  const row =
    /^(\S.{0,60}?)\s+([A-Z][A-Za-z]{1,10}\d[\d/.:]*)\s+\d{1,5}\s+(?:[A-Z](?:,[A-Z])*\s+)?(\S.*?)\s*$/;
  return byId(
    text.split(/\r?\n/).flatMap((line) => {
      const found = row.exec(line);
      return found ? neighbour(found[2] ?? '', found[1] ?? '', found[3] ?? '') : [];
    }),
  );
}

/** Reads `show ip ospf neighbor`. A peer is the neighbour's interface address: one router may be seen twice. */
export function parseOspfNeighbours(text: string): readonly Peer[] {
  const row =
    /^ *(\d+\.\d+\.\d+\.\d+) +\d+ +([A-Z0-9]+)\/ *(\S+) +[\d:a-z-]+ +(\d+\.\d+\.\d+\.\d+) +(\S+)/;
  return byId(
    text.split(/\r?\n/).flatMap((line): readonly Peer[] => {
      const found = row.exec(line);
      if (!found) return [];
      const peer = found[4] ?? '';
      return [
        {
          id: `ospf|${peer}`,
          protocol: 'ospf',
          peer,
          state: `${found[2] ?? ''}/${found[3] ?? ''}`,
          up: found[2] === 'FULL',
        },
      ];
    }),
  );
}

/** Reads `show ip bgp summary`; a long neighbour address stands on a line of its own. */
export function parseBgpSummary(text: string): readonly Peer[] {
  const row = /^\*?([0-9a-fA-F.:]{3,45}) +\d +[\d.]+(?: +\d+){5} +\S+ +(\S.*?)\s*$/;
  const joined = text
    .replaceAll('\r', '')
    .replace(/^( *\*?[0-9a-fA-F.:]{3,45})\n +(?=\d )/gm, '$1 ');
  return byId(
    joined.split('\n').flatMap((line): readonly Peer[] => {
      const found = row.exec(line.trim());
      if (!found) return [];
      const peer = found[1] ?? '';
      const up = /^\d+$/.test(found[2] ?? '');
      const state = up ? 'Established' : (found[2] ?? '');
      return [{ id: `bgp|${peer}`, protocol: 'bgp', peer, state, up }];
    }),
  );
}

/** Networks and subnets of `show ip route summary`. */
export function parseRouteTotal(text: string): number {
  const total = /^\s*Total +(\d{1,9}) +(\d{1,9})\b/m.exec(text);
  return total ? Number(total[1]) + Number(total[2]) : 0;
}

/** The one-minute figure of `show processes cpu`. */
export function parseCpu(text: string): number {
  return Number(/CPU utilization for five seconds:.*?one minute: *(\d{1,3})%/.exec(text)?.[1] ?? 0);
}

/** Use of the processor pool in `show processes memory`, per cent, rounded. */
export function parseMemory(text: string): number {
  const pool = /Processor Pool Total: *(\d+) +Used: *(\d+)/.exec(text);
  const system = /System memory +: *(\d+)K total, *(\d+)K used/.exec(text);
  const [total, used] = [Number((pool ?? system)?.[1] ?? 0), Number((pool ?? system)?.[2] ?? 0)];
  return total > 0 ? Math.round((used / total) * 100) : 0;
}

const QUIET_LINE =
  /threshold|severity|warning: (?:enabled|disabled)|trigger|alarms: *0\s*$|not asserted|description:|legend|^\s*-+\s*$/i;
const TROUBLE =
  /\b(?:fail(?:ed|ure|s)?|faulty|fault|bad(?:-input)?|critical|major|minor|warning|shutdown|not ok|no input(?: power)?|no-input|out of range|overheat(?:ed)?|red|yellow)\b/i;

/** Lines of `show environment` that report trouble, without doubles, at most 50. */
export function parseEnvironment(text: string): readonly string[] {
  const problems = text
    .split(/\r?\n/)
    .map((line) => line.trim().replace(/\s+/g, ' ').slice(0, 200))
    .map((line) => line.replace(/\([\d ,]+\)\(Celsius\)/, ''))
    .filter((line) => !QUIET_LINE.test(line) && TROUBLE.test(line));
  return [...new Set(problems)].slice(0, 50);
}

/** Supervisor or stack redundancy of `show redundancy` or `show redundancy states`. */
export interface Redundancy {
  readonly duplex: boolean;
  /** `standby hot`; empty when there is no peer. */
  readonly peerState: string;
}

/** Undefined when the text tells nothing of redundancy. */
export function parseRedundancy(text: string): Redundancy | undefined {
  const mode = /(?:Hardware Mode|^ *Mode) += +(Duplex|Simplex)/m.exec(text)?.[1];
  if (mode === undefined) return undefined;
  const states = [...text.matchAll(/Current Software state = +(\S.*?)\s*$/gm)].map(
    (each) => each[1],
  );
  const peer = /peer state = +\d+ +-(\S.*?)\s*$/m.exec(text)?.[1] ?? states[1] ?? '';
  return { duplex: mode === 'Duplex', peerState: mode === 'Duplex' ? peer.toLowerCase() : '' };
}
