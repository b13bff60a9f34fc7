import fc from 'fast-check';

/** Texts of configurations whose statements a device would list side by side. */

const name = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F');
const address = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.1.1.1', '192.0.2.9');
const port = fc.constantFrom('Ethernet1', 'Ethernet2', 'Ethernet1/0/3', 'Vlan10', 'Loopback0');

function some<T>(item: fc.Arbitrary<T>, maxLength = 5): fc.Arbitrary<T[]> {
  return fc.uniqueArray(item, { maxLength, selector: (each) => JSON.stringify(each) });
}

function maybe(...lines: string[]): fc.Arbitrary<string[]> {
  return fc.subarray(lines);
}

function oneOf(...lines: string[]): fc.Arbitrary<string[]> {
  return fc.constantFrom<string[]>([], ...lines.map((each) => [each]));
}

function joined(...parts: fc.Arbitrary<string[]>[]): fc.Arbitrary<string[]> {
  return fc.tuple(...parts).map((found) => found.flat());
}

function indent(lines: readonly string[]): string[] {
  return lines.map((each) => ` ${each}`);
}

function section(head: fc.Arbitrary<string>, inside: fc.Arbitrary<string[]>, max = 4) {
  return fc
    .uniqueArray(fc.tuple(head, inside), { selector: ([text]) => text, maxLength: max })
    .map((found) => found.flatMap(([text, lines]) => [text, ...indent(lines), '!']));
}

const entry = fc.constantFrom(
  'permit ip any any',
  'permit tcp any any eq 22',
  'deny ip 10.0.0.0 0.0.0.255 any',
  'deny udp any any',
  'remark servers',
  'permit icmp any any echo',
);

const numberedEntries = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 12 }), entry), {
    selector: ([at]) => at,
    maxLength: 8,
  })
  .map((found) => found.sort(([a], [b]) => a - b).map(([at, text]) => `${at * 10} ${text}`));

const interfaceLines = joined(
  oneOf('description uplink', 'description to  core  two', 'description x'),
  oneOf('ip address 10.0.0.1 255.255.255.0', 'ip address 10.0.0.2 255.255.255.0'),
  maybe('ip address 10.9.0.1 255.255.255.0 secondary', 'ip helper-address 10.0.0.9'),
  oneOf('shutdown'),
  oneOf('no switchport'),
  oneOf('ip access-group A in', 'ip access-group B in'),
  oneOf('ip access-group A out', 'ip access-group B out'),
  fc
    .subarray(['service instance 2 ethernet', 'service instance 3 ethernet'])
    .map((found) => found.flatMap((each) => [each, ' encapsulation untagged', ' bridge-domain 2'])),
);

const bgpLines = joined(
  maybe('neighbor 10.0.0.1 remote-as 65001', 'neighbor 10.0.0.2 remote-as 65002'),
  fc
    .subarray(['address-family ipv4', 'address-family ipv6'])
    .map((found) =>
      found.flatMap((each) => [
        each,
        ' network 10.0.0.0',
        ' maximum-paths 2',
        'exit-address-family',
      ]),
    ),
);

const classes = some(name).map((found) =>
  found.flatMap((each) => [`class ${each}`, ` police ${each}`]),
);

const banner = fc.constantFrom<string[]>(
  [],
  ['banner motd ^C', ' Keep out!', '', '! no comment', '^C'],
  ['banner motd ^CHello^C'],
  ['banner login', 'exit', '  now', 'EOF'],
);

const certificate = fc.constantFrom<string[]>(
  [],
  [
    'crypto pki certificate chain X',
    ' certificate self-signed 01',
    '  30820330 02',
    '  0D06',
    '  quit',
  ],
  ['crypto pki certificate chain X', ' certificate self-signed 01', '  30820331 02', '  quit'],
);

export const indentedText = joined(
  oneOf('hostname sw1', 'hostname sw2'),
  maybe('ip domain name lab', 'ntp server 10.0.0.1', 'ntp server 10.0.0.1 prefer', 'lldp run'),
  oneOf('no ip domain lookup'),
  banner,
  certificate,
  section(fc.constantFrom('vlan 10', 'vlan 20'), oneOf('name users', 'name voice')),
  section(
    port.map((each) => `interface ${each}`),
    interfaceLines,
  ),
  section(fc.constantFrom('router bgp 65000', 'router bgp 65001'), bgpLines, 1),
  section(
    name.map((each) => `ip access-list extended ${each}`),
    numberedEntries,
  ),
  section(
    name.map((each) => `ip access-list standard ${each}`),
    some(entry, 6),
  ),
  section(fc.constant('policy-map P'), classes, 1),
).map((lines) => `${lines.join('\n')}\nend\n`);

const termBody = fc.constantFrom(
  'from { protocol tcp; } then accept;',
  'then { count c; discard; }',
  'then accept;',
);
const mark = fc.constantFrom('', '', '', 'inactive: ', 'protect: ');

const terms = fc
  .uniqueArray(fc.tuple(mark, name, termBody), { selector: ([, text]) => text, maxLength: 6 })
  .map((found) =>
    found.map(([start, text, body]) => `${start}term ${text} { ${body} }`).join('\n'),
  );

const unit = fc
  .tuple(mark, fc.integer({ min: 0, max: 3 }), some(address, 3), fc.boolean())
  .map(([start, at, found, v6]) => {
    const addresses = found.map((each) => `address ${each}/24;`).join(' ');
    return `${start}unit ${at} { ${v6 ? 'family inet6;' : ''} family inet { ${addresses} } }`;
  });

const units = fc.array(unit, { maxLength: 3 });

const ports = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('ge-0/0/0', 'ge-0/0/1', 'xe-1/2/3'),
      fc.constantFrom('', 'mtu 9000;', 'mtu 1500;'),
      fc.constantFrom('', 'description "to core; {x}";', 'description uplink;'),
      units,
    ),
    { selector: ([text]) => text, maxLength: 3 },
  )
  .map((found) =>
    found.map(([text, mtu, about, inside]) => `${text} { ${mtu} ${about}\n${inside.join('\n')} }`),
  );

const policies = some(name, 4).map((found) =>
  found.length === 0 ? '' : `export [ ${found.join(' ')} ];`,
);

export const bracesText = fc
  .tuple(
    fc.constantFrom('', 'host-name r1;', 'host-name r2;'),
    fc.subarray(['ssh;', 'ssh { root-login deny; }', 'netconf { ssh; }']),
    ports,
    terms,
    policies,
    fc.constantFrom('', 'archive size 100k files 3;', 'archive { files 5; world-readable; }'),
  )
  .map(([host, services, found, filter, policy, archive]) =>
    [
      '## Last commit: 2026-01-01 00:00:00 UTC by x',
      `system { ${host} services { ${services.join(' ')} } syslog { ${archive} } }`,
      `interfaces { /* cabled */ ${found.join('\n')} }`,
      `firewall { family inet { filter F { ${filter} } } }`,
      `protocols { bgp { group G { ${policy} type external; # own } \n } } }`,
    ].join('\n'),
  );

const entryOf = (word: fc.Arbitrary<string>, inside: fc.Arbitrary<string[]>) =>
  fc
    .uniqueArray(fc.tuple(word, inside), { selector: ([text]) => text, maxLength: 6 })
    .map((found) => found.flatMap(([text, lines]) => [`edit ${text}`, ...lines, 'next']));

const table = (text: string, inside: fc.Arbitrary<string[]>) =>
  inside.map((lines) => [`config ${text}`, ...lines, 'end']);

const policyTable = table(
  'firewall policy',
  entryOf(
    fc.integer({ min: 1, max: 9 }).map(String),
    joined(
      oneOf('set action accept', 'set action deny'),
      maybe('set srcintf "port1" "port2"', 'set comments "two  words"'),
    ),
  ),
);

export const blocksText = joined(
  table(
    'system global',
    joined(
      oneOf('set hostname "fw1"', 'set hostname fw2'),
      fc.constantFrom(['set gui-theme blue'], ['unset gui-theme']),
    ),
  ),
  table(
    'system interface',
    entryOf(
      fc.constantFrom('"port1"', '"port 2"', 'mgmt'),
      joined(
        oneOf('set ip 10.0.0.1 255.255.255.0', 'set ip 10.0.0.2 255.255.255.0'),
        oneOf('set alias "a \\"b\\" c"', 'set comment "one', 'set alias z').map((found) =>
          found.flatMap((each) => (each.endsWith('one') ? [each, '  two\\\\', 'three"'] : [each])),
        ),
        table('ipv6', oneOf('set ip6-mode static')),
      ),
    ),
  ),
  policyTable,
  policyTable.map((lines) => ['config vdom', 'edit root', ...lines, 'end']),
).map((lines) => `#config-version=1\n${lines.join('\r\n')}\n`);
