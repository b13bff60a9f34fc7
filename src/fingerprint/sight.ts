import { digestText } from '../kernel/digest.js';
import { Fault } from '../kernel/fault.js';
import type { Driver } from '../driver/driver.js';
import type { Facts } from '../driver/facts.js';
import type { Unit } from '../inventory/inventory.js';
import type { Contact } from './contact.js';

/** A unit as its own CLI shows it now, with what a plan pins of it. */
export interface Sight {
  readonly facts: Facts;
  readonly platform: string;
  readonly model: string;
  readonly serials: readonly string[];
  readonly runningVersion: string;
  readonly nextBoot: string;
  /** Over the masked running config. */
  readonly configDigest: string;
  readonly hostKey: string;
  /** Its part in its redundancy group, as it says itself. */
  readonly role?: string;
  /** The running config as read, for the twin in the lab. */
  readonly config: string;
}

/** The part that a unit says it plays, if it stands in a redundancy group. Roles inside of a unit come and go. */
export function roleIn(facts: Facts, unit: Unit): { readonly role?: string } {
  const role = facts.details['redundancyRole'];
  return unit.redundancyGroup === undefined || typeof role !== 'string' ? {} : { role };
}

/** Reads facts and config digest over an open contact. Fault `garbled-answer` when a serial is not the unit's. */
export async function sight(options: {
  readonly driver: Driver;
  readonly contact: Contact;
  readonly unit: Unit;
}): Promise<Sight> {
  const { driver, contact, unit } = options;
  const session = await contact.session();
  const facts = await driver.facts(session);
  const strangers = facts.serials.filter((each) => !unit.serials.includes(each));
  if (unit.serials.length > 0 && strangers.length > 0) {
    const message = `${unit.id} answers with serial ${strangers.join(', ')}, not among its own`;
    throw new Fault('plan-stale', message, { mend: 'correct the serials in units or the cabling' });
  }
  const config = await driver.readConfig(session, 'running');
  return {
    facts,
    platform: facts.platform,
    model: facts.model,
    serials: facts.serials,
    runningVersion: facts.runningVersion,
    nextBoot: facts.nextBoot ?? '',
    configDigest: digestText(driver.maskConfig(config)),
    hostKey: contact.hostKey,
    ...roleIn(facts, unit),
    config,
  };
}
