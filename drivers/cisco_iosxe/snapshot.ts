import type { Snapshot } from '../../src/driver/facts.js';
import type { CliSession } from '../../src/session/dialect.js';
import { readIfKnown } from './facts.js';
import { parseShowSwitch, parseShowVersion, type StackMember } from './parse.js';
import {
  parseBgpSummary,
  parseCdp,
  parseCdpDetail,
  parseCpu,
  parseEnvironment,
  parseInterfaceBrief,
  parseInterfaces,
  parseInterfaceStatus,
  parseLldp,
  parseLldpDetail,
  parseMemory,
  parseOspfNeighbours,
  parseRedundancy,
  parseRouteTotal,
  type Redundancy,
} from './parse-state.js';
import { versions } from './versions.js';

/** The first of `readers` that finds something: commands differ between switches, routers and releases. */
async function firstFound<Item>(
  session: CliSession,
  readers: readonly (readonly [string, (text: string) => readonly Item[]])[],
): Promise<readonly Item[]> {
  for (const [line, parse] of readers) {
    const found = parse(await readIfKnown(session, line));
    if (found.length > 0) return found;
  }
  return [];
}

function sorted<Item extends { readonly id: string }>(items: readonly Item[]): readonly Item[] {
  const unique = new Map(items.map((item) => [item.id, item]));
  return [...unique.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function standbyTrouble(redundancy: Redundancy | undefined): string | undefined {
  if (redundancy === undefined || (redundancy.duplex && redundancy.peerState === 'standby hot'))
    return undefined;
  return `standby is ${redundancy.peerState === '' ? 'not there' : redundancy.peerState}`;
}

/** A stack is healthy when every member is ready and its standby is hot, a pair when its standby is. */
export function haOf(
  stack: readonly StackMember[],
  redundancy: Redundancy | undefined,
): Snapshot['ha'] {
  const late = stack.find((each) => each.state !== 'ready');
  const lateText = late && `member ${late.id} is ${late.state}`;
  const standby = standbyTrouble(redundancy);
  if (stack.length > 1) {
    const trouble = lateText ?? standby;
    const members = stack.map((each) => ({ id: each.id, state: each.state }));
    return {
      kind: 'stack',
      role: 'active',
      state: trouble ?? 'ready',
      healthy: trouble === undefined,
      members,
    };
  }
  if (redundancy?.duplex === true) {
    const { peerState } = redundancy;
    const members = [{ id: 'peer', state: peerState }];
    const healthy = standby === undefined;
    return { kind: 'redundancy', role: 'active', state: peerState, healthy, members };
  }
  const state = lateText ?? 'ready';
  return { kind: 'none', role: 'active', state, healthy: late === undefined, members: [] };
}

async function environment(session: CliSession): Promise<Snapshot['environment']> {
  for (const line of ['show environment all', 'show environment status', 'show environment']) {
    const text = await readIfKnown(session, line);
    if (text.trim() === '') continue;
    const problems = parseEnvironment(text);
    return { ok: problems.length === 0, problems };
  }
  return { ok: true, problems: [] };
}

/** Operational state in the vendor-neutral form. A part whose command this model lacks is empty. */
export async function snapshot(session: CliSession): Promise<Snapshot> {
  const seen = parseShowVersion(await session.read('show version'));
  const release = seen.release ?? seen.iosVersion ?? '';
  const read = (line: string) => readIfKnown(session, line);
  const interfaces = await firstFound(session, [
    ['show ip interface brief', parseInterfaceBrief],
    ['show interfaces', parseInterfaces],
    ['show interfaces status', parseInterfaceStatus],
  ]);
  const lldp = await firstFound(session, [
    ['show lldp neighbors detail', parseLldpDetail],
    ['show lldp neighbors', parseLldp],
  ]);
  const cdp = await firstFound(session, [
    ['show cdp neighbors detail', parseCdpDetail],
    ['show cdp neighbors', parseCdp],
  ]);
  const ospf = parseOspfNeighbours(await read('show ip ospf neighbor'));
  const bgp = parseBgpSummary(await read('show ip bgp summary'));
  return {
    version: versions.parse(release)?.normal ?? release,
    uptimeMs: seen.uptimeMs ?? 0,
    interfaces,
    neighbours: sorted([...lldp, ...cdp]),
    peers: sorted([...ospf, ...bgp]),
    routes: { total: parseRouteTotal(await read('show ip route summary')) },
    cpu: { percent: parseCpu(await read('show processes cpu')) },
    memory: { usedPercent: parseMemory(await read('show processes memory')) },
    environment: await environment(session),
    ha: haOf(
      parseShowSwitch(await read('show switch')),
      parseRedundancy(await read('show redundancy')),
    ),
  };
}
