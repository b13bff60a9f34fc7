import { createHash } from 'node:crypto';
import type { SimDevice } from '../../src/driver/personality.js';
import { modelOf } from './personality-models.js';
import {
  ageText,
  baseModel,
  chassis,
  clockTime,
  fileTime,
  freeBytes,
  longTime,
  readOwn,
  uptimeMs,
} from './personality-state.js';

/** The text of one show command: what the device is now, and the time. */
export type Show = (device: SimDevice, nowMs: number) => readonly string[];

function count(value: number, noun: string): string {
  return `${value} ${noun}${value === 1 ? '' : 's'}`;
}

/** `3 weeks, 2 days, 0 hours and 23 minutes`; larger units that are zero are left out. */
function uptimeWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(minutes / 10_080), 'week'],
    [Math.floor(minutes / 1440) % 7, 'day'],
    [Math.floor(minutes / 60) % 24, 'hour'],
  ];
  const from = parts.findIndex(([value]) => value > 0);
  const last = count(minutes % 60, 'minute');
  if (from === -1) return last;
  const words = parts.slice(from).map(([value, noun]) => count(value, noun));
  return `${words.join(', ')} and ${last}`;
}

/** `4.28.3M-28837868.4283M`: the build is derived from the version, the same on every device. */
export function internalVersion(version: string): string {
  const build = Number.parseInt(hashHex(version).slice(0, 6), 16) + 26_000_000;
  return `${version}-${build}.${version.replaceAll('.', '')}`;
}

function buildId(version: string): string {
  const hex = hashHex(`build ${version}`);
  const cut = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...cut, hex.slice(20, 32)].join('-');
}

function hashHex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function freeMemoryKb(device: SimDevice, nowMs: number): number {
  const jitter = Math.floor(nowMs / 1000) % 4096;
  return Math.floor(modelOf(device).memoryKb * 0.57) - jitter;
}

export const showVersion: Show = (device, nowMs) => {
  const member = chassis(device);
  const model = modelOf(device);
  const version = device.runningVersion;
  return [
    `Arista ${device.model}`,
    `Hardware version: ${model.hardwareVersion}`,
    `Serial number: ${member.serial}`,
    `Hardware MAC address: ${member.macAddress}`,
    `System MAC address: ${member.macAddress}`,
    '',
    `Software image version: ${version}`,
    `Architecture: ${model.architecture}`,
    `Internal build version: ${internalVersion(version)}`,
    `Internal build ID: ${buildId(version)}`,
    'Image format version: 3.0',
    `Image optimization: ${model.optimization}`,
    '',
    `Uptime: ${uptimeWords(uptimeMs(device, nowMs))}`,
    `Total memory: ${model.memoryKb} kB`,
    `Free memory: ${freeMemoryKb(device, nowMs)} kB`,
    '',
  ];
};

export function versionJson(device: SimDevice, nowMs: number): Readonly<Record<string, unknown>> {
  const member = chassis(device);
  const model = modelOf(device);
  const upMs = uptimeMs(device, nowMs);
  const mac = member.macAddress.replaceAll('.', '').replace(/(..)(?=.)/g, '$1:');
  return {
    mfgName: 'Arista',
    modelName: device.model,
    hardwareRevision: model.hardwareVersion,
    serialNumber: member.serial,
    systemMacAddress: mac,
    hwMacAddress: mac,
    configMacAddress: '00:00:00:00:00:00',
    version: device.runningVersion,
    architecture: model.architecture,
    internalVersion: internalVersion(device.runningVersion),
    internalBuildId: buildId(device.runningVersion),
    imageFormatVersion: '3.0',
    imageOptimization: model.optimization,
    bootupTimestamp: (nowMs - upMs) / 1000,
    uptime: upMs / 1000,
    memTotal: model.memoryKb,
    memFree: freeMemoryKb(device, nowMs),
    isIntlVersion: false,
  };
}

export const showBootConfig: Show = (device) => {
  const { bootImage } = readOwn(device);
  return [
    `Software image: ${bootImage === '' ? '(not set)' : `flash:/${bootImage}`}`,
    'Console speed: (not set)',
    'Aboot password (encrypted): (not set)',
    'Memory test iterations: (not set)',
  ];
};

export const showHostname: Show = (device) => [
  `Hostname: ${device.hostname}`,
  `FQDN:     ${device.hostname}`,
];

export const showClock: Show = (_device, nowMs) => [
  longTime(nowMs),
  'Timezone: UTC',
  'Clock source: NTP server (10.0.0.1)',
];

/** The first line of `uptime(1)`, which both `show uptime` and `show processes top` print. */
function uptimeLine(device: SimDevice, nowMs: number): string {
  const minutes = Math.floor(uptimeMs(device, nowMs) / 60_000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  const clock = `${hours}:${String(minutes % 60).padStart(2, '0')}`;
  const since = minutes < 60 ? `${minutes} min` : clock.padStart(5);
  const up = days === 0 ? since : `${count(days, 'day')}, ${since}`;
  const load = (device.cpuPercent / 25).toFixed(2);
  return `${clockTime(nowMs)} up ${up},  1 user,  load average: ${load}, ${load}, ${load}`;
}

export const showUptime: Show = (device, nowMs) => [` ${uptimeLine(device, nowMs)}`];

export const showReloadCause: Show = (device) => {
  const [last] = readOwn(device).reloads;
  if (last === undefined)
    return ['Reload Cause:', '-------------------', 'No reload cause available.'];
  return [
    'Reload Cause 1:',
    '-------------------',
    last.cause,
    '',
    'Reload Time:',
    '------------',
    `Reload occurred at ${longTime(last.atMs)} UTC.`,
    '',
    'Recommended Action:',
    '-------------------',
    'No action necessary.',
    '',
    'Debugging Information:',
    '-------------------------------',
    'None available.',
  ];
};

export const showRunningConfig: Show = (device) => [
  '! Command: show running-config',
  `! device: ${device.hostname} (${baseModel(device)}, EOS-${device.runningVersion})`,
  '!',
  `! boot system flash:/${readOwn(device).bootImage}`,
  '!',
  ...device.runningConfig.trimEnd().split('\n'),
];

export const showStartupConfig: Show = (device) => {
  const own = readOwn(device);
  if (device.startupConfig === '') {
    return ['% Error displaying startup-config (No such file or directory)'];
  }
  return [
    '! Command: show startup-config',
    `! Startup-config last modified at ${longTime(own.savedAtMs)} by ${own.savedBy}`,
    `! device: ${device.hostname} (${baseModel(device)}, EOS-${device.runningVersion})`,
    '!',
    `! boot system flash:/${own.savedBootImage}`,
    '!',
    ...device.startupConfig.trimEnd().split('\n'),
  ];
};

interface DirEntry {
  readonly mode: string;
  readonly sizeBytes: number;
  readonly atMs: number;
  readonly name: string;
}

export const dirFlash: Show = (device, nowMs) => {
  const own = readOwn(device);
  const { flash } = chassis(device);
  const folder = (name: string): DirEntry => ({
    mode: 'drwx',
    sizeBytes: 4096,
    atMs: own.bootedAtMs,
    name,
  });
  const entries: DirEntry[] = [
    ...flash.files.map((file) => ({ ...file, mode: '-rwx', atMs: file.modifiedAtMs })),
    {
      mode: '-rwx',
      sizeBytes: own.bootImage.length + 12,
      atMs: own.bootConfigAtMs,
      name: 'boot-config',
    },
    folder('debug'),
    folder('persist'),
    folder('schedule'),
  ];
  if (device.startupConfig !== '') {
    const sizeBytes = Buffer.byteLength(device.startupConfig);
    entries.push({ mode: '-rwx', sizeBytes, atMs: own.savedAtMs, name: 'startup-config' });
  }
  const rows = entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      (entry) =>
        `       ${entry.mode}${String(entry.sizeBytes).padStart(12)}${fileTime(entry.atMs, nowMs).padStart(23)}  ${entry.name}`,
    );
  return [
    'Directory of flash:/',
    '',
    ...rows,
    '',
    `${flash.totalBytes} bytes total (${freeBytes(device)} bytes free)`,
  ];
};

/** Every file system that `dir all-filesystems` goes through; what runs in memory is empty here. */
export const dirAll: Show = (device, nowMs) => [
  ...dirFlash(device, nowMs),
  '',
  'Directory of file:/',
  '',
  'No files in directory',
  '',
  'Directory of system:/',
  '',
  `       -rw-${String(Buffer.byteLength(device.runningConfig)).padStart(12)}${fileTime(nowMs, nowMs).padStart(23)}  running-config`,
  '',
  'No space information available',
];

/** The text of a file as `cat` of the Linux below prints it. */
export function catFile(device: SimDevice, path: string): readonly string[] {
  const { bootImage } = readOwn(device);
  if (path === '/mnt/flash/boot-config') return bootImage === '' ? [] : [`SWI=flash:/${bootImage}`];
  if (path === '/mnt/flash/startup-config' && device.startupConfig !== '') {
    return device.startupConfig.trimEnd().split('\n');
  }
  return [`cat: ${path}: No such file or directory`];
}

export const showUsers: Show = (device) => [
  '    Line       User        Host(s)       Idle        Location',
  `*   1 vty 3    ${device.login.username.slice(0, 10).padEnd(10)}  idle          00:00:00    -`,
];

export const showLogging: Show = (device) => [
  'Syslog logging: enabled',
  '    Buffer logging: level debugging',
  '    Console logging: level errors',
  '    Persistent logging: disabled',
  '    Monitor logging: level errors',
  '    Synchronous logging: disabled',
  '    Trap logging: level informational',
  '',
  'Log Buffer:',
  ...readOwn(device).log,
];

export const showProcesses: Show = (device, nowMs) => {
  const busy = Math.min(100, Math.max(0, device.cpuPercent));
  const totalMib = modelOf(device).memoryKb / 1024;
  const freeMib = freeMemoryKb(device, nowMs) / 1024;
  const cached = totalMib * 0.2;
  const agents: readonly (readonly [string, number])[] = [
    ['StrataCentral', 0.3],
    ['Sysdb', 0.15],
    ['ConfigAgent', 0.1],
    ['SuperServer', 0.08],
    ['Bgp', 0.07],
    ['Rib', 0.05],
    ['Lldp', 0.03],
  ];
  const rows = agents.map(([name, share], index) => {
    const cpu = (busy * share).toFixed(1).padStart(5);
    return `${String(1800 + index * 97).padStart(7)} root      20   0  ${800 - index * 60}.1m ${300 - index * 30}.4m 180.2m S ${cpu}   ${(4.1 - index * 0.4).toFixed(1)}  ${String(90 - index * 9)}:12.04 ${name}`;
  });
  return [
    `top - ${uptimeLine(device, nowMs)}`,
    'Tasks: 312 total,   1 running, 311 sleeping,   0 stopped,   0 zombie',
    `%Cpu(s): ${(busy * 0.8).toFixed(1).padStart(4)} us, ${(busy * 0.2).toFixed(1).padStart(4)} sy,  0.0 ni, ${(100 - busy).toFixed(1).padStart(4)} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st`,
    `MiB Mem : ${totalMib.toFixed(1).padStart(8)} total, ${freeMib.toFixed(1).padStart(8)} free, ${(totalMib - freeMib - cached).toFixed(1).padStart(8)} used, ${cached.toFixed(1).padStart(8)} buff/cache`,
    `MiB Swap:      0.0 total,      0.0 free,      0.0 used. ${(freeMib + cached * 0.8).toFixed(1).padStart(8)} avail Mem`,
    '',
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
    ...rows,
  ];
};

export const showMaintenance: Show = (device, nowMs) => {
  const own = readOwn(device);
  const status = {
    active: 'Not Under Maintenance',
    entering: 'Entering Maintenance',
    maintenance: 'Under Maintenance',
    exiting: 'Exiting Maintenance',
  }[own.maintenance];
  const since =
    own.maintenanceSinceMs === 0 ? 'never' : `${ageText(nowMs - own.maintenanceSinceMs)} ago`;
  return [
    'Flags:',
    'o - On-boot maintenance',
    'v - Violating traffic threshold',
    'Unit Name         Status                    Time since last change     Flags',
    '----------------- ------------------------- -------------------------- -----',
    `${'System'.padEnd(17)} ${status.padEnd(25)} ${since}`.trimEnd(),
  ];
};
