import type { FaultSheet } from '../world/fault.js';

export const manualBootMember: FaultSheet = {
  id: 'manual-boot-member',
  number: 'F11',
  title: 'One member of the stack boots manually: after a reload it waits in its loader',
  strikes: { on: 'start' },
  effect: { kind: 'personality' },
  lasts: 'until-cleared',
  needs: 'members',
  absentOn: {
    arista_eos: 'A fixed switch has no members.',
    juniper_junos: 'Engines have no such setting.',
    fortinet_fortios: 'FortiOS has no such setting.',
  },
  cli: 'The boot settings of that member say so; after a reload it is missing.',
  snmp: 'After a reload its ports are gone.',
  verdict: {
    unit: 'failed-untouched',
    because: 'The boot settings of every member are read before anything is disrupted.',
  },
};
