import { Fault } from '../../src/kernel/fault.js';
import type { Facts, MemberFact, Snapshot } from '../../src/driver/facts.js';
import type { CliSession, CommandLimits } from '../../src/session/dialect.js';
import {
  parseChecksums,
  parseCluster,
  parseConfigErrors,
  parseFlash,
  parsePerformance,
  parseStatus,
  parseUpgradeMode,
  type Cluster,
  type Partition,
  type SystemStatus,
} from './parse.js';
import {
  countRoutes,
  parseBgp,
  parseInterfaces,
  parseNeighbours,
  parseOspf,
  parseSensors,
} from './parse-state.js';
import { platform } from './platform.js';
import { maturityOf, versions } from './versions.js';

const MINUTE_MS = 60_000;
const CONFIG_LIMITS: Partial<CommandLimits> = {
  idleMs: MINUTE_MS,
  totalMs: 10 * MINUTE_MS,
  outputBytesMax: 32 * 1024 * 1024,
};

/** Output of a read-only command; empty when this device does not know it. */
async function optional(session: CliSession, line: string): Promise<string> {
  const outcome = await session.send(line);
  if (outcome.kind === 'output') return outcome.text;
  if (outcome.kind === 'failed') return '';
  const code = outcome.kind === 'closed' ? 'unreachable' : 'session-limit';
  throw new Fault(code, `"${line}" ended with ${outcome.kind}`, { retry: 'safe' });
}

/** `get system status`; Fault `garbled-answer` when it is not a FortiGate's. */
export async function readStatus(session: CliSession): Promise<SystemStatus> {
  const status = parseStatus(await session.read('get system status'));
  if (!status)
    throw new Fault('garbled-answer', '`get system status` does not read as FortiOS', {
      retry: 'safe',
    });
  return status;
}

export function hasVdoms(status: Pick<SystemStatus, 'vdoms'>): boolean {
  return status.vdoms !== 'disable';
}

/** Does `work` where the commands of the whole unit are: with virtual domains that is behind `config global`. */
async function inGlobal<T>(
  session: CliSession,
  status: SystemStatus,
  work: () => Promise<T>,
): Promise<T> {
  if (!hasVdoms(status)) return work();
  await optional(session, 'config global');
  const result = await work();
  await optional(session, 'end');
  return result;
}

/** Promises of `Driver.readConfig`. What runs is what is saved, unless somebody switched that off. */
export async function readConfig(session: CliSession): Promise<string> {
  return session.read('show', { limits: CONFIG_LIMITS });
}

export interface FlashState {
  readonly partitions: readonly Partition[];
  /** The partition that was booted: its build runs; of two with the same build the active one. */
  readonly running: Partition | undefined;
  readonly backup: Partition | undefined;
}

export function flashState(text: string, build: number | undefined): FlashState {
  const partitions = parseFlash(text);
  const same = partitions.filter((each) => each.build === build);
  const running = same.find((each) => each.active) ?? same[0];
  const others = partitions.filter((each) => each !== running);
  const backup = running !== undefined && others.length === 1 ? others[0] : undefined;
  return { partitions, running, backup };
}

/** The partitions of the unit that answers. Not for units with virtual domains. */
export async function readFlash(session: CliSession, status: SystemStatus): Promise<FlashState> {
  return flashState(await session.read('diagnose sys flash list'), status.build);
}

/** The cluster, as the unit that answers sees it; undefined when it stands alone. */
export async function readCluster(
  session: CliSession,
  status: SystemStatus,
): Promise<Cluster | undefined> {
  if (status.ha === 'standalone') return undefined;
  return parseCluster(await optional(session, 'get system ha status'));
}

/** In sync, by its own word and by the checksums of all members. */
export async function isInSync(session: CliSession, cluster: Cluster): Promise<boolean> {
  if (cluster.members.some((each) => !each.inSync)) return false;
  return parseChecksums(await optional(session, 'diagnose sys ha checksum cluster')) ?? false;
}

/** What the new release did not take of the configuration. */
export async function readConfigErrors(session: CliSession): Promise<readonly string[]> {
  return parseConfigErrors(await optional(session, 'diagnose debug config-error-log read'));
}

function membersOf(status: SystemStatus, cluster: Cluster | undefined): readonly MemberFact[] {
  const { model, version } = status;
  if (cluster && cluster.members.length > 0)
    return cluster.members.map(({ serial, role, inSync }) => ({
      id: serial,
      role,
      model,
      serial,
      version,
      state: inSync ? 'ready' : 'out-of-sync',
    }));
  const serial = status.serial ?? '';
  return [{ id: serial, role: 'active', model, serial, version, state: 'ready' }];
}

function flashDetails({ partitions, running, backup }: FlashState): Facts['details'] {
  return {
    partitions: partitions.length,
    ...(running ? { runningPartition: running.number } : {}),
    ...(backup
      ? { backupPartition: backup.number, backupImage: backup.image, backupBuild: backup.build }
      : {}),
  };
}

function clusterDetails(
  status: SystemStatus,
  cluster: Cluster | undefined,
  upgradeMode: string | undefined,
): Facts['details'] {
  if (!cluster) return {};
  const isSynced = cluster.members.every((each) => each.inSync);
  return {
    haGroup: cluster.group,
    haMembers: cluster.members.length,
    haHealthy: cluster.healthy && isSynced,
    haSync: isSynced ? 'in-sync' : 'out-of-sync',
    haOverride: cluster.override,
    ...(upgradeMode === undefined ? {} : { haUpgradeMode: upgradeMode }),
    ...(status.haRole === undefined ? {} : { redundancyRole: status.haRole }),
    ...(status.serial === undefined ? {} : { answeringSerial: status.serial }),
    memberNames: cluster.members.map((each) => each.name).join(', '),
  };
}

function statusDetails(status: SystemStatus): Facts['details'] {
  const maturity = maturityOf(status.version);
  return {
    ...(status.build === undefined ? {} : { build: status.build }),
    ...(maturity === undefined ? {} : { maturity }),
    ...(status.signature === undefined ? {} : { signature: status.signature }),
    vdoms: status.vdoms,
    ha: status.ha,
  };
}

function imagesOf({ partitions, running }: FlashState): Pick<Facts, 'nextBoot' | 'runningImage'> {
  const next = partitions.find((each) => each.active);
  return {
    ...(running ? { runningImage: running.image } : {}),
    ...(next ? { nextBoot: next.image } : {}),
  };
}

/** Promises of `Driver.facts`. Only members in sync with the primary are taken to run what it runs. */
export async function readFacts(session: CliSession): Promise<Facts> {
  const status = await readStatus(session);
  const running = versions.parse(status.version);
  if (!running) throw new Fault('garbled-answer', `"${status.version}" is no FortiOS version`);
  return inGlobal(session, status, async () => {
    const { uptimeMs } = parsePerformance(await session.read('get system performance status'));
    const flash = flashState(await optional(session, 'diagnose sys flash list'), status.build);
    const cluster = await readCluster(session, status);
    const upgradeMode = cluster
      ? parseUpgradeMode(await optional(session, 'get system ha'))
      : undefined;
    const members = membersOf(status, cluster);
    return {
      platform: platform.id,
      hostname: session.hostname ?? status.hostname ?? '',
      model: status.model,
      serials: members.map((each) => each.serial).toSorted(),
      runningVersion: running.normal,
      ...imagesOf(flash),
      bootMode: 'image',
      members,
      ...(uptimeMs === undefined ? {} : { uptimeMs }),
      details: {
        ...statusDetails(status),
        ...flashDetails(flash),
        ...clusterDetails(status, cluster, upgradeMode),
      },
    };
  });
}

async function haOf(
  session: CliSession,
  status: SystemStatus,
  cluster: Cluster | undefined,
): Promise<Snapshot['ha']> {
  if (!cluster)
    return {
      kind: 'none',
      role: 'alone',
      state: status.ha,
      healthy: status.ha === 'standalone',
      members: [],
    };
  const synced = await isInSync(session, cluster);
  return {
    kind: 'fgcp',
    // Which member is primary changes with every upgrade; it is no fault and no difference.
    role: 'cluster',
    state: synced ? 'in-sync' : 'out-of-sync',
    healthy: synced && cluster.healthy,
    members: cluster.members.map(({ serial, inSync }) => ({
      id: serial,
      state: inSync ? 'ready' : 'out-of-sync',
    })),
  };
}

async function readRouting(
  session: CliSession,
  status: SystemStatus,
): Promise<Pick<Snapshot, 'peers' | 'routes'>> {
  // Every virtual domain routes for itself; they are not visited.
  if (hasVdoms(status)) return { peers: [], routes: { total: 0 } };
  const bgp = parseBgp(await optional(session, 'get router info bgp summary'));
  const ospf = parseOspf(await optional(session, 'get router info ospf neighbor'));
  const total = countRoutes(await optional(session, 'get router info routing-table all'));
  return { peers: [...bgp, ...ospf], routes: { total } };
}

/** Promises of `Driver.snapshot`. What the device does not have is empty. */
export async function readSnapshot(session: CliSession): Promise<Snapshot> {
  const status = await readStatus(session);
  const routing = await readRouting(session, status);
  return inGlobal(session, status, async () => {
    const load = parsePerformance(await session.read('get system performance status'));
    const cluster = await readCluster(session, status);
    return {
      version: versions.parse(status.version)?.normal ?? status.version,
      uptimeMs: load.uptimeMs ?? 0,
      ...(cluster ? { names: cluster.members.map((each) => each.name).toSorted() } : {}),
      interfaces: parseInterfaces(await session.read('get system interface physical')),
      neighbours: parseNeighbours(await optional(session, 'diagnose lldprx neighbor details')),
      ...routing,
      cpu: { percent: load.cpuPercent ?? 0 },
      memory: { usedPercent: load.memoryUsedPercent ?? 0 },
      environment: parseSensors(await optional(session, 'execute sensor list')),
      ha: await haOf(session, status, cluster),
    };
  });
}
