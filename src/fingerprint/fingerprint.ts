import { Fault } from '../kernel/fault.js';
import type { InstantMs } from '../kernel/id.js';
import { toJson } from '../kernel/recall.js';
import type { SnmpAccess, SnmpOutcome } from '../ports/snmp.js';
import type { World } from '../ports/world.js';
import { aheadMs } from '../driver/device-clock.js';
import type { Driver, Evidence, Match } from '../driver/driver.js';
import type { Platform } from '../driver/platform.js';
import type { Device, SnmpAccessRef, Unit } from '../inventory/inventory.js';
import { Contact, type ContactOptions } from './contact.js';
import { configKey, type ClockSight, type FactEvidence, type Sighting } from './fleet.js';
import { genericDialect } from './generic-dialect.js';
import { LoginBudget } from './login-budget.js';
import { acceptedHopKeys, acceptedHostKeys, acceptHostKey, jumpHolder } from './pins.js';
import { sight } from './sight.js';

export interface FingerprintOptions {
  readonly world: World;
  readonly drivers: ReadonlyMap<string, Driver>;
  readonly units: readonly Unit[];
  readonly parallel: number;
  /** Takes host keys of units that have none yet; recorded with name and reason. */
  readonly acceptFirst?: { readonly by: string; readonly reason: string };
  readonly onSighting?: (sighting: Sighting) => void;
}

const OIDS = [
  '1.3.6.1.2.1.1.1.0', // sysDescr
  '1.3.6.1.2.1.1.2.0', // sysObjectID
  '1.3.6.1.2.1.1.3.0', // sysUpTime
  '1.3.6.1.2.1.1.5.0', // sysName
  '1.3.6.1.2.1.47.1.1.1.1.11.1', // entPhysicalSerialNum of the chassis or stack
  '1.3.6.1.2.1.47.1.1.1.1.13.1', // entPhysicalModelName
] as const;

const SNMP_TIMEOUT_MS = 2000;
const EVIDENCE_CHARACTERS_MAX = 300;
const RANK: Record<Match['confidence'], number> = { certain: 3, likely: 2, possible: 1 };

async function snmpAccess(ref: SnmpAccessRef, world: World): Promise<SnmpAccess> {
  const { secrets } = world;
  if (ref.version === 'v2c') {
    return { version: 'v2c', community: await secrets.resolve(ref.community) };
  }
  return {
    version: 'v3',
    user: ref.user,
    authProtocol: ref.authProtocol,
    authKey: await secrets.resolve(ref.authKey),
    privProtocol: ref.privProtocol,
    privKey: await secrets.resolve(ref.privKey),
  };
}

async function askSnmp(device: Device, world: World): Promise<SnmpOutcome | undefined> {
  if (!device.snmp) return undefined;
  return world.snmp.get({
    host: device.host,
    port: device.snmp.port,
    access: await snmpAccess(device.snmp, world),
    oids: OIDS,
    timeoutMs: SNMP_TIMEOUT_MS,
    retries: 1,
  });
}

function evidenceOf(outcome: SnmpOutcome | undefined): Evidence {
  if (outcome?.kind !== 'answer') return {};
  const oids = Object.fromEntries(outcome.varbinds.map((each) => [each.oid, each.value]));
  const sysDescr = oids[OIDS[0]];
  const sysObjectId = oids[OIDS[1]];
  return {
    oids,
    ...(sysDescr === undefined ? {} : { sysDescr }),
    ...(sysObjectId === undefined ? {} : { sysObjectId }),
  };
}

/** The driver that is surest of this evidence; undefined when none is, or two are equally sure. */
export function recogniseWith(
  drivers: Iterable<Driver>,
  evidence: Evidence,
): { readonly driver: Driver; readonly match: Match } | undefined {
  const matches = [...drivers]
    .flatMap((driver) => {
      const match = driver.recognise(evidence);
      return match ? [{ driver, match }] : [];
    })
    .sort((a, b) => RANK[b.match.confidence] - RANK[a.match.confidence]);
  const [first, second] = matches;
  if (!first) return undefined;
  const tie = second && RANK[second.match.confidence] === RANK[first.match.confidence];
  return tie ? undefined : first;
}

function genericPlatform(drivers: ReadonlyMap<string, Driver>): Platform | undefined {
  const any = [...drivers.values()][0]?.platform;
  return any && { ...any, id: 'unknown', dialect: genericDialect };
}

type Pins = Pick<ContactOptions, 'hostKeys' | 'hopKeys'>;

/** Fingerprints one unit at a time; made per call, shares the login budget. */
class Fingerprinter {
  readonly #options: FingerprintOptions;
  readonly #budget = new LoginBudget();

  constructor(options: FingerprintOptions) {
    this.#options = options;
  }

  async sighting(unit: Unit): Promise<Sighting> {
    const { world } = this.#options;
    const evidence: FactEvidence[] = [];
    const atMs = world.clock.now();
    try {
      return await this.#see(unit, atMs, evidence);
    } catch (thrown) {
      if (!(thrown instanceof Fault) || thrown.code.startsWith('state-')) throw thrown;
      const { code, message: why } = thrown;
      return { kind: 'not-seen', unit: unit.id, atMs, code, why, evidence };
    }
  }

  async #see(unit: Unit, atMs: InstantMs, evidence: FactEvidence[]): Promise<Sighting> {
    const { world, acceptFirst } = this.#options;
    const hostKeys = await acceptedHostKeys(world.store, unit.id);
    const pins = { hostKeys, hopKeys: await acceptedHopKeys(world.store, unit.device) };
    const outcome = await askSnmp(unit.device, world);
    const bySnmp = evidenceOf(outcome);
    if (bySnmp.sysDescr !== undefined) note(evidence, 'snmp sysDescr', bySnmp.sysDescr);
    else if (outcome) note(evidence, 'snmp', outcome.kind);
    const driver = await this.#driverFor(unit, bySnmp, { pins, evidence });
    const contact = this.#contact(unit, driver.platform, pins);
    try {
      const seen = await sight({ driver, contact, unit });
      note(evidence, 'ssh', `${seen.facts.model} runs ${seen.facts.runningVersion}`);
      if (hostKeys.length === 0 && acceptFirst) {
        const pin = { fingerprint: contact.hostKey, ...acceptFirst, atMs };
        await acceptHostKey(world.store, unit.id, pin);
      }
      if (acceptFirst) await this.#pinHops(contact, { ...acceptFirst, atMs });
      const { facts, hostKey, configDigest } = seen;
      const value = { text: world.secrets.redact(seen.config), digest: configDigest };
      await world.store.put('artefact', { key: configKey(unit.id), atMs, value });
      const clock = await clockOf(driver, contact, world);
      const known = { facts, hostKey, configDigest, evidence, ...(clock && { clock }) };
      return { kind: 'seen', unit: unit.id, atMs, ...known };
    } finally {
      contact.close();
    }
  }

  /** Keys of jump hosts are taken together with that of the first device behind them. */
  async #pinHops(
    contact: Contact,
    pin: { readonly by: string; readonly reason: string; readonly atMs: InstantMs },
  ): Promise<void> {
    const { store } = this.#options.world;
    for (const [name, fingerprint] of contact.newHopKeys) {
      const known = await acceptedHostKeys(store, jumpHolder(name));
      if (known.length === 0) await acceptHostKey(store, jumpHolder(name), { ...pin, fingerprint });
    }
  }

  #contact(unit: Unit, platform: Platform, pins: Pins): Contact {
    const { world, acceptFirst } = this.#options;
    return new Contact({
      world,
      device: unit.device,
      platform,
      budget: this.#budget,
      ...pins,
      acceptFirst: acceptFirst !== undefined,
    });
  }

  /** SNMP first; then what the inventory says; the CLI itself if neither tells. */
  async #driverFor(
    unit: Unit,
    bySnmp: Evidence,
    rest: { readonly pins: Pins; readonly evidence: FactEvidence[] },
  ): Promise<Driver> {
    const { drivers } = this.#options;
    const declared = unit.device.platform;
    const recognised = recogniseWith(drivers.values(), bySnmp);
    if (recognised && declared !== undefined && recognised.driver.platform.id !== declared) {
      const message = `${unit.id} is declared ${declared}, but ${recognised.match.reason}`;
      throw new Fault('platform-unknown', message, { mend: 'correct the platform in devices' });
    }
    const known =
      recognised?.driver ?? (declared === undefined ? undefined : drivers.get(declared));
    if (known) return known;
    if (declared !== undefined) {
      throw new Fault('platform-unknown', `${unit.id}: no driver for platform ${declared}`);
    }
    return this.#askCli(unit, rest);
  }

  async #askCli(
    unit: Unit,
    rest: { readonly pins: Pins; readonly evidence: FactEvidence[] },
  ): Promise<Driver> {
    const { drivers } = this.#options;
    const platform = genericPlatform(drivers);
    if (!platform) throw new Fault('platform-unknown', 'this build has no drivers');
    const contact = this.#contact(unit, platform, rest.pins);
    try {
      const session = await contact.session();
      const outputs: Record<string, string> = {};
      const commands = new Set([...drivers.values()].flatMap((each) => each.identifyCommands));
      for (const command of commands) {
        const answer = await session.send(command);
        if (answer.kind !== 'output') continue;
        outputs[command] = answer.text;
        const found = recogniseWith(drivers.values(), { banner: session.banner, outputs });
        if (!found) continue;
        note(rest.evidence, `ssh ${command}`, found.match.reason);
        return found.driver;
      }
    } finally {
      contact.close();
    }
    throw new Fault('platform-unknown', `${unit.id}: no driver recognises what it shows`);
  }
}

/** A device that does not tell its time is none the worse for it. */
async function clockOf(
  { clock }: Driver,
  contact: Contact,
  world: World,
): Promise<ClockSight | undefined> {
  if (!clock) return undefined;
  const answer = await (await contact.session()).send(clock.command);
  const read = answer.kind === 'output' ? clock.parse(answer.text) : undefined;
  if (!read) return undefined;
  const { atMs: _, ...rest } = read;
  return { ...rest, aheadMs: aheadMs(read, world.clock.now()) };
}

function note(evidence: FactEvidence[], how: string, text: string): void {
  evidence.push({ how, text: text.slice(0, EVIDENCE_CHARACTERS_MAX) });
}

/**
 * Finds out what each unit is and runs: SNMP first, SSH to confirm, SSH alone if it must. Every sighting is stored with
 * its time and evidence, the failed ones too. In the order of `units`.
 */
export async function fingerprint(options: FingerprintOptions): Promise<readonly Sighting[]> {
  const { world, units } = options;
  const fingerprinter = new Fingerprinter(options);
  const dispatcher = world.dispatcher(options.parallel);
  const look = async (unit: Unit): Promise<Sighting> => {
    const sighting = await fingerprinter.sighting(unit);
    await world.store.put('facts', {
      key: unit.id,
      atMs: sighting.atMs,
      value: toJson(sighting),
    });
    options.onSighting?.(sighting);
    return sighting;
  };
  return Promise.all(units.map((unit) => dispatcher.run(() => look(unit))));
}
