import type { FaultSheet } from '../world/fault.js';

export const managementThroughIt: FaultSheet = {
  id: 'management-through-it',
  number: 'F44',
  title: 'The management of its neighbours leads through the device',
  strikes: { on: 'start' },
  effect: { kind: 'carry-management' },
  lasts: 'until-cleared',
  cli: 'While it boots its neighbours cannot be reached either.',
  snmp: 'Its neighbours are silent too.',
  verdict: {
    unit: 'done',
    because:
      'What cannot be reached while a linked unit is changed is looked at again later, and not taken for lost.',
  },
};
