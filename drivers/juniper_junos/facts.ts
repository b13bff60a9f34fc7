import { Fault } from '../../src/kernel/fault.js';
import type { Facts, MemberFact } from '../../src/driver/facts.js';
import type { CliSession } from '../../src/session/dialect.js';
import { activeOf, ALL, observe, readAll, readIfKnown, type Standing } from './observe.js';
import {
  parseFiles,
  parseHardware,
  parseIgp,
  parseShowVersion,
  parseStorage,
  sectionFor,
  sectionsOf,
  type Hardware,
} from './parse.js';
import { platform } from './platform.js';
import { versions } from './versions.js';

function flashOf(id: string, storage: string | undefined): Pick<MemberFact, 'flash'> {
  const found = parseStorage(storage ?? '');
  return found ? { flash: { fileSystem: `${id}:/var/tmp`, ...found } } : {};
}

/** A lone engine goes by the serial of its chassis: that stays when the engine is replaced. */
function serialOf(standing: Standing, at: number, hardware: Hardware | undefined): string {
  const engine = standing.engines[at];
  const own = hardware?.engines.get(engine?.slot ?? 0) ?? engine?.serial ?? '';
  return standing.states.length === 1 ? (hardware?.chassisSerial ?? own) : own;
}

function engineMembers(
  standing: Standing,
  storage: string,
  hardware: Hardware | undefined,
): readonly MemberFact[] {
  const alone = standing.states.length === 1;
  return standing.states.map((each, at) => ({
    id: each.id,
    role: each.isMaster ? ('active' as const) : ('standby' as const),
    model: standing.shown.model,
    serial: serialOf(standing, at, hardware),
    version: each.version,
    state: each.state,
    ...flashOf(each.id, alone ? sectionsOf(storage)[0]?.text : sectionFor(storage, each.id)),
  }));
}

/** Members of a virtual chassis or cluster: known, but not upgraded by this driver. */
function chassisMembers(text: string, hardware: Hardware | undefined): readonly MemberFact[] {
  return sectionsOf(text).map(({ name, text: part }, at) => {
    const { model, version } = parseShowVersion(part) ?? { model: '', version: '' };
    const slot = Number(/\d+$/.exec(name)?.[0] ?? at);
    return {
      id: name,
      role: at === 0 ? ('active' as const) : ('member' as const),
      model,
      serial: hardware?.fpcs.get(slot) ?? '',
      version,
      state: version === '' ? 'not answering' : 'ready',
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

function membersOf(
  standing: Standing,
  storage: string,
  hardware: Hardware | undefined,
): readonly MemberFact[] {
  return countUnits(standing.versionText) > 1
    ? chassisMembers(standing.versionText, hardware)
    : engineMembers(standing, storage, hardware);
}

async function readDetails(session: CliSession, standing: Standing): Promise<Facts['details']> {
  const protocols = await readIfKnown(session, 'show configuration protocols');
  const commit =
    standing.states.length > 1
      ? await readIfKnown(session, 'show configuration system commit')
      : '';
  return {
    routingEngines: standing.states.length,
    chassisUnits: countUnits(standing.versionText),
    vmhost: standing.vmHosts.size > 0,
    pending: standing.states.map((each) => each.pending).find((each) => each !== '') ?? '',
    ospf: parseIgp(protocols, 'ospf'),
    isis: parseIgp(protocols, 'isis'),
    ...(standing.states.length > 1 ? { commitSynchronize: /^synchronize\b/m.test(commit) } : {}),
    ...(await storedPackages(session)),
  };
}

/** Promises of `Driver.facts`. */
export async function readFacts(session: CliSession): Promise<Facts> {
  const standing = await observe(session);
  const { shown } = standing;
  const running = versions.parse(shown.version);
  if (!running) throw new Fault('garbled-answer', `"${shown.version}" is no Junos version`);
  const hardware = parseHardware(await readIfKnown(session, 'show chassis hardware'));
  const on = standing.states.length > 1 ? ` ${ALL}` : '';
  const members = membersOf(standing, await readAll(session, `show system storage${on}`), hardware);
  const uptimeMs = activeOf(standing)?.uptimeMs;
  const chassisSerial = hardware?.chassisSerial;
  return {
    platform: platform.id,
    hostname: session.hostname ?? shown.hostname ?? '',
    model: shown.model,
    serials: members.map((each) => each.serial).toSorted(),
    runningVersion: running.normal,
    members,
    ...(uptimeMs === undefined ? {} : { uptimeMs }),
    details: {
      ...(await readDetails(session, standing)),
      ...(chassisSerial === undefined ? {} : { chassisSerial }),
    },
  };
}
