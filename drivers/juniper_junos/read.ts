import type { DeviceFile } from '../../src/driver/common-steps.js';
import type { Facts, MemberFact, Snapshot } from '../../src/driver/facts.js';
import { Fault } from '../../src/kernel/fault.js';
import type { CliSession, CommandLimits } from '../../src/session/dialect.js';
import {
  parseEngines,
  parseFiles,
  parseHardware,
  parseIgp,
  parseMd5,
  parseShowVersion,
  parseStorage,
  parseUptimeMs,
  parseVmHost,
  sectionFor,
  sectionsOf,
  type Engine,
  type Hardware,
  type ShowVersion,
  type VmHost,
} from './parse.js';
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
import { platform } from './platform.js';
import { versions } from './versions.js';

const MINUTE_MS = 60_000;
const CONFIG_LIMITS: Partial<CommandLimits> = {
  idleMs: 2 * MINUTE_MS,
  totalMs: 5 * MINUTE_MS,
  outputBytesMax: 16 * 1024 * 1024,
};
const HASH_LIMITS: Partial<CommandLimits> = { idleMs: 15 * MINUTE_MS, totalMs: 20 * MINUTE_MS };
const ALL = 'invoke-on all-routing-engines';

/** Text of a command that not every device knows: empty where it does not. */
export async function readIfKnown(session: CliSession, line: string): Promise<string> {
  const outcome = await session.send(line);
  if (outcome.kind === 'output') return outcome.text;
  if (outcome.kind === 'failed') return '';
  const code = outcome.kind === 'closed' ? 'unreachable' : 'session-limit';
  throw new Fault(code, `"${line}" ended with ${outcome.kind}`, { retry: 'safe' });
}

/** What several engines say; one that cannot be reached says `error:`, and the others are still heard. */
async function readAll(session: CliSession, line: string): Promise<string> {
  const outcome = await session.send(line);
  if (outcome.kind === 'output' || outcome.kind === 'failed') return outcome.text;
  const code = outcome.kind === 'closed' ? 'unreachable' : 'session-limit';
  throw new Fault(code, `"${line}" ended with ${outcome.kind}`, { retry: 'safe' });
}

/** One routing engine as it is seen now. */
export interface EngineState {
  /** `re0`, `re1`. */
  readonly id: string;
  readonly isMaster: boolean;
  /** `ready`, or the device's own word. */
  readonly state: string;
  /** Empty while the engine does not answer. */
  readonly version: string;
  /** Normal forms; pending is empty where nothing waits for a boot. */
  readonly normal: string;
  readonly pending: string;
  readonly uptimeMs?: number;
}

export interface Standing {
  readonly shown: ShowVersion;
  /** All of `show version`, with the parts of a virtual chassis. */
  readonly versionText: string;
  readonly engines: readonly Engine[];
  readonly states: readonly EngineState[];
  /** Of each engine; none where the device is no vmhost. */
  readonly vmHosts: ReadonlyMap<string, VmHost>;
}

const normalOf = (text: string) => versions.parse(text)?.normal ?? text;

const READY = new Set(['master', 'backup']);

interface Answers {
  readonly version: string;
  readonly uptime: string;
  readonly vmHost: string;
}

function stateOf(engine: Engine, alone: boolean, answers: Answers): EngineState {
  const id = `re${engine.slot}`;
  const part = (text: string) => (alone ? (sectionsOf(text)[0]?.text ?? '') : sectionFor(text, id));
  const shown = parseShowVersion(part(answers.version) ?? '');
  const uptimeMs = parseUptimeMs(part(answers.uptime) ?? '');
  const isReady = READY.has(engine.state) && shown !== undefined;
  return {
    id,
    isMaster: engine.state === 'master',
    state: isReady ? 'ready' : READY.has(engine.state) ? 'not answering' : engine.state,
    version: shown?.version ?? '',
    normal: shown ? normalOf(shown.version) : '',
    pending: shown?.pending === undefined ? '' : normalOf(shown.pending),
    ...(uptimeMs === undefined ? {} : { uptimeMs }),
  };
}

/** Versions, pending software, mastership and uptime of every engine, in one look. */
export async function observe(session: CliSession): Promise<Standing> {
  const first = await session.read('show version');
  const shown = parseShowVersion(sectionsOf(first)[0]?.text ?? '');
  if (!shown)
    throw new Fault('garbled-answer', '`show version` does not read as Junos', { retry: 'safe' });
  const engines = parseEngines(await readIfKnown(session, 'show chassis routing-engine'));
  const known = engines.length > 0 ? engines : [{ slot: 0, state: 'master' }];
  const alone = known.length === 1 || sectionsOf(first).length > 1;
  const on = alone ? '' : ` ${ALL}`;
  const answers = {
    version: alone ? first : await readAll(session, `show version ${ALL}`),
    uptime: await readAll(session, `show system uptime${on}`),
    vmHost: await readIfKnown(session, `show vmhost version${on}`),
  };
  const states = (alone ? known.slice(0, 1) : known).map((each) => stateOf(each, alone, answers));
  const vmHosts = states.flatMap(({ id }) => {
    const text = alone ? answers.vmHost : sectionFor(answers.vmHost, id);
    const vmHost = parseVmHost(text ?? '');
    return vmHost ? [[id, vmHost] as const] : [];
  });
  return { shown, versionText: first, engines: known, states, vmHosts: new Map(vmHosts) };
}

/** The active engine: the one that answers us. */
export function activeOf(standing: Standing): EngineState | undefined {
  return standing.states.find((each) => each.isMaster) ?? standing.states[0];
}

function flashOf(id: string, storage: string | undefined): Pick<MemberFact, 'flash'> {
  const found = parseStorage(storage ?? '');
  return found ? { flash: { fileSystem: `${id}:/var/tmp`, ...found } } : {};
}

function engineMembers(
  standing: Standing,
  storage: string,
  hardware: Hardware | undefined,
): readonly MemberFact[] {
  const alone = standing.states.length === 1;
  return standing.states.map((each, at) => {
    const slot = standing.engines[at]?.slot ?? 0;
    const ofEngine = hardware?.engines.get(slot) ?? standing.engines[at]?.serial ?? '';
    const serial = alone ? (hardware?.chassisSerial ?? ofEngine) : ofEngine;
    const part = alone ? sectionsOf(storage)[0]?.text : sectionFor(storage, each.id);
    return {
      id: each.id,
      role: each.isMaster ? ('active' as const) : ('standby' as const),
      model: standing.shown.model,
      serial,
      version: each.version,
      state: each.state,
      ...flashOf(each.id, part),
    };
  });
}

/** Members of a virtual chassis or cluster: known, but not upgraded by this driver. */
function chassisMembers(text: string, hardware: Hardware | undefined): readonly MemberFact[] {
  return sectionsOf(text).map(({ name, text: part }, at) => {
    const shown = parseShowVersion(part);
    return {
      id: name,
      role: at === 0 ? ('active' as const) : ('member' as const),
      model: shown?.model ?? '',
      serial: hardware?.fpcs.get(Number(/\d+$/.exec(name)?.[0] ?? at)) ?? '',
      version: shown?.version ?? '',
      state: shown ? 'ready' : 'not answering',
    };
  });
}

function countUnits(versionText: string): number {
  return sectionsOf(versionText).filter(({ name }) => /^(?:fpc|node|member)\d/.test(name)).length;
}

async function storedPackages(session: CliSession): Promise<Record<string, number>> {
  const files = parseFiles(await readIfKnown(session, 'file list /var/tmp/ detail'));
  const packages = files.filter(({ name }) => /^[\w.-]{1,100}\.tgz$/.test(name));
  return Object.fromEntries(packages.map(({ name, sizeBytes }) => [`/var/tmp/${name}`, sizeBytes]));
}

/** Promises of `Driver.facts`. */
export async function readFacts(session: CliSession): Promise<Facts> {
  const standing = await observe(session);
  const running = versions.parse(standing.shown.version);
  if (!running)
    throw new Fault('garbled-answer', `"${standing.shown.version}" is no Junos version`);
  const hardware = parseHardware(await readIfKnown(session, 'show chassis hardware'));
  const units = countUnits(standing.versionText);
  const on = standing.states.length > 1 ? ` ${ALL}` : '';
  const storage = await readAll(session, `show system storage${on}`);
  const members =
    units > 1
      ? chassisMembers(standing.versionText, hardware)
      : engineMembers(standing, storage, hardware);
  const protocols = await readIfKnown(session, 'show configuration protocols');
  const active = activeOf(standing);
  return {
    platform: platform.id,
    hostname: session.hostname ?? standing.shown.hostname ?? '',
    model: standing.shown.model,
    serials: members.map((each) => each.serial).toSorted(),
    runningVersion: running.normal,
    members,
    ...(active?.uptimeMs === undefined ? {} : { uptimeMs: active.uptimeMs }),
    details: {
      routingEngines: standing.states.length,
      chassisUnits: units,
      vmhost: standing.vmHosts.size > 0,
      pending: standing.states.map((each) => each.pending).find((each) => each !== '') ?? '',
      ...(hardware?.chassisSerial === undefined ? {} : { chassisSerial: hardware.chassisSerial }),
      ospf: parseIgp(protocols, 'ospf'),
      isis: parseIgp(protocols, 'isis'),
      ...(await storedPackages(session)),
    },
  };
}

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
