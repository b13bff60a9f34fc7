import type { FaultSheet } from '../world/fault.js';

export const fallsToLoader: FaultSheet = {
  id: 'falls-to-loader',
  number: 'F11',
  title: 'The device falls back to its loader and waits at its console',
  strikes: { on: 'reload' },
  effect: { kind: 'personality' },
  lasts: 'until-cleared',
  cli: 'No login; the console shows the prompt of the loader, after a power cycle as well.',
  snmp: 'No answer; the links are down at the neighbours.',
  verdict: {
    unit: 'lost',
    because:
      'Nothing can be sent to a loader: the unit is lost, and a person boots it from the console with its recovery card.',
  },
};
