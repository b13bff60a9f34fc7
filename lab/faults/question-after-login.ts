import type { FaultSheet } from '../world/fault.js';

export const questionAfterLogin: FaultSheet = {
  id: 'question-after-login',
  number: 'F31',
  title: 'The device asks something after the login',
  strikes: { on: 'boot' },
  effect: {
    kind: 'ask-at-login',
    asks: {
      fortinet_fortios:
        'You are forced to change your password. Please input a new password.\r\nNew Password: ',
      other: 'Your password has expired. Change it now? [yes/no]: ',
    },
  },
  lasts: 'until-cleared',
  cli: 'A question stands where the prompt should be; nothing else comes.',
  snmp: 'All is well.',
  verdict: {
    unit: 'held',
    because:
      'An unknown question is never answered: a wrong answer may lock the account or change the device.',
  },
};
