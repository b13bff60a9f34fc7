import { describe, expect, test } from '@jest/globals';
import { driver } from '../../../drivers/arista_eos/index.js';
import { applyLines } from '../../../src/config/apply.js';
import { diffConfig } from '../../../src/config/diff.js';
import { parseConfig } from '../../../src/config/parse.js';

const support = driver.config;

const OUT_OF_BAND = `hostname sw1
ntp server 192.0.2.9
vrf instance MGMT
interface Ethernet1
   description uplink
interface Management1
   vrf MGMT
   ip address 10.9.0.5/24
ip access-list OPS
   10 permit ip 10.9.0.0/24 any
ip access-list USERS
   10 permit ip any any
ip routing
ip route vrf MGMT 0.0.0.0/0 10.9.0.1
router bgp 65001
   router-id 10.0.0.1
management ssh
   ip access-group OPS vrf MGMT in
end
`;

const IN_BAND = OUT_OF_BAND.replace('10.9.0.5/24', '10.9.9.9/24').replace(
  'description uplink',
  'ip address 10.9.0.5/31',
);

function guarded(config: string, ...lines: readonly string[]): readonly string[] {
  if (!support) throw new Error('no config');
  const before = parseConfig(config, support.rules);
  if (before.kind !== 'tree') throw new Error('malformed');
  const after = applyLines(before.tree, lines, support.rules);
  if (after.kind === 'malformed') throw new Error(JSON.stringify(after.findings));
  const delta = diffConfig(before.tree, after.tree, support.rules);
  const managementAddress = '10.9.0.5';
  return support.guard({ before: before.tree, after: after.tree, delta, managementAddress });
}

describe('the guard of EOS patches', () => {
  test.each([
    [['ntp server 192.0.2.10']],
    [['interface Ethernet1', '   description core']],
    [['router bgp 65001', '   maximum-paths 4']],
    [['ip access-list USERS', '   20 deny ip any any']],
    [['ip route 10.20.0.0/16 10.0.0.9']],
    [['vrf instance TENANT']],
  ])('lets %j pass out of band', (lines) => {
    expect(guarded(OUT_OF_BAND, ...lines)).toEqual([]);
  });

  test.each([
    [['interface Management1', '   mtu 1400'], 'management port'],
    [['no vrf instance MGMT'], 'VRF MGMT'],
    [['ip route vrf MGMT 10.0.0.0/8 10.9.0.1'], 'VRF MGMT'],
    [['no ip route vrf MGMT 0.0.0.0/0 10.9.0.1'], 'VRF MGMT'],
    [['ip route 0.0.0.0/0 10.0.0.1'], 'default route'],
    [['ip access-list OPS', '   5 deny ip any any'], 'access list OPS'],
    [['management ssh', '   idle-timeout 5'], 'services'],
    [['management api http-commands', '   no shutdown'], 'services'],
    [['aaa authorization exec default local'], 'aaa'],
    [['username eve privilege 15 nopassword'], 'log in'],
    [['enable password x'], 'log in'],
    [['tacacs-server host 192.0.2.1'], 'servers'],
    [['radius-server host 192.0.2.1'], 'servers'],
    [['snmp-server location lab'], 'SNMP'],
    [['system control-plane', '   ip access-group OPS in'], 'control-plane'],
  ])('flags %j', (lines, word) => {
    expect(guarded(OUT_OF_BAND, ...lines).join()).toContain(word);
  });

  test.each([
    [['interface Ethernet1', '   shutdown'], 'holds the address that we come by'],
    [['router bgp 65001', '   maximum-paths 4'], 'the routing'],
    [['ip route 10.20.0.0/16 10.0.0.9'], 'the routing'],
  ])('flags %j in band', (lines, word) => {
    expect(guarded(IN_BAND, ...lines).join()).toContain(word);
  });
});
