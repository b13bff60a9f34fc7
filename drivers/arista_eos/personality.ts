import { createHash } from 'node:crypto';
import type {
  Personality,
  SimAnswer,
  SimDevice,
  SimMember,
  SimSeed,
  SimShell,
} from '../../src/driver/personality.js';
import { bootDevice, PLATFORM } from './personality-boot.js';
import { runLine } from './personality-commands.js';
import {
  inConfig,
  promptName,
  MAINTENANCE_TIMER,
  followConfig,
  settleMaintenance,
} from './personality-config-mode.js';
import { mergeConfig, parseConfig, renderConfig } from './personality-config.js';
import { COMMIT_TIMER, takeBackUnconfirmed } from './personality-session-commands.js';
import { answerQuestion } from './personality-dialog.js';
import { uploadName } from './personality-files.js';
import { cleanLine } from './personality-grammar.js';
import { eosMib } from './personality-mib.js';
import { RELOAD_DELAY_TIMER } from './personality-mlag.js';
import { modelNamed, MODELS } from './personality-models.js';
import { chassis, POWER_LOSS, type Turn, withLog, withOwn } from './personality-state.js';

const PRIVATE_AS_FIRST = 64_512;
const PRIVATE_AS_COUNT = 1022;

/** Stable numbers for a device, from its id alone. */
function numberFrom(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0);
}

function macAddress(id: string): string {
  const hex = createHash('sha256').update(`mac ${id}`).digest('hex');
  return `2899.3a${hex.slice(0, 2)}.${hex.slice(2, 6)}`;
}

function bgpLines(seed: SimSeed): readonly string[] {
  const peers = seed.peers.filter((peer) => peer.protocol === 'bgp');
  if (peers.length === 0) return [];
  const stated = /^router bgp (\S+)/m.exec(seed.extraConfig)?.[1];
  const as = stated ?? String(PRIVATE_AS_FIRST + (numberFrom(seed.id) % PRIVATE_AS_COUNT));
  return [
    `router bgp ${as}`,
    `   router-id ${seed.address}`,
    ...peers.flatMap((peer) => [
      `   neighbor ${peer.address} remote-as ${peer.remoteAs ?? as}`,
      `   neighbor ${peer.address} description ${peer.system}`,
    ]),
  ];
}

function portLines(seed: SimSeed): readonly string[] {
  return seed.ports.flatMap((port) => [
    `interface ${port.name}`,
    ...(port.description === '' ? [] : [`   description ${port.description}`]),
    ...(port.admin === 'down' ? ['   shutdown'] : []),
  ]);
}

function mlagLines(seed: SimSeed): readonly string[] {
  if (seed.redundancy.kind !== 'mlag') return [];
  return [
    'no spanning-tree vlan-id 4094',
    'vlan 4094',
    '   trunk group MLAG',
    'interface Port-Channel2000',
    '   description MLAG peer-link',
    '   switchport mode trunk',
    'interface Vlan4094',
    '   description MLAG peering',
    'mlag configuration',
    `   domain-id ${seed.redundancy.domain}`,
    '   local-interface Vlan4094',
    `   peer-address ${seed.redundancy.peerAddress}`,
    '   peer-link Port-Channel2000',
  ];
}

function firstConfig(seed: SimSeed): string {
  const lines = [
    'service routing protocols model multi-agent',
    `hostname ${seed.hostname}`,
    'spanning-tree mode mstp',
    'no aaa root',
    `username ${seed.login.username} privilege 15 role network-admin secret sha512 $6$lab$${createHash('sha512').update(seed.login.password).digest('base64url')}`,
    ...portLines(seed),
    'interface Management1',
    `   ip address ${seed.address}/24`,
    'ip routing',
    ...mlagLines(seed),
    ...bgpLines(seed),
    ...(seed.peers.some((peer) => peer.protocol === 'ospf')
      ? ['router ospf 1', `   router-id ${seed.address}`]
      : []),
    'management ssh',
    '   idle-timeout 60',
  ];
  const base = parseConfig(lines.join('\n'));
  return renderConfig(mergeConfig(base, parseConfig(seed.extraConfig)));
}

function firstMember(seed: SimSeed): SimMember {
  return {
    id: '1',
    role: 'active',
    model: seed.model,
    serial: seed.serials[0] ?? 'JPE00000000',
    macAddress: macAddress(seed.id),
    flash: {
      fileSystem: 'flash:',
      totalBytes: seed.flashBytes ?? modelNamed(seed.model).flashBytes,
      files: [seed.image],
    },
  };
}

function create(seed: SimSeed): SimDevice {
  const config = firstConfig(seed);
  const device: SimDevice = {
    id: seed.id,
    platform: PLATFORM,
    hostname: seed.hostname,
    model: seed.model,
    address: seed.address,
    members: [firstMember(seed)],
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
    cpuPercent: 8,
    drained: false,
    faults: [],
    login: seed.login,
  };
  return followConfig(
    withOwn(device, {
      bootImage: seed.image.name,
      bootConfigAtMs: seed.image.modifiedAtMs,
      bootedAtMs: seed.bootedAtMs,
      maintenance: 'active',
      maintenanceSinceMs: 0,
      reloadDelayUntilMs: 0,
      savedAtMs: seed.bootedAtMs,
      savedBy: seed.login.username,
      savedBootImage: seed.image.name,
      reloads: [{ atMs: seed.bootedAtMs, cause: POWER_LOSS }],
      pendingReload: '',
      log: [],
      sessions: [],
    }),
  );
}

/** Empty while a question is open: its text was printed when it was asked. */
function prompt(device: SimDevice, shell: SimShell): string {
  if (shell.question !== undefined) return '';
  if (shell.mode === 'exec') return `${device.hostname}>`;
  if (!inConfig(shell.mode)) return `${device.hostname}#`;
  return `${device.hostname}(${promptName(shell.mode)})#`;
}

function line(turn: Turn, text: string): SimAnswer {
  const { question } = turn.shell;
  if (question?.takes === 'key') return answerQuestion(turn, question, text.slice(0, 1));
  const typed = cleanLine(text);
  if (question !== undefined) return answerQuestion(turn, question, typed);
  const trimmed = typed.trim();
  const isSilent = trimmed === '' || trimmed.startsWith('!');
  if (isSilent) return { device: turn.device, shell: turn.shell, effects: [] };
  return runLine(turn, trimmed);
}

/** The simulated Arista EOS switch. */
export const personality: Personality = {
  platform: PLATFORM,
  pages: 'itself',
  models: MODELS.map((model) => model.name),
  create,
  banner: () => '',
  login: () => ({ mode: 'exec', paging: true }),
  prompt,
  line: (device, shell, text, context) => line({ device, shell, context }, text),
  timer: (device, name, context) => {
    if (name === MAINTENANCE_TIMER) return settleMaintenance(device, context.nowMs);
    if (name === COMMIT_TIMER) return takeBackUnconfirmed(device, context);
    if (name !== RELOAD_DELAY_TIMER) return { device, effects: [] };
    const over = withOwn(device, { reloadDelayUntilMs: 0 });
    const said = 'Mlag: %MLAG-5-RELOAD_DELAY_EXPIRED: MLAG reload delay has expired';
    return { device: withLog(over, said, context.nowMs), effects: [] };
  },
  boot: bootDevice,
  uploadTarget: (device, remotePath) => {
    const fileName = uploadName(remotePath);
    return fileName === undefined ? undefined : { memberId: chassis(device).id, fileName };
  },
  mib: eosMib,
  imageFileName: (version) => `EOS-${version}.swi`,
};
