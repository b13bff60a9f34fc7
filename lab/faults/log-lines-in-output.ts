import type { FaultSheet } from '../world/fault.js';

export const logLinesInOutput: FaultSheet = {
  id: 'log-lines-in-output',
  number: 'F34',
  title: 'Log lines stand in the middle of the output',
  strikes: { on: 'start' },
  effect: {
    kind: 'log-into-output',
    line: {
      arista_eos:
        'Jan  9 22:14:03 sw Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet7, changed state to up',
      cisco_iosxe:
        '*Jan  9 22:14:03.211: %LINEPROTO-5-UPDOWN: Line protocol on Interface Vlan10, changed state to up',
      juniper_junos:
        'Message from syslogd@rtr at Jan  9 22:14:03  ...\r\nrtr rpd[4711]: RPD_OSPF_NBRUP: OSPF neighbor 10.0.0.9 (realm ospf-v2 ge-0/0/7.0 area 0.0.0.0) state changed from Init to ExStart',
    },
  },
  lasts: 'until-cleared',
  absentOn: {
    fortinet_fortios:
      'FortiOS writes logs to a session only while somebody debugs in that session.',
  },
  cli: 'Every answer has a log line in it.',
  snmp: 'All is well.',
  verdict: {
    unit: 'done',
    because: 'Log lines are known by their form and taken out of the answer.',
  },
};
