import type { SimDevice } from '../../src/driver/personality.js';
import { checksums, nameOf } from './personality-config.js';
import { clusterIndex } from './personality-exec.js';
import type { Command } from './personality-grammar.js';
import { modelNamed } from './personality-models.js';
import {
  isAway,
  isCluster,
  isInSync,
  ownOf,
  primaryUnit,
  type Reply,
  shellUnit,
  type Turn,
  type Unit,
} from './personality-state.js';
import { ageOf, dateTime, numberOf, two } from './personality-text.js';
import { configOf, parseTree, valueOf } from './personality-tree.js';

const lines = (shown: readonly string[]): Reply => ({ lines: [...shown, ''] });

/** Nothing is heard of it on the heartbeat links: it is away, or the cluster has split. */
function isLost(device: SimDevice, unit: Unit, nowMs: number): boolean {
  const isOther = unit.id !== primaryUnit(device).id;
  return isAway(unit, nowMs) || (isOther && device.faults.includes('cluster-split-brain'));
}

/** Does its configuration have the checksums of the primary's? */
function isSameAs(device: SimDevice, unit: Unit, nowMs: number): boolean {
  const isOther = unit.id !== primaryUnit(device).id;
  return isInSync(unit, nowMs) && !(isOther && device.faults.includes('standby-not-hot'));
}

function present(device: SimDevice, nowMs: number): readonly Unit[] {
  const { id } = primaryUnit(device);
  const there = ownOf(device).units.filter((unit) => !isLost(device, unit, nowMs));
  return there.toSorted((a, b) => Number(b.id === id) - Number(a.id === id));
}

function health(device: SimDevice, nowMs: number): readonly string[] {
  const lost = ownOf(device).units.filter((unit) => isLost(device, unit, nowMs));
  if (lost.length === 0) return ['HA Health Status: OK'];
  return [
    'HA Health Status: ',
    ...lost.map(
      ({ serial, lostAtMs }) => `    ERROR: ${serial} is lost @ ${dateTime(lostAtMs, '/')}; `,
    ),
  ];
}

function chosen(device: SimDevice): readonly string[] {
  const { elections, units } = ownOf(device);
  return elections.map(({ atMs, serial, reason }) => {
    const peer = units.find((unit) => unit.serial !== serial)?.serial ?? '';
    const tail = reason.endsWith('peer member') ? `${reason} ${peer}` : reason;
    return `    <${dateTime(atMs, '/')}> vcluster-1: ${serial} is selected as the primary because ${tail}.`;
  });
}

function syncLines(device: SimDevice, nowMs: number): readonly string[] {
  return present(device, nowMs).flatMap((unit, index) => {
    const isSame = isSameAs(device, unit, nowMs);
    const sum = checksums(device, isSame ? '' : unit.serial)[2]?.replace('all: ', '') ?? '';
    return [
      `    ${unit.serial}(updated ${index + 2} seconds ago): ${isSame ? 'in-sync' : 'out-of-sync'}`,
      `    ${unit.serial} chksum dump: ${sum}`,
    ];
  });
}

function usageLines(device: SimDevice, nowMs: number): readonly string[] {
  return present(device, nowMs).flatMap(({ serial }, index) => [
    `    ${serial}(updated ${index + 2} seconds ago):`,
    `        sessions=${index === 0 ? 241 : 236}, average-cpu-user/nice/system/idle=${device.cpuPercent}%/0%/0%/${100 - device.cpuPercent}%, memory=48%`,
  ]);
}

function heartbeatLines(device: SimDevice, nowMs: number): readonly string[] {
  const { heartbeats } = modelNamed(device.model);
  const there = present(device, nowMs);
  const state = there.length > 1 ? 'up' : 'down';
  return there.flatMap(({ serial }, index) => [
    `    ${serial}(updated ${index + 2} seconds ago):`,
    ...heartbeats.map((name) => {
      const count = 10_000 + numberOf(`${serial}/${name}`, 90_000);
      return `        ${name}: physical/1000auto, ${state}, rx-bytes/packets/dropped/errors=${count * 310}/${count}/0/0, tx=${count * 295}/${count - 7}/0/0`;
    }),
  ]);
}

function memberLines(device: SimDevice, nowMs: number): readonly string[] {
  const { units } = ownOf(device);
  const there = present(device, nowMs);
  const rows = there.map(
    (unit) =>
      `${nameOf(device, unit).padEnd(16)}, ${unit.serial}, HA cluster index = ${clusterIndex(units, unit)}`,
  );
  return [`number of member: ${there.length}`, ...rows];
}

function operatingLines(device: SimDevice, nowMs: number): readonly string[] {
  const { id } = primaryUnit(device);
  return present(device, nowMs).map(({ id: own, serial }, index) => {
    const role = own === id ? 'Primary' : 'Secondary';
    return `${role}: ${serial}, HA operating index = ${index}`;
  });
}

function standalone(device: SimDevice): Reply {
  return lines([
    'HA Health Status: OK',
    `Model: ${device.model}`,
    'Mode: Standalone',
    'Group Name: ',
    'Group ID: 0',
    'Debug: 0',
    'Cluster Uptime: 0 days 0h:0m:0s',
    'Cluster state change time: N/A',
    'ses_pickup: disable',
    'override: disable',
    'System Usage stats:',
    'HBDEV stats:',
    'number of member: 0',
    'number of vcluster: 0',
  ]);
}

function status(turn: Turn): Reply {
  const { device, context } = turn;
  if (!isCluster(device)) return standalone(device);
  const { nowMs } = context;
  const own = ownOf(device);
  const { days, hours, minutes, seconds } = ageOf(nowMs - own.clusterSinceMs);
  const ha = configOf(parseTree(device.runningConfig), 'system ha');
  const isPrimary = shellUnit(turn).id === primaryUnit(device).id;
  const pickup = valueOf(ha, 'session-pickup') ?? 'disable';
  return lines([
    ...health(device, nowMs),
    `Model: ${device.model}`,
    'Mode: HA A-P',
    `Group Name: ${valueOf(ha, 'group-name') ?? ''}`,
    `Group ID: ${valueOf(ha, 'group-id') ?? '0'}`,
    'Debug: 0',
    `Cluster Uptime: ${days} days ${hours}:${two(minutes)}:${two(seconds)}`,
    `Cluster state change time: ${dateTime(own.elections[0]?.atMs ?? own.clusterSinceMs)}`,
    'Primary selected using:',
    ...chosen(device),
    `ses_pickup: ${pickup}, ses_pickup_delay=disable`,
    `override: ${valueOf(ha, 'override') ?? 'disable'}`,
    'Configuration Status:',
    ...syncLines(device, nowMs),
    'System Usage stats:',
    ...usageLines(device, nowMs),
    'HBDEV stats:',
    ...heartbeatLines(device, nowMs),
    ...memberLines(device, nowMs),
    'number of vcluster: 1',
    `vcluster 1: ${isPrimary ? 'work' : 'standby'} 169.254.0.${clusterIndex(own.units, primaryUnit(device)) + 1}`,
    ...operatingLines(device, nowMs),
  ]);
}

function sums({ device, context }: Turn, unit: Unit): readonly string[] {
  const is = unit.id === primaryUnit(device).id ? 1 : 0;
  const shown = checksums(device, isSameAs(device, unit, context.nowMs) ? '' : unit.serial);
  return [
    `is_manage_primary()=${is}, is_root_primary()=${is}`,
    'debugzone',
    ...shown,
    '',
    'checksum',
    ...shown,
  ];
}

function cluster(turn: Turn): Reply {
  if (!isCluster(turn.device)) return lines(['HA is not enabled']);
  return lines(
    present(turn.device, turn.context.nowMs).flatMap((unit) => [
      '',
      `================== ${unit.serial} ==================`,
      '',
      ...sums(turn, unit),
    ]),
  );
}

export const haCommands: readonly Command[] = [
  { pattern: 'get system ha status', run: status },
  { pattern: 'diagnose sys ha status', run: status },
  { pattern: 'diagnose sys ha checksum cluster', run: cluster },
  { pattern: 'diagnose sys ha checksum show', run: (turn) => lines(sums(turn, shellUnit(turn))) },
  { pattern: 'diagnose sys ha checksum recalculate', run: () => lines([]) },
];
