import { commonStepKinds, type DeviceFile } from '../../src/driver/common-steps.js';
import type { Driver } from '../../src/driver/driver.js';
import { Fault } from '../../src/kernel/fault.js';
import type { CliSession } from '../../src/session/dialect.js';
import { maskConfig } from './config.js';
import { clock } from './clock.js';
import { configStepKinds } from './config-kinds.js';
import { config } from './config-support.js';
import { facts, readConfig } from './facts.js';
import { parseDir, parseVerify } from './parse.js';
import { platform } from './platform.js';
import { recognise } from './recognise.js';
import { recovery } from './recovery.js';
import { snapshot } from './snapshot.js';
import { bootReady } from './boot-ready.js';
import { ownStepKinds } from './steps.js';
import { upgrade } from './upgrade.js';
import { versions } from './versions.js';

/** `verify` prints dots or nothing for minutes. */
const HASH_LIMITS = { limits: { idleMs: 15 * 60_000, totalMs: 40 * 60_000 } };

async function deviceFile(
  session: CliSession,
  path: string,
  withHash: boolean,
): Promise<DeviceFile | undefined> {
  const listing = await session.send(`dir ${path}`);
  if (listing.kind === 'failed' && /No such file|not found/i.test(listing.text)) return undefined;
  if (listing.kind !== 'output') {
    throw new Fault(
      listing.kind === 'closed' ? 'unreachable' : 'garbled-answer',
      `"dir ${path}" gave ${listing.kind}: ${listing.text.slice(-200)}`,
    );
  }
  const name = path.slice(path.search(/[^:/]*$/));
  const file = parseDir(listing.text).files.find((each) => each.name === name);
  if (!file) return undefined;
  if (!withHash) return { sizeBytes: file.sizeBytes };
  const outcome = await session.send(`verify /sha512 ${path}`, HASH_LIMITS);
  const hash = outcome.kind === 'output' ? parseVerify(outcome.text) : undefined;
  return { sizeBytes: file.sizeBytes, ...(hash === undefined ? {} : { hash }) };
}

export const driver: Driver = {
  clock,
  platform,
  recognise,
  identifyCommands: ['show version'],
  facts,
  versions,
  snapshot,
  readConfig,
  maskConfig,
  upgrade,
  config,
  recovery,
  stepKinds: [
    ...commonStepKinds({
      facts,
      versions,
      readConfig,
      maskConfig,
      deviceFile,
      hashAlgorithm: 'sha512',
    }),
    ...ownStepKinds,
    bootReady,
    ...configStepKinds,
  ],
};
