import { Fault } from '../../src/kernel/fault.js';
import type { Facts, FlashFact, MemberFact } from '../../src/driver/facts.js';
import type { CliSession, CommandOptions } from '../../src/session/dialect.js';
import {
  parseBoot,
  parseDir,
  parseInstallSummary,
  parseInventory,
  parseOspf,
  parseRunningInstall,
  parseShowSwitch,
  parseShowVersion,
  serialsOf,
  type BootSettings,
  type Directory,
  type ShowVersion,
  type StackMember,
} from './parse.js';
import { archivePathOf, comesBackSame, listsNumbers } from './config.js';
import { versions } from './versions.js';

const CONFIG_LIMITS: CommandOptions = {
  limits: { idleMs: 120_000, totalMs: 300_000, outputBytesMax: 16 * 1024 * 1024 },
};

/** Text of a command that not every model has: empty where the device does not know it. */
export async function readIfKnown(session: CliSession, line: string): Promise<string> {
  const outcome = await session.send(line);
  if (outcome.kind === 'output') return outcome.text;
  if (outcome.kind === 'failed') return '';
  if (outcome.kind === 'closed') {
    throw new Fault('unreachable', `the session ended during "${line}": ${outcome.detail}`);
  }
  if (outcome.kind === 'question') {
    throw new Fault('unknown-dialog', `a question came after "${line}"`);
  }
  throw new Fault('session-limit', `"${line}" ran into its ${outcome.kind}`);
}

/** `show running-config` or `show startup-config`; an absent startup config is empty. */
export async function readConfig(
  session: CliSession,
  which: 'running' | 'startup',
): Promise<string> {
  const text = await session.read(`show ${which}-config`, CONFIG_LIMITS);
  return /^%* ?(?:startup-config is not present|Non-volatile configuration memory is not present)/m.test(
    text,
  )
    ? ''
    : text;
}

/** The boot file system as the running image names it: `flash:` on switches, `bootflash:` on routers. */
function bootFileSystem(seen: ShowVersion): string {
  return /^([a-z]+\d?:)/.exec(seen.image ?? '')?.[1] ?? 'flash:';
}

/** The active member's flash has the plain name; `flash-2:` is member 2 seen from the active one. */
function fileSystemOf(base: string, member: StackMember): string {
  return member.role === 'active' ? base : base.replace(/:$/, `-${member.id}:`);
}

function flashFact(fileSystem: string, directory: Directory): FlashFact | undefined {
  const { totalBytes, freeBytes } = directory;
  return totalBytes === undefined || freeBytes === undefined
    ? undefined
    : { fileSystem, totalBytes, freeBytes };
}

/** Members by `show switch`; by the table of `show version` where that is unknown; else the one box. */
function chassis(seen: ShowVersion, stack: readonly StackMember[]): readonly StackMember[] {
  if (stack.length > 0) return stack;
  if (seen.switches.length > 0) {
    return seen.switches.map((row) => ({
      id: row.id,
      role: row.active ? 'active' : 'member',
      state: row.active ? 'ready' : 'unknown',
    }));
  }
  return [{ id: '1', role: 'active', state: 'ready' }];
}

interface Sources {
  readonly seen: ShowVersion;
  readonly boot: BootSettings;
  readonly inventory: ReadonlyMap<string, { readonly productId: string; readonly serial: string }>;
  readonly alone: boolean;
}

function releaseOf(seen: ShowVersion): string {
  return seen.release ?? seen.iosVersion ?? '';
}

function serialOf(sources: Sources, member: StackMember): string {
  const { seen, inventory } = sources;
  const own = member.role === 'active' ? (seen.serials[''] ?? seen.boardId) : undefined;
  return own ?? seen.serials[member.id] ?? inventory.get(member.id)?.serial ?? '';
}

/** A member that is only provisioned has no serial and runs nothing. */
function identity(
  sources: Sources,
  member: StackMember,
): Pick<MemberFact, 'model' | 'serial' | 'version'> {
  const { seen, inventory, alone } = sources;
  const row = seen.switches.find((each) => each.id === member.id);
  const part = inventory.get(member.id);
  const present = alone || member.role === 'active' || part !== undefined;
  const own = { model: part?.productId ?? seen.model ?? '', version: releaseOf(seen) };
  return {
    ...(present ? own : { model: '', version: '' }),
    ...(row === undefined ? {} : { model: row.model, version: row.version }),
    serial: serialOf(sources, member),
  };
}

function memberFact(
  sources: Sources,
  member: StackMember,
  directory: FlashFact | undefined,
): MemberFact {
  const { switches } = sources.boot;
  const settings = switches[member.id] ?? (member.role === 'active' ? switches[''] : undefined);
  return {
    id: member.id,
    role: member.role,
    ...identity(sources, member),
    state: member.state,
    ...(directory === undefined ? {} : { flash: directory }),
    ...(settings?.manual === undefined ? {} : { manualBoot: settings.manual }),
  };
}

async function readBoot(session: CliSession): Promise<BootSettings> {
  const boot = parseBoot(await readIfKnown(session, 'show boot'));
  if (Object.keys(boot.switches).length > 0) return boot;
  return parseBoot(await readIfKnown(session, 'show bootvar'));
}

function bootMode(seen: ShowVersion): 'install' | 'bundle' {
  if (seen.switches.length > 0)
    return seen.switches.every((row) => row.mode === 'INSTALL') ? 'install' : 'bundle';
  return seen.image?.endsWith('packages.conf') === true ? 'install' : 'bundle';
}

function nextBoot(boot: BootSettings, members: readonly MemberFact[]): string | undefined {
  const active = members.find((each) => each.role === 'active');
  const next = (boot.switches[active?.id ?? ''] ?? boot.switches[''])?.next;
  return next === '' ? undefined : next;
}

type Details = Record<string, string | number | boolean>;

function hex(value: number): string {
  return `0x${value.toString(16).toUpperCase()}`;
}

function bootDetails(seen: ShowVersion, boot: BootSettings): Details {
  const details: Details = {};
  const register = seen.nextRegister ?? boot.register;
  if (seen.register !== undefined) details['configRegister'] = hex(seen.register);
  if (register !== undefined) details['nextConfigRegister'] = hex(register);
  if (seen.operatingMode !== undefined) details['operatingMode'] = seen.operatingMode;
  if (seen.updates.length > 0) details['softwareUpdates'] = seen.updates.toSorted().join(',');
  for (const [id, settings] of Object.entries(boot.switches)) {
    if (settings.next !== undefined) details[id === '' ? 'boot' : `boot.${id}`] = settings.next;
  }
  return details;
}

function installDetails(summaryText: string, logText: string): Details {
  const summary = parseInstallSummary(summaryText);
  const images = summary.groups.flatMap((group) => group.packages);
  const named = (state: string) =>
    [...new Set(images.filter((each) => each.type === 'IMG' && each.state === state))]
      .map((each) => versions.parse(each.name)?.normal ?? each.name)
      .filter((each, at, all) => all.indexOf(each) === at)
      .toSorted()
      .join(',');
  return {
    'install.uncommitted': images.some((each) => each.state === 'U' || each.state === 'D'),
    'install.autoAbort': summary.timerActive,
    ...(summary.timerLeftMs === undefined
      ? {}
      : { 'install.autoAbortLeftMs': summary.timerLeftMs }),
    'install.committed': named('C'),
    'install.inactive': named('I'),
    'install.operation': parseRunningInstall(logText) ?? '',
  };
}

function configDetails(config: string): Details {
  const details: Details = { scpServer: /^ip scp server enable\s*$/m.test(config) };
  const numbered = listsNumbers(config);
  if (numbered !== undefined) details['accessListNumbers'] = numbered;
  const processes = parseOspf(config);
  details['ospf.processes'] = processes.map((each) => each.id).join(',');
  for (const each of processes) {
    details[`ospf.${each.id}`] = each.header;
    if (each.maxMetric !== undefined) details[`ospf.${each.id}.maxMetric`] = each.maxMetric;
  }
  return details;
}

/** Where the device keeps copies of its configuration; where it keeps none, would a reload lose what runs? */
async function saveDetails(session: CliSession, running: string): Promise<Details> {
  const archivePath = archivePathOf(running);
  if (archivePath !== undefined) return { archivePath };
  const startup = await session.send('show startup-config', CONFIG_LIMITS);
  return startup.kind === 'output' ? { unsaved: !comesBackSame(running, startup.text) } : {};
}

function imageDetails(fileSystem: string, directory: Directory): Details {
  const images = directory.files.filter((file) => file.name.endsWith('.bin')).slice(0, 50);
  return Object.fromEntries(
    images.map((file) => [`file.${fileSystem}${file.name}`, file.sizeBytes]),
  );
}

async function inventoryOf(
  session: CliSession,
  seen: ShowVersion,
  members: readonly StackMember[],
) {
  const complete = members.every(
    (each) => each.role === 'active' || seen.serials[each.id] !== undefined,
  );
  const parts = complete ? [] : parseInventory(await readIfKnown(session, 'show inventory'));
  const bySwitch = new Map<string, { productId: string; serial: string }>();
  for (const part of parts) {
    const id = /^Switch (\d{1,2})(?: Chassis)?$/.exec(part.name)?.[1];
    if (id !== undefined && part.serial !== '') bySwitch.set(id, part);
  }
  return bySwitch;
}

/** Members with their flash, and what lies on the active one's. */
async function readMembers(
  session: CliSession,
  seen: ShowVersion,
  boot: BootSettings,
): Promise<{ readonly members: readonly MemberFact[]; readonly details: Details }> {
  const stack = chassis(seen, parseShowSwitch(await readIfKnown(session, 'show switch')));
  const inventory = await inventoryOf(session, seen, stack);
  const sources: Sources = { seen, boot, inventory, alone: stack.length === 1 };
  const base = bootFileSystem(seen);
  const members: MemberFact[] = [];
  let details: Details = {};
  for (const member of stack) {
    const fileSystem = fileSystemOf(base, member);
    const directory = parseDir(await readIfKnown(session, `dir ${fileSystem}`));
    if (member.role === 'active') details = imageDetails(fileSystem, directory);
    members.push(memberFact(sources, member, flashFact(fileSystem, directory)));
  }
  return { members, details };
}

async function readInstall(session: CliSession): Promise<Details> {
  const summary = await readIfKnown(session, 'show install summary');
  return installDetails(summary, await readIfKnown(session, 'show install log'));
}

/** Facts that not every device tells. */
function optional(
  seen: ShowVersion,
  next: string | undefined,
): Pick<Facts, 'runningImage' | 'nextBoot' | 'uptimeMs'> {
  return {
    ...(seen.image === undefined ? {} : { runningImage: seen.image }),
    ...(next === undefined ? {} : { nextBoot: next }),
    ...(seen.uptimeMs === undefined ? {} : { uptimeMs: seen.uptimeMs }),
  };
}

/** Who the unit is and what it runs, from show commands alone. What `details` holds is listed in NOTES.md. */
export async function facts(session: CliSession): Promise<Facts> {
  const seen = parseShowVersion(await session.read('show version'));
  const release = releaseOf(seen);
  if (release === '') throw new Fault('garbled-answer', '`show version` names no release');
  const boot = await readBoot(session);
  const { members, details } = await readMembers(session, seen, boot);
  const serials = members.map((each) => each.serial).filter((each) => each !== '');
  const running = await readConfig(session, 'running');
  return {
    platform: 'cisco_iosxe',
    hostname: session.hostname ?? seen.hostname ?? '',
    model: members.find((each) => each.role === 'active')?.model ?? '',
    serials: serials.length > 0 ? serials.toSorted() : serialsOf(seen),
    runningVersion: versions.parse(release)?.normal ?? release,
    ...optional(seen, nextBoot(boot, members)),
    bootMode: bootMode(seen),
    members,
    details: {
      ...bootDetails(seen, boot),
      ...details,
      ...(await readInstall(session)),
      ...configDetails(running),
      ...(await saveDetails(session, running)),
    },
  };
}
