import type { FaultSheet } from '../world/fault.js';

export const pagerComesBack: FaultSheet = {
  id: 'pager-comes-back',
  number: 'F34',
  title: 'Every answer is paged again after the boot',
  strikes: { on: 'boot' },
  effect: { kind: 'page-always' },
  lasts: 'until-cleared',
  cli: 'The command that turns the pager off is taken and does nothing: long answers stop at --More--.',
  snmp: 'All is well.',
  verdict: {
    unit: 'done',
    because: 'A pager is answered wherever it comes.',
  },
};
