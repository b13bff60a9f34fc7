import type { UpgradeTarget } from '../../src/driver/driver.js';
import type { Facts } from '../../src/driver/facts.js';
import { versions } from './versions.js';

export interface Refusal {
  readonly why: string;
  readonly mend: string;
}

type Rule = (target: UpgradeTarget, facts: Facts) => Refusal | undefined;

const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,119}\.bin$/;
/** Bit 6 of the configuration register: the startup config is not read. */
const IGNORE_STARTUP = 0x40;
/** Bits 0 to 3: 0 stays in ROMMON. */
const BOOT_FIELD = 0x0f;
/** Image family by model, where one is certain. */
const FAMILIES: readonly (readonly [RegExp, RegExp])[] = [
  [/^C9200/, /^cat9k_lite_iosxe/],
  [/^C9[3-6]\d{2}/, /^cat9k_iosxe/],
  [/^WS-C3[68]50/, /^cat3k_caa/],
  [/^ISR43\d{2}/, /^isr4300/],
  [/^ISR44\d{2}/, /^isr4400/],
];
const FAMILY_NAME = /^(?:cat9k_lite_iosxe|cat9k_iosxe|cat3k_caa|isr4[34]00|asr1\w+|c8\w+|c11\w+)/;

function normal(version: string): string {
  return versions.parse(version)?.normal ?? version;
}

const versionRule: Rule = (target, facts) => {
  const { version, image } = target;
  if (!versions.parse(version))
    return {
      why: `${version} is no IOS-XE release`,
      mend: 'Write it as the release notes do: 17.12.4.',
    };
  if (normal(image.version) !== normal(version))
    return {
      why: `the image ${image.name} is ${image.version}, the target is ${version}`,
      mend: 'Choose the image of the target version.',
    };
  if (normal(version) === facts.runningVersion)
    return { why: `the unit runs ${facts.runningVersion} already`, mend: 'Leave the unit out.' };
  return undefined;
};

const fileRule: Rule = ({ image, version }, facts) => {
  const name = image.fileName;
  if (!FILE_NAME.test(name))
    return {
      why: `"${name}" is no name for an image on flash`,
      mend: 'Use letters, digits, dot, dash and underscore, ending in .bin.',
    };
  if (name.endsWith('.smu.bin'))
    return {
      why: `${name} is a maintenance update, not a base image`,
      mend: 'Choose a base image.',
    };
  const named = /\.(\d{2}\.\d{2}\.\d{2}[a-z]?)\./.exec(name)?.[1];
  if (named !== undefined && normal(named) !== normal(version))
    return { why: `${name} is named for ${named}, not ${version}`, mend: 'Correct the catalogue.' };
  const family = FAMILIES.find(([model]) => model.test(facts.model))?.[1];
  if (family && FAMILY_NAME.test(name) && !family.test(name))
    return { why: `${name} is not for a ${facts.model}`, mend: 'Choose the image of this model.' };
  return undefined;
};

const modeRule: Rule = (_, facts) => {
  if (facts.bootMode !== 'install')
    return {
      why: `the unit runs in ${facts.bootMode ?? 'an unknown'} mode, not in install mode`,
      mend: 'Convert it once by hand: `boot system flash:packages.conf`, save, `install add file flash:IMAGE activate commit`.',
    };
  if (/controller/i.test(String(facts.details['operatingMode'] ?? '')))
    return {
      why: 'the router is managed by an SD-WAN controller, which also owns its software',
      mend: 'Upgrade it from the controller.',
    };
  return undefined;
};

const memberRule: Rule = (_, facts) => {
  for (const each of facts.members) {
    if (each.state !== 'ready')
      return {
        why: `member ${each.id} is ${each.state}, not ready`,
        mend: `Bring member ${each.id} back, or remove its provisioning: \`no switch ${each.id} provision\`.`,
      };
    if (normal(each.version) !== facts.runningVersion)
      return {
        why: `member ${each.id} runs ${each.version}, the unit ${facts.runningVersion}`,
        mend: 'Bring all members to one version first.',
      };
    if (each.manualBoot === true)
      return {
        why: `member ${each.id} boots manually: after a reload it would wait in the boot loader`,
        mend: 'Configure `no boot manual` and save.',
      };
  }
  return facts.members.length === 0
    ? { why: 'no member of the unit is known', mend: 'Fingerprint the unit again.' }
    : undefined;
};

const bootRule: Rule = (_, facts) => {
  const variables = Object.entries(facts.details).filter(([key]) => /^boot(?:\.\w+)?$/.test(key));
  const all = [['', facts.nextBoot ?? ''], ...variables];
  const other = all.find(([, value]) => !/^[a-z]+\d?:\/?packages\.conf$/.test(String(value)));
  if (other) {
    const where = other[0] === '' ? '' : ` (${String(other[0])})`;
    return {
      why: `the boot variable${where} is "${String(other[1])}", not packages.conf`,
      mend: 'Configure `boot system flash:packages.conf` (on a stack `boot system switch all`) and save.',
    };
  }
  return registerRule(facts);
};

function registerRule(facts: Facts): Refusal | undefined {
  const text = facts.details['nextConfigRegister'];
  const register = typeof text === 'string' ? Number.parseInt(text, 16) : undefined;
  if (register === undefined) return undefined;
  if ((register & IGNORE_STARTUP) !== 0)
    return {
      why: `the configuration register ${String(text)} makes the next boot ignore the startup config`,
      mend: 'Configure `config-register 0x2102` (0x102 on switches) and save.',
    };
  if ((register & BOOT_FIELD) === 0)
    return {
      why: `the configuration register ${String(text)} makes the next boot stay in ROMMON`,
      mend: 'Configure `config-register 0x2102` (0x102 on switches) and save.',
    };
  return undefined;
}

/** Would a reload wait for somebody in the boot loader, or ignore the saved configuration? */
export function bootRefusal(facts: Facts): Refusal | undefined {
  const manual = facts.members.find((each) => each.manualBoot === true);
  if (manual)
    return {
      why: `member ${manual.id} boots manually: after a reload it would wait in the boot loader`,
      mend: 'Configure `no boot manual` and save.',
    };
  return registerRule(facts);
}

const installRule: Rule = (_, { details }) => {
  const running = details['install.operation'];
  if (typeof running === 'string' && running !== '')
    return {
      why: `${running} runs on the device`,
      mend: 'Wait until it has ended, then plan again.',
    };
  if (details['install.uncommitted'] === true || details['install.autoAbort'] === true)
    return {
      why: 'an activated image is not committed yet',
      mend: 'Decide by hand: `install commit` or `install abort`.',
    };
  return undefined;
};

const rules: readonly Rule[] = [versionRule, fileRule, modeRule, memberRule, bootRule, installRule];

function spaceRefusal(facts: Facts, need: Readonly<Record<string, number>>): Refusal | undefined {
  for (const each of facts.members) {
    if (!each.flash)
      return {
        why: `the free space of member ${each.id} is not known`,
        mend: 'Look at `dir` of its flash and fingerprint again.',
      };
    const { fileSystem, freeBytes } = each.flash;
    const bytes = need[fileSystem] ?? 0;
    if (freeBytes < bytes)
      return {
        why: `flash full: member ${each.id} has ${freeBytes} bytes free on ${fileSystem}, ${bytes} are needed`,
        mend: `Make room on ${fileSystem} by hand.`,
      };
  }
  return undefined;
}

/** The first reason why this unit cannot be upgraded safely. `need` is bytes by file system. */
export function refusal(
  target: UpgradeTarget,
  facts: Facts,
  need: Readonly<Record<string, number>>,
): Refusal | undefined {
  for (const rule of rules) {
    const found = rule(target, facts);
    if (found) return found;
  }
  return spaceRefusal(facts, need);
}
