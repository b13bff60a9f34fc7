import { commonStepKinds } from '../../src/driver/common-steps.js';
import type { Driver } from '../../src/driver/driver.js';
import { clock } from './clock.js';
import { config } from './config.js';
import { configStepKinds } from './config-step-kinds.js';
import { platform } from './platform.js';
import { readFacts } from './facts.js';
import { deviceFile, maskConfig, readConfig, readSnapshot } from './read.js';
import { recognise } from './recognise.js';
import { recovery } from './recovery.js';
import { ownStepKinds } from './step-kinds.js';
import { proposeUpgrade } from './upgrade.js';
import { versions } from './versions.js';

/** Juniper Junos OS: one device with one or two routing engines, upgraded by package and reboot. */
export const driver: Driver = {
  clock,
  platform,
  recognise,
  identifyCommands: ['show version'],
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
      deviceFile,
      hashAlgorithm: 'md5',
    }),
    ...ownStepKinds,
    ...configStepKinds,
  ],
};
