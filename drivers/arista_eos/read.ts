import { Fault } from '../../src/kernel/fault.js';
import type { DeviceFile } from '../../src/driver/common-steps.js';
import type { Version } from '../../src/driver/driver.js';
import type { Facts, MemberFact, Snapshot } from '../../src/driver/facts.js';
import type { CliSession, CommandLimits } from '../../src/session/dialect.js';
import {
  countSupervisors,
  devicePath,
  maskConfig,
  parseBgp,
  parseBootImage,
  parseCpuPercent,
  parseDirectory,
  parseEnvironment,
  parseHash,
  parseInterfaces,
  parseIsis,
  parseMaintenance,
  parseMlag,
  parseNeighbours,
  parseOspf,
  parseRouteTotal,
  parseShowVersion,
  type Directory,
  type Mlag,
  type ShowVersion,
} from './parse.js';
import { platform } from './platform.js';
import { versionInFileName, versions } from './versions.js';

const MINUTE_MS = 60_000;
const CONFIG_LIMITS: Partial<CommandLimits> = {
  idleMs: MINUTE_MS,
  totalMs: 5 * MINUTE_MS,
  outputBytesMax: 16 * 1024 * 1024,
};
const HASH_LIMITS: Partial<CommandLimits> = { idleMs: 15 * MINUTE_MS, totalMs: 20 * MINUTE_MS };

/** Output of a read-only command; undefined when this device does not know it. */
export async function optional(session: CliSession, line: string): Promise<string | undefined> {
  const outcome = await session.send(line);
  if (outcome.kind === 'output') return outcome.text;
  if (outcome.kind === 'failed') return undefined;
  const code = outcome.kind === 'closed' ? 'unreachable' : 'session-limit';
  throw new Fault(code, `"${line}" ended with ${outcome.kind}`, { retry: 'safe' });
}

/** The first of several spellings that the device knows; empty when it knows none. */
async function firstOf(session: CliSession, lines: readonly string[]): Promise<string> {
  for (const line of lines) {
    const text = await optional(session, line);
    if (text !== undefined) return text;
  }
  return '';
}

/** `show version`; Fault `garbled-answer` when it is not EOS's. */
export async function readIdentity(session: CliSession): Promise<ShowVersion> {
  const identity = parseShowVersion(await session.read('show version'));
  if (!identity)
    throw new Fault('garbled-answer', '`show version` does not read as EOS', { retry: 'safe' });
  return identity;
}

/** `show mlag detail`, or without detail where that is not known; undefined without MLAG. */
export async function readMlag(session: CliSession): Promise<string | undefined> {
  return (await optional(session, 'show mlag detail')) ?? (await optional(session, 'show mlag'));
}

/** Promises of `Driver.readConfig`; no startup config reads as empty. */
export async function readConfig(
  session: CliSession,
  which: 'running' | 'startup',
): Promise<string> {
  if (which === 'running') return session.read('show running-config', { limits: CONFIG_LIMITS });
  const outcome = await session.send('show startup-config', { limits: CONFIG_LIMITS });
  if (outcome.kind === 'failed') return '';
  if (outcome.kind === 'output') return outcome.text;
  const code = outcome.kind === 'closed' ? 'unreachable' : 'session-limit';
  throw new Fault(code, `"show startup-config" ended with ${outcome.kind}`, { retry: 'safe' });
}

export async function maskedConfigs(
  session: CliSession,
): Promise<{ readonly running: string; readonly startup: string }> {
  const running = maskConfig(await readConfig(session, 'running'));
  return { running, startup: maskConfig(await readConfig(session, 'startup')) };
}

/** Promises of `CommonNeeds.deviceFile`. Only files at the top of `flash:`. */
export async function deviceFile(
  session: CliSession,
  path: string,
  withHash: boolean,
): Promise<DeviceFile | undefined> {
  const directory = parseDirectory(await session.read('dir flash:'));
  if (!directory)
    throw new Fault('garbled-answer', '`dir flash:` does not read as a directory', {
      retry: 'safe',
    });
  const name = devicePath(path).replace(/^flash:/, '');
  const file = directory.files.find((each) => each.name === name);
  if (!file) return undefined;
  if (!withHash) return { sizeBytes: file.sizeBytes };
  const hash = parseHash(
    await session.read(`verify /sha512 flash:${name}`, { limits: HASH_LIMITS }),
    128,
  );
  return { sizeBytes: file.sizeBytes, ...(hash === undefined ? {} : { hash }) };
}

function mlagDetails(mlag: Mlag): Facts['details'] {
  if (!mlag.configured) return { mlag: false };
  return {
    mlag: true,
    mlagHealthy: mlag.healthy,
    mlagState: mlag.state,
    mlagRole: mlag.role,
    redundancyRole: mlag.role,
    mlagPeer: mlag.peer,
    ...(mlag.reloadDelayMs === undefined ? {} : { mlagReloadDelayMs: mlag.reloadDelayMs }),
  };
}

function memberOf(identity: ShowVersion, directory: Directory | undefined): MemberFact {
  return {
    id: '1',
    role: 'active',
    model: identity.model,
    serial: identity.serial ?? '',
    version: identity.version,
    state: 'ready',
    ...(directory
      ? {
          flash: {
            fileSystem: 'flash:',
            totalBytes: directory.totalBytes,
            freeBytes: directory.freeBytes,
          },
        }
      : {}),
  };
}

/** What is known of the image that the next boot loads, and whether it is the one that runs. */
function bootFacts(
  nextBoot: string | undefined,
  running: Version,
): Pick<Facts, 'nextBoot' | 'runningImage'> {
  if (nextBoot === undefined) return {};
  const held = versionInFileName(nextBoot.replace(/^.*:/, ''));
  return held?.normal === running.normal ? { nextBoot, runningImage: nextBoot } : { nextBoot };
}

function imageDetails(directory: Directory | undefined): Facts['details'] {
  const images = (directory?.files ?? []).filter(({ name }) => /^[\w.-]{1,100}\.swi$/.test(name));
  return Object.fromEntries(images.map(({ name, sizeBytes }) => [`flash:${name}`, sizeBytes]));
}

/** Promises of `Driver.facts`. */
export async function readFacts(session: CliSession): Promise<Facts> {
  const identity = await readIdentity(session);
  const running = versions.parse(identity.version);
  if (!running) throw new Fault('garbled-answer', `"${identity.version}" is no EOS version`);
  const nextBoot = parseBootImage(await session.read('show boot-config'));
  const directory = parseDirectory(await session.read('dir flash:'));
  const mlag = parseMlag((await readMlag(session)) ?? '');
  const maintenance = await optional(session, 'show maintenance');
  return {
    platform: platform.id,
    hostname: session.hostname ?? '',
    model: identity.model,
    serials: identity.serial === undefined ? [] : [identity.serial],
    runningVersion: running.normal,
    ...bootFacts(nextBoot, running),
    bootMode: 'image',
    members: [memberOf(identity, directory)],
    ...(identity.uptimeMs === undefined ? {} : { uptimeMs: identity.uptimeMs }),
    details: {
      ...mlagDetails(mlag),
      maintenance: maintenance === undefined ? 'unsupported' : parseMaintenance(maintenance),
      supervisors: countSupervisors((await optional(session, 'show module')) ?? ''),
      ...imageDetails(directory),
    },
  };
}

function haOf(mlag: Mlag): Snapshot['ha'] {
  if (!mlag.configured)
    return { kind: 'none', role: 'alone', state: 'none', healthy: true, members: [] };
  return {
    kind: 'mlag',
    role: mlag.role,
    state: mlag.state,
    healthy: mlag.healthy,
    members: [
      { id: 'local', state: mlag.role },
      { id: `peer ${mlag.peer}`, state: mlag.peerState },
    ],
  };
}

async function readEnvironment(session: CliSession): Promise<Snapshot['environment']> {
  const parts = ['cooling', 'temperature', 'power'].map((part) => [
    `show system environment ${part}`,
    `show environment ${part}`,
  ]);
  const texts: string[] = [];
  for (const spellings of parts) texts.push(await firstOf(session, spellings));
  return parseEnvironment(texts.join('\n'));
}

/** Promises of `Driver.snapshot`. What the device does not have is empty. */
export async function readSnapshot(session: CliSession): Promise<Snapshot> {
  const identity = await readIdentity(session);
  const peers = [
    ...parseBgp(await firstOf(session, ['show ip bgp summary vrf all', 'show ip bgp summary'])),
    ...parseIsis(await firstOf(session, ['show isis neighbors'])),
    ...parseOspf(await firstOf(session, ['show ip ospf neighbor'])),
  ];
  const routes = await firstOf(session, ['show ip route vrf all summary', 'show ip route summary']);
  return {
    version: versions.parse(identity.version)?.normal ?? identity.version,
    uptimeMs: identity.uptimeMs ?? 0,
    interfaces: parseInterfaces(await session.read('show interfaces status')),
    neighbours: parseNeighbours(await firstOf(session, ['show lldp neighbors'])),
    peers,
    routes: { total: parseRouteTotal(routes) },
    cpu: { percent: parseCpuPercent(await firstOf(session, ['show processes top once'])) ?? 0 },
    memory: { usedPercent: identity.memoryUsedPercent ?? 0 },
    environment: await readEnvironment(session),
    ha: haOf(parseMlag((await readMlag(session)) ?? '')),
  };
}
