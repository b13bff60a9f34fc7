import { describe, expect, test } from '@jest/globals';
import { platformMeant, readHostList } from '../../src/inventory/host-list.js';

const known = ['cisco_iosxe', 'arista_eos', 'juniper_junos', 'fortinet_fortios'];

describe('a list of devices from another tool', () => {
  test('is a CSV with a head, in any order of columns', () => {
    const text = 'site,name,address,platform\nams,"sw1",192.0.2.1,eos\nlon,r1,192.0.2.2,junos\n';
    expect(readHostList(text, 'hosts.csv')).toMatchObject([
      { name: 'sw1', host: '192.0.2.1', platform: 'eos', site: 'ams', line: 2 },
      { name: 'r1', host: '192.0.2.2', platform: 'junos', site: 'lon' },
    ]);
  });

  test('is a CSV without a head: name, address, platform, site', () => {
    expect(readHostList('sw1,192.0.2.1,eos,ams\n', 'hosts.csv')).toMatchObject([
      { name: 'sw1', host: '192.0.2.1', platform: 'eos', site: 'ams' },
    ]);
  });

  test('is an Ansible INI, with variables of groups and their parents', () => {
    const text = [
      '[access]',
      'sw1 ansible_host=192.0.2.1 ; first',
      'sw2 ansible_host=192.0.2.2 ansible_port=2222',
      '[campus:children]',
      'access',
      '[campus:vars]',
      'ansible_network_os=arista.eos.eos',
      'site = ams',
    ].join('\n');
    expect(readHostList(text, 'inventory')).toMatchObject([
      { name: 'sw1', host: '192.0.2.1', platform: 'arista.eos.eos', site: 'ams', port: undefined },
      { name: 'sw2', groups: ['access', 'campus'], port: 2222 },
    ]);
  });

  test('is an Ansible YAML', () => {
    const text = [
      'all:',
      '  vars: { ansible_network_os: cisco.ios.ios }',
      '  children:',
      '    core: { hosts: { r1: { ansible_host: 192.0.2.9 }, r2: } }',
    ].join('\n');
    expect(readHostList(text, 'hosts.yml')).toMatchObject([
      { name: 'r1', host: '192.0.2.9', platform: 'cisco.ios.ios', groups: ['core'] },
      { name: 'r2', host: 'r2' },
    ]);
  });

  test('is a SimpleInventory of Nornir', () => {
    const text =
      'r1:\n  hostname: 192.0.2.9\n  platform: junos\n  groups: [edge]\n  data: { site: lon }\n';
    expect(readHostList(text, 'hosts.yaml')).toMatchObject([
      { name: 'r1', host: '192.0.2.9', platform: 'junos', groups: ['edge'], site: 'lon' },
    ]);
  });

  test('is one line a device', () => {
    expect(readHostList('# mine\nr1 192.0.2.9 junos\n192.0.2.10\n', 'hosts.txt')).toMatchObject([
      { name: 'r1', host: '192.0.2.9', platform: 'junos' },
      { name: '192.0.2.10', host: '192.0.2.10', platform: undefined },
    ]);
  });

  test.each([
    ['', 'no device is in it'],
    ['a,192.0.2.1\na,192.0.2.2\n', 'there twice'],
    ['a b/c,192.0.2.1\n', 'cannot be the name'],
  ])('of %j is refused with its place', (text, why) => {
    expect(() => readHostList(text, 'hosts.csv')).toThrow(why);
  });

  test.each([
    ['cisco_iosxe', 'cisco_iosxe'],
    ['cisco.ios.ios', 'cisco_iosxe'],
    ['cisco_xe', 'cisco_iosxe'],
    ['arista.eos.eos', 'arista_eos'],
    ['eos', 'arista_eos'],
    ['IOS-XE', 'cisco_iosxe'],
    ['juniper_junos', 'juniper_junos'],
    ['fortinet', 'fortinet_fortios'],
    ['nxos', undefined],
    ['cisco_nxos', undefined],
    ['', undefined],
  ])('calls a platform %p, and means %p', (word, meant) => {
    expect(platformMeant(word, known)).toBe(meant);
  });
});
