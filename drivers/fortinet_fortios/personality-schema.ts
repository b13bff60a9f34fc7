/** What the simulated FortiOS knows of its configuration: enough to take, refuse and complete what operators type. */

export type AttributeType =
  | { readonly kind: 'text'; readonly lengthMax: number }
  | { readonly kind: 'choice'; readonly values: readonly string[]; readonly isList: boolean }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'address' }
  | { readonly kind: 'subnet' }
  | { readonly kind: 'secret'; readonly isHash: boolean }
  | { readonly kind: 'link'; readonly tables: readonly string[]; readonly isList: boolean }
  | { readonly kind: 'free' };

export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  /** As `show full-configuration` has it. */
  readonly preset?: string;
}

export interface Section {
  readonly path: string;
  /** What an entry's key looks like; undefined: an object, no table. */
  readonly key?: 'name' | 'number' | 'address';
  readonly attributes: readonly Attribute[];
  readonly required: readonly string[];
  /** The section takes any attribute: only its name is known here. */
  readonly isOpen: boolean;
}

const LISTED = /^([^:]+):(\w+?)(\d+(?:-\d+)?)?(?:\((.*)\))?(?:=(.*))?$/;

function typeOf(kind: string, limits: string, inside: string): AttributeType {
  const [min = 0, max = 0] = limits.split('-').map(Number);
  const names = inside.split('|');
  switch (kind) {
    case 'str':
      return { kind: 'text', lengthMax: min };
    case 'int':
      return { kind: 'number', min, max };
    case 'opt':
    case 'opts':
      return { kind: 'choice', values: names, isList: kind === 'opts' };
    case 'ref':
    case 'refs':
      return { kind: 'link', tables: names, isList: kind === 'refs' };
    case 'ip':
      return { kind: 'address' };
    case 'net':
      return { kind: 'subnet' };
    case 'secret':
    case 'hash':
      return { kind: 'secret', isHash: kind === 'hash' };
    default:
      return { kind: 'free' };
  }
}

function attributeOf(text: string): Attribute {
  const [, name = text, kind = '', limits = '', inside = '', preset] = LISTED.exec(text) ?? [];
  const type = typeOf(kind, limits, inside);
  return preset === undefined ? { name, type } : { name, type, preset };
}

const SWITCH = '(enable|disable)';
const PORTS = '(system interface|system zone)';
const ADDRESSES = '(firewall address|firewall addrgrp|firewall vip)';

interface Plan {
  readonly key?: Section['key'];
  readonly has: readonly string[];
  readonly required?: readonly string[];
}

const PLANS: Readonly<Record<string, Plan>> = {
  'system global': {
    has: [
      'admin-lockout-duration:int1-2147483647=60',
      'admin-lockout-threshold:int1-10=3',
      'admin-scp:opt(enable|disable)=disable',
      'admin-server-cert:str35="self-sign"',
      'admin-sport:int1-65535=443',
      'admin-ssh-grace-time:int10-3600=120',
      'admin-ssh-port:int1-65535=22',
      'admin-telnet:opt(enable|disable)=enable',
      'admintimeout:int1-480=5',
      'alias:str35',
      'cfg-revert-timeout:int10-4294967295=600',
      'cfg-save:opt(automatic|manual|revert)=automatic',
      'gui-theme:free=jade',
      'hostname:str35',
      'lldp-reception:opt(enable|disable)=disable',
      'lldp-transmission:opt(enable|disable)=disable',
      'post-login-banner:opt(enable|disable)=disable',
      'pre-login-banner:opt(enable|disable)=disable',
      'remoteauthtimeout:int1-300=5',
      'revision-backup-on-logout:opt(enable|disable)=disable',
      'revision-image-auto-backup:opt(enable|disable)=disable',
      'ssh-enc-algo:free',
      'ssl-min-proto-version:opt(SSLv3|TLSv1|TLSv1-1|TLSv1-2|TLSv1-3)=TLSv1-2',
      'strong-crypto:opt(enable|disable)=enable',
      'switch-controller:opt(enable|disable)=disable',
      'tcp-halfopen-timer:int1-86400=10',
      'timezone:free=04',
      'vdom-mode:opt(no-vdom|multi-vdom)=no-vdom',
    ],
  },
  'system console': {
    has: ['baudrate:opt(9600|19200|38400|57600|115200)=9600', 'output:opt(standard|more)=more'],
  },
  'system interface': {
    key: 'name',
    has: [
      'vdom:str31',
      'mode:opt(static|dhcp|pppoe)=static',
      'ip:net=0.0.0.0 0.0.0.0',
      'allowaccess:opts(ping|https|ssh|snmp|http|telnet|fgfm|radius-acct|probe-response|fabric|ftm|speed-test)',
      'status:opt(up|down)=up',
      'type:free',
      'description:str255',
      'alias:str25',
      'role:opt(lan|wan|dmz|undefined)=undefined',
      `interface:ref${PORTS}`,
      'vlanid:int1-4094',
      'member:free',
      'mtu-override:opt(enable|disable)=disable',
      'mtu:int68-65535=1500',
      'speed:free=auto',
      'lldp-reception:opt(enable|disable|vdom)=vdom',
      'lldp-transmission:opt(enable|disable|vdom)=vdom',
      'device-identification:opt(enable|disable)=disable',
      'snmp-index:int0-4294967295',
      'weight:int0-255=0',
      'dedicated-to:opt(none|management)=none',
    ],
  },
  'system ha': {
    has: [
      'group-id:int0-1023=0',
      'group-name:str32',
      'mode:opt(standalone|a-a|a-p)=standalone',
      'password:secret',
      'hbdev:free',
      'session-pickup:opt(enable|disable)=disable',
      'ha-mgmt-status:opt(enable|disable)=disable',
      'override:opt(enable|disable)=disable',
      'override-wait-time:int0-3600=0',
      'priority:int0-255=128',
      'monitor:refs(system interface)',
      'uninterruptible-upgrade:opt(enable|disable)=enable',
      'upgrade-mode:opt(simultaneous|uninterruptible|local-only|secondary-only)=uninterruptible',
    ],
  },
  'system admin': {
    key: 'name',
    has: [
      'accprofile:ref(system accprofile)',
      'vdom:free',
      'password:hash',
      'ssh-public-key1:free',
      'trusthost1:net=0.0.0.0 0.0.0.0',
      'trusthost2:net=0.0.0.0 0.0.0.0',
      'trusthost3:net=0.0.0.0 0.0.0.0',
      'remote-auth:opt(enable|disable)=disable',
      'comments:str255',
    ],
    required: ['accprofile'],
  },
  'system settings': {
    has: [
      'opmode:opt(nat|transparent)=nat',
      'bfd:opt(enable|disable)=disable',
      'lldp-reception:opt(enable|disable|global)=global',
      'lldp-transmission:opt(enable|disable|global)=global',
      'gui-dynamic-routing:opt(enable|disable)=disable',
      'allow-subnet-overlap:opt(enable|disable)=disable',
      'central-nat:opt(enable|disable)=disable',
    ],
  },
  'system dns': {
    has: ['primary:ip=96.45.45.45', 'secondary:ip=96.45.46.46', 'protocol:free', 'domain:free'],
  },
  'system ntp': {
    has: [
      'ntpsync:opt(enable|disable)=enable',
      'type:opt(fortiguard|custom)=fortiguard',
      'syncinterval:int1-1440=60',
      'source-ip:ip=0.0.0.0',
      'server-mode:opt(enable|disable)=disable',
    ],
  },
  'system ntp ntpserver': { key: 'number', has: ['server:str63'], required: ['server'] },
  'system snmp sysinfo': {
    has: [
      'status:opt(enable|disable)=disable',
      'description:str255',
      'contact-info:str255',
      'location:str255',
    ],
  },
  'system snmp community': {
    key: 'number',
    has: [
      'name:str35',
      'status:opt(enable|disable)=enable',
      'events:free',
      'query-v1-status:opt(enable|disable)=enable',
    ],
    required: ['name'],
  },
  'system snmp community hosts': { key: 'number', has: ['ip:net', 'source-ip:ip=0.0.0.0'] },
  'system snmp user': {
    key: 'name',
    has: [
      'status:opt(enable|disable)=enable',
      'security-level:opt(no-auth-no-priv|auth-no-priv|auth-priv)=no-auth-no-priv',
      'auth-proto:opt(md5|sha|sha224|sha256|sha384|sha512)=sha',
      'auth-pwd:secret',
      'priv-proto:opt(aes|des|aes256|aes256cisco)=aes',
      'priv-pwd:secret',
      'queries:opt(enable|disable)=enable',
    ],
  },
  'system zone': {
    key: 'name',
    has: ['interface:refs(system interface)', 'intrazone:opt(allow|deny)=deny'],
  },
  'firewall address': {
    key: 'name',
    has: [
      'type:opt(ipmask|iprange|fqdn|geography|interface-subnet|dynamic|mac)=ipmask',
      'subnet:net=0.0.0.0 0.0.0.0',
      'start-ip:ip',
      'end-ip:ip',
      'fqdn:str255',
      'comment:str255',
      `associated-interface:ref${PORTS}`,
      'color:int0-32=0',
      'uuid:free',
      `allow-routing:opt${SWITCH}=disable`,
    ],
  },
  'firewall addrgrp': {
    key: 'name',
    has: [
      'member:refs(firewall address|firewall addrgrp)',
      'comment:str255',
      'color:int0-32=0',
      'uuid:free',
    ],
    required: ['member'],
  },
  'firewall service custom': {
    key: 'name',
    has: [
      'category:free',
      'protocol:opt(TCP/UDP/SCTP|ICMP|ICMP6|IP|ALL)=TCP/UDP/SCTP',
      'protocol-number:int0-254',
      'tcp-portrange:free',
      'udp-portrange:free',
      'icmptype:int0-255',
      'comment:str255',
    ],
  },
  'firewall service group': {
    key: 'name',
    has: ['member:refs(firewall service custom|firewall service group)', 'comment:str255'],
    required: ['member'],
  },
  'firewall vip': {
    key: 'name',
    has: [
      'extip:free',
      'mappedip:free',
      'extintf:str35',
      'portforward:opt(enable|disable)=disable',
      'protocol:opt(tcp|udp|sctp|icmp)=tcp',
      'extport:free',
      'mappedport:free',
      'comment:str255',
    ],
  },
  'firewall policy': {
    key: 'number',
    has: [
      'status:opt(enable|disable)=enable',
      'name:str35',
      'uuid:free',
      `srcintf:refs${PORTS}`,
      `dstintf:refs${PORTS}`,
      'action:opt(accept|deny|ipsec)=deny',
      `srcaddr:refs${ADDRESSES}`,
      `dstaddr:refs${ADDRESSES}`,
      'schedule:ref(firewall schedule recurring|firewall schedule onetime|firewall schedule group)',
      'service:refs(firewall service custom|firewall service group)',
      'nat:opt(enable|disable)=disable',
      'logtraffic:opt(all|utm|disable)=utm',
      'utm-status:opt(enable|disable)=disable',
      'inspection-mode:opt(proxy|flow)=flow',
      'comments:str1023',
    ],
    required: ['srcintf', 'dstintf', 'srcaddr', 'dstaddr', 'schedule', 'service'],
  },
  'router static': {
    key: 'number',
    has: [
      'status:opt(enable|disable)=enable',
      'dst:net=0.0.0.0 0.0.0.0',
      'gateway:ip=0.0.0.0',
      'distance:int1-255=10',
      'priority:int1-65535=1',
      'device:ref(system interface)',
      'comment:str255',
      'blackhole:opt(enable|disable)=disable',
    ],
  },
  'router ospf': {
    has: [
      'router-id:ip=0.0.0.0',
      'default-information-originate:opt(enable|always|disable)=disable',
      'passive-interface:refs(system interface)',
      'restart-mode:opt(none|lls|graceful-restart)=none',
      'auto-cost-ref-bandwidth:int1-1000000=1000',
    ],
  },
  'router ospf area': { key: 'address', has: ['type:opt(regular|nssa|stub)=regular'] },
  'router ospf network': { key: 'number', has: ['prefix:net=0.0.0.0 0.0.0.0', 'area:ip=0.0.0.0'] },
  'router ospf ospf-interface': {
    key: 'name',
    has: [
      'interface:ref(system interface)',
      'cost:int0-65535=0',
      'priority:int0-255=1',
      'dead-interval:int0-65535=0',
      'hello-interval:int0-65535=0',
      'network-type:opt(broadcast|non-broadcast|point-to-point|point-to-multipoint)=broadcast',
      'authentication:opt(none|text|md5|message-digest)=none',
    ],
    required: ['interface'],
  },
  'router bgp': {
    has: [
      'as:free=0',
      'router-id:ip=0.0.0.0',
      'keepalive-timer:int0-65535=60',
      'holdtime-timer:int3-65535=180',
      'graceful-restart:opt(enable|disable)=disable',
      'ebgp-multipath:opt(enable|disable)=disable',
    ],
  },
  'router bgp neighbor': {
    key: 'address',
    has: [
      'remote-as:free',
      'description:str63',
      'shutdown:opt(enable|disable)=disable',
      'activate:opt(enable|disable)=enable',
      'soft-reconfiguration:opt(enable|disable)=disable',
      'route-map-in:ref(router route-map)',
      'route-map-out:ref(router route-map)',
      'update-source:ref(system interface)',
      'password:secret',
      'weight:int0-65535',
    ],
    required: ['remote-as'],
  },
  'router bgp network': { key: 'number', has: ['prefix:net=0.0.0.0 0.0.0.0'] },
  'log syslogd setting': {
    has: [
      'status:opt(enable|disable)=disable',
      'server:str127',
      'mode:opt(udp|legacy-reliable|reliable)=udp',
      'port:int0-65535=514',
      'facility:free=local7',
      'source-ip:str63',
    ],
  },
  'user local': {
    key: 'name',
    has: [
      'status:opt(enable|disable)=enable',
      'type:opt(password|radius|tacacs+|ldap)=password',
      'passwd:secret',
    ],
  },
  'user radius': {
    key: 'name',
    has: ['server:str63', 'secret:secret', 'nas-ip:ip=0.0.0.0'],
    required: ['server'],
  },
  'vpn ipsec phase1-interface': {
    key: 'name',
    has: [
      'interface:ref(system interface)',
      'ike-version:opt(1|2)=1',
      'peertype:free',
      'proposal:free',
      'remote-gw:ip=0.0.0.0',
      'psksecret:secret',
      'dpd:free',
      'comments:str255',
    ],
    required: ['interface'],
  },
};

/** Sections that exist, of which no more is known here: any attribute is taken. */
const OPEN = new Map<string, Section['key']>([
  ['system accprofile', 'name'],
  ['system dhcp server', 'number'],
  ['system central-management', undefined],
  ['system fortiguard', undefined],
  ['system password-policy', undefined],
  ['system replacemsg admin', 'name'],
  ['system autoupdate schedule', undefined],
  ['system session-ttl', undefined],
  ['system virtual-switch', 'name'],
  ['system sdwan', undefined],
  ['system automation-action', 'name'],
  ['system automation-trigger', 'name'],
  ['system automation-stitch', 'name'],
  ['firewall schedule recurring', 'name'],
  ['firewall schedule onetime', 'name'],
  ['firewall ippool', 'name'],
  ['firewall local-in-policy', 'number'],
  ['firewall ssl-ssh-profile', 'name'],
  ['router access-list', 'name'],
  ['router prefix-list', 'name'],
  ['router route-map', 'name'],
  ['router policy', 'number'],
  ['log setting', undefined],
  ['log fortianalyzer setting', undefined],
  ['log memory setting', undefined],
  ['log memory filter', undefined],
  ['log disk setting', undefined],
  ['user group', 'name'],
  ['user ldap', 'name'],
  ['user tacacs+', 'name'],
  ['user setting', undefined],
  ['vpn certificate local', 'name'],
  ['vpn certificate ca', 'name'],
  ['vpn ipsec phase2-interface', 'name'],
  ['vpn ssl settings', undefined],
  ['antivirus profile', 'name'],
  ['ips sensor', 'name'],
  ['ips global', undefined],
  ['webfilter profile', 'name'],
  ['application list', 'name'],
  ['dnsfilter profile', 'name'],
  ['switch-controller global', undefined],
  ['wireless-controller setting', undefined],
]);

function sectionsOf(): ReadonlyMap<string, Section> {
  const known = Object.entries(PLANS).map(([path, { key, has, required = [] }]) => {
    const base = { path, attributes: has.map(attributeOf), required, isOpen: false };
    return [path, key === undefined ? base : { ...base, key }] as const;
  });
  const open = [...OPEN].map(([path, key]) => {
    const base = { path, attributes: [], required: [], isOpen: true };
    return [path, key === undefined ? base : { ...base, key }] as const;
  });
  return new Map<string, Section>([...known, ...open]);
}

const SECTIONS = sectionsOf();

/** All that can be opened at the top, and below an object with the object's path before it. */
export function sectionNamed(path: string): Section | undefined {
  return SECTIONS.get(path);
}

export const sectionPaths: readonly string[] = [...SECTIONS.keys()];
