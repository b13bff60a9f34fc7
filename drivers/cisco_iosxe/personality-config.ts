import type { SimDevice, SimPort, SimSeed } from '../../src/driver/personality.js';
import { blocksOf } from './personality-config-tree.js';
import { isVirtual } from './personality-port.js';
import { withOwn } from './personality-state.js';
import { shortVersion } from './personality-text.js';

/** The release as the config's first line names it. */
function release(version: string): string {
  return shortVersion(version).split('.').slice(0, 2).join('.');
}

/** `config` as this release would write it. */
export function withRelease(config: string, version: string): string {
  return config.replace(/^version .*$/m, `version ${release(version)}`);
}

/** What a device without a startup config comes up with. */
export function factoryConfig(): string {
  return `version 17.9
service timestamps debug datetime msec
service timestamps log datetime msec
!
hostname Switch
!
no aaa new-model
!
line con 0
 stopbits 1
line vty 0 4
 login
 transport input ssh
!
end`;
}

function interfaceBlock(port: SimPort): string {
  const lines = [`interface ${port.name}`];
  if (port.description !== '') lines.push(` description ${port.description}`);
  if (port.admin === 'down') lines.push(' shutdown');
  return lines.join('\n');
}

function routerBlocks(seed: SimSeed): readonly string[] {
  const ospf = seed.peers.filter((peer) => peer.protocol === 'ospf');
  const bgp = seed.peers.filter((peer) => peer.protocol === 'bgp');
  const blocks: string[] = [];
  if (ospf.length > 0) {
    const networks = ospf.map((peer) => ` network ${peer.address} 0.0.0.0 area 0`);
    blocks.push(['router ospf 1', ` router-id ${seed.address}`, ...networks].join('\n'));
  }
  if (bgp.length > 0) {
    const neighbours = bgp.map(
      (peer) => ` neighbor ${peer.address} remote-as ${String(peer.remoteAs ?? 65000)}`,
    );
    const head = ['router bgp 65000', ` bgp router-id ${seed.address}`];
    blocks.push([...head, ' bgp log-neighbor-changes', ...neighbours].join('\n'));
  }
  return blocks;
}

/** What a device talks around its configuration. */
const talk =
  /^(?:Building configuration\.\.\.|Current configuration ?:.*|Using \d+ out of .*|! (?:Last configuration change|NVRAM config last updated|No configuration change).*)$/;

/** A recorded running config, whole: ports and routing that it lacks come before its end. */
function recordedConfig(seed: SimSeed, extra: string): string {
  const lines = extra.split('\n').filter((line) => !talk.test(line.trim()) && line !== 'end');
  const own = ownBlocks(seed, extra).flatMap((block) => [block, '!']);
  const text = lines.join('\n').replace(/^\s+|\s+$/g, '');
  const named = text.replace(/^hostname .*$/m, `hostname ${seed.hostname}`);
  return withRelease([named, '!', ...own, 'end'].join('\n'), seed.version);
}

/** Ports and routing of the network that it stands in, but for what `extra` has of it. */
function ownBlocks(seed: SimSeed, extra: string): readonly string[] {
  const heads = new Set(extra.split('\n').filter((line) => /^(interface|router|line) /.test(line)));
  return [...seed.ports.map(interfaceBlock), ...routerBlocks(seed)].filter(
    (block) => !heads.has(block.split('\n')[0] ?? ''),
  );
}

/** The first config of a simulated device. Lines of `extraConfig` come before the lines of access. */
export function configOf(seed: SimSeed): string {
  const extra = seed.extraConfig.replaceAll('\r', '').trim();
  if (/^hostname /m.test(extra)) return recordedConfig(seed, extra);
  const own = ownBlocks(seed, extra);
  const base = [
    `version ${release(seed.version)}`,
    'service timestamps debug datetime msec',
    'service timestamps log datetime msec',
    'service password-encryption',
    '!',
    `hostname ${seed.hostname}`,
    '!',
    'no aaa new-model',
    '!',
    ...seed.serials.map((_, i) => `switch ${String(i + 1)} provision ${seed.model.toLowerCase()}`),
    '!',
    'no ip domain lookup',
    'ip domain name example.net',
    '!',
    `username ${seed.login.username} privilege 15 secret 9 $9$2Mf3X.0Vw1ZtVk$hidden`,
    '!',
    'redundancy',
    ' mode sso',
    '!',
    ...own.flatMap((block) => [block, '!']),
    ...(extra === '' ? [] : [extra, '!']),
    'ip ssh version 2',
    '!',
    'line con 0',
    ' stopbits 1',
    'line vty 0 4',
    ' login local',
    ' transport input ssh',
    '!',
    'end',
  ];
  return base.join('\n');
}

/** Is traffic kept away by a maximum metric that holds at any time? */
export function isDrained(config: string): boolean {
  return blocksOf(config).some(
    (block) =>
      block.line.startsWith('router ospf ') &&
      block.children.some(({ line }) => /^max-metric router-lsa(?!.* on-startup)/.test(line)),
  );
}

/** How long after a boot `max-metric router-lsa on-startup N` holds; 0 without it. */
export function onStartupMs(config: string): number {
  const seconds = /^ max-metric router-lsa.* on-startup (\d{1,5})/m.exec(config)?.[1];
  return Number(seconds ?? 0) * 1000;
}

/** Ports as a config has them. */
export function portsOf(device: SimDevice, config: string): readonly SimPort[] {
  const blocks = new Map(
    blocksOf(config).map((block) => [block.line, block.children.map(({ line }) => line)]),
  );
  return device.ports.map((port) => {
    const block = blocks.get(`interface ${port.name}`);
    if (block === undefined) return port;
    const description = block.find((line) => line.startsWith('description '));
    return {
      ...port,
      admin: block.includes('shutdown') ? 'down' : 'up',
      description: description?.slice('description '.length) ?? '',
    };
  });
}

/** Can this interface be configured here: a port of the device, or a virtual one? */
export function hasInterface(device: SimDevice, name: string): boolean {
  return isVirtual(name) || device.ports.some((port) => port.name === name);
}

/** The device once its running config is `config`. */
export function reconfigured(device: SimDevice, config: string, nowMs: number): SimDevice {
  // What `on-startup` began at the boot goes on; written now, it begins at the next boot.
  const startup =
    !isDrained(device.runningConfig) &&
    nowMs < device.powerSinceMs + Math.min(onStartupMs(device.runningConfig), onStartupMs(config));
  return {
    ...withOwn(device, { changedAtMs: nowMs }),
    runningConfig: config,
    hostname: /^hostname (\S+)/m.exec(config)?.[1] ?? 'Switch',
    ports: portsOf(device, config),
    drained: isDrained(config) || startup,
  };
}
