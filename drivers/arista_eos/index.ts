import { commonStepKinds } from '../../src/driver/common-steps.js';
import type { Driver, Evidence, Match } from '../../src/driver/driver.js';
import { clock } from './clock.js';
import { config } from './config.js';
import { configStepKinds } from './config-step-kinds.js';
import { maskConfig, parseInventory, parseShowVersion } from './parse.js';
import { platform } from './platform.js';
import { deviceFile, readConfig, readFacts, readSnapshot } from './read.js';
import { recovery } from './recovery.js';
import { ownStepKinds } from './step-kinds.js';
import { factsAfter, proposeUpgrade } from './upgrade.js';
import { versions } from './versions.js';

const SYS_DESCR =
  /^Arista Networks EOS version (\S{3,80})(?: \([^)]{0,40}\))? running on an? Arista Networks (\S{2,60})/;
const SYS_NAME = '1.3.6.1.2.1.1.5.0';
const CHASSIS_SERIAL = '1.3.6.1.2.1.47.1.1.1.1.11.1';
/** More than this of any text is not looked at. */
const TEXT_MAX = 200_000;

function extras(evidence: Evidence): Pick<Match, 'hostname' | 'serials'> {
  const { oids = {}, prompt = '' } = evidence;
  const name = oids[SYS_NAME]?.trim() ?? hostOfPrompt(prompt) ?? '';
  const serial = oids[CHASSIS_SERIAL]?.trim() ?? '';
  return {
    ...(/^[\w.-]{1,253}$/.test(name) ? { hostname: name } : {}),
    ...(/^[A-Z]{2,4}[A-Z0-9]{5,16}$/.test(serial) ? { serials: [serial] } : {}),
  };
}

function hostOfPrompt(prompt: string): string | undefined {
  const text = prompt.slice(-200).trim();
  for (const mode of platform.dialect.modes) {
    const host = mode.prompt.exec(text)?.groups?.['host'];
    if (host !== undefined) return host;
  }
  return undefined;
}

function byShowVersion(evidence: Evidence): Match | undefined {
  const shown = parseShowVersion((evidence.outputs?.['show version'] ?? '').slice(0, TEXT_MAX));
  if (!shown) return undefined;
  return {
    confidence: 'certain',
    reason: '`show version` is of Arista EOS',
    version: shown.version,
    model: shown.model,
    ...extras(evidence),
    ...(shown.serial === undefined ? {} : { serials: [shown.serial] }),
  };
}

function bySysDescr(evidence: Evidence): Match | undefined {
  const match = SYS_DESCR.exec((evidence.sysDescr ?? '').slice(0, 1000));
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return {
    confidence: 'certain',
    reason: 'sysDescr names Arista Networks EOS',
    version: match[1],
    model: match[2],
    ...extras(evidence),
  };
}

function byInventory(evidence: Evidence): Match | undefined {
  const found = parseInventory((evidence.outputs?.['show inventory'] ?? '').slice(0, TEXT_MAX));
  if (!found || !/^(?:DCS|CCS|DCM|AWE|vEOS|cEOS)/.test(found.model)) return undefined;
  return {
    confidence: 'likely',
    reason: '`show inventory` lists an Arista chassis',
    model: found.model,
    ...extras(evidence),
    ...(found.serial === undefined ? {} : { serials: [found.serial] }),
  };
}

/** The enterprise number alone: other software runs on the same boxes, and says so in sysDescr. */
function byObjectId(evidence: Evidence): Match | undefined {
  const id = evidence.sysObjectId?.trim().replace(/^\./, '') ?? '';
  const descr = evidence.sysDescr?.trim() ?? '';
  if (!platform.sysObjectIds.some((prefix) => id.startsWith(`${prefix}.`))) return undefined;
  if (descr !== '' && !descr.startsWith('Arista Networks EOS')) return undefined;
  return { confidence: 'possible', reason: 'sysObjectID is of Arista', ...extras(evidence) };
}

/** Arista EOS: single switches and MLAG peers, upgraded by boot image and reload. */
export const driver: Driver = {
  clock,
  platform,
  identifyCommands: ['show version'],
  recognise: (evidence) =>
    byShowVersion(evidence) ??
    bySysDescr(evidence) ??
    byInventory(evidence) ??
    byObjectId(evidence),
  facts: readFacts,
  versions,
  snapshot: readSnapshot,
  readConfig,
  maskConfig,
  upgrade: proposeUpgrade,
  afterUpgrade: factsAfter,
  config,
  recovery,
  stepKinds: [
    ...commonStepKinds({
      facts: readFacts,
      versions,
      readConfig,
      maskConfig,
      deviceFile,
      hashAlgorithm: 'sha512',
    }),
    ...ownStepKinds,
    ...configStepKinds,
  ],
};
