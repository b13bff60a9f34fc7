import type { SimDevice, SimPort, SimSeed } from '../../src/driver/personality.js';
import { isVirtual } from './personality-port.js';
import { withOwn } from './personality-state.js';
import { shortVersion } from './personality-text.js';

/** A line of the config with what stands below it. */
interface Block {
  readonly line: string;
  readonly children: readonly string[];
}

function blocksOf(config: string): readonly Block[] {
  const blocks: { line: string; children: string[] }[] = [];
  for (const line of config.split('\n')) {
    const last = blocks.at(-1);
    if (line.startsWith(' ') && last !== undefined) last.children.push(line.slice(1));
    else blocks.push({ line, children: [] });
  }
  return blocks;
}

function textOf(blocks: readonly Block[]): string {
  return blocks
    .flatMap((block) => [block.line, ...block.children.map((child) => ` ${child}`)])
    .join('\n');
}

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

/** The first config of a simulated device. Lines of `extraConfig` come before the lines of access. */
export function configOf(seed: SimSeed): string {
  const extra = seed.extraConfig.replaceAll('\r', '').trim();
  const extraHeads = new Set(
    extra.split('\n').filter((line) => /^(interface|router|line) /.test(line)),
  );
  const own = [...seed.ports.map(interfaceBlock), ...routerBlocks(seed)].filter(
    (block) => !extraHeads.has(block.split('\n')[0] ?? ''),
  );
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
      block.children.some((child) => /^max-metric router-lsa(?!.* on-startup)/.test(child)),
  );
}

/** How long after a boot `max-metric router-lsa on-startup N` holds; 0 without it. */
export function onStartupMs(config: string): number {
  const seconds = /^ max-metric router-lsa.* on-startup (\d{1,5})/m.exec(config)?.[1];
  return Number(seconds ?? 0) * 1000;
}

/** Ports as a config has them. */
export function portsOf(device: SimDevice, config: string): readonly SimPort[] {
  const blocks = new Map(blocksOf(config).map((block) => [block.line, block.children]));
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

/** Lines of which there is one: a new one takes the place of the old. */
const single = [
  'bandwidth',
  'bgp router-id',
  'description',
  'enable secret',
  'hostname',
  'ip address',
  'ip domain name',
  'logging buffered',
  'logging trap',
  'max-metric router-lsa',
  'mtu',
  'ntp source',
  'router-id',
  'snmp-server contact',
  'snmp-server location',
  'switchport access vlan',
  'switchport mode',
  'switchport trunk allowed vlan',
];

function begins(line: string, start: string): boolean {
  return line === start || line.startsWith(`${start} `);
}

function place(lines: readonly string[], line: string): readonly string[] {
  const key = single.find((start) => begins(line, start));
  const at = lines.findIndex((old) => old === line || (key !== undefined && begins(old, key)));
  return at < 0 ? [...lines, line] : lines.with(at, line);
}

/** Where a new line belongs among the others of its kind; else before the lines of access. */
function positionFor(blocks: readonly Block[], line: string): number {
  const word = line.split(' ')[0] ?? '';
  const last = blocks.findLastIndex((block) => begins(block.line, word));
  if (last >= 0) return last + 1;
  const access = blocks.findIndex((block) => block.line.startsWith('line con'));
  return access >= 0 ? access : Math.max(0, blocks.length - 1);
}

/** `config` with `line`, at the top or within `section`; a section is made when it is not there. */
export function addLine(config: string, section: string | undefined, line: string): string {
  const blocks = blocksOf(config);
  if (section !== undefined) {
    const present = blocks.some((block) => block.line === section);
    const opened = present ? blocks : blocksOf(addLine(config, undefined, section));
    return textOf(
      opened.map((block) =>
        block.line === section ? { ...block, children: place(block.children, line) } : block,
      ),
    );
  }
  const placed = place(
    blocks.map((block) => block.line),
    line,
  );
  if (placed.length === blocks.length) {
    return textOf(blocks.map((block, index) => ({ ...block, line: placed[index] ?? block.line })));
  }
  return textOf(blocks.toSpliced(positionFor(blocks, line), 0, { line, children: [] }));
}

/** `config` without `line` and what continues it. */
export function removeLine(config: string, section: string | undefined, line: string): string {
  const blocks = blocksOf(config);
  if (section === undefined) return textOf(blocks.filter((block) => !begins(block.line, line)));
  return textOf(
    blocks.map((block) =>
      block.line === section
        ? { ...block, children: block.children.filter((child) => !begins(child, line)) }
        : block,
    ),
  );
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
