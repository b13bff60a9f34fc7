import type { ConfigChange } from '../../src/driver/config-support.js';
import type { Facts } from '../../src/driver/facts.js';
import type { RevertMethod } from './config-revert.js';
import { MINUTE_MS } from './lines.js';
import { bootRefusal, type Refusal } from './refuse.js';

/** What the device takes on one line. */
const LINE_MAX = 250;
/** `configure terminal revert timer` takes 1 to 120. */
const TIMER_MINUTES_MAX = 120;
const RELOAD_MINUTES_MAX = 24 * 60;
/** Opens a text of several lines: no prompt comes until it ends. */
const TEXT_INPUT =
  /^(?:banner |menu \S+ |macro name |certificate |crypto pki certificate |enrollment terminal)/;
/** Is listed as a hash of its own making each time, or never. */
const SECRET =
  /^(?:no |default )?(?:enable (?:algorithm-type \S+ )?(?:secret|password) (?!(?:[456789] )\S)|username \S+ .*\b(?:secret|password) (?!(?:[456789] )\S)|snmp-server user )/;
const HOSTNAME = /^(?:no |default )?hostname\b/;

type Rule = (change: ConfigChange, facts: Facts, method: RevertMethod) => Refusal | undefined;

function texts({ apply, revert }: ConfigChange): readonly string[] {
  return [...apply, ...revert];
}

const timeRule: Rule = ({ revertAfterMs }, _, method) => {
  const minutes = revertAfterMs / MINUTE_MS;
  const most = method === 'archive' ? TIMER_MINUTES_MAX : RELOAD_MINUTES_MAX;
  return Number.isInteger(minutes) && minutes >= 1 && minutes <= most
    ? undefined
    : {
        why: `the device cannot take a change back after ${minutes} minutes`,
        mend: `Choose checks that are over sooner: whole minutes, ${most} at most.`,
      };
};

const lineRule: Rule = (change) => {
  const odd = texts(change).find(
    (each) => each.length > LINE_MAX || each.trim() === '' || /[\p{Cc}?]/u.test(each),
  );
  if (odd !== undefined)
    return {
      why: `the line ${JSON.stringify(odd.slice(0, 60))} cannot be typed`,
      mend: `Keep statements to one line of at most ${LINE_MAX} characters without "?".`,
    };
  const input = texts(change).find((each) => TEXT_INPUT.test(each.trim().replace(/^default /, '')));
  if (input !== undefined)
    return {
      why: `"${input.trim().slice(0, 60)}" asks for a text of several lines`,
      mend: 'Change it by hand.',
    };
  return undefined;
};

const contentRule: Rule = (change) => {
  const lines = texts(change).map((each) => each.trim());
  if (lines.some((each) => HOSTNAME.test(each)))
    return {
      why: 'the hostname would change, and with it the name that the unit is recognised by',
      mend: 'Change the hostname by hand, then fingerprint the unit again.',
    };
  const secret = change.apply.map((each) => each.trim()).find((each) => SECRET.test(each));
  if (secret !== undefined)
    return {
      why: `"${secret.split(' ').slice(0, 2).join(' ')}" is not listed as it is typed: whether it is in force could not be told`,
      mend: 'Write the hash that the device lists (`secret 9 ...`), or change it by hand.',
    };
  return undefined;
};

const modeRule: Rule = (_change, { details }) =>
  /controller/i.test(String(details['operatingMode'] ?? ''))
    ? {
        why: 'the router is managed by an SD-WAN controller, which also owns its configuration',
        mend: 'Change the configuration from the controller.',
      }
    : undefined;

const LIST = /^ip access-list (?:standard|extended) /;
/** From this release on entries are listed with the numbers that the device gives them. */
const NUMBERED_SINCE = 17;

/** Entries that the change brings to named access lists. */
function newEntries({ delta }: ConfigChange): readonly string[] {
  const added = delta.added.flatMap(([section = '', entry = '']) =>
    LIST.test(section) ? [entry] : [],
  );
  const ordered = delta.ordered.flatMap(({ path, before, after }) =>
    LIST.test(path[0] ?? '') ? after.filter((each) => !before.includes(each)) : [],
  );
  return [...added, ...ordered].filter((each) => /^(?:\d+ )?(?:permit|deny|remark)\b/.test(each));
}

/** An entry is listed as the device writes it, with a number or without: written otherwise, it would never be seen. */
const entryRule: Rule = (change, { details, runningVersion }) => {
  const listed = details['accessListNumbers'];
  const since = Number.parseInt(runningVersion, 10) >= NUMBERED_SINCE;
  const numbers = typeof listed === 'boolean' ? listed : since;
  const odd = newEntries(change).find((each) => /^\d/.test(each) !== numbers);
  if (odd === undefined || (listed === undefined && !since)) return undefined;
  return numbers
    ? {
        why: `the device gives "${odd.slice(0, 60)}" a number of its own`,
        mend: 'Write the entry with its number: `10 permit ...`.',
      }
    : {
        why: `the device lists entries of access lists without numbers, not as "${odd.slice(0, 60)}"`,
        mend: 'Write the whole list anew, without numbers.',
      };
};

/** The way back must not be what the change takes away. */
const archiveRule: Rule = ({ delta }, _, method) =>
  method === 'archive' &&
  [...delta.added, ...delta.removed].some(
    ([section, ...rest]) => section === 'archive' && (rest[0] ?? 'path').startsWith('path'),
  )
    ? {
        why: 'it changes the archive from which the device takes a change back',
        mend: 'Change the path of the archive by hand.',
      }
    : undefined;

/** A reload must come back with all members, with the same image and with the same configuration. */
const reloadRule: Rule = (_change, facts, method) => {
  if (method !== 'reload') return undefined;
  const { details } = facts;
  if (details['unsaved'] === true)
    return {
      why: 'running and startup config differ: the reload that takes a change back would bring other things back too',
      mend: 'Save the configuration by hand first, or configure `archive` with a `path` on its flash.',
    };
  if (details['install.uncommitted'] === true || details['install.autoAbort'] === true)
    return {
      why: 'an activated image is not committed yet: a reload might change the release',
      mend: 'Decide by hand: `install commit` or `install abort`.',
    };
  const late = facts.members.find((each) => each.state !== 'ready');
  if (late)
    return {
      why: `member ${late.id} is ${late.state}: it may not come back from the reload that takes a change back`,
      mend: 'Bring the stack in order first, or configure `archive` with a `path` on its flash.',
    };
  return bootRefusal(facts);
};

const rules: readonly Rule[] = [
  timeRule,
  lineRule,
  contentRule,
  entryRule,
  modeRule,
  archiveRule,
  reloadRule,
];

/** The first reason why this change cannot be made safely. */
export function refuseChange(
  change: ConfigChange,
  facts: Facts,
  method: RevertMethod,
): Refusal | undefined {
  for (const rule of rules) {
    const found = rule(change, facts, method);
    if (found) return found;
  }
  return undefined;
}
