import type { FaultSheet } from '../world/fault.js';

export const bootOverrunsWindow: FaultSheet = {
  id: 'boot-overruns-window',
  number: 'F13',
  title: 'The boot takes so long that the window is over before it ends',
  strikes: { on: 'reload' },
  effect: { kind: 'personality' },
  lasts: 'one-boot',
  cli: 'Nothing for half a day; then the new version.',
  snmp: 'No answer; sysUpTime begins half a day late.',
  verdict: {
    unit: 'lost',
    because:
      "After the step's longest time a human is called; when it comes up outside the window nothing is sent to it.",
  },
};
