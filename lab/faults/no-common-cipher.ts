import type { FaultSheet } from '../world/fault.js';

export const noCommonCipher: FaultSheet = {
  id: 'no-common-cipher',
  number: 'F28',
  title: 'The SSH algorithms are others after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'change-algorithms' },
  lasts: 'until-cleared',
  cli: 'The key exchange fails: no algorithm is common to both.',
  snmp: 'All is well; the new version can be seen.',
  verdict: {
    unit: 'held',
    because:
      'No waiting mends it, and weaker algorithms are a decision of people: the message names the setting.',
  },
};
