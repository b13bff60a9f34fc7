import type { Snapshot } from '../../src/driver/facts.js';

/** Of the machinery inside, made and named differently from release to release. */
const INTERNAL =
  /^(?:(?:lc|pfe|pfh|sp|si|mt|gr|ip|ut|vt|lt|mo|ms|pd|pe)-\d|(?:cbp|demux|dsc|esi|fti|gre|ipip|jsrv|lsi|mtun|pimd|pime|pip|pp|ppd|ppe|rbeb|tap|vtep|bme|em[1-9]|vcp-)\d*)/;
const INTERNAL_UNIT = /\.(?:1638[3-9]|327\d\d)$/;

const linesOf = (text: string) => text.split(/\r?\n/).map((line) => line.trimEnd());

function sortedById<T extends { readonly id: string }>(all: readonly T[]): readonly T[] {
  const byId = new Map(all.map((each) => [each.id, each]));
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** `show interfaces terse`: interfaces and their units, without the machinery inside. */
export function parseInterfaces(text: string): Snapshot['interfaces'] {
  const rows = linesOf(text).flatMap((line) => {
    const match = /^\s{0,8}(\S{2,60})\s+(up|down)\s+(up|down)\b/.exec(line);
    const id = match?.[1] ?? '';
    if (!match || INTERNAL.test(id) || INTERNAL_UNIT.test(id)) return [];
    return [{ id, admin: match[2] === 'up', oper: match[3] === 'up' }];
  });
  const word = (up: boolean) => (up ? ('up' as const) : ('down' as const));
  return sortedById(
    rows.map(({ id, admin, oper }) => ({ id, admin: word(admin), oper: word(oper) })),
  );
}

/** `show lldp neighbors`. A neighbour without a name is called by its chassis id. */
export function parseNeighbours(text: string): Snapshot['neighbours'] {
  const lines = linesOf(text);
  const heading = lines.find((line) => /^\s*Local Interface\s.*\bSystem Name/.test(line));
  if (heading === undefined) return [];
  const nameAt = heading.indexOf('System Name');
  const hasParent = heading.includes('Parent Interface');
  return sortedById(
    lines.slice(lines.indexOf(heading) + 1).flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [port = '', ...rest] = fields;
      const [chassis = '', ...more] = hasParent ? rest.slice(1) : rest;
      if (more.length === 0) return [];
      const named = line.length > nameAt && more.length > 1;
      const system = named ? (more.at(-1) ?? '') : chassis;
      const remotePort = (named ? more.slice(0, -1) : more).join(' ');
      return [{ id: `${port}|${system}|${remotePort}`, port, system, remotePort }];
    }),
  );
}

type Peers = Snapshot['peers'];

/** `show ospf neighbor`, by router id. */
export function parseOspf(text: string): Peers {
  return linesOf(text).flatMap((line) => {
    const match =
      /^\s*\d{1,3}(?:\.\d{1,3}){3}\s+\S+\s+([A-Z]\w{1,10})\s+(\d{1,3}(?:\.\d{1,3}){3})\s/.exec(
        line,
      );
    if (!match) return [];
    const [, state = '', peer = ''] = match;
    return [{ id: `ospf|${peer}`, protocol: 'ospf' as const, peer, state, up: state === 'Full' }];
  });
}

/** `show isis adjacency`, by system name. */
export function parseIsis(text: string): Peers {
  return linesOf(text).flatMap((line) => {
    const match =
      /^\s*\S+\s+(\S{1,60})\s+[123]\s+(Up|Down|New|One-way|Initializing|Rejected)\b/.exec(line);
    if (!match) return [];
    const [, peer = '', state = ''] = match;
    return [{ id: `isis|${peer}`, protocol: 'isis' as const, peer, state, up: state === 'Up' }];
  });
}

const ADDRESS = String.raw`(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4}:[0-9a-fA-F:.]{1,40})(?:\+\d{1,5})?`;

/** `show bgp summary`: established shows counts or `Establ` in the last column. */
export function parseBgp(text: string): Peers {
  const row = new RegExp(
    `^\\s*(${ADDRESS})\\s+\\d{1,10}\\s+\\d+\\s+\\d+\\s+\\d+\\s+\\d+\\s+(?:\\d{1,4}[wdhms:]?[\\d:wdhms]{0,12}(?: \\d{1,2}:\\d\\d(?::\\d\\d)?)?)\\s+(\\S{1,40})`,
  );
  return linesOf(text).flatMap((line) => {
    const match = row.exec(line);
    if (!match) return [];
    const [, peer = '', shown = ''] = match;
    const up = shown === 'Establ' || /^\d+\/\d+\/\d+/.test(shown);
    return [
      { id: `bgp|${peer}`, protocol: 'bgp' as const, peer, state: up ? 'Establ' : shown, up },
    ];
  });
}

/** Each peer once; one that is down on any of its links counts as down. */
export function sortedPeers(...lists: readonly Peers[]): Peers {
  return sortedById(lists.flat().toSorted((a, b) => Number(b.up) - Number(a.up)));
}

/** `show route summary`: active routes of all tables. */
export function parseRouteTotal(text: string): number {
  return linesOf(text).reduce((sum, line) => {
    const match = /^\s*\S+: \d+ destinations, \d+ routes \((\d{1,9}) active\b/.exec(line);
    return sum + Number(match?.[1] ?? 0);
  }, 0);
}

/** `show chassis alarms`: what is active, in the device's own words. */
export function parseAlarms(text: string): readonly string[] {
  return linesOf(text).flatMap((line) => {
    const match =
      /^\s*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+\s+(?:Major|Minor|Critical|Warning)\s+(\S.{0,200})$/.exec(
        line,
      );
    return match?.[1] === undefined ? [] : [match[1].trim()];
  });
}

const BROKEN = /^(?:check|fail\w*|error|bad|over\w*|fire.*)$/i;

/** `show chassis environment`: items whose status is a failure. */
export function parseEnvironment(text: string): readonly string[] {
  const lines = linesOf(text);
  const heading = lines.find((line) => /^\s*Class\s+Item\s+Status\b/.test(line));
  if (heading === undefined) return [];
  const [itemAt, statusAt] = [heading.indexOf('Item'), heading.indexOf('Status')];
  return lines.slice(lines.indexOf(heading) + 1).flatMap((line) => {
    const status =
      line
        .slice(statusAt)
        .split(/\s{2,}/)[0]
        ?.trim() ?? '';
    return BROKEN.test(status) ? [`${line.slice(itemAt, statusAt).trim()}: ${status}`] : [];
  });
}
