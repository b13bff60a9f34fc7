import type { DeviceFile } from '../../src/driver/common-steps.js';
import type { Snapshot } from '../../src/driver/facts.js';
import type { CliSession, CommandLimits } from '../../src/session/dialect.js';
import { activeOf, observe, READY, readIfKnown, type Standing } from './observe.js';
import { parseFiles, parseMd5 } from './parse.js';
import {
  parseAlarms,
  parseBgp,
  parseEnvironment,
  parseInterfaces,
  parseIsis,
  parseNeighbours,
  parseOspf,
  parseRouteTotal,
  sortedPeers,
} from './parse-state.js';

const MINUTE_MS = 60_000;
const CONFIG_LIMITS: Partial<CommandLimits> = {
  idleMs: 2 * MINUTE_MS,
  totalMs: 5 * MINUTE_MS,
  outputBytesMax: 16 * 1024 * 1024,
};
const HASH_LIMITS: Partial<CommandLimits> = { idleMs: 15 * MINUTE_MS, totalMs: 20 * MINUTE_MS };

/** The committed configuration. Junos has no other to boot from: `startup` is the same text. */
export async function readConfig(session: CliSession): Promise<string> {
  return session.read('show configuration', { limits: CONFIG_LIMITS });
}

const VOLATILE = /^(?:## Last (?:commit|changed): .{0,200}|version \d{1,2}\.\d[\w.-]{1,40};)$/;

/** Without the stamp of the last commit and the version of the software that wrote the text. */
export function maskConfig(text: string): string {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && !VOLATILE.test(line));
  return `${lines.join('\n')}\n`;
}

/** Promises of `CommonNeeds.deviceFile`; also for `re1:/var/tmp/...`, there without a hash. */
export async function deviceFile(
  session: CliSession,
  path: string,
  withHash: boolean,
): Promise<DeviceFile | undefined> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const listing = await readIfKnown(session, `file list ${path} detail`);
  const file = parseFiles(listing).find((each) => each.name === name);
  if (!file) return undefined;
  if (!withHash) return { sizeBytes: file.sizeBytes };
  const outcome = await session.send(`file checksum md5 ${path}`, { limits: HASH_LIMITS });
  const hash = outcome.kind === 'output' ? parseMd5(outcome.text) : undefined;
  return { sizeBytes: file.sizeBytes, ...(hash === undefined ? {} : { hash }) };
}

function haOf(standing: Standing): Snapshot['ha'] {
  if (standing.states.length === 1)
    return { kind: 'none', role: 'alone', state: 'none', healthy: true, members: [] };
  const members = standing.engines.map((each) => ({ id: `re${each.slot}`, state: each.state }));
  const masters = members.filter((each) => each.state === 'master');
  return {
    kind: 'routing-engines',
    role: masters[0]?.id ?? 'none',
    state: members.map((each) => `${each.id} ${each.state}`).join(', '),
    healthy:
      masters.length === 1 &&
      members.every((each) => READY.has(each.state)) &&
      standing.states.every((each) => each.state === 'ready'),
    members,
  };
}

/** Promises of `Driver.snapshot`. What the device does not have is empty. */
export async function readSnapshot(session: CliSession): Promise<Snapshot> {
  const standing = await observe(session);
  const read = (line: string) => readIfKnown(session, line);
  const active = activeOf(standing);
  const engine =
    standing.engines.find((each) => `re${each.slot}` === active?.id) ?? standing.engines[0];
  const problems = [
    ...parseAlarms(await read('show chassis alarms')),
    ...parseEnvironment(await read('show chassis environment')),
  ];
  return {
    version: active?.normal ?? '',
    uptimeMs: active?.uptimeMs ?? 0,
    interfaces: parseInterfaces(await session.read('show interfaces terse')),
    neighbours: parseNeighbours(await read('show lldp neighbors')),
    peers: sortedPeers(
      parseOspf(await read('show ospf neighbor')),
      parseIsis(await read('show isis adjacency')),
      parseBgp(await read('show bgp summary')),
    ),
    routes: { total: parseRouteTotal(await read('show route summary')) },
    cpu: { percent: engine?.cpuPercent ?? 0 },
    memory: { usedPercent: engine?.memoryPercent ?? 0 },
    environment: { ok: problems.length === 0, problems },
    ha: haOf(standing),
  };
}
