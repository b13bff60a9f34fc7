import { commonStepKinds } from '../../src/driver/common-steps.js';
import type { Driver } from '../../src/driver/driver.js';
import { clock } from './clock.js';
import { config } from './config.js';
import { configKinds } from './config-kinds.js';
import { maskConfig } from './config-mask.js';
import { fetchKinds } from './fetch-kinds.js';
import { platform } from './platform.js';
import { readConfig, readFacts, readSnapshot } from './read.js';
import { recognise } from './recognise.js';
import { recovery } from './recovery.js';
import { ownStepKinds } from './step-kinds.js';
import { proposeUpgrade } from './upgrade.js';
import { versions } from './versions.js';

/** Of the shared kinds; FortiOS shows no files and no hashes, so those for copies and space have no use here. */
const SHARED: readonly string[] = ['backup-config', 'verify-version'];

/** Fortinet FortiOS: single FortiGates and active-passive clusters. */
export const driver: Driver = {
  clock,
  platform,
  identifyCommands: ['get system status'],
  recognise,
  facts: readFacts,
  versions,
  snapshot: readSnapshot,
  readConfig,
  maskConfig,
  upgrade: proposeUpgrade,
  config,
  recovery,
  stepKinds: [
    ...commonStepKinds({
      facts: readFacts,
      versions,
      readConfig,
      maskConfig,
      deviceFile: () => Promise.resolve(undefined),
      hashAlgorithm: 'md5',
    }).filter(({ kind }) => SHARED.includes(kind)),
    ...ownStepKinds,
    ...fetchKinds,
    ...configKinds,
  ],
};
