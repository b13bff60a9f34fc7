import type { Command } from './personality-grammar.js';
import { isMultiVdom, nameOf } from './personality-config.js';
import { modelNamed } from './personality-models.js';
import {
  isCluster,
  memberNamed,
  ownOf,
  primaryUnit,
  type Reply,
  shellUnit,
  type Turn,
  type Unit,
  versionOf,
} from './personality-state.js';
import { ageOf, dateTime, longTime, numberOf, releaseOf, releaseText } from './personality-text.js';

const lines = (shown: readonly string[]): Reply => ({ lines: [...shown, ''] });

function haLines({ device, context, shell }: Turn): readonly string[] {
  if (!isCluster(device)) return ['Current HA mode: standalone'];
  const unit = shellUnit({ device, shell });
  const role = unit.id === primaryUnit(device).id ? 'primary' : 'secondary';
  const { clusterSinceMs, elections } = ownOf(device);
  const { days, hours, minutes, seconds } = ageOf(context.nowMs - clusterSinceMs);
  return [
    `Current HA mode: a-p, ${role}`,
    `Cluster uptime: ${days} days, ${hours} hours, ${minutes} minutes, ${seconds} seconds`,
    `Cluster state change time: ${dateTime(elections[0]?.atMs ?? clusterSinceMs)}`,
  ];
}

/** A signature database: version and time, stable for the device. */
function database(turn: Turn, major: number): string {
  const atMs = turn.context.nowMs - 6 * 3_600_000 - numberOf(turn.device.id, 3_600_000);
  const minor = String(numberOf(`${major}`, 1000)).padStart(5, '0');
  return `${major}.${minor}(${dateTime(atMs).slice(0, 16)})`;
}

function status(turn: Turn): Reply {
  const { device, context } = turn;
  const unit = shellUnit(turn);
  const version = versionOf(unit);
  const release = releaseOf(version);
  const model = modelNamed(device.model);
  return lines([
    `Version: ${device.model} ${releaseText(version)}`,
    'First GA patch build date: 220331',
    'Security Level: 1',
    'Firmware Signature: certified',
    `Virus-DB: ${database(turn, 92)}`,
    `Extended DB: ${database(turn, 92)}`,
    'Extreme DB: 1.00000(2018-04-09 18:07)',
    `AV AI/ML Model: ${database(turn, 2)}`,
    `IPS-DB: ${database(turn, 28)}`,
    'IPS-ETDB: 0.00000(2001-01-01 00:00)',
    `APP-DB: ${database(turn, 28)}`,
    'INDUSTRIAL-DB: 6.00741(2015-12-01 02:30)',
    'IPS Malicious URL Database: 5.00124(2024-05-21 03:44)',
    'IoT-Detect: 0.00000(2022-08-17 17:31)',
    `Serial-Number: ${unit.serial}`,
    `BIOS version: ${model.biosVersion}`,
    `System Part-Number: ${model.partNumber}`,
    `Log hard disk: ${model.hasDisk ? 'Available' : 'Not available'}`,
    `Hostname: ${nameOf(device, unit)}`,
    'Private Encryption: Disable',
    'Operation Mode: NAT',
    'Current virtual domain: root',
    'Max number of virtual domains: 10',
    'Virtual domains status: 1 in NAT mode, 0 in TP mode',
    `Virtual domain configuration: ${isMultiVdom(device) ? 'multiple' : 'disable'}`,
    'FIPS-CC mode: disable',
    ...haLines(turn),
    `Branch point: ${release.build}`,
    'Release Version Information: GA',
    'FortiOS x86-64: No',
    `System time: ${longTime(context.nowMs)}`,
    `Last reboot reason: ${unit.rebootReason}`,
  ]);
}

function performance(turn: Turn): Reply {
  const { device, context } = turn;
  const { memoryKb, cpus } = modelNamed(device.model);
  const unit = shellUnit(turn);
  const { days, hours, minutes } = ageOf(context.nowMs - unit.bootedAtMs);
  const used = Math.floor(memoryKb * 0.48);
  const freeable = Math.floor(memoryKb * 0.06);
  const free = memoryKb - used - freeable;
  const share = (kb: number) => ((kb / memoryKb) * 100).toFixed(1);
  const cpu = (name: string) =>
    `${name} states: ${device.cpuPercent}% user 0% system 0% nice ${100 - device.cpuPercent}% idle 0% iowait 0% irq 0% softirq`;
  const during = (what: string) =>
    `${what} in 1 minute, ${what} in 10 minutes, ${what} in 30 minutes`;
  return lines([
    cpu('CPU'),
    ...Array.from({ length: cpus }, (_one, at) => cpu(`CPU${at}`)),
    `Memory: ${memoryKb}k total, ${used}k used (${share(used)}%), ${free}k free (${share(free)}%), ${freeable}k freeable (${share(freeable)}%)`,
    `Average network usage: ${during('412 / 398 kbps')}`,
    `Maximal network usage: ${during('1905 / 1877 kbps')}`,
    `Average sessions: ${during('241 sessions')}`,
    `Maximal sessions: ${during('305 sessions')}`,
    'Average session setup rate: 3 sessions per second in last 1 minute, 3 sessions per second in last 10 minutes, 3 sessions per second in last 30 minutes',
    'Maximal session setup rate: 11 sessions per second in last 1 minute, 14 sessions per second in last 10 minutes, 14 sessions per second in last 30 minutes',
    'Virus caught: 0 total in 1 minute',
    'IPS attacks blocked: 0 total in 1 minute',
    `Uptime: ${days} days,  ${hours} hours,  ${minutes} minutes`,
  ]);
}

/** Each partition has two fifths of the flash; what fills the flash is seen on the one that does not run. */
function flashRow(turn: Turn, unit: Unit, slot: 0 | 1): string {
  const { flash } = memberNamed(turn.device, unit.id);
  const partition = unit.partitions[slot];
  const totalKb = Math.floor((flash.totalBytes * 0.4) / 1024);
  const strayBytes = flash.files
    .filter(({ name }) => !/^[12]\//.test(name))
    .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const isActive = unit.active === slot;
  const bytes = (partition?.sizeBytes ?? 0) + (isActive ? 0 : strayBytes);
  const usedKb = Math.min(totalKb, Math.ceil(bytes / 1024));
  const { build, date, version } = releaseOf(partition?.version ?? '0.0.0');
  const [major = '', minor = ''] = version.split('.');
  const name = partition
    ? `${modelNamed(turn.device.model).flashCode}-${major}.${minor.padStart(2, '0')}-FW-build${build}-${date}`
    : '';
  const percent = `${Math.round((usedKb / totalKb) * 100)}%`;
  return [
    String(slot + 1).padEnd(11),
    name.padEnd(42),
    String(totalKb).padStart(13),
    String(usedKb).padStart(10),
    percent.padStart(6),
    `  ${isActive ? 'Yes' : 'No'}`,
  ].join('');
}

function flashList(turn: Turn): Reply {
  const unit = shellUnit(turn);
  const { build, date } = releaseOf(versionOf(unit));
  const builtAt = Date.UTC(
    2000 + Number(date.slice(0, 2)),
    Number(date.slice(2, 4)) - 1,
    Number(date.slice(4)),
    22,
    40,
    34,
  );
  const shown = longTime(builtAt).slice(4);
  return lines([
    'Partition  Image                                     TotalSize(KB)  Used(KB)  Use%  Active',
    flashRow(turn, unit, 0),
    flashRow(turn, unit, 1),
    `${'3'.padEnd(11)}${'EXDB-1.00000'.padEnd(42)}${'460800'.padStart(13)}${'61440'.padStart(10)}${'13%'.padStart(6)}  No`,
    `Image build at ${shown} for b${build}`,
  ]);
}

function configErrors(turn: Turn): Reply {
  return lines(ownOf(turn.device).configErrors);
}

function hardware(turn: Turn): Reply {
  const { memoryKb, cpus } = modelNamed(turn.device.model);
  return lines([
    `Model name: ${turn.device.model}`,
    'ASIC version: SOC4',
    'CPU: ARMv8',
    `Number of CPUs: ${cpus}`,
    `RAM: ${Math.floor(memoryKb / 1024)} MB`,
    'EMMC: 3662 MB(MLC) /dev/mmcblk0',
    'Hard disk: not available',
    'USB Flash: not available',
  ]);
}

function sensors(turn: Turn): Reply {
  const rows = modelNamed(turn.device.model).sensors.map(
    ({ name, value }, index) =>
      `${String(index + 1).padStart(3)} ${name.padEnd(22)}alarm=0  value=${value}  threshold_status=0`,
  );
  return lines(rows);
}

export const systemCommands: readonly Command[] = [
  { pattern: 'get system status', run: status },
  { pattern: 'get system performance status', run: performance },
  { pattern: 'get hardware status', run: hardware },
  { pattern: 'diagnose sys flash list', run: flashList },
  { pattern: 'diagnose debug config-error-log read', run: configErrors },
  { pattern: 'diagnose debug crashlog read', run: () => lines([]) },
  { pattern: 'execute sensor list', run: sensors },
];
