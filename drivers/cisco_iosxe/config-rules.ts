import type { ConfigRules } from '../../src/config/rules.js';

/** A statement of a section, for the rules below. */
function inside(section: string, statement: string): RegExp {
  return new RegExp(`^${section} / ${statement}`);
}

const INTERFACE = 'interface [^/]+(?:/[^/ ]+)*';
const LINE = 'line .+';
const BGP = 'router bgp \\d+(?: / address-family .+)?';

const interfaceValues = [
  '(description) ',
  '(ip address)(?= \\S)(?!.* secondary$)',
  '(ip mtu) ',
  '(mtu) ',
  '(bandwidth) ',
  '(speed) ',
  '(duplex) ',
  '(load-interval) ',
  '(encapsulation) ',
  '(vrf forwarding) ',
  '(switchport mode) ',
  '(switchport access vlan) ',
  '(switchport voice vlan) ',
  '(switchport trunk native vlan) ',
  '(switchport trunk allowed vlan)(?! add) ',
  '(channel-group) ',
  '(service-policy input) ',
  '(service-policy output) ',
  '(ip access-group) \\S+ (in|out)$',
  '(ipv6 traffic-filter) \\S+ (in|out)$',
  '(storm-control (?:broadcast|multicast|unicast) level) ',
];

const lineValues = [
  '(exec-timeout) ',
  '(transport input) ',
  '(transport output) ',
  '(login authentication) ',
  '(privilege level) ',
  '(access-class) \\S+ (in|out)(?: vrf-also)?$',
  '(ipv6 access-class) \\S+ (in|out)$',
];

const globalValues =
  'hostname|enable secret|ip domain[- ]name|ip default-gateway|ip ssh version|ip ssh source-interface|ntp source|' +
  'logging buffered|logging trap|logging source-interface|snmp-server location|snmp-server contact|' +
  'snmp-server trap-source|snmp-server source-interface \\S+|snmp-server community \\S+|clock timezone|' +
  'clock summer-time|spanning-tree mode|vtp mode|vtp domain|username \\S+|' +
  'aaa authentication (?:login|enable|dot1x) \\S+|aaa authorization (?:exec|network|commands \\d+) \\S+|' +
  'ip tacacs source-interface|ip radius source-interface';

/**
 * What IOS XE's configuration means where its text does not say so. Source for what replaces and what stays listed as
 * `no`: Cisco's command references of 17.x, and the transcripts beside this file.
 */
export const rules: ConfigRules = {
  syntax: 'indented',
  indent: 1,
  ordered: [
    /^ip access-list (?:standard|extended) \S+$/,
    /^ipv6 access-list \S+$/,
    /^mac access-list extended \S+$/,
    /^policy-map [^/]+$/,
    /^aaa group server \S+ \S+$/,
  ],
  single: [
    new RegExp(`^(${globalValues}) `),
    /^(router bgp) /,
    ...interfaceValues.map((each) => inside(INTERFACE, each)),
    ...lineValues.map((each) => inside(LINE, each)),
    inside('vlan [\\d,-]+', '(name) '),
    inside(
      BGP,
      '(neighbor \\S+ (?:remote-as|description|update-source|password|timers|peer-group)) ',
    ),
    inside(BGP, '(neighbor \\S+ (?:route-map|prefix-list|filter-list)) \\S+ (in|out)$'),
    inside('router (?:bgp|ospf|eigrp) .+', '((?:bgp |eigrp )?router-id) '),
  ],
  negated: [
    /^ip (?:domain[- ]lookup|http server|http secure-server|source-route|bootp server|finger|gratuitous-arps)$/,
    /^(?:ip routing|cdp run|lldp run|aaa new-model|logging console|service pad|service config)$/,
    /^service (?:timestamps (?:debug|log) uptime|password-encryption|dhcp)$/,
    inside(INTERFACE, '(?:ip address|switchport|ip redirects|ip proxy-arp|ip unreachables)$'),
    inside(INTERFACE, '(?:cdp enable|lldp transmit|lldp receive|keepalive|mop enabled)$'),
    /^platform punt-keepalive disable-kernel-core$/,
  ],
  sections: [
    /^(?:interface|router|vlan|line|vrf definition|class-map|policy-map|route-map|key chain) \S/,
    /^(?:ip|ipv6|mac) access-list \S/,
    /^(?:aaa group server|radius server|tacacs server|ip sla|object-group|crypto \S+ \S+) \S/,
    /^(?:router \S+ \d+|vrf definition \S+) \/ address-family \S/,
    /^policy-map [^/]+ \/ class \S/,
    /^archive(?: \/ log config)?$/,
  ],
  closers: [
    {
      section: /^(?:router \S+ .+|vrf definition \S+) \/ address-family [^/]+$/,
      line: 'exit-address-family',
    },
  ],
  forbidden: [
    /^(?:do|show|end|write|copy|reload|configure|conf|commit|abort|disable|logout)(?: |$)/i,
    /^(?:wr|do-exec|license smart (?:reservation|register)|crypto key (?:generate|zeroize)|boot-(?:start|end)-marker)(?: |$)/i,
    // What boots is software: no business of a patch.
    /^(?:no |default )?(?:boot (?:system|manual|config)|config-register)(?: |$)/i,
  ],
  masks: [
    { name: 'command talk', match: /^Building configuration\.\.\.\s*$/ },
    { name: 'size of the configuration', match: /^Current configuration ?:.*$/ },
    { name: 'size of the configuration', match: /^Using \d+ out of \d+ bytes.*$/ },
    { name: 'size of the configuration', match: /^Uncompressed configuration.*$/ },
    { name: 'time of the last change', match: /^! Last configuration change at .*$/ },
    { name: 'NVRAM stamp', match: /^! NVRAM config last updated at .*$/ },
    { name: 'time of the last change', match: /^! No configuration change since last restart.*$/ },
    { name: 'time of the command', match: /^!Time: .*$/ },
    { name: 'clock drift', match: /^ntp clock-period \d+.*$/ },
    {
      name: 'hashed secret',
      match: /\b(secret [4589]|password 7|key 7|key-string 7|md5 7) \S+/,
      replacement: '$1 <hashed>',
    },
  ],
};
