import type { LabDevice } from '../../lab/world/lab-spec.js';
import { eosSwitch, iosSwitch } from '../wire/wire-spec.js';

const START_MS = Date.UTC(2026, 10, 1, 22);
const TEN_DAYS_MS = 864_000_000;

function imageOf(platform: string, version: string, name: string): LabDevice['image'] {
  return {
    name,
    sizeBytes: 90_000_000,
    sha512: 'b'.repeat(128),
    md5: 'c'.repeat(32),
    image: { platform, version },
    modifiedAtMs: START_MS - TEN_DAYS_MS,
  };
}

const cabled = (name: string, system: string, remote: string): LabDevice['ports'][number] => ({
  name,
  description: `to ${system}`,
  admin: 'up',
  oper: 'up',
  remote: { system, port: remote, platform: 'router' },
});

const idle = (name: string): LabDevice['ports'][number] => ({
  name,
  description: '',
  admin: 'up',
  oper: 'down',
});

export const LOGIN = { username: 'ops', password: 'secret' } as const;
export const ENABLE_PASSWORD = 'more-secret';

const firewall: LabDevice = eosSwitch('ams-fw1', {
  address: '127.95.0.4',
  platform: 'fortinet_fortios',
  model: 'FortiGate-60F',
  version: '7.2.7',
  serials: ['FGT60FTK22071435'],
  image: imageOf('fortinet_fortios', '7.2.7', 'FGT_60F-v7.2.7.M-build1577-FORTINET.out'),
  ports: [cabled('wan1', 'ams-rt1', 'ge-0/0/3'), idle('wan2')],
  login: LOGIN,
});

/** One device of every platform, each with a port in use and one that is not. */
export const NETWORK: readonly LabDevice[] = [
  iosSwitch('lon-sw1', {
    address: '127.95.0.1',
    login: { ...LOGIN, enable: ENABLE_PASSWORD },
    ports: [
      cabled('GigabitEthernet1/0/1', 'lon-rt1', 'ge-0/0/1'),
      idle('GigabitEthernet1/0/2'),
      ...Array.from({ length: 22 }, (_, at) => idle(`GigabitEthernet1/0/${at + 3}`)),
    ],
    extraConfig: 'interface Vlan10\n ip address 10.9.0.1 255.255.255.0\n',
  }),
  eosSwitch('ams-sw1', {
    address: '127.95.0.2',
    login: { ...LOGIN, enable: ENABLE_PASSWORD },
    ports: [cabled('Ethernet1', 'ams-rt1', 'ge-0/0/2'), idle('Ethernet2')],
    extraConfig: 'interface Vlan10\n   ip address 10.9.1.1/24\n',
  }),
  eosSwitch('ams-rt1', {
    address: '127.95.0.3',
    platform: 'juniper_junos',
    model: 'mx204',
    version: '21.4R3.15',
    serials: ['JN1234AB5678'],
    image: imageOf('juniper_junos', '21.4R3.15', 'junos-vmhost-install-mx-x86-64-21.4R3.15.tgz'),
    ports: [cabled('xe-0/1/0', 'ams-sw1', 'Ethernet1'), idle('xe-0/1/1')],
    login: LOGIN,
  }),
  firewall,
  // A firewall that takes only old algorithms: netmiko 2.4 offers nothing else to this platform.
  {
    ...firewall,
    id: 'ams-fw2',
    hostname: 'ams-fw2',
    address: '127.95.0.5',
    serials: ['FGT60FTK22071436'],
    legacyOnly: true,
  },
];
