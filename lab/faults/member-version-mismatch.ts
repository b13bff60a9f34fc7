import type { FaultSheet } from '../world/fault.js';

export const memberVersionMismatch: FaultSheet = {
  id: 'member-version-mismatch',
  number: 'F23',
  title: 'A member of the stack comes up with another version and is kept out',
  strikes: { on: 'reload' },
  effect: { kind: 'personality' },
  lasts: 'one-boot',
  needs: 'members',
  absentOn: {
    arista_eos: 'A fixed switch has no members.',
    juniper_junos: 'Each engine boots its own software, and none keeps the other out.',
    fortinet_fortios: 'A primary loads its own release onto a member that has another one.',
  },
  cli: 'The member stands there as V-Mismatch, for as long as one waits.',
  snmp: 'The ports of the member are down.',
  verdict: {
    unit: 'reverted',
    because:
      'Every member must be ready on the new version within its time; back on the old one the stack is whole again.',
  },
};
