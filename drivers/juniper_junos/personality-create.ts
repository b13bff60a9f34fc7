import { createHash } from 'node:crypto';
import type { SimDevice, SimMember, SimSeed } from '../../src/driver/personality.js';
import { followConfig } from './personality-candidate.js';
import { FIRST_REASON } from './personality-boot.js';
import { mergeText, parseConfig, renderConfig } from './personality-config-text.js';
import { modelNamed } from './personality-models.js';
import { type Engine, PLATFORM, stable, withOwn } from './personality-state.js';

const PRIVATE_AS_FIRST = 64_512;
const PRIVATE_AS_COUNT = 1022;

function secretOf(text: string): string {
  return `"$6$lab$${createHash('sha512').update(text).digest('base64url').slice(0, 64)}"`;
}

function peerLines(seed: SimSeed): readonly string[] {
  const as = String(PRIVATE_AS_FIRST + stable(seed.id, PRIVATE_AS_COUNT));
  const bgp = seed.peers.filter(({ protocol }) => protocol === 'bgp');
  const ospf = seed.peers.filter(({ protocol }) => protocol === 'ospf');
  return [
    ...(bgp.length > 0 ? [`set routing-options autonomous-system ${as}`] : []),
    ...bgp.flatMap((peer) => [
      `set protocols bgp group peers neighbor ${peer.address} peer-as ${peer.remoteAs ?? as}`,
      `set protocols bgp group peers neighbor ${peer.address} description ${peer.system}`,
    ]),
    ...ospf.map(
      (peer) => `set protocols ospf area 0.0.0.0 interface ${peer.port}.0 interface-type p2p`,
    ),
    ...(ospf.length > 0 ? ['set protocols ospf area 0.0.0.0 interface lo0.0 passive'] : []),
  ];
}

function portLines(seed: SimSeed): readonly string[] {
  return seed.ports.flatMap(({ name, description, admin }) => [
    ...(description === ''
      ? []
      : [`set interfaces ${name} description "${description.replace(/["\\\r\n]/g, '')}"`]),
    ...(admin === 'down' ? [`set interfaces ${name} disable`] : []),
    `set interfaces ${name} unit 0 family inet`,
  ]);
}

function firstConfig(seed: SimSeed, version: string): string {
  const { managementPort } = modelNamed(seed.model);
  const isDual = seed.serials.length > 1;
  const lines = [
    `set version ${version}`,
    `set system host-name ${seed.hostname}`,
    ...(isDual ? ['set system commit synchronize'] : []),
    `set system root-authentication encrypted-password ${secretOf(`${seed.id} root`)}`,
    `set system login user ${seed.login.username} uid 2000`,
    `set system login user ${seed.login.username} class super-user`,
    `set system login user ${seed.login.username} authentication encrypted-password ${secretOf(seed.login.password)}`,
    'set system services ssh root-login deny',
    'set system services netconf ssh',
    'set system syslog file messages any notice',
    'set system syslog file messages authorization info',
    ...(isDual ? ['set chassis redundancy graceful-switchover'] : []),
    ...portLines(seed),
    `set interfaces ${managementPort} unit 0 family inet address ${seed.address}/24`,
    ...(isDual ? ['set routing-options nonstop-routing'] : []),
    `set routing-options router-id ${seed.address}`,
    'set protocols lldp interface all',
    ...peerLines(seed),
  ];
  return renderConfig(mergeText(parseConfig(lines.join('\n')), seed.extraConfig));
}

/** The configuration must name the device as its inventory does, whatever was recorded of another. */
function named(seed: SimSeed, version: string): string {
  const own = `set version ${version}\nset system host-name ${seed.hostname}`;
  return renderConfig(mergeText(parseConfig(firstConfig(seed, version)), own));
}

function memberOf(seed: SimSeed, at: number): SimMember {
  const hex = createHash('sha256').update(`mac ${seed.id} ${at}`).digest('hex');
  return {
    id: `re${at}`,
    role: at === 0 ? 'active' : 'standby',
    model: seed.model,
    serial: seed.serials[at] ?? `JN1${hex.slice(0, 5).toUpperCase()}AFB`,
    macAddress: `2c:6b:f5:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`,
    flash: {
      fileSystem: `re${at}:/var/tmp`,
      totalBytes: seed.flashBytes ?? modelNamed(seed.model).storageBytes,
      files: [seed.image],
    },
  };
}

/** A device as its seed tells, up and with one commit behind it. */
export function createDevice(seed: SimSeed): SimDevice {
  const count = Math.min(2, Math.max(1, seed.serials.length));
  const members = Array.from({ length: count }, (_, at) => memberOf(seed, at));
  const config = named(seed, seed.version);
  const engines = members.map(({ id }, at): Engine => ({
    id,
    running: { version: seed.version, file: seed.image.name },
    pending: null,
    previous: null,
    bootedAtMs: seed.bootedAtMs + at * 52_000,
    backAtMs: 0,
    reason: FIRST_REASON,
    installing: null,
    installedAtMs: 0,
    guestOnly: false,
  }));
  const { username: user } = seed.login;
  const device: SimDevice = {
    id: seed.id,
    platform: PLATFORM,
    hostname: seed.hostname,
    model: seed.model,
    address: seed.address,
    members,
    power: 'up',
    powerSinceMs: seed.bootedAtMs,
    bootCount: 1,
    runningVersion: seed.version,
    runningImage: seed.image.name,
    runningConfig: config,
    startupConfig: config,
    own: {},
    ports: seed.ports,
    peers: seed.peers,
    redundancy: seed.redundancy,
    cpuPercent: 6,
    drained: false,
    faults: [],
    login: seed.login,
  };
  const commits = [{ atMs: seed.bootedAtMs + 1_200_000, user, via: 'cli', comment: '', config }];
  return followConfig(withOwn(device, { engines, master: 're0', commits }));
}
