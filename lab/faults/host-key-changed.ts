import type { FaultSheet } from '../world/fault.js';

export const hostKeyChanged: FaultSheet = {
  id: 'host-key-changed',
  number: 'F27',
  title: 'The SSH host key is another after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'change-host-key' },
  lasts: 'once',
  cli: 'The key exchange shows another key than the pinned one.',
  snmp: 'All is well.',
  verdict: { unit: 'held', because: 'No login until a person accepts the new key.' },
};
