import type { SimDevice } from '../../src/driver/personality.js';
import { RULE } from './personality-files.js';
import { modelOf } from './personality-models.js';
import { type Engine, engineNamed, isUp, memberOf, readOwn, stable } from './personality-state.js';
import { agoOf, dayStamp, halfDayClock, spelledAge, stampOf, upText } from './personality-time.js';

/** When a release was built: a device fact that nobody has here, so it follows from its name. */
export function buildDay(version: string): number {
  const year = 2000 + (Number(/^\d+/.exec(version)?.[0]) || 20);
  return Date.UTC(year, 3 + stable(version, 14), 1 + stable(`${version} day`, 27));
}

function partLines(device: SimDevice, engine: Engine): readonly string[] {
  const model = modelOf(device);
  const { version } = engine.running;
  const day = dayStamp(buildDay(version));
  const id = stable(version, 0xff_ff_ff).toString(16).padStart(6, '0');
  const kernel = `[${day}.${id}_builder_stable_12]`;
  const junos = `[${day}.${String(stable(`${version} at`, 235_959)).padStart(6, '0')}_builder_junos]`;
  const bits = model.architecture === 'amd64' ? '64-bit' : '32-bit';
  const family = model.kind === 'switch' ? 'ex' : 'MX Common';
  const forwarding =
    model.kind === 'switch'
      ? 'JUNOS ex Packet Forwarding Engine Support'
      : `JUNOS Packet Forwarding Engine Support (${family})`;
  return [
    `JUNOS OS Kernel ${bits}  ${kernel}`,
    `JUNOS OS libs ${kernel}`,
    `JUNOS OS runtime ${kernel}`,
    `JUNOS OS time zone information ${kernel}`,
    `JUNOS network stack and utilities ${junos}`,
    `JUNOS libs ${junos}`,
    `JUNOS runtime ${junos}`,
    `${forwarding} ${junos}`,
    `JUNOS Routing mpls-oam-basic ${junos}`,
    `JUNOS Online Documentation ${junos}`,
    `JUNOS jail runtime ${kernel}`,
  ];
}

/** `show version` of one engine. */
export function versionLines(
  device: SimDevice,
  engine: Engine,
  isBrief: boolean,
): readonly string[] {
  const pending = engine.pending === null ? [] : [`Pending: ${engine.pending.version}`];
  return [
    `Hostname: ${device.hostname}`,
    `Model: ${modelOf(device).name}`,
    `Junos: ${engine.running.version}`,
    ...pending,
    ...(isBrief ? [] : partLines(device, engine)),
  ];
}

/** A switch is a virtual chassis of one and says so above what belongs to a member. */
export function underMember(device: SimDevice, lines: readonly string[]): readonly string[] {
  return modelOf(device).kind === 'switch' ? ['fpc0:', RULE, ...lines] : lines;
}

/** What each of the engines answers, under its name. */
export function onEngines(
  device: SimDevice,
  ids: readonly string[],
  nowMs: number,
  show: (engine: Engine) => readonly string[],
): readonly string[] {
  return ids.flatMap((id) => {
    const engine = engineNamed(device, id);
    if (!engine) return [];
    const lines = isUp(engine, nowMs)
      ? show(engine)
      : [`error: could not connect to ${id} : No route to host`];
    return [`${id}:`, RULE, ...lines, ''];
  });
}

export function uptimeLines(device: SimDevice, engine: Engine, nowMs: number): readonly string[] {
  const last = readOwn(device).commits[0];
  const started = engine.bootedAtMs + 48_000;
  const age = nowMs - engine.bootedAtMs;
  const lines = [
    `Current time: ${stampOf(nowMs)}`,
    'Time Source:  NTP CLOCK ',
    `System booted: ${stampOf(engine.bootedAtMs)} (${agoOf(age)} ago)`,
    `Protocols started: ${stampOf(started)} (${agoOf(nowMs - started)} ago)`,
  ];
  const configured = last
    ? [`Last configured: ${stampOf(last.atMs)} (${agoOf(nowMs - last.atMs)} ago) by ${last.user}`]
    : [];
  const load = 'load averages: 0.31, 0.36, 0.38';
  return [
    ...lines,
    ...configured,
    `${halfDayClock(nowMs).padStart(7)}  ${upText(age)}, 1 user, ${load}`,
  ];
}

function percentLines(user: number): readonly string[] {
  const row = (name: string, value: number) =>
    `      ${name.padEnd(21)} ${String(value).padStart(6)} percent`;
  return [
    row('User', user),
    row('Background', 0),
    row('Kernel', 1),
    row('Interrupt', 0),
    row('Idle', 99 - user),
  ];
}

const toFahrenheit = (celsius: number) => Math.round((celsius * 9) / 5 + 32);

function degrees(celsius: number): string {
  return `${celsius} degrees C / ${toFahrenheit(celsius)} degrees F`;
}

function engineLines(device: SimDevice, engine: Engine, nowMs: number): readonly string[] {
  const model = modelOf(device);
  const slot = engine.id.replace('re', '');
  const isMaster = engine.id === readOwn(device).master;
  const row = (name: string, value: string) => `    ${name.padEnd(30)} ${value}`;
  const isLate = !isMaster && device.faults.includes('standby-not-hot');
  if (isLate || !isUp(engine, nowMs)) {
    return [`  Slot ${slot}:`, row('Current state', 'Present')];
  }
  const celsius = 34 + stable(engine.id + device.id, 8);
  const user = isMaster ? device.cpuPercent : 1;
  const dram = `${model.memoryMb - 48} MB (${model.memoryMb} MB installed)`;
  const serial = model.enginePart === 'BUILTIN' ? 'BUILTIN' : engineSerial(device, engine.id);
  const election =
    model.kind === 'switch'
      ? []
      : [row('Election priority', slot === '0' ? 'Master (default)' : 'Backup (default)')];
  return [
    `  Slot ${slot}:`,
    row('Current state', isMaster ? 'Master' : 'Backup'),
    ...election,
    row('Temperature', degrees(celsius)),
    row('CPU temperature', degrees(celsius + 6)),
    `    DRAM                      ${dram}`,
    `    Memory utilization          ${isMaster ? 21 : 14} percent`,
    '    5 sec CPU utilization:',
    ...percentLines(user),
    '    1 min CPU utilization:',
    ...percentLines(user),
    row('Model', model.engine),
    row('Serial ID', serial),
    row('Start time', stampOf(engine.bootedAtMs)),
    row('Uptime', spelledAge(nowMs - engine.bootedAtMs)),
    row('Last reboot reason', engine.reason),
    row('Load averages:', '1 minute   5 minute  15 minute'),
    `${' '.repeat(39)}0.31       0.36       0.38`,
  ];
}

/** `show chassis routing-engine`. */
export function routingEngineLines(device: SimDevice, nowMs: number): readonly string[] {
  const { engines } = readOwn(device);
  return ['Routing Engine status:', ...engines.flatMap((each) => engineLines(device, each, nowMs))];
}

/** The routing engine's own number; a box with one has the chassis' number in the inventory and this one on the board. */
export function engineSerial(device: SimDevice, id: string): string {
  const { serial } = memberOf(device, id);
  const isOwn = device.members.length > 1 || modelOf(device).kind === 'switch';
  return isOwn ? serial : `90${String(stable(`${serial}/${id}`, 99_999_999)).padStart(8, '0')}`;
}

/** Two engines have numbers of their own, so that the chassis needs another. */
export function chassisSerial(device: SimDevice): string {
  const [first] = device.members;
  const serial = first?.serial ?? '';
  if (device.members.length < 2) return serial;
  return `JN1${stable(device.id, 0xfffff).toString(16).toUpperCase().padStart(5, '0')}AFB`;
}

function hardwareRow(item: string, part: readonly [string, string, string, string]): string {
  const [revision, number, serial, description] = part;
  return `${item.padEnd(16)} ${revision.padEnd(8)} ${number.padEnd(12)} ${serial.padEnd(17)} ${description}`.trimEnd();
}

/** `show chassis hardware`. */
export function hardwareLines(device: SimDevice): readonly string[] {
  const model = modelOf(device);
  const part = (name: string) =>
    `C${(stable(`${device.id} ${name}`, 0xfffffff) + 0x10000000).toString(36).toUpperCase()}`;
  const isBuiltin = model.enginePart === 'BUILTIN';
  const engines = device.members.map(({ id }) =>
    hardwareRow(`Routing Engine ${id.replace('re', '')}`, [
      isBuiltin ? '' : 'REV 10',
      model.enginePart,
      isBuiltin ? 'BUILTIN' : engineSerial(device, id),
      model.engine,
    ]),
  );
  const cards = model.cards.flatMap((card, slot) => {
    const serial =
      model.kind === 'switch'
        ? chassisSerial(device)
        : card.part === 'BUILTIN'
          ? 'BUILTIN'
          : part(`fpc${slot}`);
    return [
      hardwareRow(`FPC ${slot}`, [
        card.part === 'BUILTIN' ? '' : 'REV 18',
        card.part,
        serial,
        card.name,
      ]),
      hardwareRow('  CPU', ['', 'BUILTIN', 'BUILTIN', 'FPC CPU']),
      hardwareRow('  PIC 0', ['', 'BUILTIN', 'BUILTIN', 'PIC']),
    ];
  });
  const supply = model.kind === 'switch' ? 'Power Supply' : 'PEM';
  return [
    'Hardware inventory:',
    'Item             Version  Part number  Serial number     Description',
    hardwareRow('Chassis', ['', '', chassisSerial(device), model.chassis]),
    ...(model.kind === 'switch'
      ? []
      : [
          hardwareRow('Midplane', [
            'REV 09',
            '750-047862',
            part('midplane'),
            `Enhanced ${model.chassis} Midplane`,
          ]),
        ]),
    ...[0, 1].map((bay) =>
      hardwareRow(`${supply} ${bay}`, [
        'REV 03',
        '740-063049',
        part(`pem${bay}`),
        'Power Entry Module',
      ]),
    ),
    ...engines,
    ...cards,
    hardwareRow('Fan Tray 0', ['', '', '', 'Fan Tray']),
  ];
}

/** `show chassis fpc`. */
export function cardLines(device: SimDevice): readonly string[] {
  const rows = modelOf(device).cards.map((_, slot) => {
    const celsius = 38 + stable(`${device.id} fpc${slot}`, 6);
    return `${String(slot).padStart(3)}  Online           ${String(celsius).padStart(3)}     12          0       11     11     12    2048       31         19`;
  });
  return [
    '                     Temp  CPU Utilization (%)   CPU Utilization (%)  Memory    Utilization (%)',
    'Slot State            (C)  Total  Interrupt      1min   5min   15min  DRAM (MB) Heap     Buffer',
    ...rows,
  ];
}

/** `show chassis environment`. */
export function environmentLines(device: SimDevice): readonly string[] {
  const isSwitch = modelOf(device).kind === 'switch';
  const prefix = isSwitch ? 'FPC 0 ' : '';
  const row = (kind: string, item: string, status: string, measured: string) =>
    `${kind.padEnd(5)} ${item.padEnd(30)} ${status.padEnd(10)} ${measured}`.trimEnd();
  const temperature = (name: string) => degrees(33 + stable(`${device.id} ${name}`, 9));
  const supply = isSwitch ? 'FPC 0 Power Supply' : 'PEM';
  const engines = isSwitch
    ? ['FPC 0 Local']
    : device.members.map(({ id }) => `Routing Engine ${id.replace('re', '')}`);
  const fans = [0, 1, 2].map((fan) => `${prefix}Fan Tray 0 Fan ${fan}`);
  return [
    'Class Item                           Status     Measurement',
    ...[0, 1].map((bay) =>
      row(bay === 0 ? 'Power' : '', `${supply} ${bay}`, 'OK', temperature(`pem${bay}`)),
    ),
    ...engines.map((name, at) => row(at === 0 ? 'Temp' : '', name, 'OK', temperature(name))),
    ...fans.map((name, at) => row(at === 0 ? 'Fans' : '', name, 'OK', 'Spinning at normal speed')),
  ];
}

/** `show chassis alarms`: an engine that boots is missed. */
export function chassisAlarmLines(device: SimDevice, nowMs: number): readonly string[] {
  const away = readOwn(device).engines.filter((engine) => !isUp(engine, nowMs));
  if (away.length === 0) return ['No alarms currently active'];
  return [
    `${away.length} alarms currently active`,
    'Alarm time               Class  Description',
    ...away.map(
      ({ id }) => `${stampOf(nowMs - 30_000)}  Minor  Backup RE Active: ${id} not responding`,
    ),
  ];
}

const upgradeTime = (ms: number) => {
  const stamp = stampOf(ms);
  return `${new Date(ms).toUTCString().slice(0, 3)} ${new Date(ms).toUTCString().slice(8, 11)} ${String(new Date(ms).getUTCDate()).padStart(2)} ${stamp.slice(11, 19)} UTC ${stamp.slice(0, 4)}`;
};

function vmhostSet(name: string, version: string): readonly string[] {
  const day = dayStamp(buildDay(version));
  const release = version.replace(/\.\d+$/, '');
  return [
    `Version: set ${name}`,
    `VMHost Version: ${5 + stable(version, 3)}.${2000 + stable(`${version} host`, 900)}`,
    `VMHost Root: vmhost-x86_64-${release}-${day}_0319_builder`,
    `VMHost Core: vmhost-core-x86-64-${version}`,
    'kernel: 4.8.28-rt10-WR9.0.0.26_ovp',
    `Junos Disk: junos-install-mx-x86-64-${version}`,
  ];
}

/** `show vmhost version`: the two root sets, what runs being in one and what waits or was before in the other. */
export function vmhostLines(device: SimDevice, engine: Engine): readonly string[] {
  const { running, pending, previous } = engine;
  const other = pending ?? previous;
  const set = stable(`${device.id} ${running.version}`, 2) === 0 ? 'p' : 'b';
  const next = set === 'p' ? 'b' : 'p';
  const partition = set === 'p' ? 'sda3' : 'sda4';
  return [
    `Current root details,           Device sda, Label: jroot${set}_P, Partition: ${partition}`,
    'Current boot disk: Primary',
    `Current root set: ${set}`,
    'UEFI    Version: CBEP_P_SUM1_00.15.01',
    '',
    `Primary Disk, Upgrade Time: ${upgradeTime(engine.bootedAtMs - 600_000)}`,
    '',
    ...vmhostSet(set, running.version),
    '',
    ...(other === null ? [`Version: set ${next}`] : vmhostSet(next, other.version)),
  ];
}

/** `show virtual-chassis`: a switch that stands alone is one of one. */
export function virtualChassisLines(device: SimDevice): readonly string[] {
  const serial = chassisSerial(device);
  const id = stable(`${serial} vc`, 0xffff).toString(16).padStart(4, '0');
  const name = modelOf(device).name;
  return [
    '',
    `Virtual Chassis ID: ${id}.a1b2.${id}`,
    'Virtual Chassis Mode: Enabled',
    '                                                Mstr           Mixed Route Neighbor List',
    'Member ID  Status   Serial No    Model          prio  Role      Mode  Mode ID  Interface',
    `0 (FPC 0)  Prsnt    ${serial.padEnd(12)} ${name.padEnd(14)} 128   Master*      N  VC`,
  ];
}
