import type { Evidence, Match } from '../../src/driver/driver.js';
import { parseHardware, parseShowVersion, sectionsOf } from './parse.js';
import { platform } from './platform.js';
import { versions } from './versions.js';

/** More than this of any text is not looked at. */
const TEXT_MAX = 200_000;
const SYS_DESCR =
  /\bJuniper Networks, Inc\. {1,3}([\w.-]{2,60})(?: [A-Za-z ]{1,40})? ?,? kernel JUNOS ([\w.-]{3,60}?),? /;
const SYS_NAME = '1.3.6.1.2.1.1.5.0';
const BOX_SERIAL = '1.3.6.1.4.1.2636.3.1.3.0';
const BANNER = /^--- JUNOS (\d{1,2}\.\d[\w.-]{1,50}) /m;

const written = (version: string) => versions.parse(version)?.normal ?? version;

function hostOfPrompt(prompt: string): string | undefined {
  const text = prompt.slice(-200).trim();
  for (const mode of platform.dialect.modes) {
    const host = mode.prompt.exec(text)?.groups?.['host'];
    if (host !== undefined) return host;
  }
  return undefined;
}

function hostname(evidence: Evidence, shown?: string): Pick<Match, 'hostname'> {
  const name =
    shown ?? evidence.oids?.[SYS_NAME]?.trim() ?? hostOfPrompt(evidence.prompt ?? '') ?? '';
  return /^[\w.-]{1,253}$/.test(name) ? { hostname: name } : {};
}

function serials(evidence: Evidence): Pick<Match, 'serials'> {
  const table = parseHardware(outputOf(evidence, 'show chassis hardware'));
  const engines = [...(table?.engines.values() ?? [])];
  if (engines.length > 1) return { serials: engines.toSorted() };
  const serial = table?.chassisSerial ?? evidence.oids?.[BOX_SERIAL]?.trim() ?? '';
  return /^[A-Z0-9]{4,24}$/.test(serial) ? { serials: [serial] } : {};
}

const outputOf = (evidence: Evidence, line: string) =>
  (evidence.outputs?.[line] ?? '').slice(0, TEXT_MAX);

function byShowVersion(evidence: Evidence): Match | undefined {
  const shown = parseShowVersion(sectionsOf(outputOf(evidence, 'show version'))[0]?.text ?? '');
  if (!shown) return undefined;
  return {
    confidence: 'certain',
    reason: '`show version` is of Junos',
    version: written(shown.version),
    model: shown.model,
    ...hostname(evidence, shown.hostname),
    ...serials(evidence),
  };
}

/** Some virtualised models print no version of their own. */
function byPackages(evidence: Evidence): Match | undefined {
  const text = outputOf(evidence, 'show version');
  const model = /^\s*Model: {1,4}([\w.-]{2,60})\s*$/m.exec(text)?.[1];
  if (model === undefined || !/^\s*JUNOS OS (?:Kernel|libs|runtime)\b/m.test(text))
    return undefined;
  const shown = /^\s*Hostname: {1,4}([\w.-]{1,80})\s*$/m.exec(text)?.[1];
  return {
    confidence: 'certain',
    reason: '`show version` lists the packages of Junos',
    model,
    ...hostname(evidence, shown),
    ...serials(evidence),
  };
}

function bySysDescr(evidence: Evidence): Match | undefined {
  const match = SYS_DESCR.exec(`${(evidence.sysDescr ?? '').slice(0, 1000)} `);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return {
    confidence: 'certain',
    reason: 'sysDescr names Juniper Networks and a JUNOS kernel',
    version: written(match[2]),
    model: match[1],
    ...hostname(evidence),
    ...serials(evidence),
  };
}

function byHardware(evidence: Evidence): Match | undefined {
  const table = parseHardware(outputOf(evidence, 'show chassis hardware'));
  if (!table) return undefined;
  const model = /\[([\w-]{2,30})\]$/.exec(table.chassis)?.[1] ?? table.chassis;
  return {
    confidence: 'likely',
    reason: '`show chassis hardware` has the form of Junos',
    ...(/^[\w-]{2,30}$/.test(model) ? { model } : {}),
    ...hostname(evidence),
    ...serials(evidence),
  };
}

function byBanner(evidence: Evidence): Match | undefined {
  const version = BANNER.exec((evidence.banner ?? '').slice(0, TEXT_MAX))?.[1];
  if (version === undefined) return undefined;
  return {
    confidence: 'likely',
    reason: 'the login banner names JUNOS',
    version: written(version),
    ...hostname(evidence),
  };
}

/** Other products of the vendor answer below the same number, and say so in sysDescr. */
function byObjectId(evidence: Evidence): Match | undefined {
  const id = evidence.sysObjectId?.trim().replace(/^\./, '') ?? '';
  if (!platform.sysObjectIds.some((prefix) => id.startsWith(`${prefix}.`))) return undefined;
  return {
    confidence: 'possible',
    reason: 'sysObjectID is of Juniper Networks',
    ...hostname(evidence),
    ...serials(evidence),
  };
}

/** Tells Junos by what it says of itself; by sysObjectID alone only as a possibility. */
export function recognise(evidence: Evidence): Match | undefined {
  return (
    byShowVersion(evidence) ??
    byPackages(evidence) ??
    bySysDescr(evidence) ??
    byHardware(evidence) ??
    byBanner(evidence) ??
    byObjectId(evidence)
  );
}
