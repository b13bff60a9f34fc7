import type { ConfigRules } from '../../src/config/rules.js';

/** A statement of a section, for the rules below. */
function inside(section: string, statement: string): RegExp {
  return new RegExp(`^${section} / ${statement}`);
}

const INTERFACE = 'interface [^/]+(?:/[^/ ]+)*';
const BGP = 'router bgp \\S+(?: / (?:vrf|address-family) .+)?';

const interfaceValues = [
  '(description) ',
  '(ip address)(?= \\S)(?!.* secondary$)',
  '(ip address virtual)(?= \\S)(?!.* secondary$)',
  '(mtu) ',
  '(speed) ',
  '(vrf) ',
  '(encapsulation dot1q vlan) ',
  '(switchport mode) ',
  '(switchport access vlan) ',
  '(switchport trunk native vlan) ',
  '(switchport trunk allowed vlan)(?! add) ',
  '(channel-group) ',
  '(mlag) ',
  '(load-interval) ',
  '(service-policy type qos (?:input|output)) ',
  '(ip access-group) \\S+ (in|out)$',
  '(ipv6 access-group) \\S+ (in|out)$',
  '(mac access-group) \\S+ (in|out)$',
];

const globalValues =
  'hostname|dns domain|ip domain-name|spanning-tree mode|spanning-tree mst \\d+ priority|clock timezone|' +
  'snmp-server location|snmp-server contact|snmp-server community \\S+|username \\S+|enable password|' +
  'logging buffered|logging trap|logging format timestamp|boot system|transceiver qsfp default-mode|' +
  'service routing protocols model|ip virtual-router mac-address|aaa authentication login \\S+|' +
  'aaa authorization (?:exec|commands \\S+) \\S+|ntp local-interface';

/**
 * What EOS's configuration means where its text does not say so. Source for what replaces and what stays listed as `no`:
 * the EOS user manual, and the transcripts beside this file.
 */
export const rules: ConfigRules = {
  syntax: 'indented',
  indent: 3,
  ordered: [
    /^(?:ip|ipv6|mac) access-list (?:standard )?\S+$/,
    /^(?:ip|ipv6) prefix-list \S+$/,
    /^policy-map [^/]+$/,
    /^aaa group server \S+ \S+$/,
  ],
  single: [
    new RegExp(`^(${globalValues}) `),
    /^(router bgp) /,
    ...interfaceValues.map((each) => inside(INTERFACE, each)),
    inside('vlan [\\d,-]+', '(name) '),
    inside(
      'mlag configuration',
      '(domain-id|local-interface|peer-address|peer-link|reload-delay(?: mlag| non-mlag)?) ',
    ),
    inside(
      BGP,
      '(neighbor \\S+ (?:remote-as|description|update-source|password|timers|peer group)) ',
    ),
    inside(BGP, '(neighbor \\S+ (?:route-map|prefix-list)) \\S+ (in|out)$'),
    inside('router (?:bgp|ospf) .+', '(router-id) '),
    inside('management (?:ssh|api http-commands|console)', '(idle-timeout|protocol \\S+ port) '),
    inside('management (?:ssh|telnet|api http-commands).*', '(ip access-group) \\S+ (in)$'),
  ],
  negated: [
    /^(?:ip routing|ipv6 unicast-routing|ip routing vrf \S+|aaa root|service interface inactive port-id allocation disabled)$/,
    /^(?:lldp run|logging console|logging monitor|spanning-tree vlan-id \S+)$/,
    inside(INTERFACE, '(?:switchport|lldp transmit|lldp receive|autostate)$'),
    inside('management (?:api \\S+|ssh|telnet)(?: / vrf \\S+)?', 'shutdown$'),
  ],
  sections: [
    /^(?:interface|router|vlan|vrf instance|class-map|policy-map|route-map|daemon|management|monitor session) ?\S/,
    /^(?:ip|ipv6|mac) access-list \S/,
    /^(?:ip|ipv6) prefix-list \S+$/,
    /^(?:aaa group server|peer-filter|event-handler|mlag configuration)/,
    /^router bgp \S+ \/ (?:address-family|vrf|vlan) \S/,
    /^management [^/]+ \/ vrf \S/,
    /^policy-map [^/]+ \/ class \S/,
  ],
  forbidden: [
    /^(?:do|show|end|write|copy|reload|configure|conf|commit|abort|disable|logout)(?: |$)/i,
    /^(?:wr|bash|run-cli|session|zerotouch|install)(?: |$)/i,
    // A boot image is software; sessions, files and other devices are no business of a patch.
    /^(?:boot (?:system|secret)|rollback|run|quit|python|delete|rename|format|erase|clear|debug|ssh|telnet|ping|traceroute)(?: |$)/i,
    /^enable(?: \d+)?$/i,
  ],
  masks: [
    { name: 'time of the command', match: /^! Command: .*$/ },
    { name: 'device and version', match: /^! device: .*$/ },
    { name: 'boot image', match: /^! boot system .*$/ },
    {
      name: 'time of the last change',
      match: /^! (?:Startup|Running)-config last modified at .*$/,
    },
    {
      name: 'hashed secret',
      match: /\b(secret (?:5|sha512)|password (?:7|8a)|key (?:7|8a)) \S+/,
      replacement: '$1 <hashed>',
    },
  ],
};
