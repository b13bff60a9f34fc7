import type { Snapshot } from '../../src/driver/facts.js';
import { rowsOf } from './parse.js';

const byId = (a: { readonly id: string }, b: { readonly id: string }) =>
  a.id < b.id ? -1 : Number(a.id > b.id);

function unique<T extends { readonly id: string }>(rows: readonly T[]): readonly T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()].toSorted(byId);
}

/** `get system interface physical`. It tells the link; whether a port is shut down stands only in the configuration. */
export function parseInterfaces(text: string): Snapshot['interfaces'] {
  const found: { readonly id: string; readonly admin: 'up'; readonly oper: 'up' | 'down' }[] = [];
  let id = '';
  for (const row of rowsOf(text)) {
    id = /^\s+==\[ ?([\w./ -]{1,40}?) ?\]\s*$/.exec(row)?.[1] ?? id;
    const status = /^\s+status: ?(up|down)\b/.exec(row)?.[1];
    if (status === undefined || id === '') continue;
    found.push({ id, admin: 'up', oper: status === 'up' ? 'up' : 'down' });
    id = '';
  }
  return unique(found);
}

/** `diagnose lldprx neighbor details`: `NUMBER key: value`, one number a neighbour. */
export function parseNeighbours(text: string): Snapshot['neighbours'] {
  const rows = new Map<string, Map<string, string>>();
  for (const row of rowsOf(text)) {
    const match =
      /^ {0,3}(\d{1,5}) (port\.txt|port\.id\.data|system\.name\.data|chassis\.data): (.{1,120})$/.exec(
        row,
      );
    const [, number, key, value] = match ?? [];
    if (number === undefined || key === undefined || value === undefined) continue;
    const known = rows.get(number) ?? new Map<string, string>();
    rows.set(number, known.set(key, value.trim()));
  }
  return unique(
    [...rows.values()].flatMap((row) => {
      const port = row.get('port.txt');
      const system = row.get('system.name.data') ?? row.get('chassis.data');
      const remotePort = row.get('port.id.data') ?? '';
      if (port === undefined || system === undefined) return [];
      return [{ id: `${port}|${system}|${remotePort}`, port, system, remotePort }];
    }),
  );
}

type Peer = Snapshot['peers'][number];

const inVrf = (vrf: string, peer: string) => (vrf === '' || vrf === '0' ? peer : `${vrf}:${peer}`);

/** `get router info bgp summary`; peers of another VRF than 0 are named `VRF:address`. */
export function parseBgp(text: string): readonly Peer[] {
  let vrf = '';
  return unique(
    rowsOf(text).flatMap((line): readonly Peer[] => {
      vrf = /^VRF (\d{1,5}) BGP router identifier/.exec(line)?.[1] ?? vrf;
      const match =
        /^([0-9a-fA-F.:]{3,45}) {1,20}4 {1,12}[\d.]{1,12}(?: {1,12}\d{1,12}){5} {1,12}(\S{1,12}) {1,12}(\S{1,20}) {0,20}$/.exec(
          line,
        );
      const address = match?.[1];
      if (address === undefined) return [];
      const word = match?.[3] ?? '';
      const up = /^\d+$/.test(word) || /^Estab/i.test(word);
      const peer = inVrf(vrf, address);
      const state = up ? 'established' : word.toLowerCase();
      return [{ id: `bgp|${peer}`, protocol: 'bgp', peer, state, up }];
    }),
  );
}

/** `get router info ospf neighbor`; the peer is its router id. */
export function parseOspf(text: string): readonly Peer[] {
  let vrf = '';
  return unique(
    rowsOf(text).flatMap((line): readonly Peer[] => {
      vrf = /^OSPF process \d{1,5}, VRF (\d{1,5})/.exec(line)?.[1] ?? vrf;
      const match =
        /^(\d{1,3}(?:\.\d{1,3}){3}) {1,20}\d{1,3} {1,12}([A-Za-z0-9-]{2,20})\/ ?([A-Za-z-]{0,12}) {1,20}\d/.exec(
          line,
        );
      const router = match?.[1];
      if (router === undefined) return [];
      const state = (match?.[2] ?? '').toLowerCase();
      const peer = inVrf(vrf, router);
      return [{ id: `ospf|${peer}`, protocol: 'ospf', peer, state, up: state === 'full' }];
    }),
  );
}

/** Destinations of `get router info routing-table all`, all VRFs; further ways to one of them do not count. */
export function countRoutes(text: string): number {
  const row = /^[A-Z][A-Za-z0-9*> ]{0,8} {1,8}(?:\d{1,3}\.){3}\d{1,3}\/\d{1,2}(?: |$)/;
  return rowsOf(text).filter((line) => row.test(line)).length;
}

/** `execute sensor list`: names of sensors whose alarm stands. Many small models have no sensors. */
export function parseSensors(text: string): Snapshot['environment'] {
  const problems = rowsOf(text).flatMap((line) => {
    const match = /^ {0,6}\d{1,3} {1,6}(\S.{0,40}?) {1,40}alarm=(\d)/.exec(line);
    return match?.[1] === undefined || match[2] === '0' ? [] : [match[1].trim()];
  });
  return { ok: problems.length === 0, problems: [...new Set(problems)].toSorted() };
}
