import type { SimDevice, SimPort } from '../../src/driver/personality.js';
import { findSection, hasLine, parseConfig, valueOf } from './personality-config.js';
import { allInterfaces, gigabits, neighbours } from './personality-show-network.js';
import { versionJson } from './personality-show.js';
import { chassis } from './personality-state.js';

type Json = Readonly<Record<string, unknown>>;

function statusOf(port: SimPort): string {
  if (port.admin === 'down') return 'disabled';
  return port.oper === 'up' ? 'connected' : 'notconnect';
}

const isVirtual = (name: string) => /^(Vlan|Loopback|Port-Channel|Vxlan)/.test(name);

/** `2899.3aab.cdef` as `28:99:3a:ab:cd:ef`. */
function colonMac(mac: string): string {
  return mac.replaceAll('.', '').replace(/(..)(?=.)/g, '$1:');
}

function addressesOf(address: string | undefined): readonly Json[] {
  const [ip, length] = address?.split('/') ?? [];
  if (ip === undefined || length === undefined) return [];
  return [
    {
      primaryIp: { address: ip, maskLen: Number.parseInt(length, 10) },
      secondaryIps: {},
      secondaryIpsOrderedList: [],
      virtualIp: { address: '0.0.0.0', maskLen: 0 },
      broadcastAddress: '255.255.255.255',
      dhcp: false,
    },
  ];
}

function interfaceJson(device: SimDevice, port: SimPort): Json {
  const section = findSection(parseConfig(device.runningConfig), [`interface ${port.name}`]);
  const address = valueOf(section, 'ip address');
  const isRouted = address !== undefined || hasLine(section, 'no switchport');
  const isUp = port.admin === 'up' && port.oper === 'up';
  const mac = colonMac(chassis(device).macAddress);
  const mtu = port.name.startsWith('Management') ? 1500 : 9214;
  return {
    name: port.name,
    description: port.description,
    forwardingModel: isRouted ? 'routed' : 'bridged',
    lineProtocolStatus: isUp ? 'up' : 'down',
    interfaceStatus: statusOf(port),
    hardware: isVirtual(port.name) ? port.name.replace(/\d.*$/, '').toLowerCase() : 'ethernet',
    physicalAddress: mac,
    burnedInAddress: mac,
    mtu: Number(valueOf(section, 'mtu') ?? mtu),
    interfaceAddress: addressesOf(address),
    ...(isVirtual(port.name)
      ? {}
      : { bandwidth: gigabits(device, port) * 1_000_000_000, duplex: 'duplexFull' }),
  };
}

function interfacesJson(device: SimDevice): Json {
  const found = allInterfaces(device).map((port) => [port.name, interfaceJson(device, port)]);
  return { interfaces: Object.fromEntries(found) };
}

function lldpJson(device: SimDevice): Json {
  const found = neighbours(device);
  return {
    tablesLastChangeTime: 0,
    tablesAgeOuts: 0,
    tablesInserts: found.length,
    tablesDeletes: 0,
    tablesDrops: 0,
    lldpNeighbors: found.map(({ name, remote }) => ({
      port: name,
      neighborDevice: remote?.system ?? '',
      neighborPort: remote?.port ?? '',
      ttl: 120,
    })),
  };
}

/** The commands whose output this release gives as `| json`, by their words. */
export const JSON_SHOWS: Readonly<
  Record<string, ((device: SimDevice, nowMs: number) => Json) | undefined>
> = {
  'show version': versionJson,
  'show hostname': ({ hostname }) => ({ hostname, fqdn: hostname }),
  'show interfaces': interfacesJson,
  'show lldp neighbors': lldpJson,
};
