import type { SimDevice } from '../../src/driver/personality.js';
import { type ConfigTree, findSection, parseConfig, valueOf } from './personality-config.js';
import type { Show } from './personality-show.js';
import { ageText, chassis, readOwn, uptimeMs } from './personality-state.js';

/** EOS waits this long after a reload before it lets the ports up, unless configured otherwise. */
const DEFAULT_RELOAD_DELAY_S = 300;

export const RELOAD_DELAY_TIMER = 'mlag-reload-delay';

function mlagSection(device: SimDevice): ConfigTree | undefined {
  return findSection(parseConfig(device.runningConfig), ['mlag configuration']);
}

function seconds(section: ConfigTree | undefined, name: string, otherwise: number): number {
  const value = Number(valueOf(section, name));
  return Number.isInteger(value) && value >= 0 && value <= 86_400 ? value : otherwise;
}

/** Zero when the switch is in no MLAG pair. */
export function reloadDelayMs(device: SimDevice): number {
  if (device.redundancy.kind !== 'mlag') return 0;
  return seconds(mlagSection(device), 'reload-delay mlag', DEFAULT_RELOAD_DELAY_S) * 1000;
}

function row(name: string, value: string): string {
  return `${name.padEnd(35)}:${value.padStart(20)}`;
}

/** EOS sets the value column three wider than its longest value. */
function detailRows(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...pairs.map(([, value]) => value.length)) + 3;
  return pairs.map(([name, value]) => `${name.padEnd(32)}:${value.padStart(width)}`);
}

interface PortCounts {
  readonly inactive: number;
  readonly partial: number;
  readonly full: number;
}

function countPorts(device: SimDevice, isDelayed: boolean): PortCounts {
  const total = parseConfig(device.runningConfig).filter(
    (node) => valueOf(node.children, 'mlag') !== undefined,
  ).length;
  if (isDelayed) return { inactive: 0, partial: total, full: 0 };
  if (!device.redundancy.peerUp) return { inactive: 0, partial: total, full: 0 };
  return { inactive: 0, partial: 0, full: total };
}

function systemId(device: SimDevice): string {
  const hex = chassis(device).macAddress.replaceAll('.', '');
  return `02${hex.slice(2)}`.replace(/(..)(?=.)/g, '$1:');
}

function disabled(): readonly string[] {
  return [
    'MLAG Configuration:',
    row('domain-id', ''),
    row('local-interface', ''),
    row('peer-address', '0.0.0.0'),
    row('peer-link', ''),
    row('peer-config', ''),
    '',
    'MLAG Status:',
    row('state', 'Disabled'),
    row('negotiation status', 'Disconnected'),
    row('peer-link status', ''),
    row('local-int status', ''),
    row('system-id', '00:00:00:00:00:00'),
    row('dual-primary detection', 'Disabled'),
    row('dual-primary interface errdisabled', 'False'),
    '',
    'MLAG Ports:',
    ...['Disabled', 'Configured', 'Inactive', 'Active-partial', 'Active-full'].map((name) =>
      row(name, '0'),
    ),
  ];
}

function pick(condition: boolean, yes: string, no: string): string {
  return condition ? yes : no;
}

export const showMlag: Show = (device, nowMs) => {
  const { redundancy } = device;
  const section = mlagSection(device);
  if (redundancy.kind !== 'mlag' || section === undefined) return disabled();
  const { peerUp } = redundancy;
  const ports = countPorts(device, readOwn(device).reloadDelayUntilMs > nowMs);
  const configured = (name: string): string => valueOf(section, name) ?? '';
  return [
    'MLAG Configuration:',
    row('domain-id', configured('domain-id')),
    row('local-interface', configured('local-interface')),
    row('peer-address', configured('peer-address')),
    row('peer-link', configured('peer-link')),
    row('peer-config', pick(peerUp, 'consistent', '')),
    '',
    'MLAG Status:',
    row('state', pick(peerUp, 'Active', 'Inactive')),
    row('negotiation status', pick(peerUp, 'Connected', 'Connecting')),
    row('peer-link status', pick(peerUp, 'Up', 'Down')),
    row('local-int status', pick(peerUp, 'Up', 'Down')),
    row('system-id', pick(peerUp, systemId(device), '00:00:00:00:00:00')),
    row('dual-primary detection', 'Disabled'),
    row('dual-primary interface errdisabled', 'False'),
    '',
    'MLAG Ports:',
    row('Disabled', '0'),
    row('Configured', '0'),
    row('Inactive', String(ports.inactive)),
    row('Active-partial', String(ports.partial)),
    row('Active-full', String(ports.full)),
  ];
};

export const showMlagSanity: Show = (device) => {
  if (mlagSection(device) === undefined) return ['MLAG is not configured.'];
  return [
    'No global configuration inconsistencies found.',
    '',
    'No per interface configuration inconsistencies found.',
  ];
};

export const showMlagDetail: Show = (device, nowMs) => {
  const section = mlagSection(device);
  const isOn = device.redundancy.kind === 'mlag' && section !== undefined;
  const withPeer = isOn && device.redundancy.peerUp;
  const isDelayed = isOn && readOwn(device).reloadDelayUntilMs > nowMs;
  const { role } = device.redundancy;
  const delay = seconds(section, 'reload-delay mlag', DEFAULT_RELOAD_DELAY_S);
  const otherDelay = seconds(section, 'reload-delay non-mlag', DEFAULT_RELOAD_DELAY_S);
  const beats = isOn ? Math.floor(uptimeMs(device, nowMs) / 4000) : 0;
  // Without its peer a switch acts as primary, whatever it was before.
  const ownRole = pick(withPeer, role, 'primary');
  return [
    ...showMlag(device, nowMs),
    '',
    'MLAG Detailed Status:',
    ...detailRows([
      ['State', pick(isOn, ownRole, 'disabled')],
      ['Peer State', pick(withPeer, pick(role === 'primary', 'secondary', 'primary'), 'unknown')],
      ['State changes', pick(isOn, '2', '0')],
      ['Last state change time', pick(isOn, `${ageText(uptimeMs(device, nowMs))} ago`, 'never')],
      ['Hardware ready', 'True'],
      ['Failover', 'False'],
      ['Failover Cause(s)', 'Unknown'],
      ['Last failover change time', 'never'],
      ['Secondary from failover', 'False'],
      ['Peer MAC address', pick(withPeer, systemId(device), '00:00:00:00:00:00')],
      ['Peer MAC routing supported', 'False'],
      ['Reload delay', `${delay} seconds`],
      ['Non-MLAG reload delay', `${otherDelay} seconds`],
      ['Ports errdisabled', pick(isDelayed, 'True', 'False')],
      ['Lacp standby', 'False'],
      ['Configured heartbeat interval', '4000 ms'],
      ['Effective heartbeat interval', pick(isOn, '4000 ms', 'disabled')],
      ['Heartbeat timeout', pick(isOn, '60000 ms', '0 ms')],
      ['Last heartbeat timeout', 'never'],
      ['Heartbeat timeouts since reboot', '0'],
      ['UDP heartbeat alive', pick(withPeer, 'True', 'False')],
      ['Heartbeats sent/received', `${beats}/${pick(withPeer, String(beats), '0')}`],
      ['Peer monotonic clock offset', pick(withPeer, '0.000219 seconds', 'unknown')],
      ['Agent should be running', pick(isOn, 'True', 'False')],
      ['P2p mount state changes', pick(isOn, '1', '0')],
      ['Fast MAC redirection enabled', 'False'],
    ]),
  ];
};
