import type { FaultSheet } from '../world/fault.js';

export const otherBanner: FaultSheet = {
  id: 'other-banner',
  number: 'F31',
  title: 'The banner is another after the boot and looks like prompts',
  strikes: { on: 'boot' },
  effect: {
    kind: 'change-banner',
    banner: {
      other:
        '\r\n*** Property of the hospital. Continue? Only if you may. ***\r\nPassword:\r\nlegal>\r\nlegal#\r\nlegal # \r\n',
    },
  },
  lasts: 'until-cleared',
  cli: 'Lines that look like prompts and questions stand before the first prompt.',
  snmp: 'All is well.',
  verdict: {
    unit: 'done',
    because: 'A prompt is what comes again after a line of ours, and not what stands in a text.',
  },
};
